//! The starter: the process that becomes the program.
//!
//! It prepares everything that the program is to find (its process group, its limits, its cores, its
//! streams), says that it is ready, and waits. Whoever wants to watch the program attaches now: the
//! process is there, has its final number and a single thread, and nothing of the program has been
//! executed. At the word *go* it becomes the program.

use std::env;
use std::fs;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::process::CommandExt;
use std::process::Command;
use std::time::Duration;

use rustix::fs::Mode;
use rustix::process::{Resource, Rlimit};
use rustix::time::{ClockId, clock_gettime};
use serde_json::{Value, json};

use super::{CORES, nanoseconds, signals};
use crate::wire::{Wire, words};

/// Becomes the program that the other end of standard input asks for.
pub(super) fn start() -> io::Result<()> {
    let mut wire = Wire::of(rustix::stdio::stdin().try_clone_to_owned()?);
    let Some(setting) = wire.receive()? else {
        return Ok(());
    };
    let refused = match prepare(&setting, wire.take_descriptors()) {
        Ok(refused) => refused,
        Err(error) => return wire.send(&json!({ "error": error })),
    };
    let ready = json!({
        "pid": std::process::id(),
        "refused": refused,
        "spent": nanoseconds(spent()),
    });
    wire.send(&json!({ "ready": ready }))?;
    if wire.receive()?.is_none() {
        return Ok(());
    }
    // Where that succeeds, the connection ends: its descriptor is closed, and we are somebody else.
    let error = program(&setting).exec();
    wire.send(&json!({ "error": error.to_string() }))
}

/// Prepares what the program is to find. Returns what is asked for and cannot be had, a sentence each.
fn prepare(setting: &Value, streams: Vec<OwnedFd>) -> Result<Vec<String>, String> {
    let plain = |error: rustix::io::Errno| error.to_string();
    rustix::process::setpgid(None, None).map_err(plain)?;
    signals::reset_ignored();
    if let Some(umask) = setting["umask"].as_u64().and_then(|umask| umask.try_into().ok()) {
        rustix::process::umask(Mode::from_raw_mode(umask));
    }
    let mut refused = limit(&setting["limits"]);
    if let Some(cores) = setting["cores"].as_u64().and_then(|cores| cores.try_into().ok()) {
        let error = restrict_to(cores).err();
        refused.extend(error.map(|error| format!("{CORES}{error}")));
    }
    bind_to_the_keeper(setting["guarded"] == true);
    if let Some(folder) = words(&setting["folder"]).first() {
        let enter = env::set_current_dir(folder);
        enter.map_err(|error| {
            format!("its folder {} cannot be entered: {error}", folder.display())
        })?;
    }
    let [input, output, errors] = <[OwnedFd; 3]>::try_from(streams)
        .map_err(|streams| format!("{} streams came instead of three", streams.len()))?;
    rustix::stdio::dup2_stdin(input).map_err(plain)?;
    rustix::stdio::dup2_stdout(output).map_err(plain)?;
    rustix::stdio::dup2_stderr(errors).map_err(plain)?;
    Ok(refused)
}

/// The command of the program.
fn program(setting: &Value) -> Command {
    let mut command = words(&setting["command"]).into_iter();
    let mut program = Command::new(command.next().unwrap_or_default());
    program.args(command).env_clear();
    let mut variables = words(&setting["environment"]).into_iter();
    while let (Some(name), Some(value)) = (variables.next(), variables.next()) {
        program.env(name, value);
    }
    program
}

/// What this process has used so far, which is not the program's.
fn spent() -> Duration {
    clock_gettime(ClockId::ProcessCPUTime).try_into().unwrap_or_default()
}

/// Sets the limits that the system itself sees to. No limit is raised.
fn limit(limits: &Value) -> Vec<String> {
    let cpu = limits["cpu"].as_u64();
    let mut refused = Vec::new();
    let mut set = |name: &str, resource, limit: Option<u64>, more: u64| {
        let Some(limit) = limit else { return };
        let before = rustix::process::getrlimit(resource);
        let most = |hard: u64| before.maximum.map_or(hard, |maximum| maximum.min(hard));
        let current = before.current.map_or(limit, |current| current.min(limit));
        let new =
            Rlimit { current: Some(current), maximum: Some(most(limit.saturating_add(more))) };
        if let Err(error) = rustix::process::setrlimit(resource, new) {
            refused.push(format!("{name}: {error}"));
        }
    };
    // The first second too many is told to the program, which may say something; the next kills it.
    set("cpu", Resource::Cpu, cpu, 1);
    set("file size", Resource::Fsize, limits["file_size"].as_u64(), 0);
    set("open files", Resource::Nofile, limits["open_files"].as_u64(), 0);
    set("processes", Resource::Nproc, limits["tasks"].as_u64(), 0);
    set("core dumps", Resource::Core, limits["core"].as_u64(), 0);
    if limits["memory"].as_u64().is_some() {
        // Should memory run out, it is to be this program that is ended for it. Who may not say so
        // is ended no later than others.
        let _refused = fs::write("/proc/self/oom_score_adj", "1000");
    }
    refused
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

/// Where the keeper is killed, the kernel kills the program at once. A `guarded` program, though it may
/// do everything, may not look into the process that watches over it.
#[cfg(target_os = "linux")]
fn bind_to_the_keeper(guarded: bool) {
    use rustix::process::Signal;
    use rustix::thread::{CapabilitySet, remove_capability_from_bounding_set};

    let _refused = rustix::process::set_parent_process_death_signal(Some(Signal::KILL));
    if guarded {
        // Who may do nothing special is refused, and does not need it.
        let _refused = remove_capability_from_bounding_set(CapabilitySet::SYS_PTRACE);
    }
}

#[cfg(not(target_os = "linux"))]
fn bind_to_the_keeper(_guarded: bool) {}
