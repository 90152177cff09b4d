//! The runs of one lesson on so many cores.

use std::rc::Rc;
use std::time::Duration;

use evidence::{Answer, Source};
use serde_json::{Value, json};
use words::{Axis, Outcome};

use crate::examine::Run;
use crate::process::Finding;
use crate::series::Series;
use crate::shelf::Program;
use crate::timing::{Reference, median, milliseconds};

/// The runs of one lesson on so many cores.
#[derive(Debug)]
pub(super) struct Sample {
    /// How many cores they had.
    pub(super) cores: usize,
    /// The runs, the bad ones included.
    pub(super) record: Series,
}

/// Why the system did not restrict a run to some cores, if it did not.
pub(super) fn refusal(run: &Run) -> Option<String> {
    run.report.findings.iter().find_map(|finding| match finding {
        Finding::NotRestricted { reason } => Some(reason.clone()),
        _ => None,
    })
}

/// The middle of some times, and the quarters below and above it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spread {
    /// A quarter of the times are less than this.
    pub(super) low: Duration,
    /// The median.
    pub(super) middle: Duration,
    /// A quarter of the times are more than this.
    pub(super) high: Duration,
    /// How many times there are.
    pub(super) times: usize,
}

impl Spread {
    /// The spread of some times; `None` where there are none.
    pub(super) fn of(times: impl IntoIterator<Item = Duration>) -> Option<Spread> {
        let mut times: Vec<_> = times.into_iter().collect();
        times.sort_unstable();
        let last = times.len().checked_sub(1)?;
        let (low, high) = (times[last / 4], times[last - last / 4]);
        Some(Spread { low, middle: median(times.iter().copied())?, high, times: times.len() })
    }

    fn to_json(self) -> Value {
        json!({
            "lower_quartile_ms": milliseconds(self.low),
            "median_ms": milliseconds(self.middle),
            "upper_quartile_ms": milliseconds(self.high),
        })
    }
}

/// How the verdicts of some runs on one of the two questions came out.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Answers {
    pub(super) proven: usize,
    pub(super) ruled_out: usize,
    pub(super) inconclusive: usize,
}

impl Answers {
    /// Counts answers.
    pub(super) fn count(answers: impl IntoIterator<Item = Answer>) -> Answers {
        let mut counted = Answers::default();
        for answer in answers {
            match answer {
                Answer::Proven => counted.proven += 1,
                Answer::RuledOut => counted.ruled_out += 1,
                Answer::Inconclusive => counted.inconclusive += 1,
            }
        }
        counted
    }

    /// The answer that all runs agree on, if they do.
    pub(super) fn unanimous(self) -> Option<Answer> {
        match (self.proven, self.ruled_out, self.inconclusive) {
            (1.., 0, 0) => Some(Answer::Proven),
            (0, 1.., 0) => Some(Answer::RuledOut),
            (0, 0, 1..) => Some(Answer::Inconclusive),
            _ => None,
        }
    }

    /// The answers for people: where runs differ, the most that could be shown, and how often.
    pub(super) fn text(self) -> String {
        let Answers { proven, ruled_out, inconclusive } = self;
        let all = proven + ruled_out + inconclusive;
        match (self.unanimous(), proven) {
            (Some(answer), _) => answer.to_string(),
            (None, 1..) => format!("proven {proven}/{all}"),
            (None, 0) if all > 0 => format!("ruled out {ruled_out}/{all}"),
            (None, _) => "unknown".to_owned(),
        }
    }

    fn to_json(self) -> Value {
        json!({
            Answer::Proven.name(): self.proven,
            Answer::RuledOut.name(): self.ruled_out,
            Answer::Inconclusive.name(): self.inconclusive,
        })
    }
}

impl Sample {
    /// No runs yet.
    pub(super) fn new(lesson: Program, cores: usize) -> Sample {
        Sample { cores, record: Series::new(lesson) }
    }

    /// The runs that nothing was wrong with.
    pub(super) fn sound(&self) -> impl Iterator<Item = &Run> {
        let runs = self.record.runs.iter().map(Rc::as_ref);
        runs.filter(|run| run.outcome() != Outcome::Failed)
    }

