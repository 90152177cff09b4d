//! How much executed beside other execution.
//!
//! Let n(t) be the number of threads executing at time t. What is counted is
//!
//! ```text
//! ∫ max(0, n(t) − 1) dt,    what executed beside something else:
//! ```
//!
//! for two threads, the time at which both had a core.

use crate::fold::together::{Executing, Together};
use crate::record::{Change, Interval, Lengths, Pair, Record, Stretch, Stretches, Thread, Widths};

/// So many of the longest stretches are kept.
const STRETCHES: usize = 1_000;

/// How much executed beside other execution, among all threads or some.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Beside {
    /// `∫ max(0, n − 1) dt` at least: with nobody on a core while its records were lost, and less the
    /// time that the machine's host took.
    pub at_least: u64,
    /// `∫ max(0, n − 1) dt` at most: with somebody on every core while its records were lost. Where a
    /// process went out of sight there is no such limit, and this is `u64::MAX`.
    pub at_most: u64,
    /// How long at least two threads were executing, as far as it is on record.
    pub together: u64,
    /// How long the threads were executing, all told.
    pub of: u64,
    /// The longest stretches in which at least two were executing, longest first.
    pub stretches: Vec<Stretch>,
    /// How long all stretches were.
    pub lengths: Lengths,
}

impl Beside {
    /// The longest stretch, if there was any.
    pub fn longest(&self) -> Option<&Stretch> {
        self.stretches.first()
    }

    /// The share of what executed, from 0 to 1: at least.
    pub fn share(&self) -> f64 {
        ratio(self.at_least, self.of)
    }
}

/// One amount by another; 0 where there is nothing to divide by.
pub(crate) fn ratio(part: u64, whole: u64) -> f64 {
    #[expect(
        clippy::cast_precision_loss,
        reason = "nobody needs the share of days to the nanosecond"
    )]
    let (part, whole) = (part as f64, whole as f64);
    if whole > 0.0 { part / whole } else { 0.0 }
}

impl Lengths {
    /// How many stretches there were.
    pub fn count(&self) -> u64 {
        self.by_power.iter().map(|[count, ..]| count).sum()
    }

    /// `∫ (n − 1) dt` over all stretches that are longer than so many nanoseconds, at least: those near
    /// the limit are told apart by powers of two only.
    pub fn beside_in_longer_than(&self, length: u64) -> u64 {
        let power = length.max(1).next_power_of_two().ilog2() as usize;
        self.by_power.iter().skip(power).map(|[_, _, beside]| beside).sum()
    }

    /// When the first stretch began and the last one ended.
    pub fn span(&self) -> Option<(u64, u64)> {
        self.span
    }
}

impl Record {
    /// How long threads were executing, all told.
    pub fn executed(&self) -> u64 {
        self.threads.iter().map(|thread| thread.executed).sum()
    }

    /// How long the host of a virtual machine had taken cores away, all told.
    pub fn stolen(&self) -> u64 {
        self.cores.iter().map(|core| core.stolen).sum()
    }

    /// Who was executing together with whom, longest first.
    ///
    /// Pairs that met when 50,000 others had are not listed.
    pub fn pairs(&self) -> &[Pair] {
        &self.pairs
    }

    /// Who went on alone after whom, in the order of the threads.
    pub fn changes(&self) -> &[Change] {
        &self.changes
    }

    /// How much executed beside other execution, among all threads. This is exact however long the
    /// run was; only lost records leave the two limits apart, and time taken by the host.
    pub fn beside(&self) -> Beside {
        let Widths { least, most } = &self.widths;
        self.limits(beside(least), beside(most), self.executed(), self.stretches.clone())
    }

