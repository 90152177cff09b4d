//! Runs one lesson as a process of its own, and examines what it left behind.

use std::time::Duration;

use anyhow::{Context, Result};
use lab::order;
use lab::trace::{self, Trace};
use lab::work;
use serde_json::{Value, json};

use crate::catalogue::Lesson;
use crate::process::{self, Line, Report, Request, Stream};
use crate::record::Mark;
use crate::timing::{self, Reference};

/// Under which conditions lessons are run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conditions {
    /// How many times as long as normal waits and compute are.
    pub(crate) slow: u32,
    /// To how many cores a lesson is restricted; `None` for all that we may use.
    pub(crate) cores: Option<usize>,
    /// How long a lesson may run at normal speed.
    pub(crate) time_limit: Duration,
}

impl Conditions {
    /// How many cores a lesson has.
    pub(crate) fn cores(&self) -> usize {
        self.cores.unwrap_or(usize::MAX).min(timing::cores())
    }
}

/// One run of a lesson, and what was found in it.
#[derive(Debug)]
pub(crate) struct Run {
    /// What the supervisor saw.
    pub(crate) report: Report,
    /// Whether the output kept the lesson's contract.
    pub(crate) order: order::Report,
    /// What the lesson recorded; `None` where it recorded nothing.
    pub(crate) trace: Option<Trace>,
}

/// Runs a lesson once, passing its lines on as they come.
///
/// # Errors
///
/// If the program cannot be started, or its contract makes no sense.
pub(crate) fn run_once(
    lesson: &Lesson,
    conditions: &Conditions,
    on_line: impl FnMut(&Line),
) -> Result<Run> {
    let folder = tempfile::tempdir().context("no folder for the trace")?;
    let file = folder.path().join("trace");
    let mut request = Request::new(&lesson.program)
        .arguments([&lesson.name, "--slow", &conditions.slow.to_string()])
        .variable(trace::VARIABLE, &file)
        .time_limit(conditions.time_limit * conditions.slow);
    request.cores = conditions.cores;
    let report = process::run(&request, on_line).with_context(|| lesson.id())?;
    let output = report.lines.iter().filter(|line| line.stream == Stream::Output);
    let order = lesson.order.check(output.map(|line| &line.text))?;
    let trace = match Trace::read(&file) {
        Ok(trace) => Some(trace),
        Err(error) if error.is_empty() => None,
        Err(_) if !file.exists() => None,
        Err(error) => return Err(error.into()),
    };
    Ok(Run { report, order, trace })
}

impl Run {
    /// How long the run took, from the start of the process to its end.
    pub(crate) fn taken(&self) -> Duration {
        self.report.wall
    }

    /// Everything that is wrong with the run, a sentence each.
    pub(crate) fn faults(&self) -> Vec<String> {
        let findings = self.report.findings.iter().map(ToString::to_string);
        let violations = self.order.violations().iter().map(ToString::to_string);
        findings.chain(violations).collect()
    }

    /// What this run says about the workload, if it is a run of *neither*.
    pub(crate) fn reference(&self, slow: u32) -> Reference {
        let compute = self
            .compute_per_step()
            .unwrap_or_else(|| (self.taken() / timing::STEPS).saturating_sub(work::wait() * slow));
        Reference { taken: self.taken(), compute }
    }

    /// The core time of a step's compute, from the trace.
    fn compute_per_step(&self) -> Option<Duration> {
        let chunks = self.trace.as_ref()?.chunks.iter();
        let computed: Option<Duration> = chunks.map(|chunk| Some(chunk.executing?.at_most)).sum();
        computed.map(|computed| computed / timing::STEPS)
    }

    /// How the run went.
    pub(crate) fn mark(&self) -> Mark {
        if self.faults().is_empty() { Mark::Good } else { Mark::Bad }
    }

    /// The run, for a program to read.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "ending": self.report.ending.to_string(),
            "taken_ms": self.taken().as_secs_f64() * 1e3,
            "output": self.report.lines.iter().map(|line| &line.text).collect::<Vec<_>>(),
            "order": self.order.to_json(),
            "faults": self.faults(),
        })
    }
}
