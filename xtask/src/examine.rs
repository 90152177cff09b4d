//! Runs one program as a process of its own, and examines what it left behind.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context, Result};
use evidence::labour::Labour;
use evidence::trace::{self, Folder, Problem, Trace};
use evidence::{Judgement, Reason, Verdict};
use lab::order;
use lab::work;
use lanes::Lanes;
use lanes::activity::Activity;
use serde_json::{Value, json};
use words::{Answer, Outcome, Quadrant, count};

use crate::process::{Ended, Ending, Finding, Line, Lines, Request, Stream, interrupted};
use crate::shelf::{Judge, Program, Promise};
use crate::show::shortened;
use crate::timing::{self, Reference};
use watch::{Sources, Whose, watch};

/// Under which conditions programs are run.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Conditions {
    /// How many times as long as normal waits and compute are.
    pub(crate) slow: u32,
    /// How long a step waits at normal speed, where that is not as long as usual.
    pub(crate) wait: Option<Duration>,
    /// To how many cores a program is restricted; `None` for all that we may use.
    pub(crate) cores: Option<usize>,
    /// How long a program may run at normal speed.
    pub(crate) time_limit: Duration,
    /// Who watches it.
    pub(crate) sources: Sources,
}

impl Conditions {
    /// How many cores a program has.
    pub(crate) fn cores(&self) -> usize {
        self.cores.unwrap_or(usize::MAX).min(timing::cores())
    }
}

/// One run of a program, and what was found in it.
#[derive(Debug)]
pub(crate) struct Run {
    /// What the supervisor saw.
    pub(crate) report: Ended,
    /// What is promised of a run under its conditions.
    pub(crate) promise: Promise,
    /// Whether the output kept the contract.
    pub(crate) order: order::Report,
    /// What the program recorded; `None` where that cannot be read.
    pub(crate) trace: Option<Trace>,
    /// Who had a core when, where the kernel recorded it.
    activity: Option<Activity>,
    /// What of the trace, or all of it, cannot be read.
    lost: Vec<Lost>,
    /// Which quadrant the run was in, as far as the evidence tells.
    pub(crate) verdict: Verdict,
    /// How the verdict compares with the quadrant that is promised.
    pub(crate) judgement: Judgement,
    /// What of the work was left out.
    idle: Vec<Reason>,
    /// How many runs before this one showed nothing, for the machine was in the way.
    pub(crate) tries_before: usize,
}

/// Why something is missing from what was recorded.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Lost {
    /// By the program's doing, in words.
    Program(String),
    /// There was no room for it, or it cannot be read together with the rest.
    Machine(String),
}

/// How often a program is run again if the machine kept a run from showing its quadrant.
const TRIES: usize = 3;

/// Runs a program until its quadrant is settled, at most [`TRIES`] times more than once. Only the
/// first run's lines are passed on; what is wrong with any of the runs is never passed over.
///
/// # Errors
///
/// The same as [`run_once`].
pub(crate) fn run_settled(
    program: &Program,
    conditions: &Conditions,
    on_line: impl FnMut(&Line),
) -> Result<Run> {
    let mut run = run_once(program, conditions, on_line)?;
    for tries_before in 1..=TRIES {
        if run.outcome() != Outcome::NotShown || !run.may_differ_next_time() || interrupted() {
            break;
        }
        run = Run { tries_before, ..run_once(program, conditions, |_| {})? };
    }
    Ok(run)
}

