//! The line that a text or a name stands for.

use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};
use std::sync::Arc;

use regex_lite::Regex;

use super::culprit::{Culprit, Found};
use super::error::{ErrorKind, Flaw};
use super::state::{Line, Name, Order, Text};

/// Finds the line that a text stands for.
#[derive(Clone, Debug, Default)]
pub(super) struct Index {
    /// The first occurrence of each text.
    exact: HashMap<Arc<str>, u32>,
    /// The first occurrence of each pattern, in reading order.
    patterns: Vec<(Regex, Arc<str>, u32)>,
    /// For each line the next one with the same text.
    next_occurrence: Vec<Option<u32>>,
    labels: HashMap<Arc<str>, u32>,
    /// The first occurrence's number, the occurrence, and its number.
    repeats: Vec<[u32; 3]>,
    texts: Texts,
}

/// The texts of all lines that are first occurrences and no patterns, end to
/// end in reading order: lines that are printed soon after one another lie
/// close together, however many lines there are.
#[derive(Clone, Debug, Default)]
struct Texts {
    all: String,
    /// Where in `all` each line's text ends, and the next one's begins.
    ends: Vec<usize>,
    /// A hash of each text; 0 for a line that has none here.
    hashes: Vec<u32>,
    hasher: RandomState,
}

impl Index {
    pub(super) fn new(lines: &[Line]) -> Found<Index> {
        let mut index = Index {
            exact: HashMap::with_capacity(lines.len()),
            next_occurrence: vec![None; lines.len()],
            ..Index::default()
        };
        for (number, line) in (0..).zip(lines) {
            index.add_first(number, line)?;
        }
        index.add_repeats(lines)?;
        for (number, line) in (0..).zip(lines) {
            index.add_label(number, line)?;
            index.texts.add(line);
        }
        Ok(index)
    }

    fn add_first(&mut self, number: u32, line: &Line) -> Found<()> {
        if line.name.occurrence > 1 {
            return Ok(());
        }
        match &line.name.text {
            Text::Exact(text) => match self.exact.insert(text.clone(), number) {
                Some(_) => Err(same_line(number, line)),
                None => Ok(()),
            },
            Text::Pattern(expression) => {
                if self.patterns.iter().any(|(_, known, _)| known == expression) {
                    return Err(same_line(number, line));
                }
                let regex = whole_line(expression).map_err(|error| {
                    let message = format!("this pattern is no regular expression: {error}");
                    (Flaw::new(ErrorKind::Pattern, message), Culprit::Line(number))
                })?;
                self.patterns.push((regex, expression.clone(), number));
                Ok(())
            }
        }
    }

    /// Strings the occurrences of each text together.
    fn add_repeats(&mut self, lines: &[Line]) -> Found<()> {
        for (number, line) in (0..).zip(lines) {
            let Name { text, occurrence } = &line.name;
            if *occurrence > 1 {
                let first = self.first(text).ok_or_else(|| missing_occurrence(number, line))?;
                let occurrence = u32::try_from(*occurrence).unwrap_or(u32::MAX);
                self.repeats.push([first, occurrence, number]);
            }
        }
        self.repeats.sort_unstable();
        let mut previous = [0, 1, 0];
        for &repeat in &self.repeats {
            let [first, occurrence, number] = repeat;
            if first != previous[0] {
                previous = [first, 1, first];
            }
            let line = &lines[number as usize];
            if occurrence == previous[1] {
                return Err(same_line(number, line));
            } else if occurrence > previous[1] + 1 {
                return Err(missing_occurrence(number, line));
            }
            self.next_occurrence[previous[2] as usize] = Some(number);
            previous = repeat;
        }
        Ok(())
    }

    fn add_label(&mut self, number: u32, line: &Line) -> Found<()> {
        let Some(label) = &line.label else {
            return Ok(());
        };
        let message = if self.labels.insert(label.clone(), number).is_some() {
            format!("the label {label} is given twice; give every line a label of its own")
        } else if self.exact.get(label).is_some_and(|&other| other != number) {
            format!("the label {label} is also the text of another line; choose another label")
        } else {
            return Ok(());
        };
        Err((Flaw::new(ErrorKind::SameLabel, message), Culprit::Line(number)))
    }

    fn first(&self, text: &Text) -> Option<u32> {
        match text {
            Text::Exact(text) => self.exact.get(text).copied(),
            Text::Pattern(expression) => {
                let (_, _, first) =
                    self.patterns.iter().find(|(_, known, _)| known == expression)?;
                Some(*first)
            }
        }
    }

