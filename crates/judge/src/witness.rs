//! Who saw, from outside, which threads were executing: what parallelism is judged by.
//!
//! The judge knows from its own desk which thread was computing which task, and when. Whether it was really
//! executing meanwhile, only the kernel knows. Both together cannot be had by spinning, nor by forging
//! requests: time counts where it was executed *and* spent on what was set.

use std::collections::HashMap;
use std::time::Duration;

use crate::log::{Span, Worker};

/// Watches a program from outside.
pub trait Witness {
    /// The program stands ready: its process.
    fn attach(&mut self, pid: u32);

    /// The program has ended: what was seen of it.
    fn finish(&mut self) -> Testimony;
}

/// What was seen.
#[derive(Clone, Debug)]
pub enum Testimony {
    /// When each thread was executing.
    Seen(Executed),
    /// Nothing: why not, and what would help, in a sentence.
    Nothing(String),
}

/// When each thread of a program was executing.
#[derive(Clone, Debug, Default)]
pub struct Executed {
    /// The stretches of each thread, by the number that the system gave to it, in order.
    pub threads: HashMap<u32, Vec<(u64, u64)>>,
    /// Whether work was done at once anywhere in the program.
    pub work_at_once: bool,
}

/// How much of what was set was computed at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AtOnce {
    /// How long tasks were computed, as the kernel saw it.
    pub of: Duration,
    /// How long of this another one was computed at the same moment.
    pub beside: Duration,
    /// The least that was executed in any one compute.
    pub least: Duration,
    /// How long two tasks or more had leave to compute at once, whether they were executing or not.
    pub could: Duration,
}

impl Executed {
    /// How much of these computes was executed at once. `numbers` has the system's number of each worker.
    #[must_use]
    pub fn at_once(&self, spans: &[Span], numbers: &HashMap<Worker, u32>) -> AtOnce {
        let mut executing = Vec::new();
        let mut least = u64::MAX;
        for span in spans {
            let thread = numbers.get(&span.worker).and_then(|number| self.threads.get(number));
            let within = thread.into_iter().flatten().filter_map(|&(from, to)| {
                let (from, to) = (from.max(span.from), to.min(span.to));
                (from < to).then_some((from, to))
            });
            let before = executing.len();
            executing.extend(within);
            least = least.min(executing[before..].iter().map(|(from, to)| to - from).sum());
        }
        let spans: Vec<(u64, u64)> = spans.iter().map(|span| (span.from, span.to)).collect();
        let (of, beside) = beside(&executing);
        let least = if spans.is_empty() { 0 } else { least };
        let [of, beside, least, could] =
            [of, beside, least, self::beside(&spans).1].map(Duration::from_nanos);
        AtOnce { of, beside, least, could }
    }

    /// For how long all threads but this one executed.
    #[must_use]
    pub fn beside(&self, thread: u32) -> Duration {
        let others = self.threads.iter().filter(|(number, _)| **number != thread);
        let stretches = others.flat_map(|(_, stretches)| stretches);
        Duration::from_nanos(stretches.map(|(from, to)| to - from).sum())
    }

    /// Whether others had the core of any of these computes for more than half of its time, of a program that may
    /// use so many cores. While its thread waited, each of them had somebody: what the program's own threads did
    /// not execute meanwhile, others did.
    #[must_use]
    pub fn was_kept_waiting(
        &self,
        spans: &[Span],
        numbers: &HashMap<Worker, u32>,
        cores: usize,
    ) -> bool {
        let cores = cores.max(1) as u64;
        spans.iter().any(|span| {
            let within = |stretches: &Vec<(u64, u64)>| -> u64 {
                let cut =
                    stretches.iter().map(|&(from, to)| (from.max(span.from), to.min(span.to)));
                cut.map(|(from, to)| to.saturating_sub(from)).sum()
            };
            let thread = numbers.get(&span.worker).and_then(|number| self.threads.get(number));
            let own = thread.map_or(0, within);
            let all: u64 = self.threads.values().map(within).sum();
            let length = span.to - span.from;
            2 * (length.saturating_sub(own)).saturating_sub((all - own) / cores) > length
        })
    }
}

/// How long these stretches are together, and ∫ max(0, n − 1) dt where n of them are at once.
#[must_use]
pub fn beside(stretches: &[(u64, u64)]) -> (u64, u64) {
    let mut changes: Vec<(u64, bool)> = Vec::new();
    // One of no length, as a coarse clock may have it, adds nothing.
    for &(from, to) in stretches.iter().filter(|(from, to)| from < to) {
        changes.extend([(from, true), (to, false)]);
    }
    changes.sort_unstable();
    let (mut of, mut beside, mut now, mut last) = (0, 0, 0_u64, 0);
    for (time, begins) in changes {
        of += now * (time - last);
        beside += now.saturating_sub(1) * (time - last);
        now = if begins { now + 1 } else { now - 1 };
        last = time;
    }
    (of, beside)
}

