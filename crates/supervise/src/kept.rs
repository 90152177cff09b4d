//! Our side of the connection to a [`keeper`].

use std::fs::File;
use std::io::{self, BufRead, BufReader, ErrorKind, IoSlice, IsTerminal, Read};
use std::mem::MaybeUninit;
use std::net::Shutdown;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, anyhow, bail};
use rustix::net::{SendAncillaryBuffer, SendAncillaryMessage, SendFlags};
use serde_json::Value;

use super::keeper;
use super::report::{CannotRun, Ending, Survivor, Usage};
use super::request::{Input, Request};

/// How long a keeper may take to start, on however busy a machine.
const START: Duration = Duration::from_secs(60);

/// A program that runs, with everything that it starts.
pub(super) struct Kept {
    keeper: Child,
    socket: UnixStream,
    started: Instant,
    last_words: Vec<u8>,
}

/// How a program and everything that it had started ended.
pub(super) struct Finish {
    /// How it ended by itself; `None` where it had been asked to end before.
    pub(super) ending: Option<Ending>,
    pub(super) wall: Option<Duration>,
    pub(super) usage: Option<Usage>,
    pub(super) survivors: Vec<Survivor>,
    pub(super) escaped: Vec<Survivor>,
    pub(super) cores_refused: Option<String>,
}

impl Kept {
    /// Starts the program that is asked for.
    pub(super) fn start(request: &Request) -> anyhow::Result<(Kept, ChildStdout, ChildStderr)> {
        let (ours, theirs) = UnixStream::pair()?;
        let mut keeper = command(request)?;
        keeper.stdin(OwnedFd::from(theirs)).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut keeper = keeper.spawn().context("cannot run this program itself once more")?;
        let output = keeper.stdout.take().expect("it is a pipe");
        let errors = keeper.stderr.take().expect("it is a pipe");
        send_input(&ours, request.input)?;
        let started = read_start(&ours)?;
        ours.set_nonblocking(true)?;
        Ok((Kept { keeper, socket: ours, started, last_words: Vec::new() }, output, errors))
    }

    /// When the program was started.
    pub(super) fn started(&self) -> Instant {
        self.started
    }

    /// The process of which all that the program starts is a descendant.
    pub(super) fn ancestor(&self) -> u32 {
        self.keeper.id()
    }

    /// Asks for the end of the program and of everything that it started.
    pub(super) fn end(&mut self) {
        // If the keeper is gone already there is nobody to ask.
        let _gone = self.socket.shutdown(Shutdown::Write);
    }

    /// What there is to tell once everything has ended; `None` before.
    pub(super) fn poll(&mut self) -> anyhow::Result<Option<Finish>> {
        match self.socket.read_to_end(&mut self.last_words) {
            Err(error) if error.kind() == ErrorKind::WouldBlock => return Ok(None),
            Err(error) if error.kind() != ErrorKind::ConnectionReset => return Err(error.into()),
            _ => {}
        }
        let status = self.keeper.wait()?;
        let Ok(account) = serde_json::from_slice::<Value>(&self.last_words) else {
            bail!(
                "the process that watched over the program was ended by somebody else ({status}); \
                 what the program started may still run"
            );
        };
        if let Some(error) = account["error"].as_str() {
            return Err(CannotRun(error.to_owned()).into());
        }
        Ok(Some(read_finish(&account)))
    }

    /// Gives up on a keeper that does not answer.
    pub(super) fn abandon(&mut self) -> anyhow::Error {
        // It is our child and not yet reaped, so that nobody else can be hit.
        let _gone = self.keeper.kill();
        let _gone = self.keeper.wait();
        anyhow!("the program does not end, not even when it is killed")
    }
}

/// The command that runs a keeper for a request.
fn command(request: &Request) -> io::Result<Command> {
    let mut command = Command::new(keeper_program(request)?);
    command.arg(keeper::COMMAND).arg(request.grace.as_millis().to_string());
    command.arg(request.cores.unwrap_or(0).to_string());
    command.arg(&request.program).args(&request.arguments).process_group(0);
    for (name, value) in &request.environment {
        match value {
            Some(value) => command.env(name, value),
            None => command.env_remove(name),
        };
    }
    if let Some(folder) = &request.folder {
        command.current_dir(folder);
    }
    Ok(command)
}

/// The program that is asked for, or this program itself.
fn keeper_program(request: &Request) -> io::Result<PathBuf> {
    match &request.keeper {
        Some(keeper) => Ok(keeper.clone()),
        // Also there when the file was replaced by a newer build meanwhile.
        None if cfg!(target_os = "linux") => Ok(PathBuf::from("/proc/self/exe")),
        None => std::env::current_exe(),
    }
}

/// Sends the keeper what the program is to read from.
fn send_input(socket: &UnixStream, input: Input) -> io::Result<()> {
    let nothing = File::open("/dev/null")?;
    let ours = io::stdin();
    let input: BorrowedFd<'_> = match input {
        Input::Ours if !ours.is_terminal() => ours.as_fd(),
        _ => nothing.as_fd(),
    };
    let inputs = [input];
    let mut space = [MaybeUninit::uninit(); rustix::cmsg_space!(ScmRights(1))];
    let mut control = SendAncillaryBuffer::new(&mut space);
    let fits = control.push(SendAncillaryMessage::ScmRights(&inputs));
    assert!(fits, "there is space for one");
    rustix::net::sendmsg(socket, &[IoSlice::new(b"i")], &mut control, SendFlags::empty())?;
    Ok(())
}

/// Waits until the keeper is about to start the program, and returns when that was.
fn read_start(socket: &UnixStream) -> anyhow::Result<Instant> {
    socket.set_read_timeout(Some(START))?;
    let mut message = String::new();
    // One byte at a time: what comes after this line must stay in the socket.
    let read = BufReader::with_capacity(1, socket).read_line(&mut message);
    read.context("no program can be started under supervision")?;
    let message: Value = serde_json::from_str(&message)
        .context("the process that watches over a program did not start")?;
    let started = Duration::from_nanos(message["started"].as_u64().unwrap_or_default());
    Ok(Instant::now() - keeper::now().saturating_sub(started))
}

fn read_finish(account: &Value) -> Finish {
    let duration = |name: &str| account[name].as_u64().map(Duration::from_nanos);
    let usage = Usage {
        user: duration("user").unwrap_or_default(),
        system: duration("system").unwrap_or_default(),
        peak_memory: account["peak_memory"].as_u64().unwrap_or_default(),
        first_thread: duration("first_thread"),
        whole: duration("whole").unwrap_or_default(),
        alone: account["alone"] == true && cfg!(target_os = "linux"),
        complete: account["complete"] == true && cfg!(target_os = "linux"),
    };
    Finish {
        ending: read_ending(account),
        wall: duration("wall"),
        usage: Some(usage),
        survivors: read_processes(&account["survivors"]),
        escaped: read_processes(&account["escaped"]),
        cores_refused: account["cores_refused"].as_str().map(str::to_owned),
    }
}

fn read_ending(account: &Value) -> Option<Ending> {
    let number = |name: &str| i32::try_from(account[name].as_i64()?).ok();
    if account["asked"] == true {
        return None;
    }
    number("code").map(Ending::Exited).or_else(|| number("signal").map(Ending::from_signal))
}

fn read_processes(list: &Value) -> Vec<Survivor> {
    let process = |entry: &Value| {
        let pid = u32::try_from(entry[0].as_u64()?).ok()?;
        Some(Survivor { pid, command: entry[1].as_str()?.to_owned() })
    };
    list.as_array().into_iter().flatten().filter_map(process).collect()
}
