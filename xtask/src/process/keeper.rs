//! The keeper: the small process that stands between us and the program.
//!
//! On Linux it declares itself the one to whom orphans are handed
//! (`PR_SET_CHILD_SUBREAPER`). A process that the program started, and whose
//! parent has ended, becomes the keeper's child, whatever new session or process
//! group it went to. From that follows all that we want:
//!
//! - *Nothing gets away.* The keeper kills its children until it has none;
//!   theirs become its own meanwhile.
//! - *Nobody else is hit.* It kills only its own children, and a process number
//!   is not given away again before its parent has asked for the exit code.
//! - *The account is whole.* The kernel tells the keeper of each child what it
//!   and its children cost; nothing that somebody else runs at the time is in it.
//! - *It needs no farewell.* If we are killed ourselves, the keeper sees our end
//!   of the connection close, and ends the program.
//!
//! Other Unix systems have no such thing: there the keeper ends the program's
//! process group.
//!
//! It speaks with us through its standard input, a socket:
//! [first](receive_input) it is sent the program's own standard input, then it
//! tells when the program starts, and at last how it ended. It ends everything
//! once the socket is closed for reading.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::process::{Command, ExitStatus};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use clap::{Arg, ArgMatches, value_parser};
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags};
use rustix::process::{Pid, Signal, WaitId, WaitIdOptions};
use rustix::time::ClockId;
use serde_json::{Value, json};
use signal_hook::consts::SIGCHLD;
use wait4::ResUse;

use super::report::Survivor;
use super::tree::{self, State};
use crate::Outcome;

/// The name of the command that runs a keeper.
pub(super) const COMMAND: &str = "keep";

/// How long a program that is to end may take to do so of its own accord.
const TERMINATION: Duration = Duration::from_millis(200);

/// How often we kill what has become our child meanwhile.
const BETWEEN_KILLS: Duration = Duration::from_millis(2);

/// After how long we give up on processes that cannot be killed, or not by us.
const GIVE_UP: Duration = Duration::from_secs(3);

/// Describes the command; people have no use for it.
pub(crate) fn describe() -> clap::Command {
    clap::Command::new(COMMAND)
        .hide(true)
        .about("Runs a program for another command, and ends everything it started")
        .arg(Arg::new("cores").long("cores").value_parser(value_parser!(usize)))
        .arg(Arg::new("grace").long("grace").required(true).value_parser(value_parser!(u64)))
        .arg(
            Arg::new("program")
                .required(true)
                .num_args(1..)
                .trailing_var_arg(true)
                .allow_hyphen_values(true)
                .value_parser(value_parser!(OsString)),
        )
}

/// Runs the command.
pub(crate) fn run(arguments: &ArgMatches) -> anyhow::Result<Outcome> {
    let socket = rustix::stdio::stdin().try_clone_to_owned()?;
    let mut socket = UnixStream::from(socket);
    let input = receive_input(&socket).context("`keep` is run by other commands only")?;
    rustix::stdio::dup2_stdin(input)?;
    #[cfg(target_os = "linux")]
    rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?;
    let refused = arguments.get_one("cores").and_then(|&cores| restrict_to(cores).err());
    let (sender, events) = mpsc::channel();
    listen(&socket, sender)?;

    let mut program = arguments.get_many::<OsString>("program").expect("it is required");
    let mut command = Command::new(program.next().expect("it has a name"));
    command.args(program).process_group(0);
    writeln!(socket, "{}", json!({ "started": nanoseconds(now()) }))?;
    let started = Instant::now();
    let last_words = match command.spawn() {
        Ok(child) => {
            leave_standard_streams()?;
            let grace = Duration::from_millis(arguments.get_one("grace").copied().unwrap_or(0));
            let mut family = Family::new(child.id(), started, grace);
            family.outlive(&events)?;
            family.account(refused)
        }
        Err(error) => json!({ "error": error.to_string() }),
    };
    writeln!(socket, "{last_words}")?;
    Ok(Outcome::Passed)
}

