//! The thread that looks at a process tree while it runs.

use std::collections::{HashMap, HashSet};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::Whose;
use super::windows::{Identity, Life, Look, Reading, Window, Windows};
use supervise::tree::{self, Schedule, State, Thread};

/// The time between two looks at a program that began a moment ago. It grows with the program's age.
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);

/// The most that it grows to.
const LONGEST_BETWEEN_LOOKS: Duration = Duration::from_millis(50);

/// Looks take at most this part of the time of one core.
const SHARE: u32 = 20;

/// How many threads are told apart by name; more are counted only.
const NAMED: usize = 1000;

/// Looks at a process tree until it is told to stop.
#[derive(Debug)]
pub(super) struct Observer {
    stop: Sender<()>,
    looking: JoinHandle<Seen>,
}

impl Observer {
    /// Begins to look at everything below `ancestor`, which was started then. One thread had executed
    /// for so long before it was what is looked at.
    pub(super) fn start(
        ancestor: u32,
        before: (u32, Duration),
        whose: Whose,
        started: Instant,
    ) -> Observer {
        let (stop, stopped) = mpsc::channel();
        let looking = thread::spawn(move || {
            let mut seen = Seen::new(before, whose);
            loop {
                let began = Instant::now();
                seen.look(ancestor, started);
                let age = started.elapsed();
                let pause = (age / 100)
                    .clamp(BETWEEN_LOOKS, LONGEST_BETWEEN_LOOKS)
                    .max(began.elapsed() * SHARE);
                if stopped.recv_timeout(pause) != Err(RecvTimeoutError::Timeout) {
                    return seen;
                }
            }
        });
        Observer { stop, looking }
    }

    /// Stops looking.
    pub(super) fn finish(self) -> Seen {
        drop(self.stop);
        self.looking.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
    }
}

/// What was seen of a process tree.
#[derive(Debug)]
pub(super) struct Seen {
    /// How many times somebody looked and the tree was there.
    pub(super) looks: usize,
    /// In how many of these looks two threads or more were executing, or waiting for a core.
    pub(super) looks_at_several: usize,
    /// The most threads that were executing, or waiting for a core, in one look.
    pub(super) most_running: usize,
    /// The numbers of all processes.
    pub(super) processes: HashSet<u32>,
    /// The threads that executed, as they were when seen last.
    pub(super) threads: HashMap<Identity, SeenThread>,
    /// Where the threads were allowed to execute.
    pub(super) allowed: Allowed,
    /// Whether some process wanted no account of its children.
    pub(super) unaccounted: bool,
    /// Whether some threads helped a runtime, and are in no window.
    pub(super) helped: bool,
    /// Whether the system tells which program a thread carries out.
    images_told: bool,
    /// The thread that had executed before, and for how long.
    before: (u32, Duration),
    whose: Whose,
    windows: Windows,
}

/// A thread that was seen.
#[derive(Clone, Debug)]
pub(super) struct SeenThread {
    pub(super) thread: Thread,
    /// What the scheduler did with it.
    pub(super) schedule: Schedule,
}

impl Seen {
    fn new(before: (u32, Duration), whose: Whose) -> Seen {
        Seen {
            helped: false,
            images_told: false,
            before,
            whose,
            looks: 0,
            looks_at_several: 0,
            most_running: 0,
            processes: HashSet::new(),
            threads: HashMap::new(),
            allowed: Allowed::default(),
            unaccounted: false,
            windows: Windows::new(2 * tick()),
        }
    }

    /// Looks once at everything below `ancestor`.
    fn look(&mut self, ancestor: u32, started: Instant) {
        let from = started.elapsed();
        let mut threads = HashMap::new();
        let mut running = 0;
        for pid in tree::glimpse(ancestor) {
            let is_new = self.processes.insert(pid);
            // What a process ignores it seldom changes; the file is a long one.
            if is_new || self.looks.is_multiple_of(8) {
                self.unaccounted |= tree::ignores_children(pid);
            }
            let of_process = tree::threads(pid);
            running += of_process.iter().filter(|it| it.state == State::Running).count();
            let image = of_process.first().map(|thread| thread.image);
            let several = of_process.len() > 1;
            let mut read = Vec::new();
            for thread in of_process {
                let is_help = self.whose == Whose::Strangers && ::switches::is_helper(&thread.name);
                self.helped |= is_help;
                self.images_told |= thread.image > 0;
                // Who is about to become another program, or to end, carries out none.
                let is_between = self.images_told && thread.image == 0;
                read.extend(self.read(thread).filter(|_| !is_help && !is_between));
            }
            // Had another than the first thread become a new program in the middle of this look, what it
            // executed would seem to be the first one's.
            if !several || tree::image(pid) == image {
                threads.extend(read);
            }
        }
        if threads.is_empty() {
            return;
        }
        self.looks += 1;
        self.looks_at_several += usize::from(running > 1);
        self.most_running = self.most_running.max(running);
        self.windows.look(Look { from, to: started.elapsed(), threads });
    }

