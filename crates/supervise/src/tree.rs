//! What the kernel tells about running processes and their threads.
//!
//! Read from `/proc` by hand: it is two short files a process, and a library
//! that reads all of `/proc` takes longer to build than the rest of the task
//! runner. Other systems than Linux tell nothing here.

use std::collections::HashSet;
use std::fs;
use std::time::Duration;

/// What a process or a thread was doing when it was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Executing, or waiting for a core to execute on.
    Running,
    /// Waiting for something to happen.
    Waiting,
    /// Stopped by a signal or by a debugger.
    Stopped,
    /// At its end, with its parent not yet informed.
    Ended,
}

impl State {
    fn from_letter(letter: char) -> State {
        match letter {
            'R' => State::Running,
            'T' | 't' => State::Stopped,
            'Z' | 'X' | 'x' => State::Ended,
            _ => State::Waiting,
        }
    }
}

/// One process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Process {
    /// Its number.
    pub pid: u32,
    /// The number of its parent.
    pub parent: u32,
    /// The number of its process group.
    pub group: u32,
    /// What its first thread was doing.
    pub state: State,
}

/// One thread of a process.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// Its process.
    pub pid: u32,
    /// Its own number, which may be given to another thread later.
    pub number: u32,
    /// When it began, in the kernel's own unit. With its number it tells threads apart for ever.
    pub born: u64,
    /// Its name.
    pub name: String,
    /// What it was doing.
    pub state: State,
}

/// How many threads of a process tree were doing what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// Threads that executed or waited for a core.
    pub running: usize,
    /// Threads that waited for something to happen.
    pub waiting: usize,
    /// Threads that a signal or a debugger had stopped.
    pub stopped: usize,
}

/// The living and ended processes whose parent is `parent`.
#[cfg(unix)]
pub fn children(parent: u32) -> Vec<Process> {
    let mut processes = processes();
    processes.retain(|process| process.parent == parent);
    processes
}

/// All processes below `ancestor`, which itself is not among them.
pub fn descendants(ancestor: u32) -> Vec<Process> {
    let mut others = processes();
    let mut family = HashSet::from([ancestor]);
    let mut found = Vec::new();
    loop {
        let known = found.len();
        others.retain(|process| {
            let related = family.contains(&process.parent);
            if related {
                family.insert(process.pid);
                found.push(*process);
            }
            !related
        });
        if found.len() == known {
            return found;
        }
    }
}

/// What the threads of all processes below `ancestor` are doing.
pub fn activity(ancestor: u32) -> Activity {
    let mut activity = Activity::default();
    for process in descendants(ancestor) {
        for thread in threads(process.pid) {
            match thread.state {
                State::Running => activity.running += 1,
                State::Waiting => activity.waiting += 1,
                State::Stopped => activity.stopped += 1,
                State::Ended => {}
            }
        }
    }
    activity
}

/// The numbers of all processes below `ancestor`, found in little time:
/// what begins or ends at the same moment may be missing.
pub fn glimpse(ancestor: u32) -> Vec<u32> {
    let mut found = vec![ancestor];
    let mut seen = 0;
    while let Some(&parent) = found.get(seen) {
        seen += 1;
        for thread in numbers_in(&format!("/proc/{parent}/task")) {
            let path = format!("/proc/{parent}/task/{thread}/children");
            match fs::read_to_string(path) {
                Ok(list) => {
                    found.extend(list.split_ascii_whitespace().flat_map(str::parse::<u32>));
                }
                // This kernel was built without these lists.
                Err(_) if seen == 1 => {
                    return descendants(ancestor).iter().map(|process| process.pid).collect();
                }
                // The thread is gone.
                Err(_) => {}
            }
        }
    }
    found.split_off(1)
}

/// The threads of a process.
pub fn threads(pid: u32) -> Vec<Thread> {
    let thread = |number| {
        let stat = fs::read(format!("/proc/{pid}/task/{number}/stat")).ok()?;
        let Stat { state, name, born, .. } = parse_stat(&String::from_utf8_lossy(&stat))?;
        Some(Thread { pid, number, born, name, state })
    };
    numbers_in(&format!("/proc/{pid}/task")).into_iter().filter_map(thread).collect()
}

/// What the scheduler did with a thread so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Schedule {
    /// For how long it executed. While it executes, this is behind by up to a clock tick.
    pub executed: Duration,
    /// For how long it waited for a core to execute on.
    pub run_delay: Duration,
    /// How many times it was given a core.
    pub turns: u32,
}

