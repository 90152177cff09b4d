//! Runs one lesson as a process of its own, and examines what it left behind.

use std::time::Duration;

use anyhow::{Context, Result};
use evidence::trace::{self, Trace};
use evidence::verdict::{Judgement, Verdict};
use lab::order;
use lab::work;
use serde_json::{Value, json};

use crate::catalogue::Lesson;
use crate::process::{Ending, Finding, Line, Lines, Report, Request, Stream, interrupted};
use crate::record::Mark;
use crate::show::shortened;
use crate::timing::{self, Reference};
use crate::witness::watch_with_witness;

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
    /// Which quadrant the run was in, as far as the evidence tells.
    pub(crate) verdict: Option<Verdict>,
    /// How the verdict compares with the quadrant that the lesson promises.
    pub(crate) judgement: Judgement,
}

/// How often a lesson is run again if the machine kept a run from showing its quadrant.
const TRIES: usize = 3;

/// Runs a lesson until its quadrant is settled, at most [`TRIES`] times more than once. Only the
/// first run's lines are passed on; what is wrong with any of the runs is never passed over.
///
/// # Errors
///
/// The same as [`run_once`].
pub(crate) fn run_settled(
    lesson: &Lesson,
    conditions: &Conditions,
    on_line: impl FnMut(&Line),
) -> Result<Run> {
    let mut run = run_once(lesson, conditions, on_line)?;
    for _ in 0..TRIES {
        if run.mark() != Mark::Unsure || !run.may_differ_next_time() || interrupted() {
            break;
        }
        run = run_once(lesson, conditions, |_| {})?;
    }
    Ok(run)
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
    let (report, witness) =
        watch_with_witness(&request, &mut Lines(on_line)).with_context(|| lesson.id())?;
    let output = report.lines.iter().filter(|line| line.stream == Stream::Output);
    let order = lesson.order.check(output.map(|line| &line.text))?;
    let trace = match Trace::read(&file) {
        Ok(trace) => Some(trace),
        Err(error) if error.is_empty() => None,
        Err(_) if !file.exists() => None,
        Err(error) => return Err(error.into()),
    };
    let testimony = witness.map(|witness| witness.testimony(None));
    let verdict = trace.as_ref().map(|trace| Verdict::of(trace, testimony.as_ref()));
    let judgement = match &verdict {
        Some(verdict) => verdict.against(lesson.quadrant),
        None => Judgement::Open("The program recorded no trace.".to_owned()),
    };
    Ok(Run { report, order, trace, verdict, judgement })
}

impl Run {
    /// Whether somebody pressed Ctrl-C during the run, so that it says nothing about the lesson.
    pub(crate) fn is_cut_short(&self) -> bool {
        self.report.ending == Ending::Interrupted
    }

    /// How long the run took, from the start of the process to its end.
    pub(crate) fn taken(&self) -> Duration {
        self.report.wall
    }

    /// Everything that is wrong with the run, a sentence each.
    pub(crate) fn faults(&self) -> Vec<String> {
        /// A flood of lines that nobody expects is not worth a flood of sentences.
        const SHOWN: usize = 5;
        let findings = self.report.findings.iter().filter(|finding| !is_of_the_system(finding));
        let findings = findings.map(ToString::to_string);
        let violations = self.order.violations();
        let more = violations.len().saturating_sub(SHOWN);
        let more = (more > 0).then(|| format!("and {more} more lines against the contract"));
        let violations = violations.iter().take(SHOWN).map(ToString::to_string);
        let broken = match &self.judgement {
            Judgement::Broken(why) => Some(why.clone()),
            Judgement::Kept | Judgement::Open(_) => None,
        };
        let faults = findings.chain(violations).chain(more).chain(broken);
        faults.map(|fault| shortened(&fault)).collect()
    }

    /// What could not be shown, and why.
    pub(crate) fn doubt(&self) -> Option<String> {
        let system = self.report.findings.iter().find(|finding| is_of_the_system(finding));
        match &self.judgement {
            Judgement::Open(why) => Some(why.clone()),
            Judgement::Kept | Judgement::Broken(_) => system.map(ToString::to_string),
        }
    }

    /// Whether another run on this machine could show more.
    fn may_differ_next_time(&self) -> bool {
        self.verdict.as_ref().is_some_and(|verdict| !verdict.circumstances.has_one_core())
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
        match (self.faults().is_empty(), self.doubt()) {
            (false, _) => Mark::Bad,
            (true, Some(_)) => Mark::Unsure,
            (true, None) => Mark::Good,
        }
    }

    /// The run, for a program to read.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "ending": self.report.ending.to_string(),
            "taken_ms": timing::milliseconds(self.taken()),
            "output": self.report.lines.iter().map(|line| &line.text).collect::<Vec<_>>(),
            "order": self.order.to_json(),
            "verdict": self.verdict.as_ref().map(Verdict::to_json),
            "faults": self.faults(),
            "doubt": self.doubt(),
        })
    }
}

/// Whether a finding says something about the system, and nothing about the program.
fn is_of_the_system(finding: &Finding) -> bool {
    matches!(finding, Finding::NotRestricted { .. })
}
