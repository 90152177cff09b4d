//! Our side of the connections to a [`keeper`] and to the starter that becomes the program.

use std::fs::File;
use std::io::{self, IsTerminal, PipeReader};
use std::os::fd::AsFd;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::ExitStatus;
use std::sync::{Arc, OnceLock};
use std::thread;
use std::time::{Duration, Instant};

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use serde_json::{Value, json};

use crate::confinement::{Confinement, Namespace};
use crate::control::Control;
use crate::ending::Ending;
use crate::error::Error;
use crate::finding::Finding;
use crate::finish::Finish;
use crate::group::Group;
use crate::interrupt::interrupted;
pub(crate) use crate::keeper::account::Account;
use crate::keeper::{self, Role};
use crate::lines::Stream;
use crate::orphans::{self, Guard, Orphans};
use crate::request::{Input, Isolation, Limits, Request};
use crate::tree;
use crate::usage::{Missing, Usage};
use crate::wire::{self, Wire};

/// How long a keeper or a starter may take to start, on however busy a machine.
const START: Duration = Duration::from_secs(60);

/// How long a keeper may take to end after its last word.
const FAREWELL: Duration = Duration::from_secs(20);

/// A program that stands ready or runs, with everything that it starts.
#[derive(Debug)]
pub(crate) struct Kept {
    /// The gate, or the keeper where there is none: our child.
    child: Guard,
    /// When it began, as the kernel tells.
    born: u64,
    control: Arc<Control>,
    /// The connection to the keeper, until somebody listens to it.
    keeper: Option<Wire>,
    ancestor: u32,
    group: Option<Group>,
    confinement: Confinement,
    ready: Ready,
    started: Instant,
}

/// A starter that stands ready.
#[derive(Debug)]
struct Ready {
    starter: Wire,
    /// Where the program's outputs can be read, unless nobody wants to.
    outputs: [Option<PipeReader>; 2],
    pid: u32,
    spent: Duration,
    cores_refused: Option<String>,
    refused: Vec<String>,
}

/// What cannot be done where a process ends that has just begun.
const PREPARING: &str = "start a process that watches over the program";

/// The last that was heard of a keeper.
#[derive(Debug)]
pub(crate) enum Last {
    /// Its account.
    Account(Box<Account>),
    /// That it is gone.
    Gone,
    /// Nothing, for too long.
    Silence,
}

/// What a keeper says while a program runs, and at the end.
#[derive(Debug)]
pub(crate) enum Told {
    /// It has stopped everything.
    Paused(Instant),
    /// It lets everything run on.
    Resumed(Instant),
    /// Everything has ended.
    Account(Box<Account>),
    /// It is gone.
    Gone,
}

impl Kept {
    /// Has a process stand ready to become the program that is asked for.
    pub(crate) fn prepare(request: &Request) -> Result<Kept, Error> {
        orphans::be_handed().map_err(Error::system(PREPARING))?;
        let (mut child, keeper, namespace) = start(request)?;
        let ancestor = keeper.sender().unwrap_or(child.id());
        let group = Some(request.isolation).filter(|isolation| *isolation != Isolation::Never);
        let group = group.and_then(|_| Group::make());
        let ready = match Ready::wait(request, &keeper, group.as_ref()) {
            Ok(ready) => ready,
            Err(error) => {
                // It ends when it hears that nobody wants anything of it.
                drop(keeper);
                child.wait(FAREWELL);
                group.iter().for_each(Group::remove);
                return Err(error);
            }
        };
        let group = group.filter(|group| ready.joins(group));
        let control = keeper.socket().try_clone().map_err(Error::system(PREPARING))?;
        Ok(Kept {
            born: tree::process(child.id()).map_or(0, |child| child.born),
            child,
            control: Control::new(control),
            keeper: Some(keeper),
            ancestor,
            confinement: Confinement {
                namespace,
                group: group.is_some(),
                refused: ready.refused.clone(),
            },
            group,
            ready,
            started: Instant::now(),
        })
    }

