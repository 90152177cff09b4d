//! What the page shows of one run.

use evidence::trace::Trace;
use evidence::{Answer, Verdict};
use lanes::{Lanes, Time};
use words::Outcome;

/// One run, ready to be shown.
pub struct Exhibit {
    /// What it is a run of: `both/tokio`, or a command.
    pub title: String,
    /// What that shows, in a line.
    pub summary: String,
    /// What it is written as, where that is at hand: the lines that matter.
    pub code: Vec<String>,
    /// What somebody is asked before it is played.
    pub question: Option<Question>,
    /// How it fared, where it was measured against a promise.
    pub mark: Option<Outcome>,
    /// Both answers: the question, the answer, and the evidence in words.
    pub answers: Vec<(&'static str, Answer, String)>,
    /// What else there is to say: a heading and a sentence each.
    pub facts: Vec<(&'static str, String)>,
    /// What is wrong, a sentence each.
    pub faults: Vec<String>,
    /// What could not be shown, a sentence each.
    pub doubts: Vec<String>,
    /// What it did, in full.
    pub lanes: Lanes,
    /// What it printed.
    pub output: Vec<Printed>,
}

/// What somebody is asked to predict of a run.
pub struct Question {
    /// The question.
    pub text: String,
    /// What there is to choose from.
    pub choices: Vec<String>,
    /// Which of it is right, and why.
    pub answer: String,
}

/// A line that a run printed.
pub struct Printed {
    /// The line.
    pub text: String,
    /// When it was printed, since the beginning of the trace.
    pub time: Time,
    /// The number of the task that printed it, where that is on record.
    pub task: Option<u32>,
    /// Whether it was printed to the standard error.
    pub is_error: bool,
    /// Whether the contract is broken at it.
    pub is_wrong: bool,
}

impl Exhibit {
    /// A trace, of which nobody knows what it promised.
    pub fn of_trace(title: &str, trace: &Trace, verdict: &Verdict) -> Exhibit {
        let lanes = Lanes::of(trace).with_verdict(verdict);
        let output = lanes.marks.iter().map(|mark| Printed {
            text: mark.text.clone(),
            time: mark.time,
            task: Some(mark.task),
            is_error: false,
            is_wrong: false,
        });
        Exhibit {
            title: title.to_owned(),
            summary: trace.command.clone(),
            code: Vec::new(),
            question: None,
            mark: None,
            answers: answers(verdict),
            facts: Vec::new(),
            faults: verdict.contradictions.iter().map(|it| it.sentence.clone()).collect(),
            doubts: verdict.missing.iter().map(ToString::to_string).collect(),
            output: output.collect(),
            lanes,
        }
    }

    /// Whether a trace was recorded, of which a picture can be drawn.
    pub fn has_picture(&self) -> bool {
        !(self.lanes.tasks.is_empty() && self.lanes.threads.is_empty())
    }

    /// The first exhibit's time axis is the longest where several are compared.
    pub fn length(&self) -> Time {
        self.lanes.length.max(1)
    }
}

/// Both answers, as a page shows them.
pub fn answers(verdict: &Verdict) -> Vec<(&'static str, Answer, String)> {
    let (concurrent, parallel) = (&verdict.concurrent, &verdict.parallel);
    vec![
        ("Concurrent", concurrent.answer, concurrent.sentence()),
        ("Parallel", parallel.answer, parallel.sentence()),
    ]
}
