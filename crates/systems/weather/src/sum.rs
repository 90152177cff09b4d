//! What the sea comes to, added up: and why it matters in which order.
//!
//! Sums of numbers of a computer are rounded at each step, so that (a + b) + c and a + (b + c) differ in
//! their last bits. Whoever has each core add up what it has at hand, and then adds up the cores, has an
//! answer that depends on how many there were.

use std::collections::BTreeSet;

use rayon::prelude::*;

use crate::sea::{Plane, Sea};

/// In which order all cells are added up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Each row from west to east, by whoever has time; then the rows from south to north.
    ByRow,
    /// As many parts as there are cores, each of them cell by cell; then the parts. **This one fails**: it
    /// comes to another answer on another number of cores.
    ByCore(usize),
}

/// What is added up of a row.
type OfRow<'a> = &'a (dyn Fn(usize, f64) -> f64 + Sync);

/// Adds up what `row` adds for each row, by its number, to the sum that it is given.
fn sum(rows: usize, order: Order, row: OfRow) -> f64 {
    match order {
        Order::ByRow => {
            let rows: Vec<f64> = (0..rows).into_par_iter().map(|it| row(it, 0.0)).collect();
            rows.into_iter().sum()
        }
        Order::ByCore(cores) => {
            let part = |core: usize| rows * core / cores..rows * (core + 1) / cores;
            let parts = (0..cores).into_par_iter();
            let parts = parts.map(|core| part(core).fold(0.0, |sum, it| row(it, sum)));
            parts.collect::<Vec<f64>>().into_iter().sum()
        }
    }
}

/// All depths, in m: how much water there is for the area of a cell.
#[must_use]
pub fn mass(sea: &Sea, order: Order) -> f64 {
    sum(sea.height(), order, &|number, sum| {
        let depth = sea.row(number).depth;
        depth[1..depth.len() - 1].iter().fold(sum, |sum, depth| sum + depth)
    })
}

/// The energy of how the sea flows and of how high it stands, in m⁴/s² for the area of a cell.
#[must_use]
pub fn energy(sea: &Sea, plane: &Plane, order: Order) -> f64 {
    sum(sea.height(), order, &|number, sum| {
        let row = sea.row(number);
        (1..=plane.width).fold(sum, |sum, x| {
            let squares = row.east[x] * row.east[x] + row.north[x] * row.north[x];
            sum + 0.5 * row.depth[x] * (squares + plane.gravity * row.depth[x])
        })
    })
}

/// How many different numbers these are, to their last bits.
#[must_use]
pub fn different(numbers: &[f64]) -> usize {
    let bits: BTreeSet<u64> = numbers.iter().map(|number| number.to_bits()).collect();
    bits.len()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forecast::{CORES, PLANE, beginning};

    #[test]
    fn who_adds_up_by_row_has_one_answer_and_who_does_by_core_has_several() {
        let sea = beginning(0);
        let by_row = CORES.map(|_| energy(&sea, &PLANE, Order::ByRow));
        assert_eq!(different(&by_row), 1, "{by_row:?}");
        let by_core = CORES.map(|cores| energy(&sea, &PLANE, Order::ByCore(cores)));
        assert!(different(&by_core) > 1, "{by_core:?}");
    }

    #[test]
    fn by_any_order_it_is_the_same_but_for_the_last_digits() {
        let sea = beginning(1);
        let by_row = energy(&sea, &PLANE, Order::ByRow);
        for cores in [1, 2, 3, 8, 80, 100] {
            let by_core = energy(&sea, &PLANE, Order::ByCore(cores));
            assert!((by_core / by_row - 1.0).abs() < 1e-12, "{by_core} {by_row}");
        }
    }
}
