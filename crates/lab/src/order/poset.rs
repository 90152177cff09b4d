//! A contract made ready for use: a partially ordered set of lines.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use regex_lite::Regex;

use super::error::{Error, ErrorKind, Flaw};
use super::parts::Parts;
use super::state::{Line, Name, Node, Order, Text};
use super::write::{Style, Written};

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
}

/// Lists of successors, laid end to end.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    starts: Vec<u32>,
    targets: Vec<u32>,
}

/// What of a contract is at fault, by number.
#[derive(Clone, Copy, Debug)]
pub(super) enum Culprit {
    Line(u32),
    /// The earlier or the later line of an edge.
    End(usize, usize),
    /// A whole edge.
    Edge(usize),
}

impl Culprit {
    /// Where the culprit stands.
    pub(super) fn find_in(self, written: &Written) -> Range<usize> {
        match self {
            Culprit::Line(number) => written.lines[number as usize].clone(),
            Culprit::End(edge, end) => written.edges[edge][end].clone(),
            Culprit::Edge(edge) => written.edges[edge][0].start..written.edges[edge][1].end,
        }
    }
}

type Found<T> = Result<T, (Flaw, Culprit)>;

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
        self.parts.get_or_init(|| Parts::new(self))
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
        let lines: Vec<u32> =
            cycle.iter().copied().filter(|&node| (node as usize) < self.lines.len()).collect();
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

