//! Whether a run kept its contract and, where not, what went wrong.

use std::collections::HashMap;
use std::fmt;

use serde_json::{Value, json};

use super::error::Error;
use super::poset::Poset;
use super::state::{Line, Name, Order, Text};

/// What checking a run's output against a contract has found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    violations: Vec<Violation>,
    printed: usize,
    expected: usize,
    sequence: Vec<usize>,
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
        /// The line that must come before it, and came after it; the last of
        /// them where there are several.
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

impl Order {
    /// Checks a run's output: the lines in the order in which they were
    /// printed, without their line ends.
    ///
    /// This takes time in proportion to the lines of the output, the lines of
    /// the contract and its edges together; a line that the contract has not
    /// exactly is compared with each of its patterns besides.
    ///
    /// ```
    /// use lab::order::{line, par, seq};
    ///
    /// let order = par([seq(["A1", "A2"].map(line)), seq(["B1", "B2"].map(line))]);
    /// assert!(order.check(["B1", "A1", "A2", "B2"])?.is_legal());
    ///
    /// let report = order.check(["B1", "A2", "A1", "B2"])?;
    /// assert_eq!(
    ///     report.violations()[0].to_string(),
    ///     "line 2, \"A2\", came too early: it must wait for \"A1\", which came only as line 3",
    /// );
    /// # Ok::<(), lab::order::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where the contract makes no sense; see [`Order::compile`].
    pub fn check<L: AsRef<str>>(
        &self,
        lines: impl IntoIterator<Item = L>,
    ) -> Result<Report, Error> {
        Ok(self.compile()?.check(lines))
    }

    /// Checks a run's output in a test.
    ///
    /// # Panics
    ///
    /// With the whole report, if the output is no legal order; and if the
    /// contract makes no sense.
    #[track_caller]
    pub fn assert_legal<L: AsRef<str>>(&self, lines: impl IntoIterator<Item = L>) {
        match self.check(lines) {
            Ok(report) => assert!(report.is_legal(), "{report}\nthe contract: {self}"),
            Err(error) => panic!("{error}"),
        }
    }
}

impl Poset {
    /// Checks a run's output, as [`Order::check`] does.
    #[must_use]
    pub fn check<L: AsRef<str>>(&self, lines: impl IntoIterator<Item = L>) -> Report {
        let mut checker = Checker::new(self);
        for line in lines {
            checker.line(line.as_ref());
        }
        checker.finish()
    }
}

/// Checks an output while it is being printed.
#[derive(Clone, Debug)]
pub struct Checker<'a> {
    poset: &'a Poset,
    /// For the first occurrence of each text the occurrence that is due.
    due: Vec<Option<u32>>,
    /// Where each line stands in the output, from 1; 0 while it has not come.
    places: Vec<usize>,
    /// What was printed for a line that is a pattern.
    matches: Vec<(u32, String)>,
    sequence: Vec<usize>,
    printed: usize,
    strangers: Vec<Stranger>,
}

/// A line of the output that is none of the contract's.
#[derive(Clone, Debug)]
struct Stranger {
    seen: Seen,
    /// The first occurrence of the line that it repeats.
    repeats: Option<u32>,
}

