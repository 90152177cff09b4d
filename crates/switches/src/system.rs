//! What Linux says in its files, and the clock that all times are of.

use std::fs;

use rustix::time::{ClockId, clock_gettime};

/// The monotonic clock, in nanoseconds: the one that all times of a record are of.
#[must_use]
pub fn now() -> u64 {
    let time = clock_gettime(ClockId::Monotonic);
    let (seconds, nanos) = (time.tv_sec.cast_unsigned(), time.tv_nsec.cast_unsigned());
    seconds * 1_000_000_000 + nanos
}

/// How far this process's monotonic clock is ahead of the kernel's own, in nanoseconds: other than 0
/// in a time namespace, where the rings still hold the kernel's time.
pub(crate) fn clock_offset() -> i64 {
    let offsets = fs::read_to_string("/proc/self/timens_offsets").unwrap_or_default();
    let mut words =
        offsets.lines().find(|line| line.starts_with("monotonic")).unwrap_or("").split_whitespace();
    let mut number = || words.next().and_then(|word| word.parse::<i64>().ok());
    let _name = number();
    match (number(), number()) {
        (Some(seconds), Some(nanos)) => seconds * 1_000_000_000 + nanos,
        _ => 0,
    }
}

/// The numbers of all cores that are online.
pub(crate) fn online_cores() -> Vec<u32> {
    let online = fs::read_to_string("/sys/devices/system/cpu/online").unwrap_or_default();
    let cores = read_list(&online);
    if cores.is_empty() {
        let count = std::thread::available_parallelism().map_or(1, usize::from);
        return (0..u32::try_from(count).unwrap_or(1)).collect();
    }
    cores
}

/// Reads a list such as `0-3,5`.
fn read_list(list: &str) -> Vec<u32> {
    let number = |text: &str| text.trim().parse::<u32>().ok();
    let range = |part: &str| match part.split_once('-') {
        Some((first, last)) => Some(number(first)?..=number(last)?),
        None => number(part).map(|one| one..=one),
    };
    list.split(',').filter_map(range).flatten().collect()
}

/// How many threads a process has; `None` if there is no such process.
pub(crate) fn thread_count(pid: u32) -> Option<usize> {
    fs::read_dir(format!("/proc/{pid}/task")).ok().map(Iterator::count)
}

/// The name of a process's first thread.
pub(crate) fn name(pid: u32) -> String {
    let name = fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    name.trim_end_matches('\n').to_owned()
}

/// Whether a process is there and has not ended.
pub(crate) fn is_alive(pid: u32) -> bool {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
    // The name before the state may hold anything, a parenthesis as well.
    let state = stat.rsplit_once(')').and_then(|(_, rest)| rest.trim_start().chars().next());
    state.is_some_and(|state| !matches!(state, 'Z' | 'X' | 'x'))
}

/// What `kernel.perf_event_paranoid` is.
pub(crate) fn paranoid() -> Option<i64> {
    fs::read_to_string("/proc/sys/kernel/perf_event_paranoid").ok()?.trim().parse().ok()
}

/// For how long the host of a virtual machine has taken each core away since the machine began, by
/// the number of the core, in ticks.
pub(crate) fn stolen_ticks() -> Vec<(u32, u64)> {
    let stat = fs::read_to_string("/proc/stat").unwrap_or_default();
    stat.lines().filter_map(stolen).collect()
}

/// Reads a line such as `cpu0 9385 0 2461 147046 44 0 4 5 0 0`: the eighth number is what was stolen.
fn stolen(line: &str) -> Option<(u32, u64)> {
    let mut words = line.split_whitespace();
    let core = words.next()?.strip_prefix("cpu")?.parse().ok()?;
    Some((core, words.nth(7)?.parse().ok()?))
}

/// The length of a tick of `/proc/stat`, in nanoseconds: a hundredth of a second on all but some old
/// architectures, where it is less, so that too much is given away there.
pub(crate) const TICK: u64 = 10_000_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_of_cores_is_read() {
        assert_eq!(read_list("0-3,5\n"), [0, 1, 2, 3, 5]);
        assert_eq!(read_list("0\n"), [0]);
        assert_eq!(read_list("\n"), [] as [u32; 0]);
    }

    #[test]
    fn stolen_time_is_the_eighth_number_of_a_core() {
        assert_eq!(stolen("cpu1 9869 0 2723 145971 274 0 19 7 0 0"), Some((1, 7)));
        assert_eq!(stolen("cpu  19254 0 5184 293018 319 0 23 12 0 0"), None);
        assert_eq!(stolen("intr 1 2 3"), None);
    }

    #[test]
    fn this_process_is_alive_and_one_that_was_waited_for_is_not() {
        assert!(is_alive(std::process::id()));
        let mut child = std::process::Command::new("true").spawn().expect("true");
        let pid = child.id();
        child.wait().expect("its end");
        assert!(!is_alive(pid));
    }
}
