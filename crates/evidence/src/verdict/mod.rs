//! Which quadrant a run was in, as far as its trace can prove it.
//!
//! A [`Verdict`] gives two [`Answer`]s, each with its evidence: were several
//! **tasks in progress** at once ([`Concurrent`]), and were several **threads
//! executing** at once ([`Parallel`])? An answer is never guessed. Where the
//! evidence leaves it open the verdict is inconclusive and says why.
//!
//! Read in this order:
//!
//! 1. this page: what a verdict is;
//! 2. `concurrent`: intervals that overlap;
//! 3. `parallel`, and the pigeonhole argument that it rests on in `bounds`;
//! 4. `circumstances`: what the machine allowed and withheld, and the witness from outside;
//! 5. `disagreement`: where inside and outside contradict each other;
//! 6. `promise`: whether a run was in the quadrant that its program promises;
//! 7. `reason`: every reason that there is, in words.

mod bounds;
mod circumstances;
mod concurrent;
mod disagreement;
mod parallel;
mod promise;
mod reason;
#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use serde_json::{Value, json};

pub use circumstances::{Circumstances, Witness};
pub use concurrent::{Concurrent, TaskOverlap};
pub use disagreement::Disagreement;
pub use parallel::{Parallel, THRESHOLD, ThreadOverlap, UNRECORDED};
pub use promise::Judgement;
pub use reason::{Blame, Reason};

use crate::trace::Trace;
use words::quadrant::Quadrant;

/// What the evidence says of a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Answer {
    /// It was so.
    Proven,
    /// It was not so.
    RuledOut,
    /// It may have been so or not.
    Inconclusive,
}

impl Answer {
    /// The answer's name for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Answer::Proven => "proven",
            Answer::RuledOut => "ruled-out",
            Answer::Inconclusive => "inconclusive",
        }
    }
}

/// The answer for people.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Answer::RuledOut => "ruled out",
            Answer::Proven | Answer::Inconclusive => self.name(),
        })
    }
}

/// What the evidence says of a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Verdict {
    /// Were several tasks in progress at once?
    pub concurrent: Concurrent,
    /// Were several threads executing at once?
    pub parallel: Parallel,
    /// What is known to be missing in the trace, even where it does not matter.
    pub missing: Vec<Reason>,
    /// Where inside and outside contradict each other: findings of their own.
    pub disagreements: Vec<Disagreement>,
    /// What the machine allowed the run, and what it withheld from it.
    pub circumstances: Circumstances,
}

impl Verdict {
    /// Reaches a verdict from a trace and, where there is one, a witness from outside.
    #[must_use]
    pub fn of(trace: &Trace, witness: Option<&Witness>) -> Verdict {
        let mut circumstances = Circumstances::of(trace);
        if let Some(witness) = witness {
            circumstances = circumstances.or(&witness.circumstances);
        }
        let mut verdict = Verdict {
            concurrent: Concurrent::judge(trace, &circumstances),
            parallel: Parallel::judge(trace, &circumstances, witness),
            missing: missing(trace),
            disagreements: Vec::new(),
            circumstances,
        };
        if let Some(witness) = witness {
            verdict.hear(trace, witness);
        }
        verdict
    }

    /// The quadrant that the run was in, if both answers are known.
    #[must_use]
    pub fn quadrant(&self) -> Option<Quadrant> {
        let known = |answer| match answer {
            Answer::Proven => Some(true),
            Answer::RuledOut => Some(false),
            Answer::Inconclusive => None,
        };
        let (concurrent, parallel) = (known(self.concurrent.answer)?, known(self.parallel.answer)?);
        Some(Quadrant::from_answers(concurrent, parallel))
    }

