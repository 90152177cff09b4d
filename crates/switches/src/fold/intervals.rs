//! Intervals, kept within bounds.

use std::collections::HashMap;

use crate::record::{Coarsened, Interval};

/// The first gap that is bridged where there are too many intervals: 10 µs, which no picture shows.
const FIRST_GAP: u64 = 10_000;
/// A gap beyond which bridging would say nothing any longer: an hour.
const LAST_GAP: u64 = 3_600_000_000_000;

/// Intervals up to a limit; then neighbours of the same thread on the same core are made one.
pub(crate) struct Intervals {
    limit: usize,
    kept: Vec<Interval>,
    coarsened: Coarsened,
    /// Where the newest interval of a thread on a core stands. Empty while nothing is coarsened.
    newest: HashMap<(u32, u32), usize>,
}

impl Intervals {
    /// For so many intervals.
    pub(crate) fn new(limit: usize) -> Intervals {
        let coarsened = Coarsened::default();
        Intervals { limit, kept: Vec::new(), coarsened, newest: HashMap::new() }
    }

    /// Takes an interval: those of one thread on one core must come in order.
    pub(crate) fn push(&mut self, interval: Interval) {
        if self.coarsened.gap == 0 && self.kept.len() < self.limit {
            return self.kept.push(interval);
        }
        if self.kept.len() >= self.limit {
            self.coarsen();
        }
        self.absorb(interval);
    }

    /// Widens the gap until half of the room is free, or nothing more is gained.
    fn coarsen(&mut self) {
        while self.kept.len() > self.limit / 2 && self.coarsened.gap < LAST_GAP {
            self.coarsened.gap = (self.coarsened.gap * 2).max(FIRST_GAP);
            self.newest.clear();
            for interval in std::mem::take(&mut self.kept) {
                self.absorb(interval);
            }
        }
    }

    /// Makes it one with the one before, if that is near; keeps it, if there is room.
    fn absorb(&mut self, next: Interval) {
        let place = (next.thread, next.core);
        let near = |before: &Interval| next.start.saturating_sub(before.end) <= self.coarsened.gap;
        match self.newest.get(&place) {
            Some(&newest) if near(&self.kept[newest]) => {
                merge(&mut self.kept[newest], &next);
                self.coarsened.merged += 1;
            }
            _ if self.kept.len() < self.limit => {
                self.newest.insert(place, self.kept.len());
                self.kept.push(next);
            }
            _ => self.coarsened.left_out += u64::from(next.pieces),
        }
    }

    /// All of them in the order of their starts, and what was made coarse.
    pub(crate) fn finish(mut self) -> (Vec<Interval>, Coarsened) {
        self.kept.sort_by_key(|interval| (interval.start, interval.end));
        (self.kept, self.coarsened)
    }
}

/// Makes two intervals of one thread on one core one.
fn merge(before: &mut Interval, next: &Interval) {
    before.end = before.end.max(next.end);
    before.executed += next.executed;
    before.pieces = before.pieces.saturating_add(next.pieces);
    before.ending = next.ending;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Ending;

    fn interval(thread: u32, start: u64, end: u64) -> Interval {
        let ending = Ending::Left;
        Interval { start, end, executed: end - start, thread, core: 0, pieces: 1, ending }
    }

    /// Thread after thread for 1 µs each, with 1 µs between them.
    fn turns(limit: usize, count: u64, threads: u64) -> (Vec<Interval>, Coarsened) {
        let mut intervals = Intervals::new(limit);
        for turn in 0..count {
            let thread = u32::try_from(turn % threads).expect("a small number");
            intervals.push(interval(thread, turn * 2_000, turn * 2_000 + 1_000));
        }
        intervals.finish()
    }

    #[test]
    fn few_intervals_stay_as_they_are() {
        let (kept, coarsened) = turns(100, 100, 3);
        assert_eq!((kept.len(), coarsened), (100, Coarsened::default()));
        assert!(kept.iter().all(|interval| interval.pieces == 1));
    }

    #[test]
    fn many_intervals_stay_within_the_limit_and_keep_their_sums() {
        let (kept, coarsened) = turns(100, 100_000, 3);
        assert!(kept.len() <= 100 && coarsened.left_out == 0, "{coarsened:?}");
        assert_eq!(kept.iter().map(|interval| interval.executed).sum::<u64>(), 100_000 * 1_000);
        assert_eq!(kept.iter().map(|interval| u64::from(interval.pieces)).sum::<u64>(), 100_000);
        assert_eq!(coarsened.merged, 100_000 - kept.len() as u64);
    }

    #[test]
    fn what_cannot_be_made_one_is_left_out_and_counted() {
        let (kept, coarsened) = turns(100, 1_000, 1_000);
        assert_eq!((kept.len(), coarsened.left_out, coarsened.merged), (100, 900, 0));
    }
}