/// Runs a program once, passing its lines on as they come.
///
/// # Errors
///
/// If the program cannot be started, or its contract makes no sense.
pub(crate) fn run_once(
    program: &Program,
    conditions: &Conditions,
    on_line: impl FnMut(&Line),
) -> Result<Run> {
    let folder = tempfile::tempdir().context("no folder for the trace")?;
    let mut traces = Folder::watch(folder.path());
    let mut request = Request::new(&program.path)
        .arguments(program.arguments(conditions))
        .variable(trace::VARIABLE, traces.path())
        .time_limit(conditions.time_limit * conditions.slow);
    request.cores = conditions.cores;
    request.scratch.push(folder.path().to_owned());
    let (report, watched) = watch(&request, conditions.sources, Whose::Judged, &mut Lines(on_line))
        .with_context(|| program.id())?;
    let mut promise = program.promise.on(conditions.cores);
    let output = report.lines.iter().filter(|line| line.stream == Stream::Output);
    let order = promise.order.check(output.map(|line| &line.text))?;
    let (trace, lost) = read_traces(&mut traces);
    let (evidence, activity) = watched.evidence(trace.as_ref());
    let verdict = Verdict::of(evidence);
    // Whoever waits, and lets others wait for that, is held to its promise on one core, too.
    let mut reasons = verdict.concurrent.reasons.iter();
    let only_computes = verdict.concurrent.answer == Answer::RuledOut
        && reasons.any(|reason| reason.name == "nothing-to-wait-for");
    if program.may_be_in_turn_on(conditions.cores) && only_computes {
        promise.quadrant = Quadrant::Neither;
    }
    let judgement = verdict.against(promise.quadrant);
    let labour = program.labour.map(|labour| scaled(labour, conditions.slow));
    let idle = match (&trace, labour) {
        // What is known to be missing on record may have been done.
        (Some(trace), Some(labour)) if verdict.missing.is_empty() => {
            let cores = u32::try_from(conditions.cores()).unwrap_or(u32::MAX);
            // Whoever was in another quadrant is held to that one's time, and told so otherwise.
            let quadrant = verdict.quadrant().unwrap_or(promise.quadrant);
            let mut idle = labour.missing_from(trace, quadrant, cores, report.wall);
            let is_promised = promise.quadrant.is_parallel();
            idle.extend(labour.done_in_turn(&verdict).filter(|_| is_promised));
            idle
        }
        _ => Vec::new(),
    };
    let tries_before = 0;
    Ok(Run {
        report,
        promise,
        order,
        trace,
        activity,
        lost,
        verdict,
        judgement,
        idle,
        tries_before,
    })
}

/// The work at another speed.
fn scaled(labour: Labour, slow: u32) -> Labour {
    let compute = Some(timing::compute_of_a_step() * slow);
    Labour { wait: labour.wait.map(|wait| wait * slow), compute, ..labour }
}

/// Reads what all of the program's processes recorded, and says what of it cannot be read, and why.
///
/// They had the folder in their hands, and may have put anything there.
fn read_traces(folder: &mut Folder) -> (Option<Trace>, Vec<Lost>) {
    match folder.read() {
        Ok(trace) => {
            let lost = trace.faults.iter().map(|fault| lost(&fault.problem)).collect();
            (Some(trace), lost)
        }
        Err(error) => match no_room(folder.path()) {
            Some(why) => (None, vec![Lost::Machine(why)]),
            None => {
                let faults = error.faults.iter();
                (None, faults.map(|fault| lost(&fault.problem)).collect())
            }
        },
    }
}

/// Who is behind it that a trace cannot be read.
fn lost(problem: &Problem) -> Lost {
    let why = match problem {
        Problem::NeverMade | Problem::NoTrace => "It left no trace: nothing was recorded.".into(),
        Problem::Removed => "It removed its trace.".into(),
        Problem::NotAFile(kind) => {
            format!("It put something else in the place of its trace: a {kind}.")
        }
        Problem::Empty | Problem::Emptied => "It emptied its trace.".into(),
        Problem::OtherClock | Problem::TooMuch => {
            return Lost::Machine(format!("One of its traces {problem}."));
        }
        _ => format!("Its trace {problem}."),
    };
    Lost::Program(why)
}

/// Says so where there is no room for a trace.
#[cfg(unix)]
fn no_room(folder: &Path) -> Option<String> {
    /// What a trace needs at least.
    const NEEDED: u64 = 1 << 20;
    let left = rustix::fs::statvfs(folder).ok()?;
    let left = left.f_bavail * left.f_frsize;
    (left < NEEDED)
        .then(|| format!("There was no room for a trace in {}: make some there.", folder.display()))
}

#[cfg(not(unix))]
fn no_room(_folder: &Path) -> Option<String> {
    None
}

impl Run {
    /// Whether somebody pressed Ctrl-C during the run, so that it says nothing about the program.
    pub(crate) fn is_cut_short(&self) -> bool {
        self.report.ending == Ending::Interrupted
    }

