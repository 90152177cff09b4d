//! What can be said of the orders that never came.

use lab::order::Count;
use serde_json::{Value, json};

use super::tally::Tally;
use crate::show::{count, thousands};

/// An estimate of what was not seen, for runs that do not depend on one another and a machine that
/// stays as it is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Unseen {
    runs: usize,
    /// How many orders came in one run only.
    once: usize,
    /// The share of further runs that would show an order that has not come yet: about as many as
    /// there were runs whose order came only once.
    ///
    /// I. J. Good: *The population frequencies of species and the estimation of population
    /// parameters*, Biometrika 40 (1953), 237–264, who had the idea from A. M. Turing.
    pub(super) share: f64,
    /// How many more orders can come, at least: from how many came once and how many came twice.
    ///
    /// A. Chao: *Nonparametric estimation of the number of classes in a population*, Scandinavian
    /// Journal of Statistics 11 (1984), 265–270, in the form that is free of bias and defined
    /// without an order that came twice.
    pub(super) orders: usize,
    /// Where only one order came: the share of runs in which others come is below this, with 95 %
    /// confidence. A share of s leaves n runs without another order with probability (1 − s)ⁿ,
    /// which is less than 5 % for s above 1 − 0.05¹ᐟⁿ, which is about 3/n.
    ///
    /// J. A. Hanley, A. Lippman-Hand: *If nothing goes wrong, is everything all right?*, JAMA 249
    /// (1983), 1743–1745.
    pub(super) limit: Option<f64>,
}

impl Unseen {
    /// Estimates what was not seen; `None` where there was no run, or nothing is left to be seen.
    pub(super) fn estimate(tally: &Tally, legal: &Count) -> Option<Unseen> {
        let runs = tally.runs();
        let legal = legal.exact().and_then(|legal| usize::try_from(legal).ok());
        let left = legal.map_or(usize::MAX, |legal| legal.saturating_sub(tally.distinct()));
        if runs == 0 || left == 0 {
            return None;
        }
        let (once, twice) = (tally.seen_in(1), tally.seen_in(2));
        let pairs = once as f64 * once.saturating_sub(1) as f64 / 2.0;
        let more = (runs - 1) as f64 / runs as f64 * pairs / (twice + 1) as f64;
        Some(Unseen {
            runs,
            once,
            share: once as f64 / runs as f64,
            orders: left.min(more.round() as usize),
            limit: (tally.distinct() == 1).then(|| 1.0 - 0.05_f64.powf(1.0 / runs as f64)),
        })
    }

    /// The estimate for people.
    pub(super) fn sentence(&self) -> String {
        let Unseen { runs, once, orders, .. } = *self;
        let runs = count(runs, "run");
        if let Some(limit) = self.limit {
            let limit = 100.0 * limit;
            return format!(
                "no other order in {runs}, and yet others may come, in up to {limit:.1} % of \
                 further ones (with 95 % confidence)"
            );
        }
        if once == 0 {
            return "no order came only once, which makes others rare, and not impossible"
                .to_owned();
        }
        let share = match self.share {
            share if share < 0.99 => format!("some {:.1} %", 100.0 * share),
            _ => "nearly all".to_owned(),
        };
        let out_of = match orders {
            0 => String::new(),
            orders => format!(", out of an estimated {} or more", thousands(orders)),
        };
        format!(
            "{once} of {runs} showed an order that came only once, so that {share} of further \
             ones would show a new one{out_of}"
        )
    }

    /// The estimate for a program to read.
    pub(super) fn to_json(self) -> Value {
        json!({
            "share_of_further_runs": self.share,
            "orders_at_least": self.orders,
            "share_of_other_orders_below": self.limit,
        })
    }
}

#[cfg(test)]
mod tests {
    use lab::order::{Order, line, par};

    use super::super::tally::tests::tally;
    use super::*;

    /// A contract of so many lines in any order.
    fn legal(lines: u32) -> Count {
        let order: Order = par((1..=lines).map(|number| line(number.to_string())));
        order.count().unwrap()
    }

    fn estimate(runs: &str) -> Unseen {
        Unseen::estimate(&tally(runs), &legal(9)).unwrap()
    }

    #[test]
    fn the_share_to_come_is_that_of_runs_whose_order_came_once() {
        assert_eq!(estimate("aaaaaaaabc").share, 0.2);
        assert_eq!(estimate("aabb").share, 0.0);
        assert_eq!(estimate("abcd").share, 1.0);
    }

    #[test]
    fn chaos_bound_follows_the_formula() {
        // Four orders once and one twice in 10 runs: 9/10 · 4·3 / (2 · 2) = 2.7.
        assert_eq!(estimate("aaaabbcdef").orders, 3);
        assert_eq!(estimate("aaaaaaaaab").orders, 0);
    }

    #[test]
    fn no_more_orders_are_expected_than_are_legal() {
        let runs = tally("abcd");
        assert_eq!(Unseen::estimate(&runs, &legal(3)).unwrap().orders, 2);
        assert_eq!(Unseen::estimate(&tally("ab"), &legal(2)), None);
        assert_eq!(Unseen::estimate(&tally(""), &legal(2)), None);
    }

    #[test]
    fn one_order_in_many_runs_does_not_exclude_others() {
        let limit = |runs: usize| estimate(&"a".repeat(runs)).limit.unwrap();
        assert!((limit(200) - 0.01487).abs() < 1e-5, "{}", limit(200));
        assert!((limit(1) - 0.95).abs() < 1e-12);
        assert_eq!(estimate("ab").limit, None);
    }

    #[test]
    fn the_sentence_fits_the_case() {
        let sentences =
            ["aaa", "aabb", "aaabbcdeabc", "abcd"].map(|runs| estimate(runs).sentence());
        let ways =
            ["no other order in 3 runs", "no order came only once", "some 18.2 %", "nearly all"];
        for (sentence, way) in sentences.iter().zip(ways) {
            assert!(sentence.contains(way), "{sentence}");
        }
    }
}
