//! How long a program stood in the queue for a core because *others* had them.
//!
//! The kernel tells how long each thread was ready to execute and had no core. That alone is no excuse: of
//! fifty threads on two cores, most wait for the others. But while a thread waits, every core that it may use
//! has somebody: what the program's other threads did not execute meanwhile, strangers did.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::tree::{self, Schedule};

/// The queue for cores, as a program finds it.
#[derive(Debug)]
pub(crate) struct Queue {
    /// How many cores the program may use.
    cores: u32,
    last: Instant,
    /// What the scheduler had done with each of its threads at the last look.
    threads: HashMap<u32, Schedule>,
    behind_others: Duration,
}

impl Queue {
    /// Of a program that begins now, and may use so many cores.
    pub(crate) fn new(cores: usize) -> Queue {
        Queue {
            cores: u32::try_from(cores).unwrap_or(u32::MAX).max(1),
            last: Instant::now(),
            threads: HashMap::new(),
            behind_others: Duration::ZERO,
        }
    }

    /// Adds a look at all threads of these processes.
    pub(crate) fn look(&mut self, pids: impl Iterator<Item = u32>) {
        let threads = pids.flat_map(|pid| {
            let threads = tree::thread_numbers(pid).into_iter();
            threads.filter_map(move |thread| Some((thread, tree::schedule(pid, thread)?)))
        });
        let (threads, now) = (threads.collect(), Instant::now());
        self.add(threads, now.saturating_duration_since(self.last));
        self.last = now;
    }

    /// Adds what the scheduler had done with all threads, so long after it was added last.
    fn add(&mut self, threads: HashMap<u32, Schedule>, passed: Duration) {
        let since = |(thread, now): (&u32, &Schedule)| {
            let before = self.threads.get(thread).copied().unwrap_or_default();
            let waited = now.run_delay.saturating_sub(before.run_delay);
            // A wait is told once it is over, and may have begun before the last look.
            (waited.min(passed), now.executed.saturating_sub(before.executed))
        };
        let threads_since: Vec<(Duration, Duration)> = threads.iter().map(since).collect();
        let all: Duration = threads_since.iter().map(|(_, executed)| *executed).sum();
        let behind = |&(waited, executed): &(Duration, Duration)| {
            waited.saturating_sub((all - executed) / self.cores)
        };
        self.behind_others += threads_since.iter().map(behind).max().unwrap_or_default();
        self.threads = threads;
    }

    /// For at least how long the program waited for cores that others had.
    pub(crate) fn behind_others(&self) -> Duration {
        self.behind_others
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is left of a second for others, by how many milliseconds each thread waited and executed in it.
    fn left_for_others(cores: usize, threads: &[(u64, u64)]) -> u128 {
        let mut queue = Queue::new(cores);
        let millis = Duration::from_millis;
        let schedule = |&(waited, executed): &(u64, u64)| Schedule {
            run_delay: millis(waited),
            executed: millis(executed),
            turns: 1,
        };
        queue.add((1..).zip(threads.iter().map(schedule)).collect(), millis(1000));
        queue.behind_others().as_millis()
    }

    #[test]
    fn who_has_a_core_and_who_waits_for_something_else_is_behind_nobody() {
        assert_eq!(left_for_others(2, &[(0, 1000), (0, 0)]), 0);
    }

    #[test]
    fn who_is_ready_and_gets_a_quarter_of_a_core_is_behind_others() {
        assert_eq!(left_for_others(1, &[(750, 250)]), 750);
        assert_eq!(left_for_others(2, &[(750, 250), (750, 250)]), 625);
    }

    #[test]
    fn a_programs_own_threads_are_no_excuse() {
        assert_eq!(left_for_others(2, &[(960, 40); 50]), 0);
        assert_eq!(left_for_others(1, &[(500, 500); 2]), 0);
    }

    #[test]
    fn no_wait_is_longer_than_the_time_that_passed() {
        assert_eq!(left_for_others(2, &[(5000, 100)]), 1000);
    }

    #[test]
    fn what_was_told_before_does_not_count_again() {
        let mut queue = Queue::new(1);
        let waited =
            |millis| Schedule { run_delay: Duration::from_millis(millis), ..Schedule::default() };
        for told in [300, 300, 400] {
            queue.add(HashMap::from([(7, waited(told))]), Duration::from_secs(1));
        }
        assert_eq!(queue.behind_others(), Duration::from_millis(400));
    }
}
