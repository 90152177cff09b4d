//! The gate: enters the namespaces in which a program runs, and waits outside.
//!
//! A process can have its children begin a new process namespace, and cannot move there itself. So the
//! gate stays, and its child is the first process there: the keeper. Where the first process of a
//! namespace ends, the kernel ends all the others.
//!
//! Three namespaces are entered, all at once:
//!
//! - of *processes*: the program sees its own only, and can send signals to no other;
//! - of *users*, in which every user has the number that he has outside: whoever may do everything
//!   in there, may do nothing outside, and so looks into no process of ours. Without privileges the
//!   other two can be had in no other way;
//! - of *mounts*, for a `/proc` that shows the processes of the new namespace.

use std::fs::File;
use std::io::{self, Write};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::Child;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::mount::{MountFlags, MountPropagationFlags, mount, mount_change};
use rustix::process::{DumpableBehavior, Pid, PidfdFlags, pidfd_open, set_dumpable_behavior};
use rustix::thread::{
    CapabilitySet, UnshareFlags, capabilities, clear_ambient_capability_set,
    configure_capability_in_ambient_set, set_capabilities,
};
use serde_json::json;

use super::ears::{BETWEEN_LOOKS, Judge, STOPPED};
use super::raw::enter_namespaces;
use super::{Role, again, this_program};
use crate::wire::Wire;

/// Enters the namespaces, has a keeper begin there, and waits for its end.
pub(super) fn keep() -> io::Result<()> {
    let mut wire = Wire::of(rustix::stdio::stdin().try_clone_to_owned()?);
    let judge = Judge::of_this_process();
    match enter(&mut wire) {
        Ok((keeper, told)) => wait(keeper, &told, judge),
        // The judge starts another keeper, without.
        Err(error) => wire.send(&json!({ "refused": error })),
    }
}

/// Has a keeper begin in new namespaces. Returns it with a connection to it.
fn enter(wire: &mut Wire) -> Result<(Child, UnixStream), String> {
    let said = |what: &'static str| move |error: io::Error| format!("{what}: {error}");
    let namespaces = UnshareFlags::NEWPID | UnshareFlags::NEWNS;
    let with_users = enter_namespaces(namespaces | UnshareFlags::NEWUSER);
    if let Err(error) = with_users {
        // Who may do everything outside needs no users of his own, though then the program could
        // do as much.
        enter_namespaces(namespaces).map_err(|_| format!("the system allows none ({error})"))?;
    }
    wire.send(&json!({ "unshared": with_users.is_ok() })).map_err(said("the judge is gone"))?;
    let mapped = wire.receive().map_err(said("the judge is gone"))?.unwrap_or_default();
    if let Some(error) = mapped["mapped"].as_str() {
        return Err(format!("its users could not be named ({error})"));
    }
    set_dumpable_behavior(DumpableBehavior::NotDumpable).map_err(|error| error.to_string())?;
    hand_on_the_power_to_mount().map_err(|error| error.to_string())?;
    let (told, theirs) = UnixStream::pair().map_err(said("no connection"))?;
    let mut keeper = again(this_program().map_err(said("no program"))?, Role::First);
    let keeper = keeper.stdout(OwnedFd::from(theirs)).spawn().map_err(said("no keeper"))?;
    Ok((keeper, told))
}

/// Who may do something in these namespaces without being the superuser, may no longer do it once he is
/// another program, unless he says so.
fn hand_on_the_power_to_mount() -> rustix::io::Result<()> {
    let mut sets = capabilities(None)?;
    sets.inheritable |= CapabilitySet::SYS_ADMIN;
    set_capabilities(None, sets)?;
    configure_capability_in_ambient_set(CapabilitySet::SYS_ADMIN, true)
}

/// As the first process of the namespaces: shows in `/proc` what is in them, and nothing else. Who is not
/// the superuser can do nothing special after that, and so can nobody whom he starts.
pub(super) fn settle() -> Result<(), String> {
    let harmless = MountFlags::NOSUID | MountFlags::NODEV | MountFlags::NOEXEC;
    // What is mounted outside from now on appears here too, and not the other way round.
    mount_change("/", MountPropagationFlags::DOWNSTREAM | MountPropagationFlags::REC)
        .and_then(|()| mount("proc", "/proc", "proc", harmless, None))
        .map_err(|error| format!("its `/proc` could not be had ({error})"))?;
    let drop_power = || {
        clear_ambient_capability_set()?;
        let mut sets = capabilities(None)?;
        sets.inheritable = CapabilitySet::empty();
        set_capabilities(None, sets)
    };
    drop_power().map_err(|error: rustix::io::Errno| error.to_string())
}

/// Waits for the end of the keeper, and tells it when the judge was stopped, or runs again.
fn wait(mut keeper: Child, told: &UnixStream, mut judge: Option<Judge>) -> io::Result<()> {
    let ended = pidfd_open(Pid::from_child(&keeper), PidfdFlags::empty())?;
    let between_looks = Timespec::try_from(BETWEEN_LOOKS).expect("it is short");
    loop {
        let mut waits = [PollFd::new(&ended, PollFlags::IN)];
        match poll(&mut waits, Some(&between_looks)) {
            Ok(0) | Err(rustix::io::Errno::INTR) => {}
            Ok(_) => break,
            Err(error) => return Err(error.into()),
        }
        if let Some(stopped) = judge.as_mut().and_then(Judge::look) {
            let word = if stopped { STOPPED } else { !STOPPED };
            // If it is gone, that is seen in the next round.
            let _gone = (&*told).write_all(&[word]);
        }
    }
    let status = keeper.wait()?;
    if status.success() { Ok(()) } else { Err(io::Error::other(format!("the keeper: {status}"))) }
}

/// Names the users of a namespace, from outside: each has there the number that he has here. Who
/// may not do that for all, does it for himself.
///
/// # Errors
///
/// If not even that is allowed.
pub(crate) fn name_users(gate: u32) -> io::Result<()> {
    let write = |file: &str, text: &str| {
        File::options().write(true).open(format!("/proc/{gate}/{file}"))?.write_all(text.as_bytes())
    };
    let one = |number: u32| format!("{number} {number} 1\n");
    for (file, number) in [
        ("uid_map", rustix::process::geteuid().as_raw()),
        ("gid_map", rustix::process::getegid().as_raw()),
    ] {
        if write(file, &everybody(file)?).is_err() {
            if file == "gid_map" {
                // Who cannot name all groups may not let anybody leave one: it may be there to keep him out.
                write("setgroups", "deny")?;
            }
            write(file, &one(number))?;
        }
    }
    Ok(())
}

/// All users, or groups, that are known here, each with his own number.
fn everybody(file: &str) -> io::Result<String> {
    let known = std::fs::read_to_string(format!("/proc/self/{file}"))?;
    let ranges = known.lines().filter_map(|line| {
        let mut fields = line.split_ascii_whitespace();
        let (first, _outside, count) = (fields.next()?, fields.next()?, fields.next()?);
        Some(format!("{first} {first} {count}\n"))
    });
    Ok(ranges.collect())
}