    /// The line that an edge means: a label before a text.
    fn find(&self, Name { text, occurrence }: &Name) -> Option<u32> {
        if let (Text::Exact(label), 1) = (text, occurrence)
            && let Some(&number) = self.labels.get(label)
        {
            return Some(number);
        }
        let first = self.first(text)?;
        if *occurrence == 1 {
            return Some(first);
        }
        let wanted = (first, u32::try_from(*occurrence).ok()?);
        let place = self.repeats.binary_search_by_key(&wanted, |repeat| (repeat[0], repeat[1]));
        Some(self.repeats[place.ok()?][2])
    }

    pub(super) fn edges(&self, order: &Order) -> Found<Vec<[u32; 2]>> {
        let resolve = |edge: usize, end: usize, name: &Name| {
            self.find(name).ok_or_else(|| {
                let message = format!("no line of this contract is called {name}");
                (Flaw::new(ErrorKind::UnknownName, message), Culprit::End(edge, end))
            })
        };
        let edges = order.edges.iter().enumerate();
        edges
            .map(|(place, edge)| {
                Ok([resolve(place, 0, &edge.earlier)?, resolve(place, 1, &edge.later)?])
            })
            .collect()
    }

    /// The second occurrence of a text comes after the first: that is what second means.
    pub(super) fn occurrence_edges(&self) -> impl Iterator<Item = [u32; 2]> {
        let next = (0..).zip(&self.next_occurrence);
        next.filter_map(|(number, next)| next.map(|next| [number, next]))
    }

    /// The first occurrence of the line that is given with exactly this text, if there is one.
    pub(super) fn exact(&self, text: &str) -> Option<u32> {
        self.exact.get(text).copied()
    }

    /// The first occurrences of the patterns that match a text, in reading order.
    pub(super) fn matching(&self, text: &str) -> impl Iterator<Item = u32> {
        let matching = self.patterns.iter().filter(move |(regex, _, _)| regex.is_match(text));
        matching.map(|(_, _, first)| *first)
    }

    /// A number by which to guess at lines with this text; never 0.
    pub(super) fn hash(&self, text: &str) -> u32 {
        self.texts.hash(text)
    }

    /// The same number for the text of a line; 0 where it must not be guessed at.
    pub(super) fn hash_of(&self, number: u32) -> u32 {
        self.texts.hashes.get(number as usize).copied().unwrap_or(0)
    }

    /// Whether a guess is right.
    pub(super) fn is(&self, number: u32, hash: u32, text: &str) -> bool {
        self.hash_of(number) == hash && self.texts.text(number as usize) == text
    }

    /// The line that is the next occurrence of the same text.
    pub(super) fn next_occurrence(&self, number: u32) -> Option<u32> {
        self.next_occurrence[number as usize]
    }
}

impl Texts {
    fn add(&mut self, line: &Line) {
        let text = match &line.name {
            Name { text: Text::Exact(text), occurrence: 1 } => Some(text),
            _ => None,
        };
        self.hashes.push(text.map_or(0, |text| self.hash(text)));
        text.into_iter().for_each(|text| self.all.push_str(text));
        self.ends.push(self.all.len());
    }

    fn hash(&self, text: &str) -> u32 {
        (self.hasher.hash_one(text) as u32).max(1)
    }

    fn text(&self, number: usize) -> &str {
        let start = if number == 0 { 0 } else { self.ends[number - 1] };
        &self.all[start..self.ends[number]]
    }
}

/// The regular expression that matches what `expression` matches as a whole.
fn whole_line(expression: &str) -> Result<Regex, regex_lite::Error> {
    // By itself it must make sense: `a)|(?:b` would be one between the parentheses.
    Regex::new(expression)?;
    // Where it ends with a comment, only the end of the line ends that.
    let whole = |end: &str| Regex::new(&format!("^(?:{expression}{end})$"));
    whole("").or_else(|_| whole("\n"))
}

fn same_line(number: u32, line: &Line) -> (Flaw, Culprit) {
    let name = line.name();
    let again = Name { text: name.text.clone(), occurrence: name.occurrence + 1 };
    let message = format!(
        "{name} stands twice in this contract; if it is to be printed again, \
         write {again} for the next time"
    );
    (Flaw::new(ErrorKind::SameLine, message), Culprit::Line(number))
}

fn missing_occurrence(number: u32, line: &Line) -> (Flaw, Culprit) {
    let name = line.name();
    let before = Name { text: name.text.clone(), occurrence: name.occurrence - 1 };
    let message = format!("the contract has {name}, but not {before}; count occurrences from 1");
    (Flaw::new(ErrorKind::MissingOccurrence, message), Culprit::Line(number))
}
