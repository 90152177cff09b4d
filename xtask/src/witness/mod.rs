//! A second witness, from outside: what the kernel tells about a program that is not ours.
//!
//! A program cannot forge it and need not help. It rests on two things:
//!
//! - the kernel's account of the finished process tree, to the microsecond;
//! - looks at all threads while the tree runs: how long each has executed so
//!   far, what it is doing, and on which cores it may.
//!
//! From these follow two bounds on how much was executed *beside* other
//! execution, that is, while another thread was executing as well:
//!
//! - **At least** what is more than one core has time for, in the whole run or
//!   in [windows] of it.
//! - **At most** what all threads but the busiest executed: beside a thread that
//!   is alone nothing is executed.
//!
//! Parallel is proven where the lower bound is more than nothing, and ruled out
//! where the upper bound is as good as nothing. In between it is inconclusive,
//! and we say what speaks for what.

mod observer;
mod opinion;
mod windows;

use std::time::{Duration, Instant};

use evidence::verdict::{self, Answer, Circumstances};

use crate::process::{Line, Report, Request, Stream, Usage, Watcher, watch};
use observer::{Observer, Seen, SeenThread};
pub(crate) use windows::Window;

/// What was seen of a run from outside.
#[derive(Clone, Debug)]
pub(crate) struct Witness {
    /// What the process tree cost.
    pub(crate) usage: Usage,
    /// For how long threads executed beside others, at least.
    pub(crate) at_least: Duration,
    /// For how long threads can have executed beside others; `None` where nobody knows.
    pub(crate) at_most: Option<Duration>,
    /// The window that shows it best, where one does, and its two busiest threads.
    pub(crate) window: Option<(Window, [String; 2])>,
    /// The threads that executed for longest, longest first, and for how long.
    pub(crate) busiest: Vec<(String, Duration)>,
    /// How many processes were seen.
    pub(crate) processes: usize,
    /// How many threads were seen.
    pub(crate) threads: usize,
    /// The most threads that were executing, or waiting for a core, in one look.
    pub(crate) most_running: usize,
    /// How many looks there were.
    pub(crate) looks: usize,
    /// In how many of them two threads or more were executing, or waiting for a core.
    pub(crate) looks_at_several: usize,
    /// On how many cores the threads were allowed to execute.
    pub(crate) cores: Option<usize>,
    /// How long the threads waited for a core, all told.
    pub(crate) run_delay: Duration,
    /// For how long the host took cores away from the virtual machine that this may be.
    pub(crate) steal: Option<Duration>,
}

/// Runs a program to its end, passes its lines on as they arrive, and has it watched.
///
/// The witness is `None` where the system tells nothing.
///
/// # Errors
///
/// The same as [`run`](crate::process::run).
pub(crate) fn watch_with_witness(
    request: &Request,
    watcher: &mut dyn Watcher,
) -> anyhow::Result<(Report, Option<Witness>)> {
    let mut watched = Watched { watcher, observer: None };
    let report = watch(request, &mut watched)?;
    let seen = watched.observer.map(Observer::finish);
    let witness = seen.zip(report.usage).map(|(seen, usage)| Witness::new(usage, seen));
    Ok((report, witness))
}

/// A watcher, and an observer besides.
struct Watched<'a> {
    watcher: &'a mut dyn Watcher,
    observer: Option<Observer>,
}

impl Watcher for Watched<'_> {
    fn started(&mut self, ancestor: u32, at: Instant) {
        self.observer = Some(Observer::start(ancestor, at));
        self.watcher.started(ancestor, at);
    }

    fn output(&mut self, stream: Stream, bytes: &[u8], arrival: Duration) {
        self.watcher.output(stream, bytes, arrival);
    }

    fn line(&mut self, line: &Line) {
        self.watcher.line(line);
    }
}

impl Witness {
    fn new(usage: Usage, mut seen: Seen) -> Witness {
        let meanwhile = seen.meanwhile();
        let steal = meanwhile.map(|machine| machine.stolen);
        let (in_windows, window) = seen.beside();
        let in_all =
            meanwhile.map_or(Duration::ZERO, |machine| beside_in_all(&usage, machine.turns));
        let mut threads: Vec<&SeenThread> = seen.threads.values().collect();
        threads.sort_unstable_by_key(|thread| std::cmp::Reverse(thread.schedule.executed));
        let busiest =
            threads.first().map(|thread| thread.schedule.executed).max(usage.first_thread);
        let is_known = usage.complete && !seen.unaccounted;
        let named = |identity| seen.threads.get(&identity).map_or("?".to_owned(), name);
        Witness {
            // A virtual core that its host has taken away executes nothing.
            at_least: in_windows.max(in_all).saturating_sub(steal.unwrap_or_default()),
            at_most: busiest
                .filter(|_| is_known)
                .map(|busiest| usage.cpu().saturating_sub(busiest)),
            window: window.map(|window| {
                let busiest = window.busiest.map(named);
                (window, busiest)
            }),
            busiest: threads
                .iter()
                .take(3)
                .map(|thread| (name(thread), thread.schedule.executed))
                .collect(),
            processes: seen.processes.len(),
            threads: seen.threads.len(),
            most_running: seen.most_running,
            looks: seen.looks,
            looks_at_several: seen.looks_at_several,
            cores: seen.allowed.count(),
            run_delay: seen.threads.values().map(|thread| thread.schedule.run_delay).sum(),
            steal,
            usage,
        }
    }

    /// What a verdict from inside should take into account, with what the lines
    /// that arrived say of concurrency, if anybody looked.
    pub(crate) fn testimony(&self, concurrent: Option<Answer>) -> verdict::Witness {
        verdict::Witness {
            cpu: self.usage.cpu(),
            concurrent,
            parallel: Some(self.opinion().answer),
            circumstances: Circumstances {
                cores: self.cores.map(|cores| cores as u64),
                run_delay: Some(self.run_delay),
                steal: self.steal,
                ..Circumstances::default()
            },
        }
    }
}

/// For how long threads executed beside others in the whole run, at least: what
/// they executed more than one core has time for. Nobody knows how many `turns`
/// were theirs of those of the whole machine.
fn beside_in_all(usage: &Usage, turns: u32) -> Duration {
    const SLACK: Duration = Duration::from_millis(1);
    let one_core = windows::allowed(usage.whole) + windows::EARLY * turns + SLACK;
    usage.cpu().saturating_sub(one_core)
}

/// What a thread is called: its name and its number.
fn name(thread: &SeenThread) -> String {
    format!("{} ({})", thread.thread.name, thread.thread.number)
}