    /// Describes the verdict to a program.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let sentences = |reasons: &[Reason]| -> Vec<String> {
            reasons.iter().map(ToString::to_string).collect()
        };
        json!({
            "concurrent": self.concurrent.to_json(),
            "parallel": self.parallel.to_json(),
            "quadrant": self.quadrant().map(Quadrant::name),
            "missing": sentences(&self.missing),
            "disagreements": self.disagreements.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "circumstances": self.circumstances.to_json(),
        })
    }

    /// Takes into account what was seen from outside.
    fn hear(&mut self, trace: &Trace, witness: &Witness) {
        let executed = witness.cpu;
        let recorded = self.parallel.compute;
        if Parallel::is_unaccounted(recorded, executed) {
            self.disagreements.push(Disagreement::MoreRecordedThanExecuted { recorded, executed });
            self.concurrent.leave_open();
            self.parallel.leave_open();
        }
        let executing = trace.chunks.iter().filter_map(|chunk| chunk.executing);
        let recorded: Duration = executing.map(|executing| executing.at_most).sum();
        // What is known to be missing needs no other explanation.
        if self.missing.is_empty() && Parallel::is_unaccounted(executed, recorded) {
            self.disagreements.push(Disagreement::MoreExecutedThanRecorded { recorded, executed });
        }
        let inside = self.concurrent.answer;
        match (inside, witness.concurrent) {
            (Answer::RuledOut, Some(outside @ Answer::Proven)) => {
                self.disagreements.push(Disagreement::Concurrent { inside, outside });
                self.concurrent.leave_open();
            }
            (Answer::Inconclusive, Some(Answer::Proven)) => self.concurrent.adopt(),
            // Tasks whose lines came one after the other may have been in progress at once.
            _ => {}
        }
        let inside = self.parallel.answer;
        match (inside, witness.parallel) {
            (Answer::RuledOut, Some(outside @ Answer::Proven))
            | (Answer::Proven, Some(outside @ Answer::RuledOut)) => {
                self.disagreements.push(Disagreement::Parallel { inside, outside });
                self.parallel.leave_open();
            }
            (Answer::Inconclusive, Some(Answer::Proven)) => self.parallel.adopt(),
            _ => {}
        }
    }
}

/// A verdict for people: a line for each axis, and one for each finding besides.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (concurrent, parallel) = (&self.concurrent, &self.parallel);
        writeln!(f, "concurrent {}: {}", concurrent.answer, concurrent.sentence())?;
        write!(f, "parallel {}: {}", parallel.answer, parallel.sentence())?;
        let told = |reason: &&Reason| {
            concurrent.reasons.contains(reason) || parallel.reasons.contains(reason)
        };
        let missing = self.missing.iter().filter(|reason| !told(reason)).map(ToString::to_string);
        for line in missing.chain(self.disagreements.iter().map(ToString::to_string)) {
            write!(f, "\n{line}")?;
        }
        Ok(())
    }
}

/// Whom the reasons for an answer blame.
fn blame(reasons: &[Reason], hindrances: &[Reason]) -> Blame {
    let blamed: Vec<Blame> = reasons.iter().filter_map(Reason::blames).collect();
    // What the machine makes impossible no program can do, and what the machine
    // may have hindered is not the program's fault for certain.
    if blamed.contains(&Blame::Machine) {
        Blame::Machine
    } else if blamed.contains(&Blame::Program) && hindrances.is_empty() {
        Blame::Program
    } else {
        Blame::Either
    }
}

/// What is known to be missing in a trace.
fn missing(trace: &Trace) -> Vec<Reason> {
    let (events, processes) = (trace.dropped, trace.unrecorded_processes);
    let dropped = (events > 0).then_some(Reason::Dropped { events });
    let processes = (processes > 0).then_some(Reason::UnrecordedProcesses { processes });
    dropped.into_iter().chain(processes).collect()
}

fn sentences(reasons: &[Reason]) -> String {
    reasons.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
}

/// A time for a program to read.
fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

/// A time for people: in the unit in which its number is easy to read.
struct Time(Duration);

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match milliseconds(self.0) {
            time @ ..0.01 => write!(f, "{:.1} µs", time * 1000.0),
            time @ ..10.0 => write!(f, "{time:.2} ms"),
            time @ ..10_000.0 => write!(f, "{time:.1} ms"),
            time => write!(f, "{:.2} s", time / 1000.0),
        }
    }
}
