//! Why a program was not parallel: what its threads did instead of working at once.

use std::collections::HashSet;

use crate::beside::ratio;
use crate::record::{Record, Thread};

/// What kept threads from working at once, or how they worked without it. Threads are named by their
/// places in [`Record::threads`].
#[derive(Clone, Debug, PartialEq)]
pub enum Cause {
    /// Hardly anything executed at all: the program waited.
    MostlyWaiting {
        /// The share of the time in which anything executed.
        share: f64,
    },
    /// One thread did nearly all of it.
    OneThread {
        /// Which.
        thread: usize,
        /// Its share of all that executed.
        share: f64,
    },
    /// One thread of several that were made alike did nearly all of it, and the others got nothing.
    OneWorker {
        /// Which.
        thread: usize,
        /// Its share of all that executed.
        share: f64,
        /// How many were made alike.
        workers: usize,
    },
    /// Nearly all was executed on one core, where threads stood ready that could have used another.
    OneCore {
        /// The number of the core.
        core: u32,
    },
    /// Each process began after the one before it had ended.
    ProcessesInTurn {
        /// How many processes worked.
        processes: usize,
    },
    /// Each thread began after the one before it had ended: a join after each start.
    JoinAfterStart {
        /// How many threads worked.
        threads: usize,
    },
    /// Threads went on in turn: one waited whenever another worked, as with a lock around the work.
    Turns {
        /// How many threads worked.
        threads: usize,
        /// How often one went on alone after another.
        changes: u64,
    },
}

/// A thread that executed less than this share of all has not worked.
const WORKS: f64 = 0.03;
/// But where there were many, one has that executed for this share of what the busiest did that made no other.
/// And of threads that work in turn, at least two did for this share of what the busiest of all did.
const COMPARES: f64 = 0.1;
/// A thread that executed at least this share of all did it alone.
const ALONE: f64 = 0.97;
/// Who has been waited for may take so long to end, in nanoseconds: whoever waited goes on meanwhile.
const LEAVING: u64 = 250_000;
/// Threads that stood ready for this share of all that executed, while others of them did, wanted a core.
const WANTED: f64 = 0.2;
/// A program that executed for less than this share of its time mostly waited.
const WAITS: f64 = 0.1;

impl Record {
    /// What kept threads from working at once, where they did not. Of those that are not chosen nobody asks.
    #[must_use]
    pub fn causes(&self, chosen: impl Fn(&Thread) -> bool) -> Vec<Cause> {
        let asked: Vec<usize> =
            (0..self.threads.len()).filter(|&place| chosen(&self.threads[place])).collect();
        let executed = asked.iter().map(|&place| self.threads[place].executed).sum();
        let makers = self.makers(&asked);
        let made = asked.iter().filter(|place| !makers.contains(place));
        let most = made.map(|&place| self.threads[place].executed).max().unwrap_or(0);
        let works = |&place: &usize| {
            let own = self.threads[place].executed;
            ratio(own, executed) >= WORKS || ratio(own, most) >= COMPARES
        };
        let mut workers: Vec<usize> = asked.iter().copied().filter(works).collect();
        workers.sort_by_key(|&place| self.threads[place].first);
        let waits = ratio(executed, self.ended - self.began);
        let waiting = (waits < WAITS).then_some(Cause::MostlyWaiting { share: waits });
        waiting.into_iter().chain(self.cause(&asked, &workers, executed)).collect()
    }

    fn cause(&self, asked: &[usize], workers: &[usize], executed: u64) -> Option<Cause> {
        let busiest = *asked.iter().max_by_key(|&&place| self.threads[place].executed)?;
        let share = ratio(self.threads[busiest].executed, executed);
        if share >= ALONE {
            let workers = self.alike(busiest);
            return Some(match workers {
                2.. => Cause::OneWorker { thread: busiest, share, workers },
                _ => Cause::OneThread { thread: busiest, share },
            });
        }
        if workers.len() < 2 {
            return None;
        }
        let of = |place: &usize| &self.threads[*place];
        let processes = distinct(workers.iter().map(|place| of(place).process));
        if self.are_in_turn(workers) {
            return Some(match processes {
                2.. => Cause::ProcessesInTurn { processes },
                _ => Cause::JoinAfterStart { threads: workers.len() },
            });
        }
        if let Some(core) = self.only_core(workers, executed) {
            return Some(Cause::OneCore { core });
        }
        // Processes of their own have no lock in common, as a rule.
        if processes > 1 {
            return None;
        }
        // Somebody who did hardly anything was in nobody's way.
        let most = self.threads[busiest].executed;
        let compares = |place: &&usize| ratio(of(place).executed, most) >= COMPARES;
        if workers.iter().filter(compares).count() < 2 {
            return None;
        }
        let among = |change: &&crate::record::Change| {
            change.from != change.to
                && workers.contains(&change.from)
                && workers.contains(&change.to)
        };
        let changes = self.changes().iter().filter(among);
        let changes = changes.map(|it| it.left + it.preempted).sum();
        Some(Cause::Turns { threads: workers.len(), changes })
    }

    /// The core on which nearly all was executed, where it was wanted by several: while one of them had it,
    /// others stood ready.
    fn only_core(&self, workers: &[usize], executed: u64) -> Option<u32> {
        let busiest = self.cores.iter().max_by_key(|core| core.executed)?;
        let ready = workers.iter().map(|&place| self.threads[place].ready.taken_by_own);
        let is_only = self.cores.len() > 1 && ratio(busiest.executed, executed) >= ALONE;
        (is_only && ratio(ready.sum(), executed) >= WANTED).then_some(busiest.number)
    }

    /// How many threads were made alike, this one included: by the same parent, in the same process, with
    /// the same name. The first thread of a process is like no other.
    fn alike(&self, thread: usize) -> usize {
        let one = &self.threads[thread];
        let first = self.processes.get(one.process).is_some_and(|process| process.pid == one.tid);
        let base = |thread: &Thread| {
            thread.name().trim_end_matches(|letter: char| letter.is_ascii_digit()).to_owned()
        };
        let is_alike = |other: &&Thread| {
            other.process == one.process && other.parent == one.parent && base(other) == base(one)
        };
        if first { 1 } else { self.threads.iter().filter(is_alike).count() }
    }

    /// The threads that made some of these.
    fn makers(&self, threads: &[usize]) -> HashSet<usize> {
        threads.iter().filter_map(|&place| self.threads[place].parent).collect()
    }

    /// Whether each of these threads, in the order in which they began to execute, began after the one
    /// before it had ended. The one that made them may be among them, and live on.
    fn are_in_turn(&self, workers: &[usize]) -> bool {
        let makers = self.makers(workers);
        let made: Vec<&Thread> = workers
            .iter()
            .filter(|place| !makers.contains(place))
            .map(|&it| &self.threads[it])
            .collect();
        let in_turn = |pair: &[&Thread]| {
            let [before, after] = [pair[0].ended, pair[1].first];
            before.zip(after).is_some_and(|(ended, first)| ended <= first + LEAVING)
        };
        made.len() > 1 && made.windows(2).all(in_turn)
    }
}

fn distinct(values: impl Iterator<Item = usize>) -> usize {
    let mut values: Vec<usize> = values.collect();
    values.sort_unstable();
    values.dedup();
    values.len()
}
