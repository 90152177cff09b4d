//! What the system tells about a thread, a process and a machine besides its clocks.
//!
//! Whatever it does not tell is `None`, and a verdict that would need it says so.

use std::fs;
use std::path::{Path, PathBuf};

use super::clock;
use trace::event::Quantity;

/// The calling thread's number in the system, or [`u64::MAX`] where it has none.
pub(super) fn thread_number() -> u64 {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    return u64::from(rustix::thread::gettid().as_raw_nonzero().get().unsigned_abs());
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    return u64::MAX;
}

/// Whether the calling thread is the one that the process began with.
pub(super) fn is_main_thread() -> bool {
    thread_number() == u64::from(std::process::id())
}

/// How long the calling thread has waited for a core, all told, in nanoseconds.
pub(super) fn thread_run_delay() -> Option<u64> {
    run_delay(Path::new("/proc/thread-self"))
}

/// All that the system tells about the process and the machine at this moment.
pub(super) fn readings() -> impl Iterator<Item = (Quantity, u64)> {
    let groups = groups();
    [
        (Quantity::Cores, cores()),
        (Quantity::ProcessCpu, clock::process_cpu()),
        (Quantity::RunDelay, process_run_delay()),
        (Quantity::Steal, steal()),
        (Quantity::Throttled, groups.iter().filter_map(|group| throttled(group)).max()),
        (Quantity::Quota, groups.iter().filter_map(|group| quota(group)).min()),
    ]
    .into_iter()
    .filter_map(|(quantity, value)| Some((quantity, value?)))
}

/// How many cores the process may use.
fn cores() -> Option<u64> {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    return Some(u64::from(rustix::thread::sched_getaffinity(None).ok()?.count()));
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    return std::thread::available_parallelism().ok().map(|cores| cores.get() as u64);
}

/// How long a thread, given by its folder under `/proc`, has waited for a core.
///
/// This is the second field of `schedstat`; the first, the time executed, goes
/// by whole clock ticks on some kernels.
fn run_delay(thread: &Path) -> Option<u64> {
    let schedstat = fs::read_to_string(thread.join("schedstat")).ok()?;
    schedstat.split_ascii_whitespace().nth(1)?.parse().ok()
}

/// How long the threads that this process has at the moment have waited for a core, all told.
fn process_run_delay() -> Option<u64> {
    let own = thread_run_delay()?;
    let threads = fs::read_dir("/proc/self/task").ok()?.flatten();
    let others = threads.filter(|thread| *thread.file_name() != *thread_number().to_string());
    Some(own + others.filter_map(|thread| run_delay(&thread.path())).sum::<u64>())
}

/// For how long the host has taken cores away from this virtual machine.
///
/// This is the eighth number of the first line of `/proc/stat`, in hundredths of a second.
fn steal() -> Option<u64> {
    const TICK: u64 = 10_000_000;
    let stat = fs::read_to_string("/proc/stat").ok()?;
    let ticks: u64 = stat.lines().next()?.split_ascii_whitespace().nth(8)?.parse().ok()?;
    Some(ticks * TICK)
}

/// The folders of the control groups whose quota holds for this process: its own, and those above.
fn groups() -> Vec<PathBuf> {
    let Ok(memberships) = fs::read_to_string("/proc/self/cgroup") else {
        return Vec::new();
    };
    let mut groups = Vec::new();
    for membership in memberships.lines() {
        let mut fields = membership.splitn(3, ':').skip(1);
        let (Some(controllers), Some(path)) = (fields.next(), fields.next()) else {
            continue;
        };
        let root = match controllers {
            "" => Path::new("/sys/fs/cgroup"),
            _ if controllers.split(',').any(|name| name == "cpu") => {
                Path::new("/sys/fs/cgroup/cpu")
            }
            _ => continue,
        };
        let own = root.join(path.trim_start_matches('/'));
        groups
            .extend(own.ancestors().take_while(|group| group.starts_with(root)).map(PathBuf::from));
    }
    groups
}

/// How many cores' worth of time a control group allows, in thousandths.
fn quota(group: &Path) -> Option<u64> {
    let number = |name: &str| -> Option<u64> {
        fs::read_to_string(group.join(name)).ok()?.trim().parse().ok()
    };
    let (quota, period) = match fs::read_to_string(group.join("cpu.max")) {
        Ok(limit) => {
            let (quota, period) = limit.trim().split_once(' ')?;
            (quota.parse().ok()?, period.parse().ok()?)
        }
        Err(_) => (number("cpu.cfs_quota_us")?, number("cpu.cfs_period_us")?),
    };
    (quota * 1000_u64).checked_div(period)
}

/// For how long a control group has been held back for having used up its quota.
fn throttled(group: &Path) -> Option<u64> {
    let stat = fs::read_to_string(group.join("cpu.stat")).ok()?;
    let field = |name| {
        let line = stat.lines().find_map(|line| line.strip_prefix(name))?;
        line.trim().parse::<u64>().ok()
    };
    field("throttled_usec ").map(|time| time * 1000).or_else(|| field("throttled_time "))
}
