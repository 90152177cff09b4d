//! What the user of a system feels, beside what was to be expected.
//!
//! A figure is the program's own word, as a trace is. What it is held against is a model of ours, made of
//! what was measured in the same run. Where no run can have less than the model allows, and this one has,
//! the figure is wrong, or the work was not done: that has failed. Where it has more than the model
//! expects, the program may be at fault, or a busy machine: that is not shown.

use std::collections::HashMap;
use std::time::Duration;

use evidence::trace::Trace;
use serde_json::{Value, json};
use words::{Outcome, milliseconds};

use crate::show::thousands;

/// What was measured in a run.
#[derive(Clone, Debug, Default)]
pub(super) struct Inputs {
    /// How long each part of the tasks of a name took, in milliseconds.
    parts: HashMap<String, Vec<f64>>,
    /// How long the longest part of a step of the tasks of a name took, in milliseconds.
    steps: HashMap<(String, u16), f64>,
    /// For how long tasks of a name were executing in their parts, at least, in milliseconds.
    executed: HashMap<String, f64>,
    /// For how long the program executed, all told and by the kernel's account, in milliseconds.
    pub(super) cpu: f64,
    /// The figures that the program told.
    facts: HashMap<String, f64>,
    /// How many cores it had.
    pub(super) cores: f64,
}

impl Inputs {
    /// What the trace of a run on so many cores tells.
    pub(super) fn of(trace: &Trace, cores: usize) -> Inputs {
        let names: HashMap<u32, &str> =
            trace.tasks.iter().map(|task| (task.number, &*task.name)).collect();
        let mut inputs = Inputs { cores: cores as f64, ..Inputs::default() };
        for part in &trace.parts {
            let took = part.end.unwrap_or(part.last).saturating_sub(part.start);
            if let Some(name) = names.get(&part.task) {
                let took = milliseconds(took);
                inputs.parts.entry((*name).to_owned()).or_default().push(took);
                let longest = inputs.steps.entry(((*name).to_owned(), part.step)).or_default();
                *longest = longest.max(took);
            }
        }
        for chunk in &trace.chunks {
            let name = trace.parts.get(chunk.part).and_then(|part| names.get(&part.task));
            if let Some((name, executing)) = name.zip(chunk.executing) {
                let executed = inputs.executed.entry((*name).to_owned()).or_default();
                *executed += milliseconds(executing.at_least);
            }
        }
        for fact in &trace.facts {
            inputs.facts.insert(fact.name.to_string(), fact.value);
        }
        inputs
    }

    /// The same inputs with parts of a task, in milliseconds, all of which were executed.
    #[cfg(test)]
    pub(super) fn with_parts(mut self, task: &str, parts: &[f64]) -> Inputs {
        self.parts.insert(task.to_owned(), parts.to_vec());
        self.executed.insert(task.to_owned(), parts.iter().sum());
        self
    }

    /// The same inputs, where the longest part of a step of a task took so many milliseconds.
    #[cfg(test)]
    pub(super) fn with_step(mut self, task: &str, step: u16, took: f64) -> Inputs {
        self.steps.insert((task.to_owned(), step), took);
        self
    }

    /// The same inputs of a program that executed for so many milliseconds.
    #[cfg(test)]
    pub(super) fn with_cpu(self, cpu: f64) -> Inputs {
        Inputs { cpu, ..self }
    }

    /// The same inputs of a program that had so many cores.
    #[cfg(test)]
    pub(super) fn with_cores(self, cores: f64) -> Inputs {
        Inputs { cores, ..self }
    }

    /// The same inputs with a figure.
    #[cfg(test)]
    pub(super) fn with_fact(mut self, name: &str, value: f64) -> Inputs {
        self.facts.insert(name.to_owned(), value);
        self
    }

    /// For how long all tasks of this name were executing in their parts, at least, in milliseconds.
    pub(super) fn executed(&self, task: &str) -> f64 {
        self.executed.get(task).copied().unwrap_or(0.0)
    }

    /// How long the parts of all tasks of this name took, in milliseconds.
    pub(super) fn parts(&self, task: &str) -> &[f64] {
        self.parts.get(task).map_or(&[], Vec::as_slice)
    }

