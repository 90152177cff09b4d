//! A program's curve, beside its runs on real cores.

use std::collections::HashSet;
use std::time::Duration;

use evidence::trace::Trace;
use scale::{Curve, Model, Schedule, Time};
use words::Outcome;

use crate::examine::Run;
use crate::series::Series;
use crate::timing;

/// What a run may take besides, where its machine is its own: to start threads, to print.
const SLACK: Time = 20_000_000;

/// What came of a program.
#[derive(Debug)]
pub(super) struct Scaled {
    /// What it is called.
    pub(super) name: String,
    /// What its first run recorded, on more and more cores; nothing where it recorded nothing.
    pub(super) curve: Option<Curve>,
    /// Whether it computes on several cores as it is.
    pub(super) is_parallel: bool,
    /// How many tasks there are.
    pub(super) tasks: usize,
    /// Its runs on real cores.
    pub(super) real: Vec<Real>,
    /// What was wrong with its runs, a sentence each.
    pub(super) faults: Vec<String>,
}

/// A run on real cores, and what the model says that one takes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Real {
    /// How many cores it had, and can use as it is.
    pub(super) cores: usize,
    /// How long it took from its first task's start to its last task's end.
    pub(super) taken: Time,
    /// How long what this run recorded takes by the schedule.
    pub(super) scheduled: Time,
    /// What no schedule of what this run recorded can better, and what no greedy one exceeds.
    pub(super) bounds: [f64; 2],
}

impl Scaled {
    /// What came of all programs, each of which was run under one or more conditions.
    pub(super) fn all(series: &[Series]) -> Vec<Scaled> {
        let same = |one: &Series, other: &Series| one.program.id() == other.program.id();
        series.chunk_by(same).map(Scaled::of).collect()
    }

    /// What came of a program.
    fn of(series: &[Series]) -> Scaled {
        let program = &series[0].program;
        let runs = || series.iter().flat_map(|series| &series.runs);
        let model = runs().find_map(|run| run.trace.as_ref()).map(Model::of);
        let is_parallel = program.promise.quadrant.is_parallel();
        Scaled {
            name: program.id(),
            tasks: model.as_ref().map_or(0, |model| model.tasks().len()),
            curve: model.map(|model| Curve::of(&model)),
            is_parallel,
            real: runs().filter_map(|run| Real::of_run(run, is_parallel)).collect(),
            faults: series.iter().flat_map(Series::faults).collect(),
        }
    }

    /// What a trace of somebody's tells.
    pub(super) fn of_trace(name: &str, trace: &Trace) -> Scaled {
        let model = Model::of(trace);
        let threads: HashSet<u32> = trace.parts.iter().map(|part| part.thread).collect();
        Scaled {
            name: name.to_owned(),
            tasks: model.tasks().len(),
            curve: Some(Curve::of(&model)),
            is_parallel: threads.len() > 1,
            real: Vec::new(),
            faults: Vec::new(),
        }
    }

    /// How it fared: the runs on real cores say whether to believe the curve.
    pub(super) fn outcome(&self) -> Outcome {
        if !self.faults.is_empty() || self.curve.is_none() {
            return Outcome::Failed;
        }
        self.real.iter().map(Real::outcome).collect()
    }
}

impl Real {
    fn of_run(run: &Run, is_parallel: bool) -> Option<Real> {
        let allowed = run.report.cores.unwrap_or(usize::MAX).min(timing::cores());
        let cores = if is_parallel { allowed } else { 1 };
        Some(Real::of(run.trace.as_ref()?, cores))
    }

    /// A run that recorded this, on so many cores.
    fn of(trace: &Trace, cores: usize) -> Real {
        let nanoseconds = |time: Duration| Time::try_from(time.as_nanos()).unwrap_or(Time::MAX);
        let first = trace.tasks.iter().map(|task| task.start).min().unwrap_or_default();
        let last = trace.tasks.iter().map(|task| task.end.unwrap_or(task.last)).max();
        let taken = nanoseconds(last.unwrap_or_default().saturating_sub(first));
        let model = Model::of(trace);
        let (share, span) = (model.work() as f64 / cores as f64, model.span() as f64);
        let scheduled = Schedule::of(&model, cores).length;
        Real { cores, taken, scheduled, bounds: [share.max(span), share + span] }
    }

    /// Whether the model holds: no run betters what none can better. One that takes longer than any greedy
    /// schedule shows nothing, since others may have had the cores.
    pub(super) fn outcome(&self) -> Outcome {
        let taken = self.taken as f64;
        let [least, most] = self.bounds;
        match taken {
            // CPU clocks run ahead by some microseconds each time that a thread is woken.
            _ if taken < least * 0.99 => Outcome::Failed,
            _ if taken > most * 1.1 + SLACK as f64 => Outcome::NotShown,
            _ => Outcome::Passed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lanes::script::{Script, both};

    const MS: Time = 1_000_000;

    #[test]
    fn a_run_lies_between_the_bounds_or_shows_nothing() {
        let real =
            |taken| Real { cores: 2, taken: taken * MS, scheduled: 120 * MS, bounds: [1e8, 1.5e8] };
        assert_eq!(real(90).outcome(), Outcome::Failed);
        assert_eq!(real(100).outcome(), Outcome::Passed);
        assert_eq!(real(180).outcome(), Outcome::Passed);
        assert_eq!(real(200).outcome(), Outcome::NotShown);
    }

    #[test]
    fn a_run_takes_from_its_first_task_to_its_last() {
        let real = Real::of(&both(), 2);
        assert_eq!(real.taken, 130 * MS);
        // Work: 60 + 40 ms of A and B in halves, and 30 ms of C, which begins after both.
        assert_eq!(real.bounds[0], 130e6 - 20e6 - 20e6 - 10e6 - 10e6 + 10e6);
    }

    #[test]
    fn who_computes_on_one_thread_is_not_parallel() {
        let one = Script::new().start(0, 0, 1, "A").part(0..10, [0, 0], [1, 1, 0]).end(10, 0, 1);
        let scaled = Scaled::of_trace("x", &one.trace());
        assert!(!scaled.is_parallel);
        assert_eq!((scaled.outcome(), scaled.tasks), (Outcome::Passed, 1));
        assert!(Scaled::of_trace("x", &both()).is_parallel);
    }
}