/// Takes the program's standard input out of the first message.
fn receive_input(socket: &UnixStream) -> io::Result<OwnedFd> {
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = RecvAncillaryBuffer::new(&mut space);
    let mut byte = [0];
    rustix::net::recvmsg(
        socket,
        &mut [IoSliceMut::new(&mut byte)],
        &mut control,
        RecvFlags::empty(),
    )?;
    let mut inputs = control.drain().filter_map(|message| match message {
        RecvAncillaryMessage::ScmRights(mut inputs) => inputs.next(),
        _ => None,
    });
    inputs.next().ok_or_else(|| io::Error::other("the message came without an input"))
}

/// Restricts us, and with us all that we start, to the first of the cores that we may use.
#[cfg(target_os = "linux")]
fn restrict_to(cores: usize) -> io::Result<()> {
    use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};

    let allowed = sched_getaffinity(None)?;
    let mut chosen = CpuSet::new();
    let allowed = (0..CpuSet::MAX_CPU).filter(|&core| allowed.is_set(core));
    allowed.take(cores).for_each(|core| chosen.set(core));
    Ok(sched_setaffinity(None, &chosen)?)
}

#[cfg(not(target_os = "linux"))]
fn restrict_to(_cores: usize) -> io::Result<()> {
    Err(io::Error::other("this system does not let a program choose its cores"))
}

/// Why the keeper wakes up.
#[derive(Clone, Copy, Debug)]
enum Event {
    /// A child changed its state.
    Child,
    /// Nobody wants the program any longer.
    End,
}

/// Starts the threads that wait for events.
fn listen(socket: &UnixStream, sender: Sender<Event>) -> io::Result<()> {
    let mut signals = signal_hook::iterator::Signals::new([SIGCHLD])?;
    let children = sender.clone();
    thread::spawn(move || signals.forever().all(|_| children.send(Event::Child).is_ok()));
    let mut socket = socket.try_clone()?;
    thread::spawn(move || {
        let _closed_or_broken = socket.read_to_end(&mut Vec::new());
        sender.send(Event::End)
    });
    Ok(())
}

/// Lets go of the program's streams: its outputs end when it closes them, not when we end.
fn leave_standard_streams() -> io::Result<()> {
    let nothing = File::options().read(true).write(true).open("/dev/null")?;
    rustix::stdio::dup2_stdin(&nothing)?;
    rustix::stdio::dup2_stdout(&nothing)?;
    Ok(rustix::stdio::dup2_stderr(&nothing)?)
}

/// The time of the clock that all processes share.
pub(super) fn now() -> Duration {
    let now = rustix::time::clock_gettime(ClockId::Monotonic);
    now.try_into().expect("the monotonic clock began at zero")
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).expect("five hundred years are enough")
}

/// The program, and all that it started.
struct Family {
    /// The program itself.
    program: u32,
    started: Instant,
    grace: Duration,
    /// The program's exit status and how long it took, once it has ended.
    ended: Option<(ExitStatus, Duration)>,
    /// Whether we asked it to end before it did so by itself.
    asked: bool,
    user: Duration,
    system: Duration,
    peak_memory: u64,
    /// How long the program's first thread executed.
    first_thread: Option<Duration>,
    /// Whether the kernel was told not to account for the children of somebody.
    unaccounted: bool,
    /// Whether there was ever another process than the program itself.
    others: bool,
    survivors: Vec<Survivor>,
    escaped: Vec<Survivor>,
}

impl Family {
    fn new(program: u32, started: Instant, grace: Duration) -> Family {
        Family {
            program,
            started,
            grace,
            ended: None,
            asked: false,
            user: Duration::ZERO,
            system: Duration::ZERO,
            peak_memory: 0,
            first_thread: None,
            unaccounted: false,
            others: false,
            survivors: Vec::new(),
            escaped: Vec::new(),
        }
    }

    /// Waits until the program and all that it started have ended, and sees to it that they do.
    fn outlive(&mut self, events: &Receiver<Event>) -> io::Result<()> {
        let mut kill_at: Option<Instant> = None;
        while self.is_alive()? {
            let event = match kill_at {
                None => events.recv().map_err(|_| RecvTimeoutError::Disconnected),
                Some(at) => events.recv_timeout(at.saturating_duration_since(Instant::now())),
            };
            match event {
                Ok(Event::Child) => {
                    if self.reap()? {
                        kill_at.get_or_insert_with(|| Instant::now() + self.grace);
                    }
                }
                Ok(Event::End) => {
                    self.asked = self.ended.is_none();
                    self.signal_all(Signal::TERM);
                    kill_at = Some(Instant::now() + TERMINATION);
                }
                Err(_) => return self.kill_all(),
            }
        }
        Ok(())
    }