    /// The longest part of a task of this name, in milliseconds.
    pub(super) fn longest(&self, task: &str) -> f64 {
        self.parts(task).iter().copied().fold(0.0, f64::max)
    }

    /// The longest part of a step of a task of this name, in milliseconds.
    pub(super) fn longest_of(&self, task: &str, step: u16) -> f64 {
        self.steps.get(&(task.to_owned(), step)).copied().unwrap_or(0.0)
    }

    /// How much of its cores' time went into so much work within so many milliseconds, in percent.
    pub(super) fn share(&self, work: f64, within: f64) -> f64 {
        work / within / self.cores * 100.0
    }

    /// A figure that the program told.
    pub(super) fn fact(&self, name: &str) -> Option<f64> {
        self.facts.get(name).copied()
    }
}

/// What is expected of a figure, and why.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Prediction {
    /// What it is the figure of.
    pub(super) figure: &'static str,
    /// The unit that it is in.
    pub(super) unit: &'static str,
    /// What no run can have less than, however busy the machine.
    pub(super) at_least: f64,
    /// What a run has at most where the machine is its own.
    pub(super) at_most: f64,
    /// What it means that it has more: that nobody can say why, or that a promise is broken which no
    /// machine can be in the way of.
    pub(super) beyond: Outcome,
    /// Why.
    pub(super) reason: String,
}

impl Prediction {
    /// A figure that has more than expected where others have the machine: nobody can say why.
    pub(super) fn expected(
        figure: &'static str,
        unit: &'static str,
        at_least: f64,
        at_most: f64,
        reason: impl Into<String>,
    ) -> Prediction {
        let (beyond, reason) = (Outcome::NotShown, reason.into());
        Prediction { figure, unit, at_least, at_most, beyond, reason }
    }

    /// The same of a time in milliseconds.
    pub(super) fn time(
        figure: &'static str,
        at_least: f64,
        at_most: f64,
        reason: impl Into<String>,
    ) -> Prediction {
        Prediction::expected(figure, "ms", at_least, at_most, reason)
    }

    /// A figure that no machine can be in the way of.
    pub(super) fn promised(
        figure: &'static str,
        unit: &'static str,
        at_least: f64,
        at_most: f64,
        reason: impl Into<String>,
    ) -> Prediction {
        let beyond = Outcome::Failed;
        Prediction { beyond, ..Prediction::expected(figure, unit, at_least, at_most, reason) }
    }
}

/// A figure of a run, and what was expected of it.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Felt {
    /// What it was; nothing where the program did not tell.
    pub(super) value: Option<f64>,
    /// What was expected.
    pub(super) prediction: Prediction,
}

impl Felt {
    /// How the figure compares.
    pub(super) fn outcome(&self) -> Outcome {
        /// What comes of rounding.
        const SLACK: f64 = 1e-6;
        let Prediction { at_least, at_most, beyond, .. } = self.prediction;
        match self.value {
            Some(value) if value + SLACK < at_least => Outcome::Failed,
            Some(value) if value > at_most + SLACK => beyond,
            Some(value) if value.is_finite() => Outcome::Passed,
            _ => Outcome::Failed,
        }
    }

    /// The figure with its unit.
    pub(super) fn shown(&self) -> String {
        self.value.map_or("not told".to_owned(), |value| quantity(value, self.prediction.unit))
    }

    /// The figure, and what was expected, in a sentence.
    pub(super) fn sentence(&self) -> String {
        let Prediction { figure, unit, at_least, at_most, reason, .. } = &self.prediction;
        let most = quantity(*at_most, unit);
        let expected = match at_least {
            least if *least <= 0.0 && *at_most > 0.0 => format!("at most {most}"),
            least if least >= at_most => most,
            least => format!("{} to {most}", quantity(*least, "")),
        };
        format!("{figure}: {}; predicted: {expected}, because {reason}", self.shown())
    }

    /// The figure, for a program to read.
    pub(super) fn to_json(&self) -> Value {
        let Prediction { figure, unit, at_least, at_most, reason, .. } = &self.prediction;
        json!({
            "figure": figure,
            "unit": unit,
            "value": self.value,
            "at_least": at_least,
            "at_most": at_most,
            "reason": reason,
            "outcome": self.outcome().name(),
        })
    }
}

