//! Which orders came in a number of runs, and how often.

use std::collections::HashMap;

/// The orders that came, each as the numbers of its contract's lines.
#[derive(Clone, Debug, Default)]
pub(super) struct Tally {
    orders: HashMap<Vec<usize>, Times>,
    /// How many runs have been counted.
    runs: usize,
    /// The runs, counted from 1, that showed an order for the first time.
    firsts: Vec<usize>,
}

/// How often an order came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Times {
    /// In how many runs.
    pub(super) runs: usize,
    /// In which run first, counted from 1.
    pub(super) first: usize,
}

impl Tally {
    /// Counts one more run, and tells whether it is the first with its order.
    pub(super) fn add(&mut self, sequence: &[usize]) -> bool {
        self.runs += 1;
        if let Some(times) = self.orders.get_mut(sequence) {
            times.runs += 1;
            return false;
        }
        self.orders.insert(sequence.to_vec(), Times { runs: 1, first: self.runs });
        self.firsts.push(self.runs);
        true
    }

    /// How many runs have been counted.
    pub(super) fn runs(&self) -> usize {
        self.runs
    }

    /// How many different orders came.
    pub(super) fn distinct(&self) -> usize {
        self.orders.len()
    }

    /// The runs, counted from 1, that showed an order for the first time.
    pub(super) fn firsts(&self) -> &[usize] {
        &self.firsts
    }

    /// How many different orders had come after so many runs: a point of the curve.
    pub(super) fn distinct_after(&self, runs: usize) -> usize {
        self.firsts.partition_point(|&first| first <= runs)
    }

    /// In how many runs this order came.
    pub(super) fn runs_of(&self, sequence: &[usize]) -> usize {
        self.orders.get(sequence).map_or(0, |times| times.runs)
    }

    /// How many orders came in exactly so many runs.
    pub(super) fn seen_in(&self, runs: usize) -> usize {
        self.orders.values().filter(|times| times.runs == runs).count()
    }

    /// How many of these orders never came in the other runs.
    pub(super) fn only_here(&self, other: &Tally) -> usize {
        self.orders.keys().filter(|sequence| other.runs_of(sequence) == 0).count()
    }

    /// The orders, the most frequent first; of those that came equally often, the earliest first.
    pub(super) fn by_frequency(&self) -> Vec<(&[usize], Times)> {
        let orders = self.orders.iter().map(|(sequence, &times)| (sequence.as_slice(), times));
        let mut orders: Vec<_> = orders.collect();
        orders.sort_unstable_by_key(|(_, times)| (usize::MAX - times.runs, times.first));
        orders
    }
}

/// The numbers of runs at which the curve is worth a look: 1, 2, 5, 10, 20, 50… and the last.
pub(super) fn checkpoints(runs: usize) -> Vec<usize> {
    let round = (0..).flat_map(|power| [1, 2, 5].map(|digit| digit * 10_usize.pow(power)));
    round.take_while(|&point| point < runs).chain((runs > 0).then_some(runs)).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Made-up runs: each letter is an order, and how often it stands there is how often it came.
    pub(in super::super) fn tally(runs: &str) -> Tally {
        let mut tally = Tally::default();
        for letter in runs.bytes() {
            tally.add(&[letter.into()]);
        }
        tally
    }

    #[test]
    fn orders_are_counted_and_ranked_by_frequency() {
        let tally = tally("abbcab");
        let ranked: Vec<_> =
            tally.by_frequency().iter().map(|(order, times)| (order[0], times.runs)).collect();
        assert_eq!(ranked, [(b'b'.into(), 3), (b'a'.into(), 2), (b'c'.into(), 1)]);
        assert_eq!((tally.runs(), tally.distinct()), (6, 3));
        assert_eq!([1, 2, 3, 4].map(|runs| tally.seen_in(runs)), [1, 1, 1, 0]);
    }

    #[test]
    fn of_equally_frequent_orders_the_earlier_comes_first() {
        let tally = tally("zyxwzyxw");
        let ranked = tally.by_frequency();
        assert!(ranked.is_sorted_by_key(|(_, times)| times.first));
        assert_eq!(ranked[0], (&[usize::from(b'z')][..], Times { runs: 2, first: 1 }));
    }

    #[test]
    fn the_curve_grows_where_a_new_order_comes() {
        let tally = tally("aabacba");
        let curve: Vec<_> = (0..=8).map(|runs| tally.distinct_after(runs)).collect();
        assert_eq!(curve, [0, 1, 1, 2, 2, 3, 3, 3, 3]);
    }

    #[test]
    fn orders_of_two_tallies_are_told_apart() {
        let (idle, busy) = (tally("aab"), tally("bcdcd"));
        assert_eq!((busy.only_here(&idle), idle.only_here(&busy)), (2, 1));
        assert_eq!(idle.only_here(&idle), 0);
    }

    #[test]
    fn checkpoints_end_with_the_last_run() {
        assert_eq!(checkpoints(200), [1, 2, 5, 10, 20, 50, 100, 200]);
        assert_eq!(checkpoints(60), [1, 2, 5, 10, 20, 50, 60]);
        assert_eq!(checkpoints(1), [1]);
        assert!(checkpoints(0).is_empty());
    }
}
