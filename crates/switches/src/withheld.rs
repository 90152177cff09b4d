//! What would have been done at once, had there been a core for it.

use crate::record::{Ending, Interval, Record, Thread};

impl Record {
    /// For how long a thread stood ready while another one of the tree was executing, in nanoseconds: with a
    /// core for each of them, both would have been.
    ///
    /// It does not say who had the cores. That a thread which was woken stands ready is not on record, so
    /// this is a lower bound; and where intervals [were made one](Record::coarsened), about right. Threads that
    /// are not chosen are as if they had not been.
    #[must_use]
    pub fn withheld(&self, chosen: impl Fn(&Thread) -> bool) -> u64 {
        let chosen: Vec<bool> = self.threads.iter().map(chosen).collect();
        let asked: Vec<&Interval> =
            self.intervals.iter().filter(|interval| chosen[interval.thread as usize]).collect();
        let mut steps: Vec<(u64, Step)> = Vec::new();
        for interval in &asked {
            steps.push((interval.start, Step { executing: 1, ready: 0 }));
            steps.push((interval.end, Step { executing: -1, ready: 0 }));
        }
        for (since, until) in self.stood_ready(&asked) {
            steps.push((since, Step { executing: 0, ready: 1 }));
            steps.push((until, Step { executing: 0, ready: -1 }));
        }
        steps.sort_unstable_by_key(|&(time, _)| time);
        let (mut now, mut executing, mut ready, mut withheld) = (0, 0_i32, 0_i32, 0);
        for (time, step) in steps {
            if executing > 0 && ready > 0 {
                withheld += time - now;
            }
            now = time;
            executing += step.executing;
            ready += step.ready;
        }
        withheld
    }

    /// From when until when a thread stood ready, for each time that one was preempted and went on.
    fn stood_ready(&self, intervals: &[&Interval]) -> Vec<(u64, u64)> {
        let mut last: Vec<Option<&Interval>> = vec![None; self.threads.len()];
        let mut all = Vec::new();
        for &interval in intervals {
            let before = last[interval.thread as usize].replace(interval);
            let preempted = before.filter(|before| before.ending == Ending::Preempted);
            all.extend(preempted.map(|before| (before.end, interval.start)));
        }
        all
    }
}

/// How many more threads are executing from some moment on, and how many more stand ready.
#[derive(Clone, Copy)]
struct Step {
    executing: i32,
    ready: i32,
}
