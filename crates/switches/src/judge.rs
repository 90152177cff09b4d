//! Was work done at once, or was only handed over?
//!
//! Threads that take turns do execute at once for a moment: whoever wakes another goes on until it
//! sleeps, and a process that is being forked begins while its parent still returns from the call.
//! That is no work done at once. Seen on two cores, programs that are known by construction:
//!
//! | program | beside | longest stretch |
//! |---|---|---|
//! | one thread, a join after each start, a lock, coroutines | 0 to 0.2 ms | 0.04 ms |
//! | an interpreter's lock handed to and fro | 0.9 ms | 0.22 ms |
//! | two threads that wake each other, all the time | 0.6 to 2 ms | 0.1 ms |
//! | a pool of interpreters being started, then sleeping | 1.7 to 5.1 ms of 115 ms | 0.3 to 1.25 ms |
//! | a pipeline of short programs | 2 to 8 ms | 0.64 ms |
//! | two threads or processes at work, others on the same cores | 3 to 60 ms | 1.4 to 7 ms |
//! | two threads or processes at work on an idle machine | tens to hundreds of ms | 2 to 100 ms |
//!
//! So neither an amount nor a share tells them apart, and stretches do: what lasts for 1 ms is hardly ever
//! handing over, and what hands over does not come to 2 ms of such stretches. Where work is cut into
//! pieces shorter than that, there is much of it.
//!
//! But for processes that begin: an interpreter that is forked has 1.3 to 2.5 ms to do until it waits for
//! work, and four of them came to 4 ms of such stretches. So a process that executed for less than 5 ms in
//! its life has begun, and what was done beside it is work only where it is a tenth of all.

use crate::beside::{Beside, ratio};
use crate::record::{Record, Stretch};

/// Nobody hands over for so long: the shortest stretch of work at once, in nanoseconds.
pub const STRETCH: u64 = 1_000_000;
/// How much such stretches must give together, in nanoseconds, and the least share of all that executed
/// that this must be; or how much they must give whatever the share.
pub const WORK: (u64, f64, u64) = (2_000_000, 0.02, 20_000_000);
/// A process that executes for less than this, in nanoseconds, has hardly done more than to begin.
const BEGINNING: u64 = 5_000_000;
/// Stretches beside processes that have hardly begun must be at least this share of all that executed.
const BEGUN: f64 = 0.1;
/// From this amount and this share on it is work at once, however short its stretches are.
pub const MUCH: (u64, f64) = (10_000_000, 0.1);

/// What a record says of parallelism.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AtOnce {
    /// Work was done at once.
    Work {
        /// How much, of how much.
        beside: Beside,
        /// The stretch that shows it best.
        longest: Stretch,
    },
    /// There were moments at which several threads executed, and none of them was work.
    HandingOver {
        /// How much, of how much.
        beside: Beside,
    },
    /// No two threads ever executed at once.
    Never {
        /// How much executed, with nothing beside it.
        beside: Beside,
    },
    /// Records were lost, and what they would have said decides.
    Open {
        /// How much at least and at most, of how much.
        beside: Beside,
    },
}

impl AtOnce {
    /// The amounts that it rests on.
    #[must_use]
    pub fn beside(&self) -> &Beside {
        match self {
            AtOnce::Work { beside, .. }
            | AtOnce::HandingOver { beside }
            | AtOnce::Never { beside }
            | AtOnce::Open { beside } => beside,
        }
    }
}

impl Record {
    /// Whether work was done at once.
    #[must_use]
    pub fn at_once(&self) -> AtOnce {
        judge(self.beside(), |stretch| self.is_beginning(stretch))
    }

    /// Whether a stretch was one beside a process that hardly did more than to begin.
    pub(crate) fn is_beginning(&self, stretch: &Stretch) -> bool {
        let has_begun = |&thread: &usize| {
            let process = &self.processes[self.threads[thread].process];
            process.stands_for == 1 && process.executed < BEGINNING
        };
        // Nobody who executed for so short a time was in a longer one throughout.
        stretch.length() < BEGINNING && stretch.threads.iter().any(has_begun)
    }
}

