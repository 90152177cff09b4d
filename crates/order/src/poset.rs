//! A contract made ready for use: a partially ordered set of lines.

use std::sync::OnceLock;

use super::culprit::{Culprit, Found};
use super::edges::TreeEdges;
use super::error::{Error, ErrorKind, Flaw};
use super::graph::Graph;
use super::index::Index;
use super::parts::{Parts, Web};
use super::state::{Line, Order, Text};
use super::write::Style;

/// A contract made ready for use: a partially ordered set of lines.
///
/// An [`Order`] makes one for every question that it is asked. Whoever asks
/// many questions of one contract makes it once, with [`Order::compile`].
#[derive(Clone, Debug)]
pub struct Poset {
    pub(super) order: Order,
    /// In reading order. A line is known by its index here, its number.
    pub(super) lines: Vec<Line>,
    /// Which lines come right after which. Behind the lines it has *joins*,
    /// which stand between two groups of lines where all of the one come
    /// before all of the other: n + m edges instead of n · m.
    pub(super) successors: Graph,
    /// Lines and joins, each before its successors.
    pub(super) sorted: Vec<u32>,
    /// The edges that are written out, by number.
    pub(super) edges: Vec<[u32; 2]>,
    pub(super) index: Index,
    /// Worked out once somebody counts.
    parts: OnceLock<Parts>,
}

impl Order {
    /// Makes the contract ready for use.
    ///
    /// # Errors
    ///
    /// Where a line stands twice, a pattern is no regular expression, an edge
    /// names a line that is not there, or a line would have to come before itself.
    pub fn compile(&self) -> Result<Poset, Error> {
        Poset::compile(self).map_err(|(flaw, culprit)| {
            let written = self.write(Style::Exact);
            flaw.at(&written.text, culprit.find_in(&written))
        })
    }
}

impl Poset {
    /// The contract as it was stated.
    #[must_use]
    pub fn order(&self) -> &Order {
        &self.order
    }

    /// The lines, in reading order.
    #[must_use]
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// What a program prints where it prints lines in this sequence of places
    /// in [`Poset::lines`]: their texts, or expressions where they are patterns.
    ///
    /// # Panics
    ///
    /// If the contract does not have so many lines.
    #[must_use]
    pub fn texts(&self, sequence: &[usize]) -> Vec<&str> {
        let text = |&line: &usize| match &self.lines[line].name.text {
            Text::Exact(text) | Text::Pattern(text) => &**text,
        };
        sequence.iter().map(text).collect()
    }

    /// The contract, taken apart.
    pub(super) fn parts(&self) -> &Parts {
        self.parts.get_or_init(|| {
            let Poset { order, lines, successors, sorted, edges, index, .. } = self;
            let web = Web { lines: lines.len(), successors, sorted };
            Parts::new(order, edges.iter().copied().chain(index.occurrence_edges()), web)
        })
    }

    pub(super) fn compile(order: &Order) -> Found<Poset> {
        let lines: Vec<Line> = order.lines().cloned().collect();
        let index = Index::new(&lines)?;
        let edges = index.edges(order)?;
        let mut tree = TreeEdges::new(lines.len());
        tree.walk(order.root.as_deref());
        let mut all = tree.edges;
        all.extend(index.occurrence_edges());
        all.extend(&edges);
        let successors = Graph::new(tree.nodes, &all);
        let sorted = successors.sorted();
        let order = order.clone();
        let parts = OnceLock::new();
        let poset = Poset { order, lines, successors, sorted, edges, index, parts };
        if poset.sorted.len() < tree.nodes {
            return Err(poset.cycle());
        }
        Ok(poset)
    }

    /// Describes one of the cycles that are there.
    fn cycle(&self) -> (Flaw, Culprit) {
        let cycle = self.successors.cycle(&self.sorted);
        let mut lines: Vec<u32> =
            cycle.into_iter().filter(|&node| (node as usize) < self.lines.len()).collect();
        let first = (0..lines.len()).min_by_key(|&place| lines[place]);
        lines.rotate_left(first.expect("a join is on no cycle of joins alone"));
        let on_cycle = |&[earlier, later]: &[u32; 2]| {
            let place = lines.iter().position(|&line| line == earlier);
            place.is_some_and(|place| lines[(place + 1) % lines.len()] == later)
        };
        let culprit = match self.edges.iter().rposition(on_cycle) {
            Some(edge) => Culprit::Edge(edge),
            None => Culprit::Line(lines[0]),
        };
        (Flaw::new(ErrorKind::Cycle, self.describe_cycle(&lines)), culprit)
    }

    fn describe_cycle(&self, cycle: &[u32]) -> String {
        const SHOWN: usize = 6;
        let name = |&line: &u32| self.lines[line as usize].name().to_string();
        let mut names: Vec<String> = cycle.iter().take(SHOWN).map(name).collect();
        if cycle.len() > SHOWN {
            names.push("…".to_owned());
        }
        names.push(name(&cycle[0]));
        format!("these lines wait for one another: {}", names.join(" before "))
    }
}