    /// The process that is to be the program.
    pub(crate) fn pid(&self) -> Option<u32> {
        Some(self.ready.pid)
    }

    /// The process of which all that the program starts is a descendant.
    pub(crate) fn ancestor(&self) -> u32 {
        self.ancestor
    }

    /// What the process executed before it was the program.
    pub(crate) fn spent(&self) -> Duration {
        self.ready.spent
    }

    /// What keeps the program where it belongs.
    pub(crate) fn confinement(&self) -> &Confinement {
        &self.confinement
    }

    /// Has the program begin. Returns when that was, and where its outputs can be read.
    pub(crate) fn go(
        &mut self,
        request: &Request,
    ) -> Result<(Instant, PipeReader, PipeReader), Error> {
        self.started = Instant::now();
        let read = |output: &Option<PipeReader>| {
            let output = output.as_ref().map(PipeReader::try_clone).and_then(Result::ok);
            output.ok_or_else(|| cannot_run(request, "its outputs cannot be read"))
        };
        let [output, errors] = &self.ready.outputs;
        let (output, errors) = (read(output)?, read(errors)?);
        let gone = |_| cannot_run(request, "the process that was to become it has ended");
        self.ready.starter.send(&json!({ "go": true })).map_err(gone)?;
        // It says nothing where it has become the program: the connection ends with what it was.
        match self.ready.starter.receive().map_err(gone)? {
            None => Ok((self.started, output, errors)),
            Some(message) => {
                Err(cannot_run(request, message["error"].as_str().unwrap_or("nobody knows why")))
            }
        }
    }

    /// Passes on what the keeper says, until its end or until nobody wants to know.
    pub(crate) fn listen(&mut self, mut tell: impl FnMut(Told) -> bool + Send + 'static) {
        let Some(mut keeper) = self.keeper.take() else { return };
        let control = Arc::clone(&self.control);
        thread::spawn(move || {
            loop {
                let told = match keeper.receive() {
                    Ok(Some(message)) => read_told(&message),
                    Ok(None) | Err(_) => Some(Told::Gone),
                };
                control.note(!matches!(told, Some(Told::Resumed(_))));
                let is_last = matches!(told, Some(Told::Gone | Told::Account(_)));
                let is_wanted = told.is_none_or(&mut tell);
                if is_last || !is_wanted {
                    return;
                }
            }
        });
    }

    /// Asks the keeper to let everything run on, should it be stopped, and to say so in any case. Says
    /// whether there will be an answer.
    pub(crate) fn ask_to_resume(&self) -> bool {
        self.control.resume();
        true
    }

    /// Asks for the end of the program and of everything that it started.
    pub(crate) fn end(&self) {
        self.control.end();
    }

    /// Nobody will read this output any longer.
    pub(crate) fn close(&mut self, stream: Stream) {
        self.ready.outputs[stream as usize] = None;
    }

    /// Whether somebody could still print to an output.
    pub(crate) fn are_outputs_held(&self) -> bool {
        self.ready.outputs.iter().flatten().any(|output| {
            let mut polled = [PollFd::new(output, PollFlags::empty())];
            let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
            let hung_up = poll(&mut polled, Some(&at_once)).is_ok_and(|count| count > 0);
            !hung_up
        })
    }