    /// The times of the sound runs.
    pub(super) fn times(&self) -> Option<Spread> {
        Spread::of(self.sound().map(Run::taken))
    }

    /// Whether tasks were in progress at once.
    pub(super) fn concurrent(&self) -> Answers {
        let verdicts = self.sound().map(|run| &run.verdict);
        Answers::count(verdicts.map(|verdict| verdict.concurrent.answer))
    }

    /// Whether threads were executing at once.
    pub(super) fn parallel(&self) -> Answers {
        let verdicts = self.sound().map(|run| &run.verdict);
        Answers::count(verdicts.map(|verdict| verdict.parallel.answer))
    }

    /// The least time that the model allows the lesson. One that does other work than the common
    /// one has no model, but takes at least as long as its compute takes its threads on all cores.
    pub(super) fn bound(&self, reference: &Reference, slow: u32) -> Option<Duration> {
        if self.record.program.is_cell() {
            return Some(reference.bound(self.record.program.chapter, self.cores, slow));
        }
        let recorded = || {
            let verdicts = self.sound().map(|run| &run.verdict);
            verdicts.filter_map(|verdict| verdict.claim(Axis::Parallel, Source::Recorder))
        };
        let compute = median(recorded().filter_map(|claim| claim.amount.of))?;
        let threads = recorded().filter_map(|claim| claim.details["threads"].as_u64()).max()?;
        let threads = usize::try_from(threads).unwrap_or(usize::MAX).min(self.cores);
        let workers = u32::try_from(threads).ok().filter(|&workers| workers > 0)?;
        Some(compute / workers)
    }

    /// How many times as fast as these runs of *neither* the lesson was.
    pub(super) fn gain(&self, neither: &Sample) -> Option<f64> {
        let (neither, taken) = (neither.times()?.middle, self.times()?.middle);
        self.record.program.is_cell().then(|| neither.as_secs_f64() / taken.as_secs_f64())
    }

    /// The runs for a program to read.
    pub(super) fn to_json(
        &self,
        reference: Option<&Reference>,
        slow: u32,
        neither: Option<&Sample>,
    ) -> Value {
        let bound = reference.and_then(|reference| self.bound(reference, slow));
        json!({
            "cores": self.cores,
            "runs": self.record.runs.len(),
            "sound_runs": self.sound().count(),
            "taken": self.times().map(Spread::to_json),
            "all_taken_ms": self.sound().map(|run| milliseconds(run.taken())).collect::<Vec<_>>(),
            "predicted_ms": bound.map(milliseconds),
            "gain": neither.and_then(|neither| self.gain(neither)),
            "concurrent": self.concurrent().to_json(),
            "parallel": self.parallel().to_json(),
            "faults": self.record.faults(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_leaves_a_quarter_out_on_either_side() {
        let spread = |times: &[u64]| {
            let spread = Spread::of(times.iter().copied().map(Duration::from_millis))?;
            Some([spread.low, spread.middle, spread.high].map(|time| time.as_millis()))
        };
        assert_eq!(spread(&[]), None);
        assert_eq!(spread(&[7]), Some([7, 7, 7]));
        assert_eq!(spread(&[5, 1, 900, 3, 4]), Some([3, 4, 5]));
        assert_eq!(spread(&[9, 8, 7, 6, 5, 4, 3, 2, 1]), Some([3, 5, 7]));
    }

    #[test]
    fn answers_that_differ_are_counted() {
        use Answer::{Inconclusive, Proven, RuledOut};

        let text = |answers: &[Answer]| Answers::count(answers.iter().copied()).text();
        assert_eq!(text(&[RuledOut; 3]), "ruled out");
        assert_eq!(text(&[Proven, Inconclusive, RuledOut, Proven]), "proven 2/4");
        assert_eq!(text(&[Inconclusive, RuledOut]), "ruled out 1/2");
        assert_eq!(text(&[]), "unknown");
    }
}
