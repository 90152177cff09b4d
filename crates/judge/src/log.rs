//! What was asked of the judge, and when: the part of a run that a program cannot forge.

use std::collections::HashMap;

use classroom::wire::{Reply, Request};

/// A request's place in the log.
pub type Ticket = usize;

/// A thread of a program: the connection that it came by, and its number as the program has it.
pub type Worker = (usize, u64);

/// One request, and what became of it. Times are of the clock that all processes share.
#[derive(Clone, Debug)]
pub struct Entry {
    /// When it came.
    pub came: u64,
    /// When it was replied to.
    pub replied: Option<u64>,
    /// When whoever made it stopped waiting.
    pub dropped: Option<u64>,
    /// Who made it.
    pub worker: Worker,
    /// Its number at its connection: 0 for a note.
    pub number: u64,
    /// Whether a task waited for the reply, and not its thread.
    pub awaited: bool,
    /// What it wants.
    pub request: Request,
    /// What was, or will be, replied.
    pub reply: Option<Reply>,
}

impl Entry {
    /// When it was no longer in progress.
    #[must_use]
    pub fn over(&self) -> Option<u64> {
        self.replied.or(self.dropped)
    }

    /// Whether it had come by then, and was replied to later, if at all.
    #[must_use]
    pub fn was_waiting(&self, time: u64) -> bool {
        self.came <= time && self.over().is_none_or(|over| over > time)
    }
}

/// All that was asked in a run, in the order in which it came.
#[derive(Clone, Debug, Default)]
pub struct Log {
    /// The requests.
    pub entries: Vec<Entry>,
    /// The names of threads, as they told them.
    pub names: HashMap<Worker, String>,
    /// The numbers that the system gave to them, as far as they could be found out.
    pub numbers: HashMap<Worker, u32>,
}

/// A stretch of compute: from when it was granted until its find was told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// The task.
    pub task: usize,
    /// Who computed.
    pub worker: Worker,
    /// From when.
    pub from: u64,
    /// Until when.
    pub to: u64,
}

impl Log {
    /// How many fetches were in progress at once, at most.
    #[must_use]
    pub fn most_fetches_at_once(&self) -> usize {
        let fetches = self.entries.iter().filter(|it| matches!(it.request, Request::Fetch { .. }));
        most_at_once(fetches.map(|entry| (entry.came, entry.over().unwrap_or(u64::MAX))))
    }

    /// How many tasks had leave to compute at once, at most.
    #[must_use]
    pub fn most_computes_at_once(&self) -> usize {
        most_at_once(self.computes().iter().map(|span| (span.from, span.to)))
    }

    /// How many tasks were computed or waited for leave to be, at once, at most.
    #[must_use]
    pub fn most_wanted_at_once(&self) -> usize {
        let mut wanted: HashMap<usize, u64> = HashMap::new();
        let mut stretches = Vec::new();
        for entry in &self.entries {
            match entry.request {
                Request::Compute { task } => drop(wanted.insert(task, entry.came)),
                Request::Computed { task, .. } => {
                    stretches.extend(wanted.remove(&task).map(|from| (from, entry.came)));
                }
                _ => {}
            }
        }
        most_at_once(stretches.into_iter())
    }

    /// The lines that were said, in their order: when, and what.
    pub fn lines(&self) -> impl Iterator<Item = (u64, &str)> {
        self.entries.iter().filter_map(|entry| match &entry.request {
            Request::Say { text } => Some((entry.came, text.as_str())),
            _ => None,
        })
    }

    /// When a request was replied to that wanted just this.
    #[must_use]
    pub fn replied(&self, request: &Request) -> Option<u64> {
        self.entries.iter().find(|entry| entry.request == *request)?.replied
    }

    /// All compute that was granted and whose find was told.
    #[must_use]
    pub fn computes(&self) -> Vec<Span> {
        let mut begun: HashMap<(Worker, usize), u64> = HashMap::new();
        let mut spans = Vec::new();
        for entry in &self.entries {
            match entry.request {
                Request::Compute { task } => {
                    let granted = entry.replied.unwrap_or(u64::MAX);
                    begun.insert((entry.worker, task), granted);
                }
                Request::Computed { task, .. } => {
                    let from = begun.remove(&(entry.worker, task));
                    let from = from.filter(|&from| from <= entry.came);
                    let (worker, to) = (entry.worker, entry.came);
                    spans.extend(from.map(|from| Span { task, worker, from, to }));
                }
                _ => {}
            }
        }
        spans
    }

    /// Whether a find of this task was told.
    #[must_use]
    pub fn found(&self, task: usize) -> Option<u64> {
        self.entries.iter().find_map(|entry| match entry.request {
            Request::Computed { task: of, found } if of == task => Some(found),
            _ => None,
        })
    }

    /// The answer that was handed in last.
    #[must_use]
    pub fn answer(&self) -> Option<&[u64]> {
        self.entries.iter().rev().find_map(|entry| match &entry.request {
            Request::Answer { numbers } => Some(numbers.as_slice()),
            _ => None,
        })
    }
}

/// How many of these stretches were at once, at most.
fn most_at_once(stretches: impl Iterator<Item = (u64, u64)>) -> usize {
    // One of no length, as a coarse clock may have it, was together with nothing.
    let lasting = stretches.filter(|(from, to)| from < to);
    let mut changes: Vec<_> = lasting.flat_map(|(from, to)| [(from, true), (to, false)]).collect();
    // Who ends at the moment when another begins was not there together with it.
    changes.sort_unstable();
    let mut now = 0_usize;
    let each = changes.into_iter().map(|(_, begins)| {
        now = if begins { now + 1 } else { now - 1 };
        now
    });
    each.max().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(request: Request, came: u64, replied: u64) -> Entry {
        let (replied, reply) = (Some(replied), Some(Reply::Done));
        Entry {
            came,
            replied,
            dropped: None,
            worker: (0, 1),
            number: 1,
            awaited: false,
            request,
            reply,
        }
    }

    fn fetches(times: &[(u64, u64)]) -> usize {
        let of = |&(came, replied): &(u64, u64)| entry(Request::Fetch { task: 0 }, came, replied);
        Log { entries: times.iter().map(of).collect(), ..Log::default() }.most_fetches_at_once()
    }

    #[test]
    fn fetches_that_touch_do_not_overlap() {
        assert_eq!(fetches(&[]), 0);
        assert_eq!(fetches(&[(1, 2), (2, 3), (3, 4)]), 1);
        assert_eq!(fetches(&[(1, 5), (2, 3), (4, 6)]), 2);
        assert_eq!(fetches(&[(1, 9), (2, 9), (3, 9)]), 3);
    }

    #[test]
    fn whoever_waits_has_asked_and_was_not_replied_to() {
        let waits = |time| entry(Request::Beat, 3, 5).was_waiting(time);
        assert_eq!([2, 3, 4, 5].map(waits), [false, true, true, false]);
        assert!(Entry { replied: None, ..entry(Request::Beat, 3, 5) }.was_waiting(9));
    }

    #[test]
    fn compute_is_from_leave_to_find() {
        let entries = vec![
            entry(Request::Compute { task: 2 }, 1, 5),
            entry(Request::Computed { task: 2, found: 7 }, 9, 9),
            entry(Request::Computed { task: 3, found: 7 }, 9, 9),
        ];
        let log = Log { entries, ..Log::default() };
        assert_eq!(log.computes(), [Span { task: 2, worker: (0, 1), from: 5, to: 9 }]);
        assert_eq!((log.found(2), log.found(0)), (Some(7), None));
    }
}