    /// What there is to tell, once the keeper has told its account, or is gone; or where it is silent, so
    /// that there is nothing left but to end it.
    pub(crate) fn finish(&mut self, last: Last) -> Finish {
        if let Last::Silence = last {
            self.kill();
        }
        let (status, used) = self.child.wait(FAREWELL).unzip();
        // In a namespace nobody can end a keeper, or speak for it.
        let is_in_reach = self.confinement.namespace != Namespace::Own;
        let account = match last {
            Last::Account(account) if !is_in_reach => account,
            Last::Account(account) if status.is_some_and(|status| status.success()) => account,
            Last::Silence => return self.without_account(None, used),
            _ => return self.without_account(status, used),
        };
        let ending = match (account.asked, account.code, account.signal) {
            (false, Some(code), _) => Some(Ending::Exited(code)),
            (false, None, Some(signal)) => Some(Ending::from_signal(signal)),
            _ => None,
        };
        let at = |time: Duration| Instant::now() - keeper::now().saturating_sub(time);
        let all_ended = at(account.all_ended);
        let mut usage = self.usage(&account, all_ended);
        let mut findings = Vec::new();
        if let Some(used) = used.filter(|used| is_in_reach && !agrees(&account, *used)) {
            findings.push(Finding::ForgedAccount);
            usage.user = used.saturating_sub(usage.system);
            usage.miss(Missing::KeeperEnded);
        }
        if !account.escaped.is_empty() {
            // The keeper is gone, and what it could not end was handed to us.
            Orphans::of(self.ready.pid, self.born).end();
        }
        Finish {
            ending,
            ended: account.ended.map(at),
            all_ended: Some(all_ended),
            usage: Some(usage),
            survivors: account.survivors,
            escaped: account.escaped,
            cores_refused: self.ready.cores_refused.clone(),
            faults_of_children: account.faults_of_children,
            findings,
        }
    }

    /// What the program and all that it started used.
    fn usage(&self, account: &Account, all_ended: Instant) -> Usage {
        // Where the starter spent its time is not told: as far as possible, in its own code.
        let spent = self.ready.spent;
        let mut usage = Usage {
            user: account.user.saturating_sub(spent),
            system: account.system.saturating_sub(spent.saturating_sub(account.user)),
            peak_memory: account.peak_memory,
            first_thread: account.first_thread.map(|time| time.saturating_sub(spent)),
            whole: all_ended.saturating_duration_since(self.started),
            alone: account.alone && cfg!(target_os = "linux"),
            processes: account.processes.max(1),
            missing: Vec::new(),
        };
        if let Some((user, system)) = account.group
            && user + system > usage.cpu()
        {
            // Nobody has to take leave of a member for its time to be counted.
            (usage.user, usage.system) = (user, system);
        }
        account.missing.iter().for_each(|missing| usage.miss(*missing));
        if !cfg!(target_os = "linux") {
            usage.miss(Missing::NoOrphans);
        }
        usage
    }

    /// What there is to tell where the keeper was ended by somebody else: what the program started was
    /// handed to us.
    fn without_account(&self, status: Option<ExitStatus>, used: Option<Duration>) -> Finish {
        self.group.iter().for_each(Group::kill);
        let counted = self.group.as_ref().and_then(Group::used);
        let orphans = Orphans::of(self.ready.pid, self.born).end();
        let ending = orphans.program.map(Ending::from_status);
        let mut usage = Usage { user: used.unwrap_or_default() + orphans.cpu, ..Usage::default() };
        (usage.user, usage.system) = counted.unwrap_or((usage.user, usage.system));
        usage.miss(Missing::KeeperEnded);
        usage.processes = 1 + orphans.ended;
        usage.whole = self.started.elapsed();
        let ended = |status| Finding::KeeperEnded { how: Ending::from_status(status).to_string() };
        Finish {
            ending: Some(ending.unwrap_or(Ending::Unknown)),
            ended: None,
            all_ended: None,
            usage: Some(usage),
            survivors: Vec::new(),
            escaped: orphans.left,
            cores_refused: self.ready.cores_refused.clone(),
            faults_of_children: None,
            // Where we ended it, the program has been given a worse name already.
            findings: status.map(ended).into_iter().collect(),
        }
    }

    /// Ends the keeper, and in a namespace with it everything else.
    fn kill(&mut self) {
        // Its number is its own as long as the gate has not taken leave of it, and the gate waits for it.
        let keeper = i32::try_from(self.ancestor).ok().and_then(rustix::process::Pid::from_raw);
        let kill = |pid| rustix::process::kill_process(pid, rustix::process::Signal::KILL);
        let _gone = keeper.map(kill);
    }
}

