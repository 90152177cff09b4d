//! What the system tells about a thread, a process and a machine besides its clocks.
//!
//! Whatever it does not tell is `None`, and a verdict that would need it is inconclusive.

use super::event::Quantity;

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
///
/// This is the second field of `schedstat`; the first, the time executed, goes
/// by whole clock ticks on some kernels.
pub(super) fn run_delay() -> Option<u64> {
    let schedstat = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    schedstat.split_ascii_whitespace().nth(1)?.parse().ok()
}

/// All that the system tells about the process and the machine at this moment.
pub(super) fn readings() -> impl Iterator<Item = (Quantity, u64)> {
    [
        (Quantity::Cores, cores()),
        (Quantity::ProcessCpu, super::clock::process_cpu()),
        (Quantity::Steal, steal()),
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

/// For how long the host has taken cores away from this virtual machine, in nanoseconds.
///
/// This is the eighth number of the first line of `/proc/stat`, in hundredths of a second.
fn steal() -> Option<u64> {
    const TICK: u64 = 10_000_000;
    let stat = std::fs::read_to_string("/proc/stat").ok()?;
    let ticks: u64 = stat.lines().next()?.split_ascii_whitespace().nth(8)?.parse().ok()?;
    Some(ticks * TICK)
}
