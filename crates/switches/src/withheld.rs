//! What would have been done at once, had there been a core for it.

use crate::record::{Ending, Interval, Record, Thread};

impl Record {
    /// For how long threads would have executed beside another one of the tree, had there been a core for
    /// them, in nanoseconds.
    ///
    /// A thread that was preempted stands ready. While another one executes it might have as well; but for no
    /// longer than it then did, once it got a core: one that lost its core just before it went to sleep had
    /// nothing to do.
    ///
    /// It does not say who had the cores. That a thread which was woken stands ready is not on record, so
    /// this is a lower bound; and where intervals [were made one](Record::coarsened), about right. Threads that
    /// are not chosen are as if they had not been.
    #[must_use]
    pub fn withheld(&self, chosen: impl Fn(&Thread) -> bool) -> u64 {
        let chosen: Vec<bool> = self.threads.iter().map(chosen).collect();
        let asked: Vec<&Interval> =
            self.intervals.iter().filter(|interval| chosen[interval.thread as usize]).collect();
        let executing = Executing::of(&asked);
        let mut last: Vec<Option<&Interval>> = vec![None; self.threads.len()];
        let mut withheld = 0;
        for interval in asked {
            let before = last[interval.thread as usize].replace(interval);
            if let Some(before) = before.filter(|before| before.ending == Ending::Preempted) {
                let meanwhile = executing.until(interval.start) - executing.until(before.end);
                withheld += meanwhile.min(interval.executed);
            }
        }
        withheld
    }
}

/// When any thread was executing.
struct Executing {
    /// From when, until when, and for how long before that, all told: without overlaps, in order.
    spans: Vec<(u64, u64, u64)>,
}

impl Executing {
    /// Intervals come in the order of their starts.
    fn of(intervals: &[&Interval]) -> Executing {
        let mut spans: Vec<(u64, u64, u64)> = Vec::new();
        for interval in intervals {
            match spans.last_mut() {
                Some((_, end, _)) if interval.start <= *end => *end = interval.end.max(*end),
                last => {
                    let before = last.map_or(0, |&mut (start, end, before)| before + end - start);
                    spans.push((interval.start, interval.end, before));
                }
            }
        }
        Executing { spans }
    }

    /// For how long any was, up to this time.
    fn until(&self, time: u64) -> u64 {
        let place = self.spans.partition_point(|&(start, ..)| start < time);
        let Some(&(start, end, before)) = self.spans[..place].last() else { return 0 };
        before + time.min(end) - start
    }
}
