//! How long a program stood in the queue for a core because *others* had them.
//!
//! The kernel tells how long each thread was ready to execute and had no core. That alone is no excuse: of
//! fifty threads on two cores, most wait for the others. But while a thread waits, every core that it may use
//! has somebody: what the program's other threads did not execute meanwhile, strangers did.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::tree::{self, Process, Schedule};

/// The queue for cores, as a program finds it.
#[derive(Debug)]
pub(crate) struct Queue {
    /// How many cores the program may use.
    cores: u32,
    last: Instant,
    /// What the scheduler had done with each of its threads at the last look.
    threads: HashMap<u32, Schedule>,
    /// The most that was known to have been executed by threads that had ended.
    by_ended: Duration,
    behind_others: Duration,
}

impl Queue {
    /// Of a program that begins now, and may use so many cores.
    pub(crate) fn new(cores: usize) -> Queue {
        Queue {
            cores: u32::try_from(cores).unwrap_or(u32::MAX).max(1),
            last: Instant::now(),
            threads: HashMap::new(),
            by_ended: Duration::ZERO,
            behind_others: Duration::ZERO,
        }
    }

    /// Adds a look at all threads of these processes.
    pub(crate) fn look<'a>(&mut self, processes: impl Iterator<Item = &'a Process>) {
        let (mut threads, mut executed) = (HashMap::new(), Duration::ZERO);
        for &Process { pid, executed: of_all, .. } in processes {
            executed += of_all;
            let numbers = tree::thread_numbers(pid).into_iter();
            threads.extend(numbers.filter_map(|it| Some((it, tree::schedule(pid, it)?))));
        }
        let now = Instant::now();
        self.add(threads, executed, now.saturating_duration_since(self.last));
        self.last = now;
    }

    /// Adds what the scheduler had done with all living threads, and how long they and those that had ended have
    /// executed, so long after it was added last.
    fn add(&mut self, threads: HashMap<u32, Schedule>, executed: Duration, passed: Duration) {
        let since = |(thread, now): (&u32, &Schedule)| {
            let before = self.threads.get(thread).copied().unwrap_or_default();
            let waited = now.run_delay.saturating_sub(before.run_delay);
            let executed = now.executed.saturating_sub(before.executed);
            // A wait is told once it is over, and may have begun before the last look.
            (waited.min(passed.saturating_sub(executed)), executed)
        };
        let threads_since: Vec<(Duration, Duration)> = threads.iter().map(since).collect();
        let living: Duration = threads.values().map(|thread| thread.executed).sum();
        let by_ended = executed.saturating_sub(living).max(self.by_ended);
        let all = threads_since.iter().map(|(_, executed)| *executed).sum::<Duration>() + by_ended
            - self.by_ended;
        self.by_ended = by_ended;
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
        let executed = millis(threads.iter().map(|(_, executed)| executed).sum());
        queue.add((1..).zip(threads.iter().map(schedule)).collect(), executed, millis(1000));
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
        assert_eq!(left_for_others(2, &[(5000, 100)]), 900);
    }

    #[test]
    fn what_was_told_before_does_not_count_again() {
        let mut queue = Queue::new(1);
        let waited =
            |millis| Schedule { run_delay: Duration::from_millis(millis), ..Schedule::default() };
        for told in [300, 300, 400] {
            let threads = HashMap::from([(7, waited(told))]);
            queue.add(threads, Duration::ZERO, Duration::from_secs(1));
        }
        assert_eq!(queue.behind_others(), Duration::from_millis(400));
    }

    #[test]
    fn threads_that_have_ended_are_no_excuse_either() {
        let mut queue = Queue::new(1);
        for second in 1..=3 {
            // Somebody begins, executes for the whole second, and ends, each time.
            let executed = Duration::from_secs(second);
            let waits = Schedule { run_delay: executed, ..Schedule::default() };
            queue.add(HashMap::from([(7, waits)]), executed, Duration::from_secs(1));
        }
        assert_eq!(queue.behind_others(), Duration::ZERO);
    }

    #[test]
    fn many_threads_of_its_own_excuse_nothing_however_late_their_waits_are_told() {
        // Fifty threads on two cores take turns of 3 ms; every 10 ms somebody looks.
        let mut queue = Queue::new(2);
        let mut threads = [Duration::ZERO; 50];
        let (turn, look) = (3, 10);
        for now in (0..3000).step_by(turn) {
            for core in 0..2 {
                let place = (now / turn * 2 + core) % threads.len();
                threads[place] += Duration::from_millis(turn as u64);
            }
            if now % look >= turn {
                continue;
            }
            let schedule = |(number, executed): (u32, &Duration)| {
                let passed = Duration::from_millis((now + turn) as u64);
                let run_delay = passed.saturating_sub(*executed);
                (number, Schedule { executed: *executed, run_delay, turns: 1 })
            };
            let all = threads.iter().sum();
            let threads = (1..).zip(&threads).map(schedule).collect();
            queue.add(threads, all, Duration::from_millis(look as u64));
        }
        assert!(queue.behind_others() < Duration::from_millis(150), "{queue:?}");
    }
}
