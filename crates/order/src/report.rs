//! What checking a run's output has found, for people and for programs.

use std::fmt;

use serde_json::{Value, json};

use super::state::{Name, Text};

/// What checking a run's output against a contract has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    pub(super) violations: Vec<Violation>,
    pub(super) omitted: usize,
    pub(super) printed: usize,
    pub(super) expected: usize,
    pub(super) sequence: Vec<usize>,
}

/// One thing that is wrong with an output.
///
/// Its `Display` is one sentence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Violation {
    /// A line came before a line that it had to wait for.
    TooEarly {
        /// The line that came too early.
        line: Seen,
        /// A line that must come before it, and came after it: of those that
        /// come right before it in the contract the last to come.
        awaited: Seen,
    },
    /// A line never came.
    Missing {
        /// The line that the contract expects.
        line: Name,
    },
    /// A line came once more than the contract has it.
    Repeated {
        /// The surplus line.
        line: Seen,
        /// What the contract's line must look like: this very text, or a
        /// pattern that it matches.
        text: Text,
        /// Where it came for the last time that the contract allows.
        previous: usize,
        /// How often the contract has it.
        times: usize,
    },
    /// A line came that the contract does not have.
    Unknown {
        /// The line.
        line: Seen,
        /// The line of the contract that is most like it, where one is like it.
        nearest: Option<Name>,
    },
}

/// A line of the output, and where it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// The text as it was printed.
    pub text: String,
    /// The line's place in the output, counted from 1.
    pub place: usize,
}

impl Report {
    /// Whether the output is a legal order of the contract.
    #[must_use]
    pub fn is_legal(&self) -> bool {
        self.violations.is_empty()
    }

    /// What is wrong: lines that came too early, then lines that the contract
    /// does not have, both in the order of the output; then lines that never
    /// came, in the order of the contract.
    ///
    /// There is one for each line at fault. A line that came before two that
    /// it had to wait for is told of one of them; and where a chain a, b, c
    /// came as b, c, a only b is told, for c did come after b.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
    }

    /// How many more repeated and unknown lines there are than the first
    /// 10,000, which [`violations`](Report::violations) has.
    #[must_use]
    pub fn omitted(&self) -> usize {
        self.omitted
    }

    /// How many lines the output has.
    #[must_use]
    pub fn printed(&self) -> usize {
        self.printed
    }

    /// How many lines the contract has.
    #[must_use]
    pub fn expected(&self) -> usize {
        self.expected
    }

    /// The output as the contract's lines, each by its place in
    /// [`Poset::lines`](super::Poset::lines); lines that the contract does not have are left out.
    #[must_use]
    pub fn sequence(&self) -> &[usize] {
        &self.sequence
    }

    /// The report for a program to read.
    #[must_use]
    pub fn to_json(&self) -> Value {
        json!({
            "legal": self.is_legal(),
            "printed": self.printed,
            "expected": self.expected,
            "omitted": self.omitted,
            "violations": self.violations.iter().map(Violation::to_json).collect::<Vec<_>>(),
        })
    }
}

impl Violation {
    /// The violation's name, for a program to tell violations apart by.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Violation::TooEarly { .. } => "too-early",
            Violation::Missing { .. } => "missing",
            Violation::Repeated { .. } => "repeated",
            Violation::Unknown { .. } => "unknown",
        }
    }

    /// Where in the output it shows, if it is about a line that came.
    #[must_use]
    pub fn place(&self) -> Option<usize> {
        match self {
            Violation::TooEarly { line, .. }
            | Violation::Repeated { line, .. }
            | Violation::Unknown { line, .. } => Some(line.place),
            Violation::Missing { .. } => None,
        }
    }

    /// The violation for a program to read: its kind, its sentence, and its
    /// lines and places.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let seen = |seen: &Seen| json!({ "text": seen.text, "place": seen.place });
        let mut value = match self {
            Violation::TooEarly { line, awaited } => {
                json!({ "line": seen(line), "awaited": seen(awaited) })
            }
            Violation::Missing { line } => json!({ "line": line.to_string() }),
            Violation::Repeated { line, text, previous, times } => {
                let text = text.to_string();
                json!({ "line": seen(line), "of": text, "previous": previous, "times": times })
            }
            Violation::Unknown { line, nearest } => {
                json!({ "line": seen(line), "nearest": nearest.as_ref().map(Name::to_string) })
            }
        };
        value["kind"] = json!(self.kind());
        value["sentence"] = json!(self.to_string());
        value
    }
}

impl fmt::Display for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, {}", self.place, quoted(&self.text))
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Violation::TooEarly { line, awaited: Seen { text, place } } => {
                write!(f, "{line}, came too early: ")?;
                write!(f, "it must wait for {}, which came only as line {place}", quoted(text))
            }
            Violation::Missing { line } => write!(f, "{line} never came"),
            Violation::Repeated { line, text, previous, times } => {
                write!(f, "{line}, ")?;
                if let Text::Pattern(_) = text {
                    write!(f, "matches {text}, which ")?;
                }
                if *times == 1 {
                    write!(f, "came already as line {previous}, and may come only once")
                } else {
                    write!(f, "came already {times} times, last as line {previous}, ")?;
                    write!(f, "and may come no more often")
                }
            }
            Violation::Unknown { line, nearest: None } => {
                write!(f, "{line}, is not in the contract")
            }
            Violation::Unknown { line, nearest: Some(nearest) } => {
                write!(f, "{line}, is not in the contract; was {nearest} meant?")
            }
        }
    }
}

/// A printed text as people read it.
fn quoted(text: &str) -> impl fmt::Display {
    const LONGEST: usize = 200;
    Name::from(shortened(text, LONGEST))
}

/// The text, cut after so many characters with a sign that says so.
pub(super) fn shortened(text: &str, longest: usize) -> String {
    match text.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

impl fmt::Display for Report {
    /// Writes the violations, one a line and the first twenty of them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const SHOWN: usize = 20;
        if self.is_legal() {
            return write!(f, "a legal order of {} lines", self.expected);
        }
        for (place, violation) in self.violations.iter().take(SHOWN).enumerate() {
            write!(f, "{}{violation}", if place == 0 { "" } else { "\n" })?;
        }
        match self.violations.len().saturating_sub(SHOWN) + self.omitted {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}