    /// Whether there is still a child, alive or not yet reaped.
    fn is_alive(&self) -> io::Result<bool> {
        let options = WaitIdOptions::EXITED | WaitIdOptions::NOHANG | WaitIdOptions::NOWAIT;
        match rustix::process::waitid(WaitId::All, options) {
            Ok(_) => Ok(true),
            Err(rustix::io::Errno::CHILD) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Takes leave of all children that have ended; says whether the program is among them.
    fn reap(&mut self) -> io::Result<bool> {
        let mut program_ended = false;
        for pid in self.children() {
            // What is not yet final when it is read here grows only, which does no harm.
            let first_thread = tree::executed(pid, pid);
            let unaccounted = tree::ignores_children(pid);
            let others = pid != self.program || tree::had_children(pid);
            let Some(ResUse { status, rusage }) = wait4::try_wait4_pid(pid)? else {
                continue;
            };
            self.user += rusage.utime;
            self.system += rusage.stime;
            self.peak_memory = self.peak_memory.max(rusage.maxrss);
            self.unaccounted |= unaccounted;
            self.others |= others;
            if pid == self.program {
                self.first_thread = first_thread;
                self.ended = Some((status, self.started.elapsed()));
                program_ended = true;
            }
        }
        Ok(program_ended)
    }

    /// The numbers of our children. They stay theirs until [`reap`](Family::reap) took leave of them.
    fn children(&self) -> Vec<u32> {
        if cfg!(target_os = "linux") {
            tree::children(std::process::id()).iter().map(|child| child.pid).collect()
        } else if self.ended.is_none() {
            vec![self.program]
        } else {
            Vec::new()
        }
    }

    /// Sends a signal to all children, and to the program's process group.
    fn signal_all(&self, signal: Signal) {
        let pid = |pid| Pid::from_raw(i32::try_from(pid).ok()?);
        // Where a process is gone or belongs to another user, there is nothing to be done:
        // the next look at the children shows whether it matters.
        let group_is_ours = self.ended.is_none() || !cfg!(target_os = "linux");
        if let (Some(group), true) = (pid(self.program), group_is_ours) {
            let _gone = rustix::process::kill_process_group(group, signal);
        }
        for child in self.children().into_iter().filter_map(pid) {
            let _gone = rustix::process::kill_process(child, signal);
        }
    }

    /// Kills children until there are none.
    fn kill_all(&mut self) -> io::Result<()> {
        let living = tree::descendants(std::process::id());
        let living = living.iter().filter(|process| process.state != State::Ended);
        let describe = |pid| Survivor { pid, command: tree::command(pid) };
        let living: Vec<_> = living.map(|process| describe(process.pid)).collect();
        if !self.asked {
            self.survivors = living;
        }
        let give_up = Instant::now() + GIVE_UP;
        loop {
            self.signal_all(Signal::KILL);
            thread::sleep(BETWEEN_KILLS);
            self.reap()?;
            if !self.is_alive()? {
                return Ok(());
            }
            if Instant::now() > give_up {
                self.escaped = self.children().into_iter().map(describe).collect();
                return Ok(());
            }
        }
    }

    /// What is to be told at the end.
    fn account(&self, refused: Option<io::Error>) -> Value {
        let (status, wall) = self.ended.unzip();
        let list = |processes: &[Survivor]| -> Value {
            let entry = |process: &Survivor| json!([process.pid, process.command]);
            processes.iter().map(entry).collect()
        };
        json!({
            "code": status.and_then(|status| status.code()),
            "signal": status.and_then(|status| status.signal()),
            "asked": self.asked,
            "wall": wall.map(nanoseconds),
            "user": nanoseconds(self.user),
            "system": nanoseconds(self.system),
            "peak_memory": self.peak_memory,
            "first_thread": self.first_thread.map(nanoseconds),
            "whole": nanoseconds(self.started.elapsed()),
            "alone": !self.others && !self.unaccounted && self.escaped.is_empty(),
            "complete": !self.unaccounted && self.escaped.is_empty(),
            "survivors": list(&self.survivors),
            "escaped": list(&self.escaped),
            "cores_refused": refused.map(|error| error.to_string()),
        })
    }
}