impl Ready {
    /// Has a keeper start a starter, and waits until that is ready.
    fn wait(request: &Request, keeper: &Wire, group: Option<&Group>) -> Result<Ready, Error> {
        let unprepared = Error::system(PREPARING);
        let (mut starter, theirs) = Wire::pair().map_err(&unprepared)?;
        let scratch = request.scratch.iter().map(|folder| wire::word(folder.as_ref()));
        let keep = json!({ "keep": {
            "grace": u64::try_from(request.grace.as_millis()).unwrap_or(u64::MAX),
            "scratch": scratch.collect::<Vec<_>>(),
            "group": group.map(|group| wire::word(group.folder().as_os_str())),
        } });
        keeper.send_with(&keep, &[theirs.as_fd()]).map_err(&unprepared)?;
        drop(theirs);
        let outputs = send_setting(&starter, request).map_err(&unprepared)?;
        let said = receive(&mut starter).map_err(&unprepared)?;
        if let Some(reason) = said["error"].as_str() {
            return Err(cannot_run(request, reason));
        }
        let ready = &said["ready"];
        let (cores_refused, refused) = read_refused(&ready["refused"]);
        let its_own = ready["pid"].as_u64().and_then(|pid| pid.try_into().ok());
        Ok(Ready {
            pid: starter.sender().or(its_own).unwrap_or_default(),
            spent: Duration::from_nanos(ready["spent"].as_u64().unwrap_or(0)),
            starter,
            outputs: outputs.map(Some),
            cores_refused,
            refused,
        })
    }

    /// Makes it a member of a group; says whether it is one. Where it cannot be, there is no group.
    fn joins(&self, group: &Group) -> bool {
        let joins = group.holds(self.pid);
        if !joins {
            group.remove();
        }
        joins
    }
}

/// A program that has not begun never does, and one that nobody listens to any more ends.
impl Drop for Kept {
    fn drop(&mut self) {
        self.control.end();
        self.child.wait(FAREWELL);
        self.group.iter().for_each(Group::remove);
    }
}

/// Starts a gate, or where there is none to be had or wanted, a keeper. Returns our child, the
/// connection to the keeper, and in which namespace that is.
fn start(request: &Request) -> Result<(Guard, Wire, Namespace), Error> {
    /// Why there are no namespaces here. It will be no different next time.
    static REFUSED: OnceLock<String> = OnceLock::new();
    let is_wanted = request.isolation == Isolation::IfAllowed;
    if is_wanted && REFUSED.get().is_none() {
        match start_in_namespaces(request)? {
            Ok((child, wire)) => return Ok((child, wire, Namespace::Own)),
            Err(Unavailable::Ever(reason)) => drop(REFUSED.set(reason)),
            #[cfg(target_os = "linux")]
            Err(Unavailable::Now(reason)) => {
                return start_beside(request, Namespace::Refused(reason));
            }
        }
    }
    let refused = REFUSED.get().filter(|_| is_wanted);
    let namespace = refused.map_or(Namespace::NotAsked, |why| Namespace::Refused(why.clone()));
    start_beside(request, namespace)
}

/// Starts a keeper where we are.
fn start_beside(
    request: &Request,
    namespace: Namespace,
) -> Result<(Guard, Wire, Namespace), Error> {
    let start = || -> Result<(Guard, Wire), Error> {
        let (child, mut wire) = spawn(request, Role::Keeper)?;
        receive(&mut wire).map_err(Error::system(PREPARING))?;
        Ok((child, wire))
    };
    // Until it has a session of its own it hears of Ctrl-C as we do, and ends. We go on, to end as we do
    // at any other time.
    let started = start().or_else(|error| if interrupted() { start() } else { Err(error) });
    started.map(|(child, wire)| (child, wire, namespace))
}

