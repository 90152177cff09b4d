//! Were several tasks in progress at once?

use std::time::Duration;

use serde_json::{Value, json};

use super::reason::{Blame, Reason};
use super::{Answer, Circumstances, Time, milliseconds};
use crate::trace::{Task, Trace};

/// Two tasks that were in progress at once. Times are since the beginning of the trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaskOverlap {
    /// The numbers of the tasks.
    pub tasks: [u32; 2],
    /// The names of the tasks.
    pub names: [String; 2],
    /// From when both were in progress.
    pub start: Duration,
    /// Until when both were in progress, for certain.
    pub end: Duration,
}

/// What the evidence says of concurrency.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concurrent {
    /// The answer.
    pub answer: Answer,
    /// How many tasks there were.
    pub tasks: usize,
    /// How many tasks were in progress at once, at most.
    pub most: usize,
    /// For how long two or more were.
    pub overlapped: Duration,
    /// The two tasks that were in progress together for longest.
    pub overlap: Option<TaskOverlap>,
    /// Why the answer is what it is; nothing where the overlap itself proves it.
    pub reasons: Vec<Reason>,
    /// What in the machine may have kept tasks from being in progress at once, where they were not.
    pub hindrances: Vec<Reason>,
}

impl Concurrent {
    /// Looks for two tasks that had both started and not ended.
    pub(super) fn judge(trace: &Trace, circumstances: &Circumstances) -> Concurrent {
        let mut tasks: Vec<&Task> = trace.tasks.iter().collect();
        tasks.sort_by_key(|task| (task.start, task.start_event));
        let overlap = longest_overlap(&tasks);
        let (most, overlapped) = crowd(&tasks);
        let doubts = doubts(trace, &tasks);
        let (answer, reasons) = if overlap.is_some() {
            (Answer::Proven, Vec::new())
        } else if doubts.is_empty() {
            (Answer::RuledOut, grounds(trace, &tasks))
        } else {
            (Answer::Inconclusive, doubts)
        };
        let hindrances = if answer == Answer::Proven || tasks.len() < 2 {
            Vec::new()
        } else {
            circumstances.hindrances(in_progress(&tasks))
        };
        let tasks = tasks.len();
        Concurrent { answer, tasks, most, overlapped, overlap, reasons, hindrances }
    }

    /// Whose doing it is that no tasks were in progress at once, where they were not.
    #[must_use]
    pub fn blame(&self) -> Blame {
        super::blame(&self.reasons, &self.hindrances)
    }

    /// Goes by what was seen from outside.
    pub(super) fn adopt(&mut self) {
        (self.answer, self.reasons) = (Answer::Proven, vec![Reason::SeenFromOutside]);
    }

    /// Goes by nobody, since inside and outside contradict each other.
    pub(super) fn leave_open(&mut self) {
        (self.answer, self.reasons) = (Answer::Inconclusive, vec![Reason::Disagreement]);
    }

    /// Why the answer is what it is, in words.
    #[must_use]
    pub fn sentence(&self) -> String {
        let proof = self.overlap.as_ref().filter(|_| self.reasons.is_empty());
        let Some(TaskOverlap { names: [first, second], start, end, .. }) = proof else {
            return super::sentences(&self.reasons);
        };
        let length = Time(*end - *start);
        let (start, end) = (Time(*start), Time(*end));
        let pair = format!(
            "Tasks {first} and {second} were both in progress for {length}, from {start} to {end}"
        );
        match self.most {
            ..=2 => format!("{pair}."),
            most => format!("{pair}; up to {most} tasks were in progress at once."),
        }
    }

    pub(super) fn to_json(&self) -> Value {
        let overlap = self.overlap.as_ref().map(|overlap| {
            json!({
                "tasks": overlap.names,
                "from_ms": milliseconds(overlap.start),
                "to_ms": milliseconds(overlap.end),
            })
        });
        json!({
            "verdict": self.answer.name(),
            "sentence": self.sentence(),
            "blame": (self.answer != Answer::Proven).then(|| self.blame().name()),
            "evidence": {
                "tasks": self.tasks,
                "most_in_progress": self.most,
                "overlapped_ms": milliseconds(self.overlapped),
                "overlap": overlap,
            },
        })
    }
}