/// Judges amounts.
pub(crate) fn judge(beside: Beside, is_beginning: impl Fn(&Stretch) -> bool) -> AtOnce {
    let long = beside.stretches.iter().filter(|stretch| stretch.length() >= STRETCH);
    let beginning = long.clone().filter(|stretch| is_beginning(stretch));
    let beginning: u64 = beginning.map(|stretch| stretch.beside).sum();
    let in_long: u64 = long.map(|stretch| stretch.beside).sum();
    // Not all of them are kept where there are many.
    let in_long = in_long.max(beside.lengths.beside_in_longer_than(STRETCH));
    // Time that the host took away may have been taken from the longest stretches.
    let stolen = beside.lengths.beside_in_longer_than(0).saturating_sub(beside.at_least);
    let in_long = in_long.saturating_sub(stolen);
    let is_enough = |amount: u64, share: f64| amount >= WORK.0 && ratio(amount, beside.of) >= share;
    let is_long = in_long >= WORK.2
        || is_enough(in_long.saturating_sub(beginning), WORK.1)
        || is_enough(in_long, BEGUN);
    let is_much = beside.at_least >= MUCH.0 && beside.share() >= MUCH.1;
    let longest = beside.longest().copied();
    match longest {
        Some(longest) if is_long || is_much => AtOnce::Work { beside, longest },
        _ if beside.at_most.saturating_sub(beside.at_least) > STRETCH => AtOnce::Open { beside },
        None => AtOnce::Never { beside },
        Some(_) => AtOnce::HandingOver { beside },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::Lengths;

    const MS: u64 = 1_000_000;

    /// Judges amounts that nobody comes to who only begins.
    fn judge(beside: Beside) -> AtOnce {
        super::judge(beside, |_| false)
    }

    /// Stretches of these lengths out of so much.
    fn stretches(lengths: &[u64], of: u64) -> Beside {
        let stretch =
            |&length: &u64| Stretch { start: 0, end: length, threads: [0, 1], beside: length };
        let mut by_power = vec![[0; 3]; 64];
        for &length in lengths {
            let entry = &mut by_power[length.max(1).ilog2() as usize];
            *entry = [entry[0] + 1, entry[1] + length, entry[2] + length];
        }
        let at_least = lengths.iter().sum();
        let lengths_of = Lengths { by_power, span: None };
        let mut stretches: Vec<Stretch> = lengths.iter().map(stretch).collect();
        stretches.sort_by_key(|stretch| std::cmp::Reverse(stretch.length()));
        let (at_most, together) = (at_least, at_least);
        Beside { at_least, at_most, together, of, stretches, lengths: lengths_of }
    }

    #[test]
    fn long_stretches_are_work_and_short_ones_hand_over() {
        assert!(matches!(judge(stretches(&[5 * MS], 200 * MS)), AtOnce::Work { .. }));
        assert!(matches!(judge(stretches(&[MS / 4; 8], 200 * MS)), AtOnce::HandingOver { .. }));
        let forking = stretches(&[MS + MS / 4, MS / 2, MS / 2], 115 * MS);
        assert!(matches!(judge(forking), AtOnce::HandingOver { .. }));
        assert!(matches!(judge(stretches(&[], 200 * MS)), AtOnce::Never { .. }));
    }

    #[test]
    fn beside_those_who_only_begin_it_has_to_be_a_larger_share() {
        let beside = |share: u64| stretches(&[MS + MS / 2, MS + MS / 4, MS], share * MS);
        let is_work = |beside, is_beginning| {
            matches!(super::judge(beside, |_| is_beginning), AtOnce::Work { .. })
        };
        assert!(is_work(beside(120), false));
        assert!(!is_work(beside(120), true));
        assert!(is_work(beside(30), true));
    }

    #[test]
    fn many_short_stretches_that_are_a_large_share_are_work() {
        assert!(matches!(judge(stretches(&[MS / 4; 200], 200 * MS)), AtOnce::Work { .. }));
        assert!(matches!(judge(stretches(&[MS / 4; 20], 20 * MS)), AtOnce::HandingOver { .. }));
    }

    #[test]
    fn one_stretch_in_a_long_run_is_none_unless_it_is_long_itself() {
        assert!(matches!(judge(stretches(&[25 * MS], 9_000 * MS)), AtOnce::Work { .. }));
        assert!(matches!(judge(stretches(&[3 * MS], 1_000 * MS)), AtOnce::HandingOver { .. }));
    }

    #[test]
    fn lost_records_leave_it_open_unless_it_is_shown_all_the_same() {
        let lost = |beside: Beside| Beside { at_most: beside.at_most + 50 * MS, ..beside };
        assert!(matches!(judge(lost(stretches(&[], 200 * MS))), AtOnce::Open { .. }));
        assert!(matches!(judge(lost(stretches(&[9 * MS], 200 * MS))), AtOnce::Work { .. }));
    }

    #[test]
    fn what_the_host_took_is_taken_from_the_longest_stretches() {
        let beside = Beside { at_least: 0, ..stretches(&[9 * MS], 200 * MS) };
        assert!(!matches!(judge(beside), AtOnce::Work { .. }));
    }
}
