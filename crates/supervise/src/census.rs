//! Looks at all processes of a program while it runs: whether they are too many or have too much, and
//! whether any vanishes without an account.

use std::collections::HashMap;
use std::fs;
use std::time::{Duration, Instant};

use crate::finding::Finding;
use crate::queue::Queue;
use crate::request::Limits;
use crate::tree::{self, Process, State};

/// The time between two looks at a program that began a moment ago. It grows with the program's age.
const BETWEEN_LOOKS: Duration = Duration::from_millis(10);

/// The most that it grows to.
const LONGEST_BETWEEN_LOOKS: Duration = Duration::from_millis(100);

/// Looks take at most this part of the time of one core.
const SHARE: u32 = 50;

/// How many processes that have ended count as one that lives.
const COMING_AND_GOING: usize = 5;

/// How many are looked at where there is no limit.
const MANY: usize = 1000;

/// How many processes are told apart; more are counted only.
const KNOWN: usize = 10_000;

/// What was seen of a program's processes.
#[derive(Debug)]
pub(crate) struct Census {
    ancestor: u32,
    program: u32,
    limits: Limits,
    began: Instant,
    next: Instant,
    /// The processes that were there at the last look.
    there: HashMap<u32, Process>,
    /// All that were ever there, each with when it was born and how long it had executed when it
    /// was seen last.
    seen: HashMap<(u32, u64), Duration>,
    more: usize,
    /// Whether the program itself was seen to have a child.
    had_children: bool,
    disowned: bool,
    files_used_up: bool,
    /// How long it waits for cores, where it gets time for that.
    queue: Option<Queue>,
}

impl Census {
    /// Of a program that begins now, on so many cores, and of all below this ancestor.
    pub(crate) fn new(ancestor: u32, program: u32, limits: &Limits, cores: usize) -> Census {
        let now = Instant::now();
        Census {
            ancestor,
            program,
            limits: limits.clone(),
            began: now,
            next: now + BETWEEN_LOOKS,
            there: HashMap::new(),
            seen: HashMap::new(),
            more: 0,
            had_children: false,
            disowned: false,
            files_used_up: false,
            queue: limits.time_for_waiting.map(|_| Queue::new(cores)),
        }
    }

    /// When it is time for the next look.
    pub(crate) fn next(&self) -> Instant {
        self.next
    }

    /// Looks, if it is time; says which limit was exceeded.
    pub(crate) fn look_if_due(&mut self) -> Option<Finding> {
        let began = Instant::now();
        if !cfg!(target_os = "linux") || began < self.next {
            return None;
        }
        // In a storm there is no time for all; and if there are so many, it is one.
        let most =
            self.limits.processes.map_or(MANY, |limit| limit.saturating_mul(COMING_AND_GOING));
        let listed = tree::glimpse_of(self.ancestor, most + COMING_AND_GOING);
        let mut processes: HashMap<u32, Process> =
            listed.into_iter().filter_map(|pid| Some((pid, tree::process(pid)?))).collect();
        self.find_disowned(&mut processes);
        processes.values().for_each(|process| self.remember(process));
        self.there = processes;
        if let Some(queue) = &mut self.queue {
            queue.look(self.there.values());
        }
        let exceeded = self.exceeded();
        let age = self.began.elapsed();
        let pause = (age / 50).clamp(BETWEEN_LOOKS, LONGEST_BETWEEN_LOOKS);
        self.next = Instant::now() + pause.max(began.elapsed() * SHARE);
        exceeded
    }

    /// Finds processes that have vanished, and whose parent's account did not grow by what they used.
    ///
    /// The parent of a process that has ended is given its page faults, and no process runs without,
    /// unless the parent does not want to know of it. A process that was there at the last look is not
    /// in that account; so if it is gone, the account must have grown since.
    fn find_disowned(&mut self, processes: &mut HashMap<u32, Process>) {
        for before in self.there.values() {
            if processes.get(&before.pid).is_some_and(|now| now.born == before.born) {
                continue;
            }
            // Where lists are read while they change, somebody may be left out who is there.
            if let Some(now) = tree::process(before.pid).filter(|now| now.born == before.born) {
                processes.insert(now.pid, now);
                continue;
            }
            let Some(parent) = self.there.get(&before.parent) else { continue };
            // Only now: what is read before a child has vanished says nothing.
            let now = tree::process(parent.pid).filter(|now| now.born == parent.born);
            self.disowned |=
                now.is_some_and(|now| now.faults_of_children == parent.faults_of_children);
        }
    }

