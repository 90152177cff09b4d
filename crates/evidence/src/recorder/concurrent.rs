//! Were several tasks in progress at once?
//!
//! A task is in progress from its start to its end, and it is proof of concurrency where two of them
//! overlap. (That tasks are begun together and then done one after the other is by this definition
//! concurrent, and no good: [`labour`](crate::labour) looks for it.)

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Duration;

use serde_json::json;
use words::{Answer, Axis, Time, milliseconds};

use super::missing;
use crate::claim::{Amount, Claim, Party, Proof, Source};
use crate::reason::{Blame, Reason};
use crate::trace::{Names, Task, Trace};

/// The time in which a task was in progress, with the task's place among all.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    task: usize,
    start: Duration,
    end: Duration,
}

/// What the trace says of concurrency.
pub(super) fn claim(trace: &Trace) -> Claim {
    let mut tasks: Vec<&Task> = trace.tasks.iter().collect();
    tasks.sort_by_key(|task| (task.start, task.start_event));
    // One at a time: there may be a million of them.
    let whole = (0..).zip(&tasks).map(|(place, task)| Stretch {
        task: place,
        start: task.start,
        end: certain_end(task),
    });
    let overlap = longest_overlap(whole.clone());
    let (most, overlapped, in_progress) = crowd(whole);
    let mut doubts = doubts(trace, &tasks);
    if overlap.is_none() {
        doubts.extend(meeting(&tasks));
    }
    let (answer, reasons) = match overlap {
        Some(_) => (Answer::Proven, Vec::new()),
        None if doubts.is_empty() => (Answer::RuledOut, grounds(trace, &tasks)),
        None => (Answer::Inconclusive, doubts),
    };
    Claim {
        axis: Axis::Concurrent,
        source: Source::Recorder,
        answer,
        amount: Amount { at_least: overlapped, at_most: None, of: Some(in_progress) },
        proof: overlap.map(|pair| proof(trace.names(), &tasks, pair, most)),
        reasons,
        details: json!({
            "tasks": tasks.len(),
            "most_in_progress": most,
            "overlapped_ms": milliseconds(overlapped),
        }),
    }
}

/// Two tasks that overlap, by their places, and from when to when.
type Pair = ([usize; 2], Duration, Duration);

fn proof(names: Names, tasks: &[&Task], (places, start, end): Pair, most: usize) -> Proof {
    let both = places.map(|place| Party {
        name: names.of(tasks[place]),
        number: Some(tasks[place].number),
        system: None,
    });
    let pair = format!(
        "Tasks {} and {} were both in progress for {}, from {} to {}",
        both[0].name,
        both[1].name,
        Time(end - start),
        Time(start),
        Time(end)
    );
    let sentence = match most {
        ..=2 => format!("{pair}."),
        most => format!("{pair}; up to {most} tasks were in progress at once."),
    };
    Proof { both, start, end, at_least: end - start, sentence }
}

/// Until when a task was in progress, for certain: one that has no end on
/// record may have died at any time after it last gave a sign of life, and was
/// in progress for a moment at least.
fn certain_end(task: &Task) -> Duration {
    task.end.unwrap_or(task.last.max(task.start + Duration::from_nanos(1)))
}

/// The two tasks that overlap for longest. They are in the order of their starts.
fn longest_overlap(stretches: impl Iterator<Item = Stretch>) -> Option<Pair> {
    let mut best: Option<Pair> = None;
    let mut last: Option<Stretch> = None;
    for next in stretches {
        if let Some(other) = last {
            let (start, end) = (next.start, other.end.min(next.end));
            let longest = best.map_or(Duration::ZERO, |(_, start, end)| end - start);
            if end.saturating_sub(start) > longest {
                best = Some(([other.task, next.task], start, end));
            }
        }
        // Of all that started earlier, the one that ends last overlaps the next for longest.
        last = last.into_iter().chain([next]).max_by_key(|stretch| stretch.end);
    }
    best
}

