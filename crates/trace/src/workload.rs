//! What a program says of its own workload: facts with names that both sides know.

use std::time::Duration;

/// A workload in numbers, as far as its program tells them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Workload {
    /// How many tasks there are.
    pub tasks: Option<u32>,
    /// How many steps each task has.
    pub steps: Option<u32>,
    /// How many parts a step's compute is split into, where it is split.
    pub parts: Option<u32>,
    /// How long a step waits.
    pub wait: Option<Duration>,
    /// How long a step computes on one core.
    pub compute: Option<Duration>,
    /// How many times slower than normal waits and compute are.
    pub slowdown: Option<u32>,
}

/// The name of each fact, and its unit.
const TASKS: (&str, &str) = ("workload.tasks", "tasks");
const STEPS: (&str, &str) = ("workload.steps", "steps");
const PARTS: (&str, &str) = ("workload.parts", "parts");
const WAIT: (&str, &str) = ("workload.wait", "ns");
const COMPUTE: (&str, &str) = ("workload.compute", "ns");
const SLOWDOWN: (&str, &str) = ("workload.slowdown", "times");

impl Workload {
    /// What is told, each as the name, the value and the unit of a fact.
    pub fn facts(self) -> impl Iterator<Item = (&'static str, f64, &'static str)> {
        let number = |number: Option<u32>| number.map(f64::from);
        // Nobody waits for the hundred days from which on a nanosecond more or less is lost.
        let time = |time: Option<Duration>| time.map(|time| time.as_nanos() as f64);
        [
            (TASKS, number(self.tasks)),
            (STEPS, number(self.steps)),
            (PARTS, number(self.parts)),
            (WAIT, time(self.wait)),
            (COMPUTE, time(self.compute)),
            (SLOWDOWN, number(self.slowdown)),
        ]
        .into_iter()
        .filter_map(|((name, unit), value)| Some((name, value?, unit)))
    }

    /// Takes in a fact, if it is one of these. What is told later counts.
    pub fn hear(&mut self, name: &str, value: f64, unit: &str) {
        // What is negative, too large or no number at all comes out as a number that is.
        let number = value as u32;
        let time = Duration::from_nanos(value as u64);
        match (name, unit) {
            TASKS => self.tasks = Some(number),
            STEPS => self.steps = Some(number),
            PARTS => self.parts = Some(number),
            WAIT => self.wait = Some(time),
            COMPUTE => self.compute = Some(time),
            SLOWDOWN => self.slowdown = Some(number),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workload_that_is_told_is_heard() {
        let told = Workload {
            tasks: Some(3),
            wait: Some(Duration::from_nanos(20_000_001)),
            slowdown: Some(u32::MAX),
            ..Workload::default()
        };
        let mut heard = Workload::default();
        told.facts().for_each(|(name, value, unit)| heard.hear(name, value, unit));
        assert_eq!(heard, told);
    }

    #[test]
    fn what_is_not_about_the_workload_changes_nothing() {
        let mut heard = Workload::default();
        heard.hear("page", 3.2, "ms");
        heard.hear("workload.wait", 3.2, "ms");
        assert_eq!(heard, Workload::default());
    }
}