    fn remember(&mut self, process: &Process) {
        self.had_children |= process.parent == self.program;
        let identity = (process.pid, process.born);
        if self.seen.len() < KNOWN || self.seen.contains_key(&identity) {
            self.seen.insert(identity, process.executed);
        } else if !self.there.contains_key(&process.pid) {
            self.more += 1;
        }
    }

    /// The limit that is exceeded, if one is.
    fn exceeded(&mut self) -> Option<Finding> {
        let living = self.there.values().filter(|process| process.state != State::Ended);
        let were = living.count();
        // Where they come and go so fast that nobody can take leave of them, there are too many, too.
        let come_and_go = self.there.len() / COMING_AND_GOING;
        if let Some(limit) = self.limits.processes.filter(|limit| were.max(come_and_go) > *limit) {
            return Some(Finding::TooManyProcesses { limit, were: self.there.len() });
        }
        let pids: Vec<u32> = self.there.keys().copied().collect();
        if let Some(limit) = self.limits.open_files {
            self.files_used_up |= pids.iter().any(|pid| open_files(*pid) >= limit);
        }
        let limit = self.limits.memory?;
        let quickly: u64 = pids.iter().filter_map(|pid| memory(*pid)).sum();
        if quickly <= limit {
            return None;
        }
        // What processes share was counted for each of them, and it takes long to find out how much.
        let had = pids.iter().filter_map(|pid| own_memory(*pid).or_else(|| memory(*pid))).sum();
        (had > limit).then_some(Finding::TooMuchMemory { limit, had })
    }

    /// For at least how long the program waited for cores that others had, where it gets time for that.
    pub(crate) fn behind_others(&self) -> Duration {
        self.queue.as_ref().map_or(Duration::ZERO, Queue::behind_others)
    }

    /// How many processes were seen.
    pub(crate) fn processes(&self) -> usize {
        self.seen.len() + self.more
    }

    /// Whether a process was seen to use all files that it may have open.
    pub(crate) fn has_used_up_files(&self) -> bool {
        self.files_used_up
    }

    /// Whether a process did not want to know of the end of a child, so that nobody knows what that
    /// used. The program's own account, where it is known, has these page faults of its children.
    pub(crate) fn has_disowned(&self, faults_of_children: Option<u64>) -> bool {
        self.disowned || self.had_children && faults_of_children == Some(0)
    }

    /// Whether processes were seen to execute for longer than the whole account says.
    pub(crate) fn exceeds(&self, account: Duration) -> bool {
        /// How exact each figure is.
        const TICK: Duration = Duration::from_millis(10);
        let count = u32::try_from(self.seen.len()).unwrap_or(u32::MAX);
        self.seen.values().sum::<Duration>() > account + TICK * (count + 1)
    }
}

/// The memory of a process that is not backed by a file, in bytes; what it shares with others included.
fn memory(pid: u32) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    let field = |name: &str| status.lines().find_map(|line| kibibytes(line, name));
    Some(field("RssAnon:")? + field("RssShmem:").unwrap_or(0))
}

/// The same, with what it shares divided by the number of those that share it.
fn own_memory(pid: u32) -> Option<u64> {
    let rollup = fs::read_to_string(format!("/proc/{pid}/smaps_rollup")).ok()?;
    let field = |name: &str| rollup.lines().find_map(|line| kibibytes(line, name));
    Some(field("Pss_Anon:")? + field("Pss_Shmem:").unwrap_or(0))
}

fn kibibytes(line: &str, name: &str) -> Option<u64> {
    let number = line.strip_prefix(name)?.trim().strip_suffix("kB")?;
    Some(number.trim().parse::<u64>().ok()? << 10)
}

/// How many files a process has open; 0 where the system does not tell so quickly (before Linux 6.2).
fn open_files(pid: u32) -> u64 {
    fs::metadata(format!("/proc/{pid}/fd")).map_or(0, |folder| folder.len())
}
