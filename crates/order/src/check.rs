//! Whether a run kept its contract.

use std::collections::HashMap;

use super::error::Error;
use super::index::Index;
use super::poset::Poset;
use super::report::{Report, Seen, Violation, shortened};
use super::state::{Order, Text};
use super::suggest::Suggestions;

impl Order {
    /// Checks a run's output: the lines in the order in which they were
    /// printed, without their line ends.
    ///
    /// This takes time in proportion to the lines of the output, the lines of
    /// the contract and its edges together; a line that the contract has not
    /// exactly is compared with each of its patterns besides.
    ///
    /// A line of output is the contract's line with exactly that text, as
    /// often as the contract has it; else the first pattern, in reading order,
    /// that matches and has not come yet. Where patterns overlap, this need
    /// not be the one choice that would make the output legal: write patterns
    /// that do not.
    ///
    /// ```
    /// use order::{line, par, seq};
    ///
    /// let order = par([seq(["A1", "A2"].map(line)), seq(["B1", "B2"].map(line))]);
    /// assert!(order.check(["B1", "A1", "A2", "B2"])?.is_legal());
    ///
    /// let report = order.check(["B1", "A2", "A1", "B2"])?;
    /// assert_eq!(
    ///     report.violations()[0].to_string(),
    ///     "line 2, \"A2\", came too early: it must wait for \"A1\", which came only as line 3",
    /// );
    /// # Ok::<(), order::Error>(())
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
    /// With what is wrong, the contract and the lines around the first fault,
    /// if the output is no legal order; and if the contract makes no sense.
    #[track_caller]
    pub fn assert_legal<L: AsRef<str>>(&self, lines: impl IntoIterator<Item = L>) {
        /// A contract may have a million lines, and a test's log is read by people.
        const LONGEST: usize = 2000;
        /// So many lines before and after the fault.
        const AROUND: usize = 10;
        let output: Vec<L> = lines.into_iter().collect();
        let report = self.check(&output).unwrap_or_else(|error| panic!("{error}"));
        let Some(first) = report.violations().first() else { return };
        let contract = shortened(&self.short().to_string(), LONGEST);
        let place = first.place().unwrap_or(output.len());
        let around = (1..).zip(&output).skip(place.saturating_sub(AROUND + 1)).take(2 * AROUND + 1);
        let around = around.map(|(place, text)| Seen { text: text.as_ref().to_owned(), place });
        let around: Vec<_> = around.map(|seen| seen.to_string()).collect();
        panic!("{report}\nthe contract: {contract}\nthe output: {}", around.join("; "));
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
    guesses: Guesses,
    /// For the first occurrence of a text the latest one that came, where
    /// that is another.
    latest: HashMap<u32, u32>,
    /// Where each line stands in the output, from 1; 0 while it has not come.
    places: Vec<usize>,
    /// What was printed for a line that is a pattern.
    matches: Vec<(u32, String)>,
    sequence: Vec<usize>,
    printed: usize,
    /// The first of them; a program that prints for ever must not fill the memory.
    strangers: Vec<Stranger>,
    more_strangers: usize,
}

/// A line of the output that is none of the contract's.
#[derive(Clone, Debug)]
struct Stranger {
    seen: Seen,
    /// The first occurrence of the line that it repeats.
    repeats: Option<u32>,
}

impl<'a> Checker<'a> {
    const KEPT_STRANGERS: usize = 10_000;