impl<'a> Checker<'a> {
    /// A checker that has seen no line yet.
    #[must_use]
    pub fn new(poset: &'a Poset) -> Checker<'a> {
        let lines = poset.lines.len();
        Checker {
            poset,
            due: (0..).take(lines).map(Some).collect(),
            places: vec![0; lines],
            matches: Vec::new(),
            sequence: Vec::with_capacity(lines),
            printed: 0,
            strangers: Vec::new(),
        }
    }

    /// Takes the next line of the output, without its line end.
    pub fn line(&mut self, text: &str) {
        self.printed += 1;
        let first = self.poset.index.recognise(text);
        let due = first.and_then(|first| self.due[first as usize]);
        if let (Some(first), Some(number)) = (first, due) {
            self.due[first as usize] = self.poset.index.next_occurrence(number);
            self.places[number as usize] = self.printed;
            self.sequence.push(number as usize);
            if let Text::Pattern(_) = self.poset.lines[number as usize].name.text {
                self.matches.push((number, text.to_owned()));
            }
        } else {
            let seen = Seen { text: text.to_owned(), place: self.printed };
            self.strangers.push(Stranger { seen, repeats: first });
        }
    }

    /// Says what is wrong with the output, which ends here.
    #[must_use]
    pub fn finish(mut self) -> Report {
        self.matches.sort_unstable();
        let mut violations = self.too_early();
        violations.extend(self.strange());
        violations.extend(self.missing());
        Report {
            violations,
            printed: self.printed,
            expected: self.poset.lines.len(),
            sequence: self.sequence,
        }
    }

    /// Compares every line with the last of those that come right before it.
    /// What never came and what is no line (a join) passes on what comes
    /// before it, so that nothing is lost between two lines that did come.
    fn too_early(&self) -> Vec<Violation> {
        let mut latest = vec![(0, 0); self.poset.successors.nodes()];
        let mut broken = Vec::new();
        for &node in &self.poset.sorted {
            let awaited = latest[node as usize];
            let place = self.places.get(node as usize).copied().unwrap_or(0);
            if place > 0 && awaited.0 > place {
                broken.push((place, node, awaited.1));
            }
            let passed_on = if place > 0 { (place, node) } else { awaited };
            for &successor in self.poset.successors.of(node) {
                let latest = &mut latest[successor as usize];
                *latest = passed_on.max(*latest);
            }
        }
        broken.sort_unstable();
        let violation = |(_, line, awaited)| Violation::TooEarly {
            line: self.seen(line),
            awaited: self.seen(awaited),
        };
        broken.into_iter().map(violation).collect()
    }

    fn seen(&self, number: u32) -> Seen {
        let place = self.places[number as usize];
        let text = match &self.poset.lines[number as usize].name.text {
            Text::Exact(text) => text.to_string(),
            Text::Pattern(_) => {
                let found = self.matches.binary_search_by_key(&number, |(line, _)| *line);
                self.matches[found.expect("a line that came was noted")].1.clone()
            }
        };
        Seen { text, place }
    }

    fn strange(&self) -> Vec<Violation> {
        let mut suggestions = Suggestions::new(self);
        let mut repeats = HashMap::new();
        let violation = |stranger: &Stranger| match stranger.repeats {
            None => Violation::Unknown {
                line: stranger.seen.clone(),
                nearest: suggestions.nearest(&stranger.seen.text),
            },
            Some(first) => {
                let (last, times) = *repeats.entry(first).or_insert_with(|| self.last(first));
                let previous = self.places[last as usize];
                Violation::Repeated { line: stranger.seen.clone(), previous, times }
            }
        };
        self.strangers.iter().map(violation).collect()
    }

    /// The last occurrence of a text, and how many there are.
    fn last(&self, first: u32) -> (u32, usize) {
        let mut last = (first, 1);
        while let Some(next) = self.poset.index.next_occurrence(last.0) {
            last = (next, last.1 + 1);
        }
        last
    }

    fn missing(&self) -> impl Iterator<Item = Violation> {
        let lines = self.poset.lines.iter().zip(&self.places);
        lines.filter(|(_, place)| **place == 0).map(|(line, _)| {
            let line: &Line = line;
            Violation::Missing { line: line.name.clone() }
        })
    }
}

/// Finds what an unknown line may have been meant to be.
struct Suggestions<'a> {
    /// Lines that never came first: they are what was most likely meant.
    candidates: Vec<&'a Name>,
    /// How many more comparisons are worth their time: a program that prints
    /// a million unknown lines has no slip of the pen in each of them.
    comparisons_left: usize,
}

impl<'a> Suggestions<'a> {
    const COMPARISONS: usize = 100_000;
    /// The least similarity, between 0 and 1, that is worth a mention.
    const SIMILAR: f64 = 0.75;

    fn new(checker: &Checker<'a>) -> Suggestions<'a> {
        let lines = checker.poset.lines.iter().zip(&checker.places);
        let (missing, come): (Vec<_>, Vec<_>) = lines.partition(|(_, place)| **place == 0);
        let names = missing.into_iter().chain(come).map(|(line, _)| &line.name);
        Suggestions {
            candidates: names.take(Self::COMPARISONS).collect(),
            comparisons_left: Self::COMPARISONS,
        }
    }

    fn nearest(&mut self, text: &str) -> Option<Name> {
        self.comparisons_left = self.comparisons_left.checked_sub(self.candidates.len())?;
        let mut nearest = None;
        let mut best = Self::SIMILAR;
        for name in &self.candidates {
            let (Text::Exact(expected) | Text::Pattern(expected)) = &name.text;
            let similarity = strsim::normalized_levenshtein(expected, text);
            if similarity > best {
                best = similarity;
                nearest = Some(*name);
            }
        }
        nearest.cloned()
    }
}

impl Report {
    /// Whether the output is a legal order of the contract.
    #[must_use]
    pub fn is_legal(&self) -> bool {
        self.violations.is_empty()
    }

    /// Everything that is wrong: lines that came too early, then lines that
    /// the contract does not have, both in the order of the output; then
    /// lines that never came, in the order of the contract.
    #[must_use]
    pub fn violations(&self) -> &[Violation] {
        &self.violations
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
    /// [`Poset::lines`]; lines that the contract does not have are left out.
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
            Violation::Repeated { line, previous, times } => {
                json!({ "line": seen(line), "previous": previous, "times": times })
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
        write!(f, "line {}, {}", self.place, Name::from(&*self.text))
    }
}

impl fmt::Display for Violation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Violation::TooEarly { line, awaited: Seen { text, place } } => {
                let text = Name::from(&**text);
                write!(f, "{line}, came too early: ")?;
                write!(f, "it must wait for {text}, which came only as line {place}")
            }
            Violation::Missing { line } => write!(f, "{line} never came"),
            Violation::Repeated { line, previous, times: 1 } => {
                write!(f, "{line}, came already as line {previous}, and may come only once")
            }
            Violation::Repeated { line, previous, times } => {
                write!(f, "{line}, came already {times} times, last as line {previous}, ")?;
                write!(f, "and may come no more often")
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
        match self.violations.len().saturating_sub(SHOWN) {
            0 => Ok(()),
            more => write!(f, "\nand {more} more"),
        }
    }
}
