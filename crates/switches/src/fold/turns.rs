//! Who goes on alone after whom: what tells a lock from a join, and both from a shared core.

use std::collections::HashMap;

use crate::fold::together::Executing;
use crate::record::Change;

/// A thread has the floor once it was executing alone for so long since another had: 0.1 ms. What is
/// shorter is a thread that looks whether it may go on, and waits again.
const FLOOR: u64 = 100_000;

/// What became of the thread that had the floor before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Since {
    /// It left its core by itself.
    Left,
    /// It stands ready.
    Preempted,
    /// It ended.
    Ended,
    /// Nobody knows.
    Unknown,
}

/// Counts changes of the floor, up to a limit of pairs.
pub(crate) struct Turns {
    limit: usize,
    floor: Option<Executing>,
    /// Who may get the floor next, and for how long it was executing alone.
    next: Option<(Executing, u64)>,
    /// What the one with the floor was doing when the next one began.
    since: Since,
    changes: HashMap<(usize, usize), Change>,
}

impl Turns {
    /// For so many pairs of threads.
    pub(crate) fn new(limit: usize) -> Turns {
        Turns { limit, floor: None, next: None, since: Since::Unknown, changes: HashMap::new() }
    }

    /// A thread was executing alone for so long. `look` says what another thread is doing.
    pub(crate) fn alone(&mut self, who: Executing, time: u64, look: impl Fn(u32) -> Since) {
        if self.floor.is_some_and(|floor| floor.tid == who.tid && floor.thread == who.thread) {
            self.next = None;
            return;
        }
        match &mut self.next {
            Some((next, so_far)) if next.tid == who.tid => *so_far += time,
            _ => {
                self.since = self.floor.map_or(Since::Unknown, |floor| look(floor.tid));
                self.next = Some((who, time));
            }
        }
        if let Some((next, so_far)) = self.next
            && so_far >= FLOOR
        {
            self.change(next);
        }
    }

    fn change(&mut self, next: Executing) {
        self.next = None;
        let Some(before) = self.floor.replace(next) else { return };
        let (from, to) = (before.thread, next.thread);
        if self.changes.len() >= self.limit && !self.changes.contains_key(&(from, to)) {
            return;
        }
        let new = Change { from, to, ..Change::default() };
        let change = self.changes.entry((from, to)).or_insert(new);
        match self.since {
            Since::Left => change.left += 1,
            Since::Preempted => change.preempted += 1,
            Since::Ended => change.ended += 1,
            Since::Unknown => change.unknown += 1,
        }
    }

    /// All changes, in the order of the threads.
    pub(crate) fn finish(self) -> Vec<Change> {
        let mut changes: Vec<Change> = self.changes.into_values().collect();
        changes.sort_by_key(|change| (change.from, change.to));
        changes
    }
}
