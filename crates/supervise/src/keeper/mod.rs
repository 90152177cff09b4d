//! The keeper: the small process that stands between us and a program.
//!
//! A program is started by four processes that are all this one program, run once more each time:
//!
//! | process | what it is | where it stands |
//! |---|---|---|
//! | judge | whoever called [`Prepared`](crate::Prepared): us | |
//! | gate | enters the namespaces and waits; left out where there are none | child of the judge |
//! | keeper | keeps the account, and ends what must end | child of the gate; process 1 of its namespace |
//! | starter | prepares everything, and becomes the program | child of the keeper |
//!
//! Read them in the order in which they come to life: [`gate`]; this file, [`ears`] and [`family`] for
//! the keeper; [`starter`].
//!
//! On Linux the keeper is the one to whom orphans are handed: as the first process of a namespace, or
//! because it says so (`PR_SET_CHILD_SUBREAPER`). A process that the program started, and whose
//! parent has ended, becomes the keeper's child, whatever new session or process group it went to. From
//! that follows all that we want:
//!
//! - *Nothing gets away.* The keeper kills its children until it has none; theirs become its own
//!   meanwhile. In a namespace one signal reaches all of them at the same moment.
//! - *Nobody else is hit.* It kills only its own children, and a process number is not given away
//!   again before its parent has asked for the exit code.
//! - *The account is whole.* The kernel tells the keeper of each child what it and its children cost;
//!   nothing that somebody else runs at the time is in it.
//! - *It needs no farewell.* If we are killed ourselves, the keeper sees our end of the connection
//!   close, and ends the program.
//! - *It cannot be robbed.* Nobody may look into it, trace it or take its descriptors
//!   (`PR_SET_DUMPABLE`), and in a namespace nobody can end it either.
//!
//! Other Unix systems have no such thing: there the keeper ends the program's process group.
//!
//! # What is said
//!
//! Between judge and keeper, on the keeper's standard input, a line of JSON each:
//!
//! | who | says | when |
//! |---|---|---|
//! | gate | `unshared` | it is in its namespaces, and needs its users' numbers mapped there |
//! | judge | `mapped` | they are |
//! | gate or keeper | `refused` | there is no namespace to be had after all; it ends |
//! | keeper | `here` | it is there (with its number, which the kernel adds) |
//! | judge | `keep` | for which request; with the starter's socket |
//! | judge | `pause`, `resume` | we are about to be stopped, or run again |
//! | keeper | `paused`, `resumed` | it has stopped the program's processes, or lets them run; and when. It answers each `resume` |
//! | keeper | `account` | everything has ended |
//!
//! The judge closes its end for writing when everything is to end. Judge and starter speak on a
//! connection of their own: what to prepare, `ready`, `go`, and `error` if it cannot become the program.

pub(crate) mod account;
mod ears;
mod family;
#[cfg(target_os = "linux")]
mod gate;
mod raw;
mod signals;
mod starter;

use std::fs::{self, File};
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use rustix::time::ClockId;
use serde_json::json;

use crate::group::Group;
use crate::wire::{Wire, words};
use ears::Ears;
use family::{Family, Place};
#[cfg(target_os = "linux")]
pub(crate) use gate::name_users;

/// The first argument of a program that is to be one of these processes. Nobody types it.
pub(crate) const COMMAND: &str = "--keep-for-another-command";

/// How a starter's refusal begins that is about cores.
pub(crate) const CORES: &str = "cores: ";

/// What a process that was started with [`COMMAND`] is to be: the second argument.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// A gate, and after it a keeper in namespaces of its own.
    Gate,
    /// A keeper where we are.
    Keeper,
    /// A keeper that is the first process of its namespace.
    First,
    /// A starter.
    Starter,
}

impl Role {
    const ALL: [Role; 4] = [Role::Gate, Role::Keeper, Role::First, Role::Starter];

    /// How it is written on a command line.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Role::Gate => "gate",
            Role::Keeper => "keeper",
            Role::First => "first",
            Role::Starter => "starter",
        }
    }

    fn play(self) -> io::Result<()> {
        match self {
            #[cfg(target_os = "linux")]
            Role::Gate => gate::keep(),
            #[cfg(not(target_os = "linux"))]
            Role::Gate => keep(Post::Beside),
            Role::Keeper => keep(Post::Beside),
            Role::First => keep(Post::First(rustix::stdio::stdout().try_clone_to_owned()?.into())),
            Role::Starter => starter::start(),
        }
    }
}

/// Becomes one of these processes, where this program was started as one.
pub(crate) fn keep_if_asked() {
    let mut words = std::env::args_os().skip(1);
    if words.next().is_none_or(|first| first != COMMAND) {
        return;
    }
    close_foreign_descriptors();
    let role = words.next();
    let role = Role::ALL.into_iter().find(|known| role.as_ref().is_some_and(|r| r == known.name()));
    let played = match role {
        Some(role) => role.play(),
        None => Err(io::Error::other(format!("{COMMAND} is for this program's own use"))),
    };
    if let Err(error) = &played {
        eprintln!("error: {error}");
    }
    std::process::exit(i32::from(played.is_err()));
}

