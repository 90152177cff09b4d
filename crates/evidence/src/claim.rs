//! A claim: what one source says of one question.
//!
//! Every source of evidence makes claims, and nothing else. The [verdict](crate::verdict) is made
//! of claims alone, by one rule, for lessons, exercises and strangers' programs alike. Where a source
//! is missing there are fewer claims, and not no verdict.

use std::time::Duration;

use serde_json::{Value, json};
use words::{Answer, Axis, milliseconds};

use crate::circumstances::Circumstances;
use crate::reason::{Reason, sentences};

/// Where a claim comes from, the most trustworthy first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Source {
    /// What the judge's own process served and timed: nobody else can have written it.
    Judge,
    /// The kernel's record of when each thread got a core and lost it: exact, and not to be forged.
    Switches,
    /// The kernel's accounts of finished processes, and looks at those that run: true, not exact.
    Accounts,
    /// What the program itself recorded. It explains; where a program is judged it counts for as
    /// much as the kernel agrees with.
    Recorder,
    /// When lines of output came. Anybody can print.
    Lines,
}

impl Source {
    /// The source's name for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Source::Judge => "judge",
            Source::Switches => "switches",
            Source::Accounts => "accounts",
            Source::Recorder => "recorder",
            Source::Lines => "lines",
        }
    }

    /// The source as the subject of a sentence.
    #[must_use]
    pub const fn subject(self) -> &'static str {
        match self {
            Source::Judge => "what was asked of the judge",
            Source::Switches => "the kernel's record",
            Source::Accounts => "the kernel's accounts",
            Source::Recorder => "the trace",
            Source::Lines => "the output",
        }
    }

    /// Whether the program that is judged has no hand in it.
    #[must_use]
    pub const fn is_outside(self) -> bool {
        matches!(self, Source::Judge | Source::Switches | Source::Accounts)
    }

    /// Whether it is complete and exact, so that it stands against any other.
    #[must_use]
    pub const fn is_exact(self) -> bool {
        matches!(self, Source::Judge | Source::Switches)
    }
}

/// For how long it was so.
///
/// Of parallelism this is the time that was executed *beside* other execution, ∫ max(0, n − 1) dt where
/// n threads execute; of concurrency the time in which two tasks or more were in progress.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Amount {
    /// No shorter than this.
    pub at_least: Duration,
    /// No longer than this, if there is a limit: of all that the source knows of.
    pub at_most: Option<Duration>,
    /// Out of how much that the source knows of: all that was executed, or the time in which any task
    /// was in progress.
    pub of: Option<Duration>,
}

/// Two tasks or threads that were in progress or executing at once. Times are since the beginning of
/// the run as the source knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proof {
    /// The two.
    pub both: [Party; 2],
    /// From when.
    pub start: Duration,
    /// Until when.
    pub end: Duration,
    /// For how long of this time, at least.
    pub at_least: Duration,
    /// The whole proof in words.
    pub sentence: String,
}

/// A task or a thread, as far as its source knows it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Party {
    /// What it is called.
    pub name: String,
    /// Its number in the trace, where it is from there.
    pub number: Option<u32>,
    /// The thread's number in the system, where it has one.
    pub system: Option<u32>,
}

/// What one source says of one question.
#[derive(Clone, Debug, PartialEq)]
pub struct Claim {
    /// The question.
    pub axis: Axis,
    /// Who says it.
    pub source: Source,
    /// What it says.
    pub answer: Answer,
    /// For how long it was so.
    pub amount: Amount,
    /// The two that show it best, where it was so.
    pub proof: Option<Proof>,
    /// Why it says so: where it does not speak for itself, or nothing can be said.
    pub reasons: Vec<Reason>,
    /// What else the source has found, for a program to read.
    pub details: Value,
}

impl Claim {
    /// A claim that nothing is known.
    #[must_use]
    pub fn open(axis: Axis, source: Source, reasons: Vec<Reason>) -> Claim {
        let (amount, proof, details) = (Amount::default(), None, Value::Null);
        Claim { axis, source, answer: Answer::Inconclusive, amount, proof, reasons, details }
    }

    /// The claim in words.
    #[must_use]
    pub fn sentence(&self) -> String {
        match &self.proof {
            Some(proof) if self.answer == Answer::Proven => proof.sentence.clone(),
            _ => sentences(&self.reasons),
        }
    }

    /// Describes the claim to a program.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let proof = self.proof.as_ref().map(|proof| {
            json!({
                "both": proof.both.each_ref().map(|party| &party.name),
                "from_ms": milliseconds(proof.start),
                "to_ms": milliseconds(proof.end),
                "at_least_ms": milliseconds(proof.at_least),
            })
        });
        json!({
            "source": self.source.name(),
            "answer": self.answer.name(),
            "sentence": self.sentence(),
            "at_least_ms": milliseconds(self.amount.at_least),
            "at_most_ms": self.amount.at_most.map(milliseconds),
            "of_ms": self.amount.of.map(milliseconds),
            "proof": proof,
            "reasons": self.reasons.iter().map(|reason| reason.name).collect::<Vec<_>>(),
            "details": self.details,
        })
    }
}

/// All that is known of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evidence {
    /// What the sources say.
    pub claims: Vec<Claim>,
    /// Where a source has found by itself that another one is wrong.
    pub contradictions: Vec<Contradiction>,
    /// What is known to be missing in a source, even where it does not matter.
    pub missing: Vec<Reason>,
    /// What the machine allowed the run, and what it withheld from it.
    pub circumstances: Circumstances,
}

/// Two sources of which one must be wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contradiction {
    /// What they disagree about.
    pub axis: Axis,
    /// The two, the more trustworthy one first.
    pub between: [Source; 2],
    /// What each says.
    pub sentence: String,
}

/// A source of evidence: it knows how to put what it has seen into claims.
pub trait Testimony {
    /// Adds this source's claims to all that is known.
    fn testify(&self, evidence: &mut Evidence);
}

impl Evidence {
    /// Adds what a source says.
    #[must_use]
    pub fn and(mut self, source: &impl Testimony) -> Evidence {
        source.testify(&mut self);
        self
    }

    /// The claims on a question, the most trustworthy first.
    pub(crate) fn on(&self, axis: Axis) -> Vec<&Claim> {
        let mut claims: Vec<&Claim> =
            self.claims.iter().filter(|claim| claim.axis == axis).collect();
        claims.sort_by_key(|claim| claim.source);
        claims
    }
}