/// Until when a task was in progress, for certain: one that has no end on
/// record may have died at any time after it last gave a sign of life, and was
/// in progress for a moment at least.
fn certain_end(task: &Task) -> Duration {
    task.end.unwrap_or(task.last.max(task.start + Duration::from_nanos(1)))
}

/// `tasks` are in the order of their starts.
fn longest_overlap(tasks: &[&Task]) -> Option<TaskOverlap> {
    let mut best: Option<TaskOverlap> = None;
    let mut last: Option<&Task> = None;
    for &task in tasks {
        if let Some(other) = last {
            let (start, end) = (task.start, certain_end(other).min(certain_end(task)));
            let longest = best.as_ref().map_or(Duration::ZERO, |best| best.end - best.start);
            if end.saturating_sub(start) > longest {
                let tasks = [other.number, task.number];
                let names = [other.name.clone(), task.name.clone()];
                best = Some(TaskOverlap { tasks, names, start, end });
            }
        }
        // Of all that started earlier, the one that ends last overlaps the next for longest.
        last = last.into_iter().chain([task]).max_by_key(|task| certain_end(task));
    }
    best
}

/// How many tasks were in progress at most, and for how long two or more were.
fn crowd(tasks: &[&Task]) -> (usize, Duration) {
    // At the same time ends come first: tasks that only touch do not overlap.
    let starts = tasks.iter().map(|task| (task.start, 1));
    let ends = tasks.iter().map(|task| (certain_end(task), 0));
    let mut edges: Vec<(Duration, usize)> = starts.chain(ends).collect();
    edges.sort_unstable();
    let (mut most, mut overlapped) = (0, Duration::ZERO);
    let (mut before, mut started, mut ended) = (Duration::ZERO, 0, 0_usize);
    for (time, start) in edges {
        if started >= ended + 2 {
            overlapped += time - before;
        }
        before = time;
        started += start;
        ended += 1 - start;
        most = most.max(started.saturating_sub(ended));
    }
    (most, overlapped)
}

/// Why no overlap on record does not mean that there was none.
fn doubts(trace: &Trace, tasks: &[&Task]) -> Vec<Reason> {
    let mut doubts = Vec::new();
    if tasks.is_empty() {
        doubts.push(Reason::NoTask);
    }
    if let Some(at) = tasks.iter().position(|task| task.end.is_none())
        && let Some(other) = tasks.get(at + 1)
    {
        let (task, other) = (tasks[at].name.clone(), other.name.clone());
        doubts.push(Reason::TaskWithoutEnd { task, other });
    }
    doubts.extend(meeting(trace, tasks));
    doubts.extend(super::missing(trace));
    doubts
}

/// Finds a task that started at the very time at which another ended, as far
/// as the clock can tell, unless one thread did the one after the other.
fn meeting(trace: &Trace, tasks: &[&Task]) -> Option<Reason> {
    let mut last: Option<&Task> = None;
    for &other in tasks {
        if let Some(task) = last.filter(|task| certain_end(task) >= other.start) {
            let thread = |event: usize| trace.events.get(event).map(|event| event.thread);
            let end = task.end_event.filter(|_| task.end == Some(other.start));
            let in_turn = |end| end < other.start_event && thread(end) == thread(other.start_event);
            if !end.is_some_and(in_turn) {
                let (task, other) = (task.name.clone(), other.name.clone());
                return Some(Reason::SameMoment { task, other });
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
        return vec![Reason::OneTask];
    }
    let in_progress = in_progress(tasks);
    let idle = in_progress.saturating_sub(computing(trace));
    let own = if idle > in_progress / 10 {
        Reason::WaitsHoldTheThread { idle }
    } else {
        Reason::NothingToWaitFor
    };
    vec![Reason::OneTaskAfterTheOther { tasks: tasks.len() }, own]
}
