//! Contracts that come apart neither in series nor in parallel.

use std::collections::HashMap;

use num_bigint::BigUint;

use super::bits::Bits;
use super::relation::Relation;

/// All *downsets* of a few lines: every set of lines that may have been
/// printed at some moment, which has with a line all that come before it.
///
/// A legal order is a way from the empty downset to the full one, a line at a
/// time, so that counting legal orders is counting ways: a downset has as
/// many ways to the end as the downsets right after it together.
#[derive(Clone, Debug)]
pub(super) struct Lattice {
    /// Numbers in the contract, rising.
    lines: Vec<u32>,
    /// For each downset, the empty one first, where its steps begin.
    starts: Vec<usize>,
    steps: Vec<Step>,
    /// For each downset the number of ways to the full one.
    ways: Vec<BigUint>,
}

/// A step from one downset to the next.
#[derive(Clone, Copy, Debug)]
pub(super) struct Step {
    /// The line that is printed, by its number in the contract.
    pub(super) line: u32,
    /// The downset that this leads to.
    pub(super) next: usize,
}

/// How many downsets of so many lines are worked out at most: a million, and
/// fewer where each takes much memory, which grows with the lines.
fn most_downsets(lines: usize) -> usize {
    const MOST: usize = 1_000_000;
    const MOST_TIMES_LINES: usize = 1_000_000_000;
    MOST.min(MOST_TIMES_LINES / lines)
}

impl Lattice {
    /// Works out all downsets, or gives up where they are too many.
    pub(super) fn new(relation: &Relation) -> Option<Lattice> {
        let lines = relation.lines.len();
        let most = most_downsets(lines);
        let mut climb = Climb::new(relation);
        let mut starts = vec![0];
        let mut steps = Vec::new();
        let mut downsets = 1;
        for _ in 0..lines {
            let mut from = 0;
            climb.advance(|moment, line, next| {
                if moment > from {
                    from = moment;
                    starts.push(steps.len());
                }
                steps.push(Step { line: relation.lines[line], next: downsets + next });
            });
            starts.push(steps.len());
            downsets += climb.moments.len();
            if downsets > most {
                return None;
            }
        }
        starts.push(steps.len());
        let ways = vec![1_u32.into(); downsets];
        let mut lattice = Lattice { lines: relation.lines.clone(), starts, steps, ways };
        for downset in (0..downsets - 1).rev() {
            let next = lattice.steps(downset).iter().map(|step| &lattice.ways[step.next]);
            lattice.ways[downset] = next.sum();
        }
        Some(lattice)
    }

    /// Counts the ways that never leave the busiest downsets: a lower bound
    /// of the number of all ways where it would take too long to count them.
    ///
    /// After every line only those downsets are kept to which most ways lead.
    pub(super) fn count_busiest_ways(relation: &Relation) -> BigUint {
        let lines = relation.lines.len();
        let width = (most_downsets(lines) / lines).max(1);
        let mut climb = Climb::new(relation);
        let mut ways = vec![BigUint::from(1_u32)];
        for _ in 0..lines {
            let mut next_ways: Vec<BigUint> = Vec::new();
            climb.advance(|moment, _, next| {
                next_ways.resize(next_ways.len().max(next + 1), BigUint::ZERO);
                next_ways[next] += &ways[moment];
            });
            let mut moments: Vec<_> = climb.moments.into_iter().zip(next_ways).collect();
            if moments.len() > width {
                moments.select_nth_unstable_by(width, |one, another| another.1.cmp(&one.1));
                moments.truncate(width);
            }
            (climb.moments, ways) = moments.into_iter().unzip();
        }
        ways.into_iter().sum()
    }

    /// The lines, by their numbers in the contract, rising.
    pub(super) fn lines(&self) -> &[u32] {
        &self.lines
    }

    /// The steps that lead on from a downset, their lines rising.
    pub(super) fn steps(&self, downset: usize) -> &[Step] {
        &self.steps[self.starts[downset]..self.starts[downset + 1]]
    }

    /// The step that prints a line.
    ///
    /// # Panics
    ///
    /// If the line cannot be printed next.
    pub(super) fn step(&self, downset: usize, line: u32) -> Step {
        let steps = self.steps(downset);
        let found = steps.binary_search_by_key(&line, |step| step.line);
        steps[found.expect("a line that can be printed next")]
    }

    /// In how many ways a downset can be completed.
    pub(super) fn ways(&self, downset: usize) -> &BigUint {
        &self.ways[downset]
    }
}

/// A walk up through the downsets, from all those of some size to all those
/// with one line more.
struct Climb<'a> {
    relation: &'a Relation,
    /// For each line those that come right after it.
    next_lines: Vec<Vec<usize>>,
    moments: Vec<Moment>,
}

/// A downset and the lines that can be printed next.
struct Moment {
    printed: Bits,
    ready: Bits,
}

impl<'a> Climb<'a> {
    /// Begins at the empty downset.
    fn new(relation: &'a Relation) -> Climb<'a> {
        let lines = relation.lines.len();
        let first = (0..lines).filter(|&line| relation.below[line].is_empty());
        let moment = Moment { printed: Bits::new(lines), ready: Bits::from_iter(lines, first) };
        Climb { relation, next_lines: relation.next(), moments: vec![moment] }
    }

    /// Goes on by a line in every way, and tells each: from which moment, by
    /// which line, to which moment.
    fn advance(&mut self, mut tell: impl FnMut(usize, usize, usize)) {
        let mut found = HashMap::new();
        let mut reached = Vec::new();
        for (place, moment) in self.moments.iter().enumerate() {
            for line in moment.ready.iter() {
                let mut printed = moment.printed.clone();
                printed.insert(line);
                let next = *found.entry(printed).or_insert_with_key(|printed| {
                    reached.push(self.after(moment, line, printed));
                    reached.len() - 1
                });
                tell(place, line, next);
            }
        }
        self.moments = reached;
    }

    fn after(&self, moment: &Moment, line: usize, printed: &Bits) -> Moment {
        let mut ready = moment.ready.clone();
        ready.remove(line);
        let next = self.next_lines[line].iter();
        next.filter(|&&next| self.relation.below[next].is_subset(printed))
            .for_each(|&next| ready.insert(next));
        Moment { printed: printed.clone(), ready }
    }
}
