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
    starts: Vec<u32>,
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

/// The most downsets that are worked out: more would take too much time and memory.
pub(super) const MOST_DOWNSETS: usize = 1_000_000;

/// The most downsets times lines: each downset has a bit a line, and its
/// number of ways has about as many.
pub(super) const MOST_BITS: usize = 100_000_000;

/// A downset and the lines that can be printed next.
struct Moment {
    printed: Bits,
    ready: Bits,
}

impl Lattice {
    /// Works out the downsets, or gives up where they are too many.
    pub(super) fn new(relation: &Relation) -> Option<Lattice> {
        let lines = relation.lines.len();
        let most = MOST_DOWNSETS.min(MOST_BITS / lines);
        let next_lines = relation.next();
        let first =
            relation.below.iter().enumerate().filter(|(_, below)| below.iter().next().is_none());
        let ready = Bits::from_iter(lines, first.map(|(line, _)| line));
        let mut moments = vec![Moment { printed: Bits::new(lines), ready }];
        let mut lattice = Lattice {
            lines: relation.lines.clone(),
            starts: vec![0],
            steps: Vec::new(),
            ways: Vec::new(),
        };
        for _ in 0..lines {
            let first_next = lattice.starts.len() - 1 + moments.len();
            let mut found = HashMap::new();
            let mut next_moments: Vec<Moment> = Vec::new();
            for moment in &moments {
                for line in moment.ready.iter() {
                    let mut printed = moment.printed.clone();
                    printed.insert(line);
                    let next = *found.entry(printed).or_insert_with_key(|printed| {
                        next_moments.push(moment.after(line, printed, &next_lines[line], relation));
                        first_next + next_moments.len() - 1
                    });
                    lattice.steps.push(Step { line: relation.lines[line], next });
                }
                lattice.starts.push(lattice.steps.len() as u32);
            }
            if first_next + next_moments.len() > most {
                return None;
            }
            moments = next_moments;
        }
        lattice.starts.push(lattice.steps.len() as u32);
        lattice.count_ways();
        Some(lattice)
    }

    fn count_ways(&mut self) {
        let downsets = self.starts.len() - 1;
        self.ways = vec![BigUint::ZERO; downsets];
        self.ways[downsets - 1] = 1_u32.into();
        for downset in (0..downsets - 1).rev() {
            self.ways[downset] = self.steps(downset).iter().map(|step| &self.ways[step.next]).sum();
        }
    }

    /// The lines, by their numbers in the contract, rising.
    pub(super) fn lines(&self) -> &[u32] {
        &self.lines
    }

    /// The steps that lead on from a downset, their lines rising.
    pub(super) fn steps(&self, downset: usize) -> &[Step] {
        &self.steps[self.starts[downset] as usize..self.starts[downset + 1] as usize]
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

impl Moment {
    /// The moment after one more line.
    fn after(&self, line: usize, printed: &Bits, next: &[usize], relation: &Relation) -> Moment {
        let mut ready = self.ready.clone();
        ready.remove(line);
        let freed = next.iter().filter(|&&next| relation.below[next].is_subset(printed));
        freed.for_each(|&next| ready.insert(next));
        Moment { printed: printed.clone(), ready }
    }
}
