//! Legal orders by number.

use std::fmt;

use num_bigint::BigUint;

use super::parts::{Component, Parts};
use super::poset::Poset;
use super::ready::Ready;

/// The error of asking for a rank or a sample of a contract whose legal
/// orders are too many to be counted exactly.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Uncountable;

impl Poset {
    /// Which legal order this is, counted from 1, when all of them are sorted
    /// as words are in a dictionary: by their first lines, then by their
    /// second lines, and so on, lines by their places in [`Poset::lines`].
    ///
    /// Nothing where the sequence, of places in [`Poset::lines`], is no legal order.
    ///
    /// For n lines, of which up to w can be printed next, nested to the depth
    /// d, this takes n · w · d multiplications of the count.
    ///
    /// ```
    /// use order::Order;
    ///
    /// let order: Order = "(A1 ; A2 ; A3) || (B1 ; B2 ; B3) || (C1 ; C2 ; C3)".parse()?;
    /// let contract = order.compile()?;
    /// let run = contract.check(["B1", "A1", "A2", "C1", "B2", "A3", "B3", "C2", "C3"]);
    /// let rank = contract.rank(run.sequence())?.expect("a legal order");
    /// println!("Your run was legal order {rank} of {}.", contract.count());
    /// assert_eq!(contract.unrank(&rank)?.expect("a rank in range"), run.sequence());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where there are too many legal orders to count them exactly.
    pub fn rank(&self, sequence: &[usize]) -> Result<Option<BigUint>, Uncountable> {
        let mut progress = Progress::new(self)?;
        let mut rank = BigUint::from(1_u32);
        for &line in sequence {
            let Some(line) = u32::try_from(line).ok().filter(|line| progress.can_print(*line))
            else {
                return Ok(None);
            };
            for &earlier in progress.ready.lines().range(..line) {
                rank += progress.ways_after(earlier);
            }
            progress.print(line);
        }
        Ok(progress.ready.lines().is_empty().then_some(rank))
    }

    /// The legal order with a [rank](Poset::rank), as places in [`Poset::lines`].
    ///
    /// Nothing where no legal order has that rank.
    ///
    /// # Errors
    ///
    /// Where there are too many legal orders to count them exactly.
    pub fn unrank(&self, rank: &BigUint) -> Result<Option<Vec<usize>>, Uncountable> {
        let mut progress = Progress::new(self)?;
        if *rank == BigUint::ZERO || *rank > progress.ways {
            return Ok(None);
        }
        let mut skip = rank - 1_u32;
        let mut sequence = Vec::with_capacity(self.lines.len());
        while let Some(line) = progress.line_after(&mut skip) {
            sequence.push(line as usize);
            progress.print(line);
        }
        Ok(Some(sequence))
    }

    /// The parts, where they mean exactly what the contract means.
    pub(super) fn exact_parts(&self) -> Result<&Parts, Uncountable> {
        let parts = self.parts();
        if parts.exact { Ok(parts) } else { Err(Uncountable) }
    }
}

/// A run in progress, and in how many ways it can go on.
struct Progress<'a> {
    parts: &'a Parts,
    ready: Ready<'a>,
    parents: Vec<usize>,
    /// The part that each line is in.
    part_of: Vec<usize>,
    /// How many lines of each part are still to come.
    left: Vec<usize>,
    /// Where in its lattice each knot is.
    downsets: Vec<usize>,
    /// In how many ways the whole run can go on.
    ways: BigUint,
}

impl<'a> Progress<'a> {
    fn new(poset: &'a Poset) -> Result<Progress<'a>, Uncountable> {
        let parts = poset.exact_parts()?;
        let mut parents = vec![0; parts.parts.len()];
        let mut part_of = vec![0; poset.lines.len()];
        for (place, part) in parts.parts.iter().enumerate() {
            part.children().iter().for_each(|&child| parents[child] = place);
            part.lines().iter().for_each(|&line| part_of[line as usize] = place);
        }
        Ok(Progress {
            parts,
            ready: Ready::new(poset),
            parents,
            part_of,
            left: parts.sizes(),
            downsets: vec![0; parts.parts.len()],
            ways: parts.product(),
        })
    }

    fn can_print(&self, line: u32) -> bool {
        self.ready.lines().contains(&line)
    }

    fn print(&mut self, line: u32) {
        self.ways = self.ways_after(line);
        self.ready.print(line);
        let part = self.part_of[line as usize];
        if let Component::Knot(lattice) = &self.parts.parts[part] {
            self.downsets[part] = lattice.step(self.downsets[part], line).next;
        }
        let mut place = part;
        loop {
            self.left[place] -= 1;
            if place == 0 {
                return;
            }
            place = self.parents[place];
        }
    }

    /// In how many ways the run can go on after a line that can be printed next.
    ///
    /// Of all ways in which groups of c₁, c₂, … lines can be interleaved,
    /// s lines together, cᵢ / s begin with group i, whatever the order
    /// inside the groups; of the ways through a lattice the shares are known.
    fn ways_after(&self, line: u32) -> BigUint {
        let mut ways = self.ways.clone();
        let mut divisor = BigUint::from(1_u32);
        let mut place = self.part_of[line as usize];
        if let Component::Knot(lattice) = &self.parts.parts[place] {
            let downset = self.downsets[place];
            ways *= lattice.ways(lattice.step(downset, line).next);
            divisor *= lattice.ways(downset);
        }
        while place > 0 {
            let parent = self.parents[place];
            if let Component::Par(_) = self.parts.parts[parent] {
                ways *= self.left[place];
                divisor *= self.left[parent];
            }
            place = parent;
        }
        ways / divisor
    }

    /// The line with which the ways begin among which the one is that comes
    /// after `skip` others; takes off what was skipped.
    fn line_after(&self, skip: &mut BigUint) -> Option<u32> {
        for &line in self.ready.lines() {
            let ways = self.ways_after(line);
            if *skip < ways {
                return Some(line);
            }
            *skip -= ways;
        }
        None
    }
}

impl fmt::Display for Uncountable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "this contract has too many legal orders to count exactly, and so to number or to draw",
        )
    }
}

impl std::error::Error for Uncountable {}
