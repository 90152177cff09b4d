//! What the kernel tells about running processes and their threads.
//!
//! Read from `/proc` by hand: it is two short files a process, and a library
//! that reads all of `/proc` takes longer to build than the rest of the task
//! runner. Other systems than Linux tell nothing here.

use std::collections::HashSet;
use std::fs;

/// What a process or a thread was doing when it was looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
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
pub(crate) struct Process {
    /// Its number.
    pub(crate) pid: u32,
    /// The number of its parent.
    pub(crate) parent: u32,
    /// What its first thread was doing.
    pub(crate) state: State,
}

/// How many threads of a process tree were doing what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Activity {
    /// Threads that executed or waited for a core.
    pub(crate) running: usize,
    /// Threads that waited for something to happen.
    pub(crate) waiting: usize,
    /// Threads that a signal or a debugger had stopped.
    pub(crate) stopped: usize,
}

/// The living and ended processes whose parent is `parent`.
pub(crate) fn children(parent: u32) -> Vec<Process> {
    let mut processes = processes();
    processes.retain(|process| process.parent == parent);
    processes
}

/// All processes below `ancestor`, which itself is not among them.
pub(crate) fn descendants(ancestor: u32) -> Vec<Process> {
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
pub(crate) fn activity(ancestor: u32) -> Activity {
    let mut activity = Activity::default();
    for process in descendants(ancestor) {
        for thread in numbers_in(&format!("/proc/{}/task", process.pid)) {
            match status(&format!("/proc/{}/task/{thread}/stat", process.pid)) {
                Some((State::Running, _)) => activity.running += 1,
                Some((State::Waiting, _)) => activity.waiting += 1,
                Some((State::Stopped, _)) => activity.stopped += 1,
                Some((State::Ended, _)) | None => {}
            }
        }
    }
    activity
}

/// The command line of a process, shortened to 80 characters.
pub(crate) fn command(pid: u32) -> String {
    let arguments = fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    let arguments = String::from_utf8_lossy(&arguments).replace('\0', " ");
    let printable = arguments.trim().chars().map(|c| if c.is_control() { ' ' } else { c });
    let shortened: String = printable.take(80).collect();
    if shortened.is_empty() { "a process".to_owned() } else { shortened }
}

fn processes() -> Vec<Process> {
    let process = |pid| {
        let (state, parent) = status(&format!("/proc/{pid}/stat"))?;
        Some(Process { pid, parent, state })
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

/// The state and the parent in a `stat` file; `None` if the process is gone.
fn status(path: &str) -> Option<(State, u32)> {
    parse_status(&String::from_utf8_lossy(&fs::read(path).ok()?))
}

/// `pid (name) state parent …`, where the name may contain anything, parentheses and spaces included.
fn parse_status(stat: &str) -> Option<(State, u32)> {
    let (_, after_name) = stat.rsplit_once(')')?;
    let mut fields = after_name.split_ascii_whitespace();
    let state = State::from_letter(fields.next()?.chars().next()?);
    Some((state, fields.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_parentheses_does_not_hide_the_parent() {
        assert_eq!(parse_status("7 (a) R 9 (b) T 3 0 0"), Some((State::Stopped, 3)));
        assert_eq!(parse_status("7 (cat) R 9 0 0"), Some((State::Running, 9)));
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_process_is_among_the_children_of_its_parent() {
        let parent = std::os::unix::process::parent_id();
        let pids: Vec<u32> = children(parent).iter().map(|process| process.pid).collect();
        assert!(pids.contains(&std::process::id()));
        assert!(descendants(parent).len() >= pids.len());
    }
}
