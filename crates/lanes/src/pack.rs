//! Lanes that were never there at the same time, packed into as few rows as that allows.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use super::{Lane, State, Time};

/// The lanes of a row, by their places, in the order of time.
pub type Row = Vec<usize>;

/// Packs lanes into rows. Lanes without compute are left out.
///
/// Those that [stand out](stand_out) have rows of their own, and come first. The others are packed: a
/// program that starts a thread for every part has dozens of threads, of
/// which only a few compute at once. What matters is how many these few are: in
/// the order of their starts, each into the first row that is free, they take
/// no more rows than that.
pub fn rows(lanes: &[Lane]) -> Vec<Row> {
    let own = stand_out(lanes);
    let others = (0..lanes.len()).filter(|place| !own.contains(place));
    let packed = packed(others.filter_map(|place| Some((busy(&lanes[place])?, place))));
    own.iter().map(|&place| vec![place]).chain(packed).collect()
}

/// The few lanes that do nearly all the compute, where others do little: the main thread and its workers,
/// say, among dozens of short-lived helpers. None where all are much alike.
pub fn stand_out(lanes: &[Lane]) -> Vec<usize> {
    const FEW: usize = 12;
    const SHARE: u64 = 50;
    let computed = |lane: &Lane| lane.totals.of(State::Computing);
    let all: Time = lanes.iter().map(computed).sum();
    let (much, little): (Vec<usize>, Vec<usize>) = (0..lanes.len())
        .filter(|&place| computed(&lanes[place]) > 0)
        .partition(|&place| computed(&lanes[place]) >= all / SHARE);
    if much.len() <= FEW && !little.is_empty() { much } else { Vec::new() }
}

fn packed(computing: impl Iterator<Item = ((Time, Time), usize)>) -> Vec<Row> {
    let mut order: Vec<((Time, Time), usize)> = computing.collect();
    order.sort_unstable();
    let mut rows: Vec<Row> = Vec::new();
    let mut taken: BinaryHeap<Reverse<(Time, usize)>> = BinaryHeap::new();
    let mut free: BTreeSet<usize> = BTreeSet::new();
    for ((start, end), place) in order {
        while taken.peek().is_some_and(|Reverse((until, _))| *until <= start) {
            free.extend(taken.pop().map(|Reverse((_, row))| row));
        }
        let row = free.pop_first().unwrap_or(rows.len());
        taken.push(Reverse((end, row)));
        match rows.get_mut(row) {
            Some(row) => row.push(place),
            None => rows.push(vec![place]),
        }
    }
    rows
}

/// From when until when a lane computed.
fn busy(lane: &Lane) -> Option<(Time, Time)> {
    let computes = |span: &&super::Span| {
        span.state == State::Computing
            || span.merged.as_ref().is_some_and(|merged| merged.totals.of(State::Computing) > 0)
    };
    let first = lane.spans.iter().find(computes)?;
    let last = lane.spans.iter().rfind(computes)?;
    Some((first.start, last.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lanes;
    use crate::script::Script;

    #[test]
    fn the_few_that_do_the_work_have_rows_of_their_own() {
        let trace = Script::new()
            .thread(0, 0, "main")
            .part(0..100, [1, 0], [1, 1, 1])
            .part(100..101, [2, 0], [1, 1, 2])
            .part(102..103, [3, 0], [1, 1, 3])
            .part(110..200, [4, 0], [1, 1, 4])
            .trace();
        let threads = Lanes::of(&trace).threads;
        assert_eq!(stand_out(&threads), [1, 4]);
        assert_eq!(rows(&threads), [vec![1], vec![4], vec![2, 3]]);
    }

    #[test]
    fn there_are_no_more_rows_than_threads_that_computed_at_once() {
        let trace = Script::new()
            .thread(0, 0, "main")
            .part(1..4, [1, 0], [1, 1, 1])
            .part(1..6, [2, 1], [1, 1, 2])
            .part(4..9, [3, 0], [1, 1, 3])
            .part(7..9, [4, 1], [1, 1, 4])
            .trace();
        assert_eq!(rows(&Lanes::of(&trace).threads), [vec![1, 3], vec![2, 4]]);
    }
}