/// Why there is no namespace.
enum Unavailable {
    /// The system refuses it, and will do so next time.
    Ever(String),
    /// Something went wrong this time.
    #[cfg(target_os = "linux")]
    Now(String),
}

/// Starts a gate, and a keeper behind it; or says why that cannot be.
#[cfg(target_os = "linux")]
fn start_in_namespaces(request: &Request) -> Result<Result<(Guard, Wire), Unavailable>, Error> {
    let (child, mut wire) = spawn(request, Role::Gate)?;
    let mut converse = || -> io::Result<Value> {
        let said = receive(&mut wire)?;
        if said["refused"].is_string() {
            return Ok(said);
        }
        let named = if said["unshared"] == true { keeper::name_users(child.id()) } else { Ok(()) };
        wire.send(&json!({ "mapped": named.err().map(|error| error.to_string()) }))?;
        receive(&mut wire)
    };
    match converse().map(|said| said["refused"].as_str().map(str::to_owned)) {
        Ok(None) => Ok(Ok((child, wire))),
        Ok(Some(reason)) => Ok(Err(Unavailable::Ever(reason))),
        // It was ended by somebody else: by a filter that kills whoever asks for a namespace, say.
        Err(error) => Ok(Err(Unavailable::Now(error.to_string()))),
    }
}

#[cfg(not(target_os = "linux"))]
fn start_in_namespaces(_request: &Request) -> Result<Result<(Guard, Wire), Unavailable>, Error> {
    Ok(Err(Unavailable::Ever("this system has none".to_owned())))
}

/// Runs this program once more in another role. A gate is in a process group of its own, where it does
/// not hear of Ctrl-C; a keeper will be in a session of its own.
fn spawn(request: &Request, role: Role) -> Result<(Guard, Wire), Error> {
    let program = match &request.keeper {
        Some(keeper) => Ok(PathBuf::from(keeper)),
        None => keeper::this_program(),
    };
    let unspawned = Error::system("run this program itself once more");
    let (wire, theirs) = Wire::pair().map_err(&unspawned)?;
    let mut command = keeper::again(program.map_err(&unspawned)?, role);
    command
        .stdin(theirs)
        .stdout(File::options().write(true).open("/dev/null").map_err(&unspawned)?);
    if role == Role::Gate {
        command.process_group(0);
    }
    let child = Guard::start(&mut command).map_err(&unspawned)?;
    Ok((child, wire))
}

/// The next message, which has to come soon.
fn receive(wire: &mut Wire) -> io::Result<Value> {
    wire.socket().set_read_timeout(Some(START))?;
    let message = wire.receive()?;
    wire.socket().set_read_timeout(None)?;
    message.ok_or_else(|| io::Error::other("it was ended by somebody else"))
}

/// Sends the starter all that it has to prepare. Returns where the program's outputs can be read.
fn send_setting(starter: &Wire, request: &Request) -> io::Result<[PipeReader; 2]> {
    let (output, write_output) = io::pipe()?;
    let (errors, write_errors) = io::pipe()?;
    let nothing = File::open("/dev/null")?;
    let ours = io::stdin();
    let input = match request.input {
        Input::Ours if !ours.is_terminal() => ours.as_fd(),
        _ => nothing.as_fd(),
    };
    let command = std::iter::once(&request.program).chain(&request.arguments);
    let variables = request.variables();
    let variables = variables.iter().flat_map(|(name, value)| [name, value]);
    let folder = request.folder.iter().map(|folder| wire::word(folder.as_ref()));
    let setting = json!({
        "command": command.map(|word| wire::word(word)).collect::<Vec<_>>(),
        "environment": variables.map(|word| wire::word(word)).collect::<Vec<_>>(),
        "folder": folder.collect::<Vec<_>>(),
        "umask": request.umask,
        "cores": request.cores,
        "guarded": request.isolation == Isolation::IfAllowed,
        "limits": limits(&request.limits),
    });
    let streams = [input, write_output.as_fd(), write_errors.as_fd()];
    starter.send_with(&setting, &streams)?;
    Ok([output, errors])
}

