//! What the evidence says of a question.

use std::fmt;

/// What the evidence says of a question. It is never guessed.
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

    /// Yes, no, or nothing where it is not known.
    #[must_use]
    pub const fn known(self) -> Option<bool> {
        match self {
            Answer::Proven => Some(true),
            Answer::RuledOut => Some(false),
            Answer::Inconclusive => None,
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