    /// The run as lanes, as exact as it was recorded, with what its verdict rests on; nothing without a
    /// trace.
    pub(crate) fn lanes(&self) -> Option<Lanes> {
        let trace = self.trace.as_ref()?;
        let lanes = match &self.activity {
            Some(activity) => Lanes::watched(trace, activity),
            None => Lanes::of(trace),
        };
        let lanes = lanes.with_verdict(&self.verdict);
        // Of a run that had to be ended all is shown until then.
        Some(match self.report.ending {
            Ending::TimedOut => {
                lanes.reaching(u64::try_from(self.report.wall.as_nanos()).unwrap_or(u64::MAX))
            }
            _ => lanes,
        })
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
        let more =
            (more > 0).then(|| format!("and {} against the contract", count(more, "more line")));
        let violations = violations.iter().take(SHOWN).map(ToString::to_string);
        let lost = self.lost.iter().filter_map(|lost| match lost {
            Lost::Program(why) => (self.promise.by == Judge::Us).then(|| why.clone()),
            Lost::Machine(_) => None,
        });
        let lost = lost.take(SHOWN);
        let broken = match &self.judgement {
            Judgement::Broken(why) => Some(why.clone()),
            Judgement::Kept | Judgement::Open(_) => None,
        };
        // Who is told that its tasks were not concurrent need not be told twice.
        let is_known = broken.is_some() && self.verdict.concurrent.answer == Answer::RuledOut;
        let is_told = |reason: &&Reason| reason.name == "unused-waits" && is_known;
        let idle = self.idle.iter().filter(|it| !is_told(it)).map(ToString::to_string);
        let faults = findings.chain(violations).chain(more).chain(lost).chain(idle).chain(broken);
        faults.map(|fault| shortened(&fault)).collect()
    }

    /// What could not be shown, and why.
    pub(crate) fn doubt(&self) -> Option<String> {
        let findings = self.report.findings.iter().filter(|finding| is_of_the_system(finding));
        let lost = self.lost.iter().filter_map(|lost| match lost {
            Lost::Machine(why) => Some(why.clone()),
            Lost::Program(why) => (self.promise.by == Judge::Itself).then(|| why.clone()),
        });
        let own = (self.promise.by == Judge::Itself).then(|| {
            "Nobody but the program itself says what it promises: give --contract and --quadrant."
                .to_owned()
        });
        let open = match &self.judgement {
            Judgement::Open(why) => Some(why.clone()),
            Judgement::Kept | Judgement::Broken(_) => None,
        };
        let doubts = findings.map(ToString::to_string).chain(lost).chain(own).chain(open);
        Some(doubts.collect::<Vec<_>>().join(" ")).filter(|doubts| !doubts.is_empty())
    }

    /// Whether another run on this machine could show more.
    fn may_differ_next_time(&self) -> bool {
        self.promise.by == Judge::Us && !self.verdict.circumstances.has_one_core()
    }

    /// What this run says about the workload, if it is a run of *neither*.
    pub(crate) fn reference(&self, slow: u32) -> Reference {
        let compute = self
            .compute_per_step()
            .unwrap_or_else(|| (self.taken() / timing::STEPS).saturating_sub(work::wait() * slow));
        Reference { taken: self.taken(), compute }
    }

    /// The core time of a step's compute, from the trace: nothing where no step was computed.
    fn compute_per_step(&self) -> Option<Duration> {
        let trace = self.trace.as_ref()?;
        let chunks = trace.chunks.iter();
        let computed: Option<Duration> = chunks.map(|chunk| Some(chunk.executing?.at_most)).sum();
        let (whole, parts): (Vec<_>, Vec<_>) = trace.parts.iter().partition(|it| it.number == 0);
        let steps = whole.len() as f64 + parts.len() as f64 / work::PARTS as f64;
        computed.map(|computed| if steps > 0.0 { computed.div_f64(steps) } else { computed })
    }

    /// How the run went.
    pub(crate) fn outcome(&self) -> Outcome {
        match (self.faults().is_empty(), self.doubt()) {
            (false, _) => Outcome::Failed,
            (true, Some(_)) => Outcome::NotShown,
            (true, None) => Outcome::Passed,
        }
    }

    /// The run, for a program to read.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "outcome": self.outcome().name(),
            "ending": self.report.ending.to_string(),
            "taken_ms": timing::milliseconds(self.taken()),
            "output": self.report.lines.iter().map(|line| &line.text).collect::<Vec<_>>(),
            "order": self.order.to_json(),
            "verdict": self.verdict.to_json(),
            "faults": self.faults(),
            "doubt": self.doubt(),
        })
    }
}

/// Whether a finding says something about the system, and nothing about the program.
fn is_of_the_system(finding: &Finding) -> bool {
    matches!(finding, Finding::NotRestricted { .. })
}