/// The limits that the system itself sees to, as a message.
fn limits(limits: &Limits) -> Value {
    json!({
        "cpu": limits.cpu.map(|cpu| cpu.as_secs_f64().ceil() as u64),
        "file_size": limits.file_size,
        "open_files": limits.open_files,
        "tasks": limits.processes.and_then(most_tasks),
        // What a program leaves behind when it crashes is of no use to anybody who limits its files.
        "core": limits.file_size.map(|_| 0),
        "memory": limits.memory,
    })
}

/// How many processes and threads the user may have at once for this program not to be too many. The
/// system counts all that are the user's, and this is only to keep a storm from becoming a flood before
/// anybody looks: hence all that there are on the machine, and room for threads.
fn most_tasks(processes: usize) -> Option<u64> {
    const THREADS: u64 = 10_000;
    let load = std::fs::read_to_string("/proc/loadavg").ok()?;
    let (_, all) = load.split_ascii_whitespace().nth(3)?.split_once('/')?;
    Some(all.parse::<u64>().ok()? + processes as u64 + THREADS)
}

/// What of a restriction to cores, and of everything else, was refused.
fn read_refused(list: &Value) -> (Option<String>, Vec<String>) {
    let refused = list.as_array().into_iter().flatten().filter_map(Value::as_str);
    let (cores, others): (Vec<_>, Vec<_>) =
        refused.partition(|refused| refused.starts_with(keeper::CORES));
    let cores = cores.first().and_then(|refused| refused.strip_prefix(keeper::CORES));
    let others = others.iter().map(|refused| format!("A limit was refused: {refused}."));
    (cores.map(str::to_owned), others.collect())
}

fn cannot_run(request: &Request, reason: &str) -> Error {
    let program = request.program.display().to_string();
    Error::CannotRun { program, reason: reason.to_owned() }
}

fn read_told(message: &Value) -> Option<Told> {
    let at = |time: &Value| {
        let time = Duration::from_nanos(time.as_u64()?);
        Instant::now().checked_sub(keeper::now().saturating_sub(time))
    };
    None.or_else(|| at(&message["paused"]).map(Told::Paused))
        .or_else(|| at(&message["resumed"]).map(Told::Resumed))
        .or_else(|| Account::from_json(&message["account"]).map(Box::new).map(Told::Account))
}

/// Whether an account can be true that says so much, where the kernel says that the keeper and all below
/// it used so much.
fn agrees(account: &Account, used: Duration) -> bool {
    let told = account.user + account.system;
    // The kernel rounds what it says of each process, and the gate used something, too.
    let rounded = Duration::from_micros(2) * u32::try_from(account.processes).unwrap_or(u32::MAX);
    let slack = Duration::from_millis(50) + rounded + used / 50;
    told <= used + slack && used <= told + account.own + slack
}

#[cfg(test)]
mod tests {
    use super::*;

    const MILLISECOND: Duration = Duration::from_millis(1);

    #[test]
    fn an_account_agrees_with_the_kernel_that_leaves_nothing_out_but_the_keeper() {
        let account = Account {
            user: 400 * MILLISECOND,
            system: 100 * MILLISECOND,
            own: 20 * MILLISECOND,
            processes: 3,
            ..Account::default()
        };
        // By the kernel's word, with what the keeper used and with a little more.
        assert!(agrees(&account, 500 * MILLISECOND));
        assert!(agrees(&account, 560 * MILLISECOND));
        // Somebody hides a tenth of a second, or makes up as much.
        assert!(!agrees(&account, 640 * MILLISECOND));
        assert!(!agrees(&account, 400 * MILLISECOND));
        // A million processes are each rounded down.
        let many = Account { processes: 1_000_000, ..account };
        assert!(agrees(&many, 1640 * MILLISECOND));
    }
}
