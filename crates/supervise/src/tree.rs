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
    /// The number of its session.
    pub session: u32,
    /// When it began, in the kernel's own unit. With its number it tells processes apart for ever.
    pub born: u64,
    /// What its first thread was doing.
    pub state: State,
    /// How long it has executed, all its threads together, to the hundredth of a second.
    pub executed: Duration,
    /// The page faults of children that it has taken leave of. No process runs without.
    pub faults_of_children: u64,
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
    /// The program that its process carries out: where its stack begins, which is another place for each.
    /// 0 where the system does not tell.
    pub image: u64,
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

impl Process {
    /// A process of which the system tells nothing but that it is there.
    #[cfg(unix)]
    pub(crate) fn unseen(pid: u32) -> Process {
        let (parent, group, session, born) = (0, pid, pid, 0);
        let (state, executed, faults_of_children) = (State::Waiting, Duration::ZERO, 0);
        Process { pid, parent, group, session, born, state, executed, faults_of_children }
    }
}

/// What the kernel tells of a process; `None` if it is gone.
pub fn process(pid: u32) -> Option<Process> {
    let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
    let stat = parse_stat(&String::from_utf8_lossy(&stat))?;
    let Stat { state, parent, group, session, executed, faults_of_children, born, .. } = stat;
    Some(Process { pid, parent, group, session, born, state, executed, faults_of_children })
}

/// The living and ended processes whose parent is `parent`.
#[cfg(unix)]
pub fn children(parent: u32) -> Vec<Process> {
    children_of(parent).into_iter().filter_map(process).collect()
}

/// The numbers of these processes.
#[cfg(unix)]
pub(crate) fn children_of(parent: u32) -> Vec<u32> {
    let listed = thread_numbers(parent).into_iter();
    let listed: Option<Vec<Vec<u32>>> =
        listed.map(|thread| children_of_thread(parent, thread)).collect();
    match listed {
        Some(children) => children.concat(),
        None => {
            let children = processes().into_iter().filter(|process| process.parent == parent);
            children.map(|process| process.pid).collect()
        }
    }
}

