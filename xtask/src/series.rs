//! What the runs of one program have in common.

use std::collections::HashSet;
use std::rc::Rc;
use std::time::Duration;

use evidence::Verdict;
use serde_json::{Value, json};
use words::Outcome;

use crate::examine::{Conditions, Run};
use crate::mistakes;
use crate::shelf::Program;
use crate::timing::{Reference, median, milliseconds};

/// A program and its runs.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    /// The program.
    pub(crate) program: Program,
    /// Its runs.
    pub(crate) runs: Vec<Rc<Run>>,
    /// What kept it from being run, a sentence each.
    pub(crate) troubles: Vec<String>,
}

impl Series {
    /// No runs yet.
    pub(crate) fn new(program: Program) -> Series {
        Series { program, runs: Vec::new(), troubles: Vec::new() }
    }

    /// How the program fared in the worst of its runs.
    pub(crate) fn outcome(&self) -> Outcome {
        if !self.troubles.is_empty() {
            return Outcome::Failed;
        }
        self.runs.iter().map(|run| run.outcome()).max().unwrap_or(Outcome::NotShown)
    }

    /// Everything that is wrong, each once, with the number of runs where there are several.
    pub(crate) fn faults(&self) -> Vec<String> {
        let troubles = self.troubles.iter().cloned();
        troubles.chain(self.counted(self.runs.iter().flat_map(|run| run.faults()))).collect()
    }

    /// Everything that could not be shown in runs without a fault, in the same form.
    pub(crate) fn doubts(&self) -> Vec<String> {
        let open = self.runs.iter().filter(|run| run.outcome() == Outcome::NotShown);
        self.counted(open.filter_map(|run| run.doubt()))
    }

    /// Questions that lead to what may be wrong, in the same form.
    pub(crate) fn questions(&self) -> Vec<String> {
        self.counted(self.runs.iter().flat_map(|run| mistakes::questions(run)))
    }

    fn counted(&self, sentences: impl Iterator<Item = String>) -> Vec<String> {
        let mut counted: Vec<(String, usize)> = Vec::new();
        for sentence in sentences {
            match counted.iter_mut().find(|(seen, _)| *seen == sentence) {
                Some((_, times)) => *times += 1,
                None => counted.push((sentence, 1)),
            }
        }
        let in_runs = |(sentence, times)| match self.runs.len() {
            1 => sentence,
            runs => format!("{sentence} (in {times} of {runs} runs)"),
        };
        counted.into_iter().map(in_runs).collect()
    }

    /// In how many runs something could not be shown.
    pub(crate) fn not_shown(&self) -> usize {
        self.runs.iter().filter(|run| run.outcome() == Outcome::NotShown).count()
    }

    /// The run that stands for all: the first that fared as the program did in the worst of them.
    /// What is told of its time, and what is drawn, is of this one.
    pub(crate) fn face(&self) -> Option<&Run> {
        let worst = self.runs.iter().map(|run| run.outcome()).max()?;
        self.runs.iter().find(|run| run.outcome() == worst).map(Rc::as_ref)
    }

    /// The verdict on the run that stands for all.
    pub(crate) fn verdict(&self) -> Option<&Verdict> {
        self.face().map(|run| &run.verdict)
    }

    /// The times taken, from the shortest to the longest.
    pub(crate) fn times(&self) -> Vec<Duration> {
        let mut times: Vec<_> = self.runs.iter().map(|run| run.taken()).collect();
        times.sort_unstable();
        times
    }

    /// The time taken: the median.
    pub(crate) fn taken(&self) -> Duration {
        median(self.times()).unwrap_or_default()
    }

    /// What others did to the times, where that is known to be much.
    pub(crate) fn disturbance(&self) -> Option<String> {
        let axis = words::Axis::Parallel;
        let hindrances =
            self.runs.iter().flat_map(|run| run.verdict.circumstances.hindrances(axis));
        hindrances
            .filter(|hindrance| ["busy", "stolen", "throttled"].contains(&hindrance.name))
            .map(|hindrance| hindrance.sentence)
            .next()
    }

    /// How many different orders of the contract's lines were seen.
    pub(crate) fn distinct_orders(&self) -> usize {
        self.runs.iter().map(|run| run.order.sequence()).collect::<HashSet<_>>().len()
    }

    /// The least time that the model allows.
    pub(crate) fn bound(&self, reference: &Reference, conditions: &Conditions) -> Duration {
        reference.bound(self.program.chapter, conditions.cores(), conditions.slow)
    }

    /// Whether its time says something of its quadrant: it does the common work, and has done it.
    pub(crate) fn is_measured(&self) -> bool {
        self.program.is_cell() && self.outcome() != Outcome::Failed
    }

    /// The series, for a program to read.
    pub(crate) fn to_json(&self, reference: Option<&Reference>, conditions: &Conditions) -> Value {
        let cell = reference.filter(|_| self.is_measured());
        let verdict = self.verdict().map(Verdict::to_json).unwrap_or_default();
        let mut described = self.program.to_json();
        let order = json!({
            "contract": self.program.promise.order.to_string(),
            "legal_orders": self.program.promise.order.count().ok().and_then(|count| {
                count.exact().map(ToString::to_string)
            }),
            "seen": self.distinct_orders(),
        });
        let time = json!({
            "taken_ms": milliseconds(self.taken()),
            "predicted_ms": cell.map(|reference| milliseconds(self.bound(reference, conditions))),
            "gain": cell
                .filter(|_| self.disturbance().is_none())
                .map(|reference| reference.gain(self.taken())),
            "disturbed": self.disturbance(),
        });
        for (key, value) in [
            ("outcome", json!(self.outcome().name())),
            ("concurrent", verdict["concurrent"].clone()),
            ("parallel", verdict["parallel"].clone()),
            ("not_shown_runs", json!(self.not_shown())),
            ("faults", json!(self.faults())),
            ("doubts", json!(self.doubts())),
            ("questions", json!(self.questions())),
            ("order", order),
            ("time", time),
            ("runs", self.runs.iter().map(|run| run.to_json()).collect()),
        ] {
            described[key] = value;
        }
        described
    }
}
