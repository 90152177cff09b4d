//! The time that a lesson took, beside the time that the model predicts.

use std::sync::LazyLock;
use std::thread::available_parallelism;
use std::time::Duration;

use lab::work;
pub(crate) use words::milliseconds;
use words::quadrant::{Model, Quadrant};

/// What *neither* has shown: how long the workload takes when nothing overlaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    /// How long a run of *neither* took.
    pub(crate) taken: Duration,
    /// How long one step computed in it, in core time.
    pub(crate) compute: Duration,
}

/// The number of steps in one run of the workload.
pub(crate) const STEPS: u32 = work::TASKS.len() as u32 * 3;

impl Reference {
    /// The reference from the times of several runs of *neither*: their medians.
    pub(crate) fn of(runs: &[Reference]) -> Option<Reference> {
        let taken = median(runs.iter().map(|run| run.taken))?;
        let compute = median(runs.iter().map(|run| run.compute))?;
        Some(Reference { taken, compute })
    }

    /// The least time that the model allows for a run in this quadrant on so
    /// many cores, with waits and compute `slow` times as long.
    pub(crate) fn bound(&self, quadrant: Quadrant, cores: usize, slow: u32) -> Duration {
        quadrant.bound(&Model {
            tasks: work::TASKS.len() as u32,
            steps: STEPS / work::TASKS.len() as u32,
            wait: work::wait() * slow,
            compute: self.compute,
            cores: u32::try_from(cores.max(1)).unwrap_or(u32::MAX),
            parts: work::PARTS as u32,
        })
    }

    /// How many times as fast as *neither* a run was.
    pub(crate) fn gain(&self, taken: Duration) -> f64 {
        self.taken.as_secs_f64() / taken.as_secs_f64()
    }
}

/// How long a step computes on one core of this machine: the least of some tries, here and now. However busy
/// the machine is, time in which others have the core does not count, where the system tells.
pub(crate) fn compute_of_a_step() -> Duration {
    static MEASURED: LazyLock<Duration> = LazyLock::new(|| {
        const TRIES: usize = 3;
        let first = *work::STEPS.start();
        let times = (0..TRIES).map(|_| {
            let began = executed();
            std::hint::black_box(work::count_primes(&work::whole(first).range, || {}));
            executed().saturating_sub(began)
        });
        times.min().unwrap_or_default()
    });
    *MEASURED
}

/// How long about a run takes in which nothing overlaps, with waits and compute `slow` times as long.
pub(crate) fn longest(slow: u32) -> Duration {
    STEPS * (work::wait() + compute_of_a_step()) * slow
}

/// How long the calling thread has been executing.
#[cfg(unix)]
fn executed() -> Duration {
    use rustix::time::{ClockId, clock_gettime};

    let time = clock_gettime(ClockId::ThreadCPUTime);
    // A time since the thread's birth is not negative.
    Duration::try_from(time).unwrap_or_default()
}

/// How much time has passed: what comes closest to execution where the system does not tell.
#[cfg(not(unix))]
fn executed() -> Duration {
    use std::time::Instant;

    static BEGAN: LazyLock<Instant> = LazyLock::new(Instant::now);
    BEGAN.elapsed()
}

/// How many cores this process, and what it starts, may use at once.
pub(crate) fn cores() -> usize {
    available_parallelism().map_or(1, Into::into)
}

/// The middle one of some durations, or the lower of the middle two.
pub(crate) fn median(durations: impl IntoIterator<Item = Duration>) -> Option<Duration> {
    let mut durations: Vec<_> = durations.into_iter().collect();
    durations.sort_unstable();
    durations.get(durations.len().saturating_sub(1) / 2).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    #[test]
    fn the_median_is_the_middle_one() {
        assert_eq!(median([]), None);
        assert_eq!(median([ms(3), ms(1), ms(2)]), Some(ms(2)));
        assert_eq!(median([ms(4), ms(3), ms(1), ms(2)]), Some(ms(2)));
    }

    #[test]
    fn the_workload_has_the_steps_that_the_model_assumes() {
        assert_eq!(STEPS as usize, work::TASKS.len() * work::STEPS.count());
    }
}
