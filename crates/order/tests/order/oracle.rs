//! The slow and simple answers that the module's answers are compared with.

use order::{Order, line, par, seq};
use proptest::collection::vec;
use proptest::prelude::*;

/// A partial order on the lines 0, 1, …: `before[a][b]` where a comes before b.
#[derive(Clone, Debug)]
pub(crate) struct PartialOrder {
    pub(crate) before: Vec<Vec<bool>>,
}

impl PartialOrder {
    pub(crate) fn len(&self) -> usize {
        self.before.len()
    }

    pub(crate) fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let lines = self.len();
        let all = (0..lines).flat_map(move |a| (0..lines).map(move |b| (a, b)));
        all.filter(|&(a, b)| self.before[a][b])
    }

    /// Every partial order on so many lines.
    pub(crate) fn all(lines: usize) -> Vec<PartialOrder> {
        let pairs: Vec<(usize, usize)> = (0..lines)
            .flat_map(|a| (0..lines).map(move |b| (a, b)))
            .filter(|(a, b)| a != b)
            .collect();
        let relation = |chosen: u32| {
            let mut before = vec![vec![false; lines]; lines];
            for (place, &(a, b)) in pairs.iter().enumerate() {
                before[a][b] = chosen >> place & 1 == 1;
            }
            PartialOrder { before }
        };
        (0..1 << pairs.len()).map(relation).filter(PartialOrder::is_partial_order).collect()
    }

    fn is_partial_order(&self) -> bool {
        self.pairs().all(|(a, b)| {
            !self.before[b][a] && (0..self.len()).all(|c| !self.before[b][c] || self.before[a][c])
        })
    }

    /// The same order with all pairs that follow from others.
    fn closed(mut self) -> PartialOrder {
        let lines = self.len();
        for by_way_of in 0..lines {
            for a in 0..lines {
                for b in 0..lines {
                    let detour = self.before[a][by_way_of] && self.before[by_way_of][b];
                    self.before[a][b] |= detour;
                }
            }
        }
        self
    }

    /// The number of legal orders, summed up over all sets of lines that can
    /// have been printed.
    pub(crate) fn count(&self) -> u64 {
        let lines = self.len();
        let mut ways = vec![0; 1 << lines];
        ways[0] = 1;
        for printed in 0..1_usize << lines {
            let is_printed = |line: usize| printed >> line & 1 == 1;
            let is_ready = |line: usize| (0..lines).all(|a| !self.before[a][line] || is_printed(a));
            for line in (0..lines).filter(|&line| !is_printed(line) && is_ready(line)) {
                ways[printed | 1 << line] += ways[printed];
            }
        }
        ways[(1 << lines) - 1]
    }

    /// The contract that says it: all lines in parallel, and an edge a pair.
    pub(crate) fn contract(&self) -> Order {
        let lines = par((0..self.len()).map(|number| line(number.to_string())));
        self.pairs().fold(lines, |order, (a, b)| order.before(a.to_string(), b.to_string()))
    }

    pub(crate) fn allows(&self, sequence: &[usize]) -> bool {
        let place = |line| sequence.iter().position(|&printed| printed == line);
        self.pairs().all(|(a, b)| place(a) < place(b))
    }

    /// Every legal order, in the order of a dictionary.
    pub(crate) fn legal_orders(&self) -> Vec<Vec<usize>> {
        let mut all = permutations(self.len());
        all.retain(|sequence| self.allows(sequence));
        all
    }
}

/// Every sequence of the numbers below `length`, in the order of a dictionary.
pub(crate) fn permutations(length: usize) -> Vec<Vec<usize>> {
    fn extend(sequence: &mut Vec<usize>, length: usize, all: &mut Vec<Vec<usize>>) {
        if sequence.len() == length {
            all.push(sequence.clone());
        }
        for next in 0..length {
            if !sequence.contains(&next) {
                sequence.push(next);
                extend(sequence, length, all);
                sequence.pop();
            }
        }
    }
    let mut all = Vec::new();
    extend(&mut Vec::new(), length, &mut all);
    all
}

/// A contract made by chance, and the partial order that it must mean.
#[derive(Clone, Debug)]
pub(crate) struct Sample {
    pub(crate) contract: Order,
    pub(crate) meaning: PartialOrder,
}

/// A tree of lines without their names.
#[derive(Clone, Debug)]
enum Shape {
    Line,
    Seq(Vec<Shape>),
    Par(Vec<Shape>),
}

/// Contracts of up to ten lines, with up to five extra edges that point
/// onwards in reading order and so never make a cycle.
pub(crate) fn samples() -> impl Strategy<Value = Sample> {
    let shape = Just(Shape::Line).prop_recursive(4, 10, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 1..4).prop_map(Shape::Seq),
            vec(inner, 1..4).prop_map(Shape::Par)
        ]
    });
    let few_lines = shape.prop_filter("at most ten lines", |shape| shape.lines() <= 10);
    (few_lines, vec((any::<usize>(), any::<usize>()), 0..5)).prop_map(|(shape, edges)| {
        let lines = shape.lines();
        let mut meaning = PartialOrder { before: vec![vec![false; lines]; lines] };
        let mut contract = shape.build(0, &mut meaning);
        for (a, b) in edges {
            let (a, b) = ((a % lines).min(b % lines), (a % lines).max(b % lines));
            if a < b {
                meaning.before[a][b] = true;
                contract = contract.before(a.to_string(), b.to_string());
            }
        }
        Sample { contract, meaning: meaning.closed() }
    })
}

impl Shape {
    fn lines(&self) -> usize {
        match self {
            Shape::Line => 1,
            Shape::Seq(children) | Shape::Par(children) => children.iter().map(Shape::lines).sum(),
        }
    }

    /// Names the lines by numbers from `first` on.
    fn build(&self, first: usize, meaning: &mut PartialOrder) -> Order {
        let mut end = first;
        let mut build = |child: &Shape, meaning: &mut PartialOrder, after_all: bool| {
            let start = end;
            let order = child.build(start, meaning);
            end = start + child.lines();
            for a in (first..start).filter(|_| after_all) {
                (start..end).for_each(|b| meaning.before[a][b] = true);
            }
            order
        };
        match self {
            Shape::Line => line(first.to_string()),
            Shape::Seq(children) => seq(children.iter().map(|child| build(child, meaning, true))),
            Shape::Par(children) => par(children.iter().map(|child| build(child, meaning, false))),
        }
    }
}
