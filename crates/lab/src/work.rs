//! The one workload that all 24 cells do.
//!
//! Three tasks, A, B and C, have three steps each. A step prints a line, waits,
//! and computes: it counts the primes of its share of the numbers below one
//! million. The three shares of a task together hold π(10⁶) = 78,498 primes
//! ([OEIS A006880](https://oeis.org/A006880)), so that a lesson that loses,
//! repeats or garbles any part of its compute prints a wrong number and is caught.
//!
//! Compute is real work and never a sleep: three sleeps take as long on one
//! core as on three, and so would prove nothing about parallelism.

use std::ops::{Range, RangeInclusive};
use std::sync::OnceLock;
use std::time::Duration;

use crate::order::{Order, line, seq};
use crate::record::{self, Workload};

/// The names of the tasks.
pub const TASKS: [&str; 3] = ["A", "B", "C"];

/// The numbers of a task's steps.
pub const STEPS: RangeInclusive<usize> = 1..=3;

/// How many parts a step's compute is split into: the number of cores that one step can use.
pub const PARTS: usize = 8;

/// π(10⁶), the number of primes below one million: the answer of every task.
pub const PRIMES: usize = 78_498;

/// A step's wait at normal speed.
const WAIT: Duration = Duration::from_millis(20);

/// Where each step's numbers begin and end. The price of testing n grows
/// a little slower than √n, since most numbers are found out early; these limits make the three
/// steps cost about the same.
const LIMITS: [u32; 4] = [0, 447_000, 743_000, 1_000_000];

/// How many times slower than normal waits and compute are.
static SLOWDOWN: OnceLock<u32> = OnceLock::new();

/// How long a step waits at normal speed in this process.
static STEP: OnceLock<Duration> = OnceLock::new();

/// Makes waits and compute `factor` times as long, for a class that wants to
/// follow with its own eyes. Only the first call in a process counts.
pub fn slow_down(factor: u32) {
    SLOWDOWN.get_or_init(|| factor.max(1));
}

/// How many times slower than normal this process runs.
#[must_use]
pub fn slowdown() -> u32 {
    *SLOWDOWN.get_or_init(|| 1)
}

/// Makes a step wait for another time, given at normal speed. Only the first call in a process counts.
pub fn wait_for(time: Duration) {
    STEP.get_or_init(|| time);
}

/// How long a step waits. The trace of the run is told, if there is one.
#[must_use]
pub fn wait() -> Duration {
    wait_of(*STEP.get_or_init(|| WAIT))
}

/// The same for a lesson whose steps wait for another time, given at normal speed.
#[must_use]
pub fn wait_of(time: Duration) -> Duration {
    let wait = time * slowdown();
    record::note_wait(wait);
    wait
}

/// Tells the trace of the run, if there is one, what this workload is.
pub fn describe() {
    record::describe(Workload {
        tasks: u32::try_from(TASKS.len()).ok(),
        steps: u32::try_from(STEPS.count()).ok(),
        parts: u32::try_from(PARTS).ok(),
        slowdown: Some(slowdown()),
        // How long a step waits, each lesson says itself, and how long it computes the run shows.
        ..Workload::default()
    });
}

/// A piece of one step's compute, which can run beside the step's other parts on a core of its own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The step that this is a piece of.
    pub step: usize,
    /// Which piece of the step it is, from 1.
    pub number: usize,
    /// The numbers among which it counts primes.
    pub range: Range<u32>,
}

/// All of a step's compute in one piece.
///
/// # Panics
///
/// If `step` is not one of [`STEPS`].
#[must_use]
pub fn whole(step: usize) -> Part {
    Part { step, number: 1, range: LIMITS[step - 1]..LIMITS[step] }
}

/// A step's compute, split into [`PARTS`] pieces of equal length.
///
/// # Panics
///
/// If `step` is not one of [`STEPS`].
#[must_use]
pub fn parts(step: usize) -> Vec<Part> {
    let Range { start, end } = whole(step).range;
    let limit = |number: usize| {
        let share = u64::from(end - start) * number as u64 / PARTS as u64;
        start + u32::try_from(share).expect("a share of a u32 fits in a u32")
    };
    (1..=PARTS)
        .map(|number| Part { step, number, range: limit(number - 1)..limit(number) })
        .collect()
}

/// Counts the primes of `range`, calling `tick` every few microseconds.
///
/// At a slowdown of n the work is done n times over.
#[must_use]
pub fn count_primes(range: &Range<u32>, mut tick: impl FnMut()) -> usize {
    const BETWEEN_TICKS: usize = 64;
    let mut primes = 0;
    for _ in 0..slowdown() {
        primes = 0;
        for start in range.clone().step_by(BETWEEN_TICKS) {
            let end = range.end.min(start + BETWEEN_TICKS as u32);
            primes += primes::count(start..end);
            tick();
        }
    }
    primes
}

/// The lines of one task, in the only order that its program allows: its
/// steps, labelled A1, A2, A3, say, and its result, labelled A4.
#[must_use]
pub fn lines(task: &str) -> Order {
    let steps = STEPS.map(|step| format!("Task {task} - Step {step}"));
    let result = format!("Task {task} - {PRIMES} primes");
    let texts = steps.chain([result]);
    seq((1..).zip(texts).map(|(place, text)| line(text).label(format!("{task}{place}"))))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn primes(part: &Part) -> usize {
        count_primes(&part.range, || {})
    }

    #[test]
    fn the_steps_of_a_task_count_every_prime_below_a_million() {
        assert_eq!(STEPS.map(|step| primes(&whole(step))).sum::<usize>(), PRIMES);
    }

    #[test]
    fn parts_add_up_to_their_step() {
        for step in STEPS {
            let parts = parts(step);
            assert_eq!(parts.len(), PARTS);
            assert!(parts.windows(2).all(|pair| pair[0].range.end == pair[1].range.start));
            assert_eq!(parts.iter().map(primes).sum::<usize>(), primes(&whole(step)));
        }
    }
}
