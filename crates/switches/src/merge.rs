//! The rings of all cores, in one order of time.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use crate::event::Event;

/// Events that were read, and wait until no earlier one can come from another core.
///
/// Each ring is in order. A core that is quiet and one whose last record has not been written yet look
/// the same, so the newest events are kept back for a while.
pub(crate) struct Merge {
    /// By core, each in order.
    waiting: Vec<VecDeque<Event>>,
    /// The time of the newest event of each core.
    newest: Vec<u64>,
    /// Up to when events were given.
    given: u64,
    /// How much later than that events came which belong before it, all told.
    late: u64,
}

impl Merge {
    /// For so many cores.
    pub(crate) fn new(cores: usize) -> Merge {
        Merge { waiting: vec![VecDeque::new(); cores], newest: vec![0; cores], given: 0, late: 0 }
    }

    /// When the newest event of a core was, or 0 where it had none.
    pub(crate) fn newest(&self, core: usize) -> u64 {
        self.newest[core]
    }

    /// By how much events came too late to be put in order, all told, in nanoseconds.
    pub(crate) fn late(&self) -> u64 {
        self.late
    }

    /// Takes the next event of its core.
    pub(crate) fn push(&mut self, mut event: Event) {
        self.late += self.given.saturating_sub(event.time);
        let newest = &mut self.newest[event.core];
        // The kernel's fast clock may step back by some nanoseconds while it is adjusted.
        *newest = event.time.max(*newest);
        event.time = *newest;
        self.waiting[event.core].push_back(event);
    }

    /// Gives all events before a time, in order.
    pub(crate) fn give_until(&mut self, until: u64, mut take: impl FnMut(Event)) {
        self.given = self.given.max(until);
        let front = |waiting: &VecDeque<Event>, core: usize| {
            waiting
                .front()
                .filter(|event| event.time < until)
                .map(|event| Reverse((event.time, core)))
        };
        let cores = self.waiting.iter().enumerate();
        let mut next: BinaryHeap<_> = cores.filter_map(|(core, own)| front(own, core)).collect();
        while let Some(Reverse((_, core))) = next.pop() {
            if let Some(event) = self.waiting[core].pop_front() {
                take(event);
            }
            next.extend(front(&self.waiting[core], core));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::event::What;

    fn event(time: u64, core: usize) -> Event {
        Event { time, core, pid: 1, tid: 1, what: What::In }
    }

    proptest! {
        #[test]
        fn whatever_is_early_enough_comes_once_and_in_order(
            times in proptest::collection::vec((0_u64..50, 0_usize..4), 0..60),
            until in 0_u64..60,
        ) {
            let mut sorted = times.clone();
            sorted.sort_by_key(|&(time, _)| time);
            let mut merge = Merge::new(4);
            for &(time, core) in &sorted {
                merge.push(event(time, core));
            }
            let mut given = Vec::new();
            merge.give_until(until, |event| given.push(event.time));
            let expected: Vec<u64> =
                sorted.iter().map(|&(time, _)| time).filter(|&time| time < until).collect();
            prop_assert_eq!(&given, &expected);
            merge.give_until(u64::MAX, |event| given.push(event.time));
            prop_assert_eq!(given, sorted.iter().map(|&(time, _)| time).collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_comes_too_late_is_counted() {
        let mut merge = Merge::new(2);
        merge.push(event(10, 0));
        merge.give_until(30, drop);
        merge.push(event(30, 0));
        assert_eq!(merge.late(), 0);
        merge.push(event(25, 1));
        assert_eq!(merge.late(), 5);
    }

    #[test]
    fn a_ring_whose_clock_steps_back_stays_in_order() {
        let mut merge = Merge::new(1);
        merge.push(event(10, 0));
        merge.push(event(8, 0));
        let mut given = Vec::new();
        merge.give_until(u64::MAX, |event| given.push(event.time));
        assert_eq!(given, [10, 10]);
    }
}