/// What the scheduler did with a thread so far; `None` if the thread is gone.
pub fn schedule(pid: u32, thread: u32) -> Option<Schedule> {
    let schedstat = fs::read_to_string(format!("/proc/{pid}/task/{thread}/schedstat")).ok()?;
    let mut fields = schedstat.split_ascii_whitespace().map(str::parse::<u64>);
    let mut next = || fields.next()?.ok();
    let (executed, run_delay) = (Duration::from_nanos(next()?), Duration::from_nanos(next()?));
    Some(Schedule { executed, run_delay, turns: u32::try_from(next()?).unwrap_or(u32::MAX) })
}

/// Whether a process has taken leave of a child. No process runs without page faults, and those
/// of its children are added to its own account.
#[cfg(unix)]
pub fn had_children(pid: u32) -> bool {
    let stat = fs::read(format!("/proc/{pid}/stat")).unwrap_or_default();
    let stat = parse_stat(&String::from_utf8_lossy(&stat));
    stat.is_none_or(|stat| stat.faults_of_children > 0)
}

/// Whether a process wants its children to vanish without a trace: it ignores
/// the signal of their end, and the kernel does not add what they used to what it used itself.
pub fn ignores_children(pid: u32) -> bool {
    let Ok(status) = fs::read_to_string(format!("/proc/{pid}/status")) else {
        return false;
    };
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok());
    ignored.is_some_and(|mask| mask & (1 << (SIGNAL_OF_CHILDREN - 1)) != 0)
}

/// The number of `SIGCHLD` on nearly all that Linux runs on.
const SIGNAL_OF_CHILDREN: u32 = 17;

/// The command line of a process, shortened to 80 characters.
#[cfg(unix)]
pub fn command(pid: u32) -> String {
    let arguments = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let arguments = String::from_utf8_lossy(&arguments).replace('\0', " ");
    let printable = arguments.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
    let shortened: String = printable.take(80).collect();
    if shortened.is_empty() { "a process".to_owned() } else { shortened }
}

fn processes() -> Vec<Process> {
    let process = |pid| {
        let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
        let Stat { state, parent, group, .. } = parse_stat(&String::from_utf8_lossy(&stat))?;
        Some(Process { pid, parent, group, state })
    };
    numbers_in("/proc").into_iter().filter_map(process).collect()
}

/// The entries of a folder whose names are numbers.
fn numbers_in(folder: &str) -> Vec<u32> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse().ok()).collect()
}

/// What we need of the `stat` file of a process or a thread.
#[derive(Debug, PartialEq, Eq)]
struct Stat {
    name: String,
    state: State,
    parent: u32,
    group: u32,
    /// The page faults of children that it has taken leave of.
    faults_of_children: u64,
    born: u64,
}

/// Reads `pid (name) state parent group …`; the 11th field are the page faults of
/// children, the 22nd is when it began. The name may contain anything,
/// parentheses and spaces included.
fn parse_stat(stat: &str) -> Option<Stat> {
    let (before, after) = stat.rsplit_once(')')?;
    let (_, name) = before.split_once('(')?;
    let mut fields = after.split_ascii_whitespace();
    let state = State::from_letter(fields.next()?.chars().next()?);
    let parent = fields.next()?.parse().ok()?;
    let group = fields.next()?.parse().ok()?;
    let faults_of_children = fields.nth(5)?.parse().ok()?;
    let born = fields.nth(10)?.parse().ok()?;
    Some(Stat { name: name.to_owned(), state, parent, group, faults_of_children, born })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_parentheses_does_not_hide_the_parent() {
        let rest = "T 3 8 7 0 -1 4194304 103 55 0 0 0 0 0 0 20 0 1 0 4242 1";
        let stat = parse_stat(&format!("7 (a) R 9 (b) {rest}")).expect("it is well formed");
        let name = "a) R 9 (b".to_owned();
        let state = State::Stopped;
        let expected =
            Stat { name, state, parent: 3, group: 8, faults_of_children: 55, born: 4242 };
        assert_eq!(stat, expected);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_process_is_among_the_children_of_its_parent() {
        let parent = std::os::unix::process::parent_id();
        let pids: Vec<u32> = children(parent).iter().map(|process| process.pid).collect();
        assert!(pids.contains(&std::process::id()));
        assert!(descendants(parent).len() >= pids.len());
        assert!(glimpse(parent).contains(&std::process::id()));
    }
}