    /// A checker that has seen no line yet.
    #[must_use]
    pub fn new(poset: &'a Poset) -> Checker<'a> {
        let lines = poset.lines.len();
        Checker {
            poset,
            guesses: Guesses::new(&poset.index),
            latest: HashMap::new(),
            places: vec![0; lines],
            matches: Vec::new(),
            sequence: Vec::with_capacity(lines),
            printed: 0,
            strangers: Vec::new(),
            more_strangers: 0,
        }
    }

    /// Takes the next line of the output, without its line end.
    pub fn line(&mut self, text: &str) {
        self.printed += 1;
        let index = &self.poset.index;
        let exact = self.guesses.exact(index, text);
        if let Some(number) = exact.and_then(|first| self.due(first)) {
            self.take(number);
        } else if let Some(number) = index.matching(text).find_map(|first| self.due(first)) {
            self.take(number);
            self.matches.push((number, text.to_owned()));
        } else if self.strangers.len() < Checker::KEPT_STRANGERS {
            let seen = Seen { text: text.to_owned(), place: self.printed };
            let repeats = exact.or_else(|| index.matching(text).next());
            self.strangers.push(Stranger { seen, repeats });
        } else {
            self.more_strangers += 1;
        }
    }

    /// Notes that a line of the contract has come.
    fn take(&mut self, number: u32) {
        self.places[number as usize] = self.printed;
        self.sequence.push(number as usize);
    }

    /// The first occurrence of a text that has not come yet.
    fn due(&mut self, first: u32) -> Option<u32> {
        if self.places[first as usize] == 0 {
            return Some(first);
        }
        let latest = self.latest.get(&first).copied().unwrap_or(first);
        let next = self.poset.index.next_occurrence(latest)?;
        self.latest.insert(first, next);
        Some(next)
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
            omitted: self.more_strangers,
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
        if self.strangers.is_empty() {
            return Vec::new();
        }
        let mut suggestions = self.suggestions();
        let mut repeats = HashMap::new();
        let violation = |stranger: &Stranger| match stranger.repeats {
            None => Violation::Unknown {
                line: stranger.seen.clone(),
                nearest: suggestions.nearest(&stranger.seen.text),
            },
            Some(first) => {
                let (last, times) = *repeats.entry(first).or_insert_with(|| self.last(first));
                let previous = self.places[last as usize];
                let (line, text) =
                    (stranger.seen.clone(), self.poset.lines[first as usize].name.text.clone());
                Violation::Repeated { line, text, previous, times }
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

    /// Lines that never came are what an unknown line was most likely meant to be.
    fn suggestions(&self) -> Suggestions<'a> {
        let lines = self.poset.lines.iter().zip(&self.places);
        let (missing, come): (Vec<_>, Vec<_>) = lines.partition(|(_, place)| **place == 0);
        Suggestions::new(missing.into_iter().chain(come).map(|(line, _)| &line.name))
    }

    fn missing(&self) -> impl Iterator<Item = Violation> {
        let lines = self.poset.lines.iter().zip(&self.places);
        let missing = lines.filter(|(_, place)| **place == 0);
        missing.map(|(line, _)| Violation::Missing { line: line.name.clone() })
    }
}

/// Remembers which lines are likely to come next.
///
/// A line that has just come is likely to be followed soon by the one that
/// stands after it in the contract. Looking among these few first keeps
/// everything that checking needs in the processor's cache; looking up each
/// line among a million others would take ten times as long as among ten thousand.
#[derive(Clone, Debug)]
struct Guesses {
    /// For every remainder of a hash the latest line that was likely.
    likely: Vec<u32>,
}

impl Guesses {
    const REMAINDERS: usize = 16_384;

    fn new(index: &Index) -> Guesses {
        let mut guesses = Guesses { likely: vec![0; Guesses::REMAINDERS] };
        guesses.expect(index, 0);
        guesses
    }

    /// The first occurrence of the line that is given with exactly this text, if there is one.
    fn exact(&mut self, index: &Index, text: &str) -> Option<u32> {
        let hash = index.hash(text);
        let likely = self.likely[hash as usize % Guesses::REMAINDERS];
        let first = if index.is(likely, hash, text) { likely } else { index.exact(text)? };
        self.expect(index, first + 1);
        Some(first)
    }

    fn expect(&mut self, index: &Index, line: u32) {
        self.likely[index.hash_of(line) as usize % Guesses::REMAINDERS] = line;
    }
}