/// A number with its unit, with as many places as say something.
pub(super) fn quantity(value: f64, unit: &str) -> String {
    let number = match value {
        value if value.abs() < 10.0 && value.fract() != 0.0 => format!("{value:.1}"),
        value => thousands(format!("{value:.0}")),
    };
    format!("{number} {unit}").trim_end().to_owned()
}

/// The figures of several runs, each with that of the run in the middle. What is impossible in one of
/// them is impossible.
pub(super) fn middle(runs: &[Vec<Felt>]) -> Vec<Felt> {
    let figures = runs.first().map_or(0, Vec::len);
    let of_one = |place: usize| {
        let mut all: Vec<&Felt> = runs.iter().filter_map(|run| run.get(place)).collect();
        let impossible = all.iter().find(|felt| felt.outcome() == Outcome::Failed).copied();
        // A figure that nobody told comes first, and one that is no number last.
        let key = |felt: &Felt| felt.value.unwrap_or(f64::NEG_INFINITY);
        all.sort_by(|one, other| key(one).total_cmp(&key(other)));
        let middle = all.get(all.len().saturating_sub(1) / 2).copied();
        impossible.or(middle).cloned()
    };
    (0..figures).filter_map(of_one).collect()
}

/// What no run can be below, where a model says that this is the least and its numbers are of CPU clocks:
/// they run ahead by some microseconds each time that a thread is woken.
pub(super) fn certainly(least: f64) -> f64 {
    least * 0.99
}

/// How long the kernel may take to give a core to who wants one, in milliseconds: two ticks of its slowest
/// clock, a hundred a second.
pub(super) const KERNEL: f64 = ms(Duration::from_millis(20));

/// Milliseconds of a duration that is known when this is compiled.
pub(super) const fn ms(time: Duration) -> f64 {
    time.as_nanos() as f64 / 1e6
}

#[cfg(test)]
mod tests {
    use super::*;

    fn felt(value: impl Into<Option<f64>>) -> Felt {
        let prediction = Prediction {
            figure: "gaps",
            unit: "gaps",
            at_least: 2.0,
            at_most: 4.0,
            beyond: Outcome::NotShown,
            reason: "there is a reason".into(),
        };
        Felt { value: value.into(), prediction }
    }

    #[test]
    fn less_than_possible_has_failed_and_more_than_expected_is_not_shown() {
        for (value, outcome) in [
            (None, Outcome::Failed),
            (Some(f64::NAN), Outcome::Failed),
            (Some(1.0), Outcome::Failed),
            (Some(2.0), Outcome::Passed),
            (Some(4.0), Outcome::Passed),
            (Some(5.0), Outcome::NotShown),
        ] {
            assert_eq!(felt(value).outcome(), outcome, "{value:?}");
        }
    }

    #[test]
    fn more_than_promised_has_failed_where_no_machine_can_be_in_the_way() {
        let mut felt = felt(5.0);
        felt.prediction.beyond = Outcome::Failed;
        assert_eq!(felt.outcome(), Outcome::Failed);
    }

    #[test]
    fn work_of_a_core_is_half_of_what_two_of_them_have_time_for() {
        assert_eq!(Inputs::default().with_cores(2.0).share(500.0, 500.0), 50.0);
    }

    #[test]
    fn a_figure_is_told_with_what_was_expected() {
        let sentence = felt(3.0).sentence();
        assert_eq!(sentence, "gaps: 3 gaps; predicted: 2 to 4 gaps, because there is a reason");
        assert_eq!(quantity(1840.8, "ms"), "1,841 ms");
        assert_eq!(quantity(0.0, ""), "0");
    }

    #[test]
    fn the_run_in_the_middle_stands_for_all_unless_one_is_impossible() {
        let runs = |values: &[f64]| -> Vec<Vec<Felt>> {
            values.iter().map(|&value| vec![felt(value)]).collect()
        };
        assert_eq!(middle(&runs(&[9.0, 3.0, 2.0])), [felt(3.0)]);
        assert_eq!(middle(&runs(&[9.0, 3.0, 1.0])), [felt(1.0)]);
        assert_eq!(middle(&[]), []);
    }
}