/// Closes every descriptor that somebody forgot to keep from us: who is neither told of it nor
/// knows it would hold it open.
fn close_foreign_descriptors() {
    let folder = if cfg!(target_os = "linux") { "/proc/self/fd" } else { "/dev/fd" };
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    let numbers = entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let foreign: Vec<i32> = numbers.filter(|&number| number > 2).collect();
    // One of them was the folder's own, and is closed already.
    let is_open = |number: &i32| fs::symlink_metadata(format!("{folder}/{number}")).is_ok();
    foreign.into_iter().filter(is_open).for_each(raw::close_inherited);
}

/// The command that runs this program once more, in another role.
pub(crate) fn again(program: PathBuf, role: Role) -> Command {
    let mut command = Command::new(program);
    // What people read who list the processes.
    command.arg0(format!("supervise-{}", role.name())).args([COMMAND, role.name()]);
    command
}

/// Where this program is.
pub(crate) fn this_program() -> io::Result<PathBuf> {
    if cfg!(target_os = "linux") {
        // Also there when the file was replaced by a newer build meanwhile.
        Ok(PathBuf::from("/proc/self/exe"))
    } else {
        std::env::current_exe()
    }
}

/// Where a keeper stands, and how it hears that we were stopped.
enum Post {
    /// Beside everything else: it looks at us.
    Beside,
    /// At the head of a namespace, from where we cannot be seen: the gate looks, and tells.
    First(UnixStream),
}

/// Watches over a program until it and all that it started have ended.
fn keep(post: Post) -> io::Result<()> {
    let mut wire = Wire::of(rustix::stdio::stdin().try_clone_to_owned()?);
    #[cfg(target_os = "linux")]
    if let Post::First(_) = &post
        && let Err(error) = gate::settle()
    {
        // The judge starts another keeper, without namespaces.
        return wire.send(&json!({ "refused": error }));
    }
    // A session has a terminal, or none, and this one has none. That we lead it, and not the program,
    // keeps the program from taking one that it finds.
    rustix::process::setsid()?;
    protect(&post)?;
    wire.send(&json!({ "here": std::process::id() }))?;
    let Some(request) = wire.receive()? else {
        return Ok(());
    };
    let socket = wire.take_descriptors().pop();
    let socket = socket.ok_or_else(|| io::Error::other("the request came without a socket"))?;
    let starter = start(socket)?;
    leave_standard_streams()?;
    let grace = Duration::from_millis(request["keep"]["grace"].as_u64().unwrap_or(0));
    let is_first = matches!(post, Post::First(_));
    let group = words(&json!([request["keep"]["group"]])).pop().filter(|folder| !folder.is_empty());
    let place = Place { is_first, group: Group::at(group.map(PathBuf::from)) };
    let mut family = Family::new(starter.id(), place, grace, wire.socket().try_clone()?);
    let mut ears = Ears::open(wire, post)?;
    family.outlive(&mut ears)?;
    if family.tell_the_account().is_err() {
        // Whoever would have removed these is not there any more.
        let scratch = words(&request["keep"]["scratch"]);
        scratch.iter().for_each(|folder| drop(fs::remove_dir_all(folder)));
    }
    Ok(())
}

/// Lets nobody look into this process, and orphans come to it.
fn protect(post: &Post) -> io::Result<()> {
    #[cfg(target_os = "linux")]
    {
        use rustix::process::{
            DumpableBehavior, Signal, getpid, set_child_subreaper, set_dumpable_behavior,
            set_parent_process_death_signal,
        };

        set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
        set_child_subreaper(Some(getpid()))?;
        if let Post::First(_) = post {
            // Without the gate nobody would take leave of us.
            set_parent_process_death_signal(Some(Signal::KILL))?;
        }
    }
    #[cfg(not(target_os = "linux"))]
    let _ = post;
    Ok(())
}

/// Starts the starter, which speaks through this socket.
fn start(socket: OwnedFd) -> io::Result<Child> {
    let mut starter = again(this_program()?, Role::Starter);
    starter.stdin(socket).stdout(Stdio::null()).spawn()
}

/// Lets go of streams that are somebody else's: they end when he closes them, not when we end.
fn leave_standard_streams() -> io::Result<()> {
    let nothing = File::options().read(true).write(true).open("/dev/null")?;
    rustix::stdio::dup2_stdin(&nothing)?;
    Ok(rustix::stdio::dup2_stdout(&nothing)?)
}

/// The time of the clock that all processes share.
pub(crate) fn now() -> Duration {
    let now = rustix::time::clock_gettime(ClockId::Monotonic);
    now.try_into().expect("the monotonic clock began at zero")
}

/// A time, as messages have it.
pub(crate) fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).expect("five hundred years are enough")
}
