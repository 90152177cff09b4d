//! What can be wrong with a contract, and the place in its text where it is.

use std::fmt;
use std::ops::Range;

/// What is wrong with a contract, and where.
///
/// Its text is the notation that was read or, of an order that was built in a
/// program, the notation in which it would be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    pub(super) flaw: Flaw,
    pub(super) notation: String,
    pub(super) place: Range<usize>,
}

/// What is wrong, without the place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Flaw {
    pub(super) kind: ErrorKind,
    pub(super) message: String,
}

/// The ways in which a contract can be wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The text does not follow the grammar.
    Syntax,
    /// A pattern is not a regular expression.
    Pattern,
    /// The same line stands twice, with the same occurrence.
    SameLine,
    /// An occurrence is expected, but not the one before it.
    MissingOccurrence,
    /// A label is given twice, or is another line's text.
    SameLabel,
    /// An edge names a line that is not there.
    UnknownName,
    /// A line has to come before itself.
    Cycle,
}

impl Error {
    /// In which way the contract is wrong.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.flaw.kind
    }

    /// What is wrong, as one sentence without the place.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.flaw.message
    }

    /// The text that is wrong.
    #[must_use]
    pub fn notation(&self) -> &str {
        &self.notation
    }

    /// Which bytes of the [notation](Error::notation) are at fault.
    #[must_use]
    pub fn place(&self) -> Range<usize> {
        self.place.clone()
    }

    /// The line of the notation, counted from 1, on which the fault begins.
    #[must_use]
    pub fn line(&self) -> usize {
        self.notation[..self.place.start].matches('\n').count() + 1
    }

    /// The character of that line, counted from 1, at which the fault begins.
    #[must_use]
    pub fn column(&self) -> usize {
        self.notation[self.line_start()..self.place.start].chars().count() + 1
    }

    fn line_start(&self) -> usize {
        self.notation[..self.place.start].rfind('\n').map_or(0, |newline| newline + 1)
    }

    /// The line at fault with carets under the place, cut out of its
    /// surroundings where it is long.
    fn picture(&self) -> String {
        const BEFORE: usize = 40;
        const AFTER: usize = 30;
        const CARETS: usize = 30;

        let (before, rest) = self.notation.split_at(self.place.start);
        let before = &before[self.line_start()..];
        let rest = rest.lines().next().unwrap_or("");
        let length = self.notation[self.place.clone()].lines().next().unwrap_or("").chars().count();
        let carets = length.clamp(1, CARETS);

        let skipped = before.chars().count().saturating_sub(BEFORE);
        let left = if skipped > 0 { "…" } else { "" };
        let before: String = before.chars().skip(skipped).map(printable).collect();
        let shown: String = rest.chars().take(carets + AFTER).map(printable).collect();
        let right = if rest.chars().count() > carets + AFTER { "…" } else { "" };
        let indent = " ".repeat(left.chars().count() + before.chars().count());
        format!("    {left}{before}{shown}{right}\n    {indent}{}", "^".repeat(carets))
    }
}

/// Keeps carets under what they point at.
fn printable(character: char) -> char {
    if character.is_control() { ' ' } else { character }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("in the contract, ")?;
        if self.line() > 1 {
            write!(f, "line {}, ", self.line())?;
        }
        write!(f, "column {}: {}\n{}", self.column(), self.flaw.message, self.picture())
    }
}

impl std::error::Error for Error {}

impl Flaw {
    pub(super) fn new(kind: ErrorKind, message: impl Into<String>) -> Flaw {
        Flaw { kind, message: message.into() }
    }

    pub(super) fn at(self, notation: &str, place: Range<usize>) -> Error {
        Error { flaw: self, notation: notation.to_owned(), place }
    }
}
