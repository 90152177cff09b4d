//! What the verdict rests on, and the contract's edges, as things to draw.

use evidence::verdict::{Answer, Verdict};
use order::{Report, Violation};

use super::{Lanes, Mark, Time, time};

/// The very overlap that proves an answer. No reduction changes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Highlight {
    /// What it proves.
    pub axis: Axis,
    /// The numbers of the two tasks (for [`Axis::Concurrent`]) or threads
    /// (for [`Axis::Parallel`]) that overlap.
    pub lanes: [u32; 2],
    /// From when they overlap.
    pub start: Time,
    /// Until when they overlap.
    pub end: Time,
    /// For how long of this time the two were in progress or executing at once, at least.
    pub at_least: Time,
    /// The same in words, as the verdict has it.
    pub sentence: String,
}

/// One of the two questions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Axis {
    /// Were several tasks in progress at once?
    Concurrent,
    /// Were several threads executing at once?
    Parallel,
}

impl Axis {
    /// The axis's name, for people and programs.
    pub const fn name(self) -> &'static str {
        match self {
            Axis::Concurrent => "concurrent",
            Axis::Parallel => "parallel",
        }
    }
}

/// Two printed lines of which the contract says that the one must come before the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The line that must come first.
    pub earlier: End,
    /// The line that must come after it.
    pub later: End,
}

/// An end of an [`Edge`]: a printed line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct End {
    /// The line's place in the output, counted from 1.
    pub place: usize,
    /// When it was printed.
    pub time: Time,
    /// The number of the task that printed it.
    pub task: u32,
}

impl Edge {
    /// Whether the run broke it.
    pub const fn is_broken(&self) -> bool {
        self.later.place < self.earlier.place
    }
}

impl From<&Mark> for End {
    fn from(mark: &Mark) -> End {
        End { place: mark.place, time: mark.time, task: mark.task }
    }
}

impl Lanes {
    /// Notes what proves the verdict's answers, where something does.
    pub fn with_verdict(mut self, verdict: &Verdict) -> Lanes {
        let (concurrent, parallel) = (&verdict.concurrent, &verdict.parallel);
        if let (Answer::Proven, Some(overlap)) = (concurrent.answer, &concurrent.overlap) {
            let (start, end) = (time(overlap.start), time(overlap.end));
            self.highlights.push(Highlight {
                axis: Axis::Concurrent,
                lanes: overlap.tasks,
                start,
                end,
                at_least: end - start,
                sentence: concurrent.sentence(),
            });
        }
        if let (Answer::Proven, Some(overlap)) = (parallel.answer, &parallel.overlap) {
            self.highlights.push(Highlight {
                axis: Axis::Parallel,
                lanes: overlap.threads,
                start: time(overlap.start),
                end: time(overlap.end),
                at_least: time(overlap.at_least),
                sentence: parallel.sentence(),
            });
        }
        self
    }

    /// Notes the edges that the output broke.
    ///
    /// The report must be about this run's output, and all of that on record:
    /// it knows lines by their places in the output.
    pub fn with_report(mut self, report: &Report) -> Lanes {
        if report.printed() == self.marks.len() {
            for violation in report.violations() {
                if let Violation::TooEarly { line, awaited } = violation {
                    let [later, earlier] = [line, awaited].map(|seen| seen.place - 1);
                    let [later, earlier] = [later, earlier].map(|at| End::from(&self.marks[at]));
                    self.edges.push(Edge { earlier, later });
                }
            }
        }
        self
    }
}