/// The children that a thread has started or was handed; `None` where this kernel keeps no lists.
fn children_of_thread(pid: u32, thread: u32) -> Option<Vec<u32>> {
    let list = fs::read_to_string(format!("/proc/{pid}/task/{thread}/children")).ok()?;
    Some(list.split_ascii_whitespace().flat_map(str::parse).collect())
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

/// What the threads of the processes below `ancestor` are doing, of as many as there is time for.
pub fn activity(ancestor: u32) -> Activity {
    let mut activity = Activity::default();
    for pid in glimpse_of(ancestor, 300) {
        for thread in threads(pid) {
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
/// what begins or ends at the same moment may be missing, and so is what comes after a thousand.
pub fn glimpse(ancestor: u32) -> Vec<u32> {
    glimpse_of(ancestor, 1000)
}

/// The numbers of the first so many of all processes below `ancestor`, found in little time.
pub(crate) fn glimpse_of(ancestor: u32, most: usize) -> Vec<u32> {
    let mut found = vec![ancestor];
    let mut seen = 0;
    while let Some(&parent) = found.get(seen).filter(|_| found.len() <= most) {
        seen += 1;
        for thread in thread_numbers(parent) {
            match children_of_thread(parent, thread) {
                Some(children) => found.extend(children),
                // This kernel was built without these lists.
                None if seen == 1 => {
                    return descendants(ancestor).iter().map(|process| process.pid).collect();
                }
                // The thread is gone.
                None => {}
            }
        }
    }
    found.truncate(most + 1);
    found.split_off(1)
}

/// The threads of a process.
pub fn threads(pid: u32) -> Vec<Thread> {
    let thread = |number| {
        let stat = fs::read(format!("/proc/{pid}/task/{number}/stat")).ok()?;
        let Stat { state, name, born, image, .. } = parse_stat(&String::from_utf8_lossy(&stat))?;
        Some(Thread { pid, number, born, name, state, image })
    };
    thread_numbers(pid).into_iter().filter_map(thread).collect()
}

/// The numbers of a process's threads.
pub(crate) fn thread_numbers(pid: u32) -> Vec<u32> {
    numbers_in(&format!("/proc/{pid}/task"))
}

/// The program that a process carries out, as in [`Thread::image`]; `None` if it is gone.
pub fn image(pid: u32) -> Option<u64> {
    let stat = fs::read(format!("/proc/{pid}/stat")).ok()?;
    Some(parse_stat(&String::from_utf8_lossy(&stat))?.image)
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

/// The page faults of children that a process has taken leave of; `None` if it is gone. No process
/// runs without page faults, so that there are none where it never had children.
#[cfg(unix)]
pub fn faults_of_children(pid: u32) -> Option<u64> {
    process(pid).map(|process| process.faults_of_children)
}

/// Whether this `stat` file is of a process that a signal has stopped. (One that a debugger holds
/// is not: it may be let go at any moment, and be held again.)
#[cfg(unix)]
pub(crate) fn is_stopped(stat: &str) -> bool {
    stat.rsplit_once(')').is_some_and(|(_, fields)| fields.trim_start().starts_with('T'))
}

/// Whether a process wants its children to vanish without a trace: it ignores
/// the signal of their end, and the kernel does not add what they used to what it used itself.
///
/// It can say so in another way that is not seen here: with a handler and `SA_NOCLDWAIT`.
pub fn ignores_children(pid: u32) -> bool {
    ignored_signals(pid).is_some_and(|mask| mask & (1 << (SIGNAL_OF_CHILDREN - 1)) != 0)
}

/// The signals that a process ignores, a bit each, the first for signal 1; `None` where the system
/// does not tell.
pub(crate) fn ignored_signals(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"))?;
    u64::from_str_radix(ignored.trim(), 16).ok()
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
    session: u32,
    /// The page faults of children that it has taken leave of.
    faults_of_children: u64,
    executed: Duration,
    born: u64,
    /// Where the stack begins.
    image: u64,
}

/// Reads `pid (name) state parent group session …`; the 11th field are the page faults of children,
/// the 14th and 15th are times in hundredths of a second, the 22nd is when it began, and the 28th where
/// its stack begins. The name may contain anything, parentheses and spaces included.
fn parse_stat(stat: &str) -> Option<Stat> {
    let (before, after) = stat.rsplit_once(')')?;
    let (_, name) = before.split_once('(')?;
    let mut fields = after.split_ascii_whitespace();
    let state = State::from_letter(fields.next()?.chars().next()?);
    let parent = fields.next()?.parse().ok()?;
    let group = fields.next()?.parse().ok()?;
    let session = fields.next()?.parse().ok()?;
    let faults_of_children = fields.nth(4)?.parse().ok()?;
    let (user, system): (u64, u64) = (fields.nth(2)?.parse().ok()?, fields.next()?.parse().ok()?);
    let executed = Duration::from_millis(10 * (user + system));
    let born = fields.nth(6)?.parse().ok()?;
    let image = fields.nth(5).and_then(|field| field.parse().ok()).unwrap_or(0);
    let name = name.to_owned();
    Some(Stat { name, state, parent, group, session, faults_of_children, executed, born, image })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_parentheses_does_not_hide_the_parent() {
        let rest = "T 3 8 6 0 -1 4194304 103 55 0 0 1 2 3 4 20 0 1 0 4242 1 2 3 4 5 777 0";
        let stat = format!("7 (a) R 9 (b) {rest}");
        let expected = Stat {
            name: "a) R 9 (b".to_owned(),
            state: State::Stopped,
            parent: 3,
            group: 8,
            session: 6,
            faults_of_children: 55,
            executed: Duration::from_millis(30),
            born: 4242,
            image: 777,
        };
        assert_eq!(parse_stat(&stat), Some(expected));
        #[cfg(unix)]
        assert!(is_stopped(&stat));
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