/// How many tasks were in progress at most, for how long two or more were, and for how long any was.
/// They are in the order of their starts.
fn crowd(stretches: impl Iterator<Item = Stretch>) -> (usize, Duration, Duration) {
    let mut crowd = Crowd::default();
    for stretch in stretches {
        // At the same time ends come first: tasks that only touch do not overlap.
        while let Some(&Reverse(end)) = crowd.ends.peek().filter(|end| end.0 <= stretch.start) {
            crowd.pass(end);
            crowd.ends.pop();
        }
        crowd.pass(stretch.start);
        crowd.ends.push(Reverse(stretch.end));
        crowd.most = crowd.most.max(crowd.ends.len());
    }
    while let Some(&Reverse(end)) = crowd.ends.peek() {
        crowd.pass(end);
        crowd.ends.pop();
    }
    (crowd.most, crowd.overlapped, crowd.any)
}

/// Tasks in progress, moment by moment.
#[derive(Default)]
struct Crowd {
    /// When those end that are in progress.
    ends: BinaryHeap<Reverse<Duration>>,
    now: Duration,
    most: usize,
    overlapped: Duration,
    any: Duration,
}

impl Crowd {
    /// Time goes on until then.
    fn pass(&mut self, until: Duration) {
        let passed = until.saturating_sub(self.now);
        self.now = self.now.max(until);
        if !self.ends.is_empty() {
            self.any += passed;
        }
        if self.ends.len() >= 2 {
            self.overlapped += passed;
        }
    }
}

/// Why no overlap on record does not mean that there was none.
fn doubts(trace: &Trace, tasks: &[&Task]) -> Vec<Reason> {
    let mut doubts = Vec::new();
    if tasks.is_empty() {
        doubts.push(Reason::new("no-task", "The program recorded no task."));
    }
    if let Some(at) = tasks.iter().position(|task| task.end.is_none())
        && let Some(other) = tasks.get(at + 1)
    {
        let (task, other) = (&tasks[at].name, &other.name);
        let sentence = format!(
            "Task {task} was started and never ended on record: it may have been in progress \
             when task {other} started, or it may have died before."
        );
        doubts.push(Reason::new("task-without-end", sentence));
    }
    doubts.extend(missing(trace));
    doubts
}

/// Finds a task that started at the very time at which another ended, as far
/// as the clock can tell, unless one thread did the one after the other.
fn meeting(tasks: &[&Task]) -> Option<Reason> {
    let mut last: Option<&Task> = None;
    for &other in tasks {
        if let Some(task) = last.filter(|task| certain_end(task) >= other.start) {
            let end = task.end_event.filter(|_| task.end == Some(other.start));
            let begin = other.start_event;
            if !end.is_some_and(|end| end.thread == begin.thread && end < begin) {
                let sentence = format!(
                    "Task {} ended and task {} started at the same time, as far as the clock can tell.",
                    task.name, other.name
                );
                return Some(Reason::new("same-moment", sentence));
            }
        }
        last = last.into_iter().chain([other]).max_by_key(|task| certain_end(task));
    }
    None
}

/// How long tasks were in progress, all told.
fn in_progress(tasks: &[&Task]) -> Duration {
    tasks.iter().map(|task| certain_end(task).saturating_sub(task.start)).sum()
}

/// How long some thread was at a part, all told.
fn computing(trace: &Trace) -> Duration {
    let (mut sum, mut until) = (Duration::ZERO, Duration::ZERO);
    for part in &trace.parts {
        sum += part.last.saturating_sub(part.start.max(until));
        until = until.max(part.last);
    }
    sum
}

/// Why there was no overlap.
fn grounds(trace: &Trace, tasks: &[&Task]) -> Vec<Reason> {
    if tasks.len() == 1 {
        return vec![Reason::new("one-task", "There was only one task.").blaming(Blame::Program)];
    }
    let in_progress = in_progress(tasks);
    let idle = in_progress.saturating_sub(computing(trace));
    let own = if idle > in_progress / 10 {
        let sentence = format!(
            "For {} a task was in progress without computing, and no other was begun \
             meanwhile: whoever waited kept its thread, or nobody had started the others.",
            Time(idle)
        );
        Reason::new("waits-hold-the-thread", sentence)
    } else {
        let sentence = "The tasks hardly waited, so a thread that was at one had no occasion to \
                        begin another.";
        Reason::new("nothing-to-wait-for", sentence)
    };
    let sentence =
        format!("Each of the {} tasks had ended before the next one started.", tasks.len());
    vec![Reason::new("one-after-the-other", sentence), own.blaming(Blame::Program)]
}