impl Index {
    fn new(lines: &[Line]) -> Found<Index> {
        let mut index = Index { next_occurrence: vec![None; lines.len()], ..Index::default() };
        for (number, line) in (0..).zip(lines) {
            index.add_first(number, line)?;
        }
        index.add_repeats(lines)?;
        for (number, line) in (0..).zip(lines) {
            index.add_label(number, line)?;
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
                let regex = Regex::new(&format!("^(?:{expression})$")).map_err(|error| {
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

    fn edges(&self, order: &Order) -> Found<Vec<[u32; 2]>> {
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

    /// The first occurrence of the line that a line of output must be, if it
    /// is any: a line that is given exactly, or else the first pattern that matches.
    pub(super) fn recognise(&self, text: &str) -> Option<u32> {
        self.exact.get(text).copied().or_else(|| {
            let matching = |(regex, _, _): &&(Regex, Arc<str>, u32)| regex.is_match(text);
            self.patterns.iter().find(matching).map(|&(_, _, first)| first)
        })
    }

    /// The line that is the next occurrence of the same text.
    pub(super) fn next_occurrence(&self, number: u32) -> Option<u32> {
        self.next_occurrence[number as usize]
    }
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

/// Collects the edges that the tree demands.
struct TreeEdges {
    nodes: usize,
    edges: Vec<[u32; 2]>,
    next_line: u32,
}

/// A node of the tree whose children are being visited.
struct Visit<'a> {
    children: &'a [Arc<Node>],
    next: usize,
    is_seq: bool,
    /// What comes right before all of the next child, and right after all of the last one.
    after: Option<u32>,
    before: Option<u32>,
}

impl TreeEdges {
    fn new(lines: usize) -> TreeEdges {
        TreeEdges { nodes: lines, edges: Vec::new(), next_line: 0 }
    }

    /// Walks the tree in reading order, so that lines come by in the order of their numbers.
    fn walk(&mut self, root: Option<&Node>) {
        let mut visits = Vec::new();
        let mut enter = root.map(|root| (root, None, None));
        loop {
            match enter.take() {
                Some((Node::Line(_), after, before)) => self.line(after, before),
                Some((Node::Seq(children), after, before)) => {
                    visits.push(Visit { children, next: 0, is_seq: true, after, before });
                }
                Some((Node::Par(children), after, before)) => {
                    visits.push(Visit { children, next: 0, is_seq: false, after, before });
                }
                None => {}
            }
            let Some(visit) = visits.last_mut() else {
                return;
            };
            match visit.children.get(visit.next) {
                Some(child) => enter = Some(self.enter(visit, child)),
                None => drop(visits.pop()),
            }
        }
    }

    fn line(&mut self, after: Option<u32>, before: Option<u32>) {
        let line = self.next_line;
        self.edges.extend(after.map(|after| [after, line]));
        self.edges.extend(before.map(|before| [line, before]));
        self.next_line += 1;
    }

    /// Says between what a child stands.
    fn enter<'a>(
        &mut self,
        visit: &mut Visit<'a>,
        child: &'a Node,
    ) -> (&'a Node, Option<u32>, Option<u32>) {
        visit.next += 1;
        let after = visit.after;
        if !visit.is_seq || visit.next == visit.children.len() {
            return (child, after, visit.before);
        }
        // A single line can itself be what the next child comes after.
        let boundary = if matches!(child, Node::Line(_)) { self.next_line } else { self.join() };
        visit.after = Some(boundary);
        (child, after, Some(boundary).filter(|&boundary| boundary != self.next_line))
    }

    fn join(&mut self) -> u32 {
        self.nodes += 1;
        u32::try_from(self.nodes - 1).expect("fewer than 2³² lines")
    }
}

impl Graph {
    pub(super) fn new(nodes: usize, edges: &[[u32; 2]]) -> Graph {
        let mut starts = vec![0; nodes + 1];
        for [from, _] in edges {
            starts[*from as usize + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let mut free = starts.clone();
        let mut targets = vec![0; edges.len()];
        for &[from, to] in edges {
            targets[free[from as usize] as usize] = to;
            free[from as usize] += 1;
        }
        Graph { starts, targets }
    }

    pub(super) fn nodes(&self) -> usize {
        self.starts.len() - 1
    }

    pub(super) fn of(&self, node: u32) -> &[u32] {
        let node = node as usize;
        &self.targets[self.starts[node] as usize..self.starts[node + 1] as usize]
    }

    /// How many edges lead to each node.
    pub(super) fn incoming(&self) -> Vec<u32> {
        let mut incoming = vec![0; self.nodes()];
        for &target in &self.targets {
            incoming[target as usize] += 1;
        }
        incoming
    }

    /// The nodes, each before its successors; those on a cycle, and those
    /// after one, are left out.
    fn sorted(&self) -> Vec<u32> {
        let mut waits_for = self.incoming();
        let mut sorted: Vec<u32> =
            (0..).zip(&waits_for).filter(|(_, waits)| **waits == 0).map(|(node, _)| node).collect();
        let mut next = 0;
        while let Some(&node) = sorted.get(next) {
            next += 1;
            for &successor in self.of(node) {
                let waits = &mut waits_for[successor as usize];
                *waits -= 1;
                if *waits == 0 {
                    sorted.push(successor);
                }
            }
        }
        sorted
    }

    /// Some cycle among the nodes that sorting left out.
    fn cycle(&self, sorted: &[u32]) -> Vec<u32> {
        let mut left = vec![true; self.nodes()];
        for &node in sorted {
            left[node as usize] = false;
        }
        // Every node that was left out has a predecessor that was left out:
        // going from predecessor to predecessor must come round.
        let mut predecessor = vec![None; self.nodes()];
        for node in (0..).take(self.nodes()).filter(|&node| left[node as usize]) {
            for &successor in self.of(node) {
                predecessor[successor as usize].get_or_insert(node);
            }
        }
        let mut visited = vec![None; self.nodes()];
        let mut path = Vec::new();
        let mut node = (0..).zip(&left).find(|(_, left)| **left).map(|(node, _)| node);
        while let Some(current) = node {
            if let Some(start) = visited[current as usize] {
                path.drain(..start);
                break;
            }
            visited[current as usize] = Some(path.len());
            path.push(current);
            node = predecessor[current as usize];
        }
        path.reverse();
        path
    }
}