    /// How much executed beside other execution, among those threads that are chosen: what others did
    /// is as if it had not been.
    ///
    /// While the intervals are exact, this is. Where they had to be coarsened, it is as well on two
    /// cores; on more the limits may be apart, and of each two threads only the longest time together
    /// is among the stretches.
    pub fn beside_among(&self, chosen: impl Fn(&Thread) -> bool) -> Beside {
        let chosen: Vec<bool> = self.threads.iter().map(chosen).collect();
        let executed = self.threads.iter().zip(&chosen).filter(|&(_, &chosen)| chosen);
        let of = executed.map(|(thread, _)| thread.executed).sum();
        if self.coarsened.gap == 0 {
            let (least, stretches) = self.sweep(&chosen);
            let most = least + self.unseen();
            self.limits(least, most, of, stretches)
        } else {
            let (least, most, stretches) = self.by_pairs(&chosen);
            self.limits(least, most + self.unseen(), of, stretches)
        }
    }

    /// What may have executed beside something while records were lost.
    fn unseen(&self) -> u64 {
        self.blind.iter().map(|blind| blind.end - blind.start).sum()
    }

    fn limits(&self, least: u64, most: u64, of: u64, stretches: Stretches) -> Beside {
        Beside {
            at_least: least.saturating_sub(self.stolen() + self.late),
            at_most: if self.out_of_sight.is_empty() { most + self.late } else { u64::MAX },
            together: stretches.sums.by_power.iter().map(|[_, length, _]| length).sum(),
            of,
            stretches: stretches.longest,
            lengths: stretches.sums,
        }
    }

    /// Goes through the intervals of the chosen threads once more.
    fn sweep(&self, chosen: &[bool]) -> (u64, Stretches) {
        let of_chosen = |interval: &&Interval| chosen[interval.thread as usize];
        let intervals: Vec<&Interval> = self.intervals.iter().filter(of_chosen).collect();
        let mut ends: Vec<(u64, usize)> =
            intervals.iter().enumerate().map(|(at, interval)| (interval.end, at)).collect();
        ends.sort_unstable();
        let mut ends = ends.into_iter().peekable();
        let mut together = Together::new(STRETCHES, 0);
        let mut now = self.began;
        for (at, interval) in intervals.iter().enumerate() {
            while let Some((end, gone)) = ends.next_if(|&(end, _)| end <= interval.start) {
                now = step(&mut together, now, end);
                together.leave(number(gone), end);
            }
            now = step(&mut together, now, interval.start);
            let (thread, since) = (interval.thread as usize, interval.start);
            together.enter(Executing { tid: number(at), thread, since });
        }
        for (end, gone) in ends {
            now = step(&mut together, now, end);
            together.leave(number(gone), end);
        }
        let (widths, stretches, ..) = together.finish();
        (beside(&widths.least), stretches)
    }

    /// What the pairs say: if n threads execute at once, they are n(n−1)/2 pairs, and n is no more than
    /// the number of cores.
    fn by_pairs(&self, chosen: &[bool]) -> (u64, u64, Stretches) {
        let of_chosen = |pair: &&Pair| pair.threads.iter().all(|&thread| chosen[thread]);
        let pairs: Vec<&Pair> = self.pairs.iter().filter(of_chosen).collect();
        let sum: u64 = pairs.iter().map(|pair| pair.together).sum();
        let mut longest = crate::fold::together::Longest::new(STRETCHES);
        for pair in pairs {
            let (start, end) = (pair.longest_start, pair.longest_start + pair.longest);
            longest.add(Stretch { start, end, threads: pair.threads, beside: pair.longest });
        }
        let cores = (self.cores.len() as u64).max(2);
        (sum * 2 / cores, sum + self.unlisted_pairs, longest.finish())
    }
}

/// Within a sweep, an interval's place serves as the number of a thread: none occurs twice.
fn number(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}

fn step(together: &mut Together, now: u64, next: u64) -> u64 {
    together.advance(next.saturating_sub(now));
    next.max(now)
}

/// `∫ max(0, n − 1) dt`, from how long so many threads were executing.
fn beside(widths: &[u64]) -> u64 {
    widths.iter().enumerate().map(|(width, time)| (width as u64).saturating_sub(1) * time).sum()
}
