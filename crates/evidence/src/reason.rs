//! Why an answer is what it is: a sentence, and whose doing it is.
//!
//! Whoever has a source of evidence writes its reasons. This page knows none of them, so that a new
//! source changes nothing here.

use std::fmt;

/// One reason for an answer, or for the lack of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// A short name, for programs and tests.
    pub name: &'static str,
    /// The reason in words: one sentence or several.
    pub sentence: String,
    /// Whom it blames, if it blames anybody for certain.
    pub blames: Option<Blame>,
}

/// Whose doing it is that a run was not what it might have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Blame {
    /// The program would have done the same on any machine.
    Program,
    /// On this machine, at this time, no program could have done better.
    Machine,
    /// It may have been either.
    Either,
}

impl Blame {
    /// The name for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Blame::Program => "program",
            Blame::Machine => "machine",
            Blame::Either => "either",
        }
    }
}

impl Reason {
    /// A reason that blames nobody.
    #[must_use]
    pub fn new(name: &'static str, sentence: impl Into<String>) -> Reason {
        Reason { name, sentence: sentence.into(), blames: None }
    }

    /// The same reason, and whose doing it is.
    #[must_use]
    pub fn blaming(self, blame: Blame) -> Reason {
        Reason { blames: Some(blame), ..self }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.sentence)
    }
}

/// All of them, as one text.
pub(crate) fn sentences(reasons: &[Reason]) -> String {
    reasons.iter().map(|reason| reason.sentence.as_str()).collect::<Vec<_>>().join(" ")
}