/// The kernel's own record.
#[derive(Debug, Default)]
pub struct Kernel {
    recorder: Option<Result<switches::Recorder, switches::NotAllowed>>,
}

impl Witness for Kernel {
    fn attach(&mut self, pid: u32) {
        self.recorder = Some(switches::Recorder::attach(pid));
    }

    fn finish(&mut self) -> Testimony {
        match self.recorder.take() {
            Some(Ok(recorder)) => testify(&recorder.finish()),
            Some(Err(refusal)) => {
                let remedy =
                    refusal.remedy().map_or(String::new(), |it| format!(" To allow it, {it}."));
                Testimony::Nothing(format!(
                    "The kernel's record is not to be had: {refusal}.{remedy}"
                ))
            }
            None => Testimony::Nothing("Nobody watched which threads were executing.".to_owned()),
        }
    }
}

fn testify(record: &switches::Record) -> Testimony {
    if record.lost > 0 || record.coarsened.gap > 0 || record.coarsened.left_out > 0 {
        return Testimony::Nothing("The kernel's record has holes: too much happened.".to_owned());
    }
    let mut threads: HashMap<u32, Vec<(u64, u64)>> = HashMap::new();
    for interval in &record.intervals {
        let thread = &record.threads[interval.thread as usize];
        threads.entry(thread.tid).or_default().push((interval.start, interval.end));
    }
    let work_at_once = matches!(record.at_once(), switches::AtOnce::Work { .. });
    Testimony::Seen(Executed { threads, work_at_once })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(task: usize, thread: u64, from: u64, to: u64) -> Span {
        Span { task, worker: (0, thread), from, to }
    }

    fn record(executed: &[(u32, &[(u64, u64)])]) -> (Executed, HashMap<Worker, u32>) {
        let threads = executed.iter().map(|&(thread, at)| (thread, at.to_vec())).collect();
        let numbers = (1..9).map(|number| ((0, u64::from(number)), number)).collect();
        (Executed { threads, ..Executed::default() }, numbers)
    }

    fn at_once(executed: &[(u32, &[(u64, u64)])], spans: &[Span]) -> (u64, u64, u64, u64) {
        let (executed, numbers) = record(executed);
        let AtOnce { of, beside, least, could } = executed.at_once(spans, &numbers);
        let nanos = |time: Duration| u64::try_from(time.as_nanos()).expect("a short time");
        (nanos(of), nanos(beside), nanos(least), nanos(could))
    }

    #[test]
    fn what_counts_is_executed_and_spent_on_a_task() {
        let spans = [span(0, 1, 0, 100), span(1, 2, 0, 100)];
        assert_eq!(at_once(&[(1, &[(0, 100)]), (2, &[(0, 100)])], &spans), (200, 100, 100, 100));
        // They take turns on one core.
        assert_eq!(at_once(&[(1, &[(0, 50)]), (2, &[(50, 100)])], &spans), (100, 0, 50, 100));
        // A third thread spins beside the first.
        let spans = [span(0, 1, 0, 100), span(1, 1, 100, 200)];
        assert_eq!(at_once(&[(1, &[(0, 200)]), (3, &[(0, 200)])], &spans), (200, 0, 100, 0));
    }

    #[test]
    fn what_one_thread_executes_is_not_beside_it() {
        let (executed, _) = record(&[(1, &[(0, 100)]), (2, &[(0, 10), (20, 30)]), (3, &[(5, 9)])]);
        assert_eq!(executed.beside(1), Duration::from_nanos(24));
    }

    #[test]
    fn a_compute_in_which_nothing_was_executed_shows() {
        let spans = [span(0, 1, 0, 100), span(1, 2, 0, 100)];
        assert_eq!(at_once(&[(1, &[(0, 100)])], &spans), (100, 0, 0, 100));
        assert_eq!(at_once(&[], &[]), (0, 0, 0, 0));
    }

    #[test]
    fn a_compute_whose_core_others_had_for_most_of_its_time_was_kept_waiting() {
        let spans = [span(0, 1, 0, 100), span(1, 2, 0, 100)];
        let was_kept_waiting = |first, second, cores| {
            let (executed, numbers) = record(&[(1, first), (2, second), (3, &[(0, 100)])]);
            executed.was_kept_waiting(&spans, &numbers, cores)
        };
        let whole: &[(u64, u64)] = &[(0, 100)];
        assert!(!was_kept_waiting(whole, whole, 3));
        assert!(was_kept_waiting(&[(0, 10)], &[(0, 5)], 4));
        // Its own threads are no excuse: here they have both cores all the time.
        assert!(!was_kept_waiting(whole, &[], 2));
        assert!(!was_kept_waiting(&[(0, 50)], &[(50, 100)], 2));
    }
}
