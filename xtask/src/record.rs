//! What the runs of one lesson have in common.

use std::collections::HashSet;
use std::time::Duration;

use evidence::verdict::Verdict;
use serde_json::{Value, json};

use crate::catalogue::Lesson;
use crate::examine::{Conditions, Run};
use crate::timing::{Reference, median, milliseconds};

/// A lesson and its runs, of which there is at least one.
#[derive(Debug)]
pub(crate) struct Record {
    /// The lesson.
    pub(crate) lesson: Lesson,
    /// Its runs.
    pub(crate) runs: Vec<Run>,
}

/// How a lesson fared, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Mark {
    /// Everything that it promises was seen to hold.
    Good,
    /// Nothing is wrong, but not everything could be shown on this machine.
    Unsure,
    /// Something that it promises does not hold.
    Bad,
}

impl Record {
    /// How the lesson fared in the worst of its runs.
    pub(crate) fn mark(&self) -> Mark {
        self.runs.iter().map(Run::mark).max().unwrap_or(Mark::Unsure)
    }

    /// Everything that is wrong, each once, with the number of runs where there are several.
    pub(crate) fn faults(&self) -> Vec<String> {
        self.counted(self.runs.iter().flat_map(Run::faults))
    }

    /// Everything that could not be shown in runs without a fault, in the same form.
    pub(crate) fn doubts(&self) -> Vec<String> {
        let unsure = self.runs.iter().filter(|run| run.mark() == Mark::Unsure);
        self.counted(unsure.filter_map(Run::doubt))
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

    /// In how many runs the quadrant remained open.
    pub(crate) fn inconclusive(&self) -> usize {
        self.runs.iter().filter(|run| run.mark() == Mark::Unsure).count()
    }

    /// The verdict on the first run.
    pub(crate) fn verdict(&self) -> Option<&Verdict> {
        self.runs.first()?.verdict.as_ref()
    }

    /// The times taken, from the shortest to the longest.
    pub(crate) fn times(&self) -> Vec<Duration> {
        let mut times: Vec<_> = self.runs.iter().map(Run::taken).collect();
        times.sort_unstable();
        times
    }

    /// The time taken: the median.
    pub(crate) fn taken(&self) -> Duration {
        median(self.times()).unwrap_or_default()
    }

    /// How many different orders of the contract's lines were seen.
    pub(crate) fn distinct_orders(&self) -> usize {
        self.runs.iter().map(|run| run.order.sequence()).collect::<HashSet<_>>().len()
    }

    /// The least time that the model allows.
    pub(crate) fn bound(&self, reference: &Reference, conditions: &Conditions) -> Duration {
        reference.bound(self.lesson.chapter, conditions.cores(), conditions.slow)
    }

    /// The record, for a program to read.
    pub(crate) fn to_json(&self, reference: Option<&Reference>, conditions: &Conditions) -> Value {
        let is_measured = self.lesson.is_cell() && self.mark() != Mark::Bad;
        let cell = reference.filter(|_| is_measured);
        json!({
            "quadrant": self.lesson.chapter.name(),
            "name": self.lesson.name,
            "runtime": self.lesson.runtime,
            "summary": self.lesson.summary,
            "expected": self.lesson.quadrant.name(),
            "mark": self.mark().name(),
            "concurrent": self.verdict().map(|verdict| verdict.to_json()["concurrent"].clone()),
            "parallel": self.verdict().map(|verdict| verdict.to_json()["parallel"].clone()),
            "inconclusive_runs": self.inconclusive(),
            "faults": self.faults(),
            "doubts": self.doubts(),
            "order": {
                "contract": self.lesson.order.to_string(),
                "legal_orders": self.lesson.order.count().ok().and_then(|count| {
                    count.exact().map(ToString::to_string)
                }),
                "seen": self.distinct_orders(),
            },
            "time": {
                "taken_ms": milliseconds(self.taken()),
                "predicted_ms": cell.map(|reference| milliseconds(self.bound(reference, conditions))),
                "gain": cell.map(|reference| reference.gain(self.taken())),
            },
            "runs": self.runs.iter().map(Run::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Mark {
    /// The mark's name, for a program to read.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Mark::Good => "passed",
            Mark::Unsure => "inconclusive",
            Mark::Bad => "failed",
        }
    }
}