    /// Reads how long a thread has executed. Its state was read before: where it
    /// did not execute then, whatever it has executed since is in the window that begins.
    fn read(&mut self, thread: Thread) -> Option<(Life, Reading)> {
        let identity = (thread.number, thread.born);
        let mut schedule = tree::schedule(thread.pid, thread.number)?;
        if thread.number == self.before.0 {
            schedule.executed = schedule.executed.saturating_sub(self.before.1);
        }
        self.allowed.add(thread.number);
        let running = thread.state == State::Running;
        let life = (identity, thread.image);
        if self.threads.len() < NAMED || self.threads.contains_key(&identity) {
            self.threads.insert(identity, SeenThread { thread, schedule });
        }
        let Schedule { executed, turns, .. } = schedule;
        Some((life, Reading { executed, turns, running }))
    }

    /// For how long threads executed beside others, at least, and the window that shows it best.
    pub(super) fn beside(&mut self) -> (Duration, Option<Window>) {
        std::mem::replace(&mut self.windows, Windows::new(Duration::ZERO)).finish()
    }
}

/// How often the kernel brings up to date what it says of a thread that is executing.
#[cfg(target_os = "linux")]
fn tick() -> Duration {
    let resolution = rustix::time::clock_getres(rustix::time::ClockId::MonotonicCoarse);
    // On kernels that leave cores alone for as long as one thread executes there, it is a second.
    let tickless = std::fs::read_to_string("/sys/devices/system/cpu/nohz_full");
    let is_tickless = tickless.is_ok_and(|cores| !matches!(cores.trim(), "" | "(null)"));
    let second = Duration::from_secs(1);
    if is_tickless { second } else { resolution.try_into().unwrap_or(second) }
}

#[cfg(not(target_os = "linux"))]
fn tick() -> Duration {
    Duration::ZERO
}

/// The cores on which some thread was allowed to execute.
#[derive(Debug, Default)]
pub(super) struct Allowed {
    /// Most often all threads are allowed the same.
    #[cfg(target_os = "linux")]
    sets: Vec<rustix::thread::CpuSet>,
}

impl Allowed {
    /// Adds the cores on which a thread is allowed to execute.
    fn add(&mut self, thread: u32) {
        #[cfg(target_os = "linux")]
        if let Some(thread) = i32::try_from(thread).ok().and_then(rustix::process::Pid::from_raw)
            && let Ok(set) = rustix::thread::sched_getaffinity(Some(thread))
            && !self.sets.contains(&set)
        {
            self.sets.push(set);
        }
        #[cfg(not(target_os = "linux"))]
        let _ = thread;
    }

    /// Which cores these are. None where the system does not tell.
    pub(super) fn cores(&self) -> Vec<usize> {
        #[cfg(target_os = "linux")]
        {
            let seen = |core: &usize| self.sets.iter().any(|set| set.is_set(*core));
            (0..rustix::thread::CpuSet::MAX_CPU).filter(seen).collect()
        }
        #[cfg(not(target_os = "linux"))]
        Vec::new()
    }
}

/// The cores that we may use ourselves, or the first so many of them. None where the system does not
/// tell.
pub(super) fn our_cores(restricted: Option<usize>) -> Vec<usize> {
    #[cfg(target_os = "linux")]
    {
        use rustix::thread::{CpuSet, sched_getaffinity};

        let ours = sched_getaffinity(None).unwrap_or_else(|_| CpuSet::new());
        let ours = (0..CpuSet::MAX_CPU).filter(|&core| ours.is_set(core));
        ours.take(restricted.unwrap_or(usize::MAX)).collect()
    }
    #[cfg(not(target_os = "linux"))]
    {
        let _ = restricted;
        Vec::new()
    }
}
