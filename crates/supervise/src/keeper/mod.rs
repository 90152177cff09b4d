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

mod family;

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, IoSliceMut, Read, Write};
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::sync::mpsc::{self, Sender};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::Context;
use rustix::net::{RecvAncillaryBuffer, RecvAncillaryMessage, RecvFlags};
use rustix::time::ClockId;
use serde_json::json;
use signal_hook::consts::SIGCHLD;

use family::{Event, Family};

/// The first argument of a program that is to be a keeper. Nobody types it.
pub(crate) const COMMAND: &str = "--keep-for-another-command";

/// What a keeper is asked for: milliseconds of grace, a number of cores or 0 for all, and the program
/// with its arguments.
struct Arguments {
    grace: Duration,
    cores: Option<usize>,
    program: OsString,
    arguments: Vec<OsString>,
}

impl Arguments {
    fn read(mut words: impl Iterator<Item = OsString>) -> Option<Arguments> {
        let mut number = || words.next()?.to_str()?.parse::<u64>().ok();
        let (grace, cores) = (number()?, number()?);
        Some(Arguments {
            grace: Duration::from_millis(grace),
            cores: usize::try_from(cores).ok().filter(|&cores| cores > 0),
            program: words.next()?,
            arguments: words.collect(),
        })
    }
}

/// Becomes a keeper, where this program was started as one.
pub(crate) fn keep_if_asked() {
    let mut words = std::env::args_os().skip(1);
    if words.next().is_none_or(|first| first != COMMAND) {
        return;
    }
    let kept = Arguments::read(words).context("not enough arguments").and_then(run);
    if let Err(error) = &kept {
        eprintln!("error: {error:#}");
    }
    std::process::exit(i32::from(kept.is_err()));
}

fn run(arguments: Arguments) -> anyhow::Result<()> {
    let socket = rustix::stdio::stdin().try_clone_to_owned()?;
    let mut socket = UnixStream::from(socket);
    let input = receive_input(&socket).context("`keep` is run by other commands only")?;
    rustix::stdio::dup2_stdin(input)?;
    #[cfg(target_os = "linux")]
    rustix::process::set_child_subreaper(Some(rustix::process::getpid()))?;
    let refused = arguments.cores.and_then(|cores| restrict_to(cores).err());
    let (sender, events) = mpsc::channel();
    listen(&socket, sender)?;

    let mut command = Command::new(arguments.program);
    command.args(arguments.arguments).process_group(0);
    writeln!(socket, "{}", json!({ "started": nanoseconds(now()) }))?;
    let started = Instant::now();
    let last_words = match command.spawn() {
        Ok(child) => {
            leave_standard_streams()?;
            let mut family = Family::new(child.id(), started, arguments.grace);
            family.outlive(&events)?;
            family.account(refused)
        }
        Err(error) => json!({ "error": error.to_string() }),
    };
    writeln!(socket, "{last_words}")?;
    Ok(())
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
