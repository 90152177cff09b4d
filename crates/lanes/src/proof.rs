//! What the verdict rests on, and the contract's edges, as things to draw.

use evidence::{Answer, Ruling, Verdict};
use order::{Report, Violation};
use words::Axis;

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
        let rulings = [&verdict.concurrent, &verdict.parallel].into_iter();
        self.highlights.extend(rulings.filter_map(highlight));
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

/// The overlap that proves an answer, where it is one of lanes.
fn highlight(ruling: &Ruling) -> Option<Highlight> {
    let proof = ruling.proof.as_ref().filter(|_| ruling.answer == Answer::Proven)?;
    let [first, second] = [0, 1].map(|which| proof.both[which].number);
    Some(Highlight {
        axis: ruling.axis,
        lanes: [first?, second?],
        start: time(proof.start),
        end: time(proof.end),
        at_least: time(proof.at_least),
        sentence: ruling.sentence(),
    })
}
