//! Every partial order on up to five lines, against every sequence of its lines.

use order::{Count, Poset};

use crate::oracle::{PartialOrder, permutations};

/// Calls `test` with every partial order on up to five lines, and its contract.
fn every_partial_order(test: impl Fn(&PartialOrder, &Poset)) {
    for lines in 0..=5 {
        for order in PartialOrder::all(lines) {
            let contract = order.contract().compile().expect("a partial order has no cycle");
            test(&order, &contract);
        }
    }
}

#[test]
fn there_are_as_many_partial_orders_as_the_encyclopedia_says() {
    // https://oeis.org/A001035
    let numbers: Vec<usize> = (0..=5).map(|lines| PartialOrder::all(lines).len()).collect();
    assert_eq!(numbers, [1, 1, 3, 19, 219, 4231]);
}

#[test]
fn check_allows_exactly_the_legal_orders() {
    let permutations: Vec<_> = (0..=5).map(permutations).collect();
    every_partial_order(|order, contract| {
        for sequence in &permutations[order.len()] {
            let report = contract.check(contract.texts(sequence));
            assert_eq!(report.is_legal(), order.allows(sequence), "{sequence:?} {order:?}");
        }
    });
}

#[test]
fn count_is_the_number_of_legal_orders() {
    every_partial_order(|order, contract| {
        let expected = Count::Exact(order.legal_orders().len().into());
        assert_eq!(contract.count(), expected, "{order:?}");
    });
}

#[test]
fn enumeration_yields_every_legal_order_sorted() {
    every_partial_order(|order, contract| {
        assert!(contract.legal_orders().eq(order.legal_orders()), "{order:?}");
    });
}

#[test]
fn ranks_number_the_legal_orders_from_one() {
    every_partial_order(|order, contract| {
        for (place, legal) in (1_usize..).zip(order.legal_orders()) {
            assert_eq!(contract.rank(&legal), Ok(Some(place.into())), "{order:?}");
        }
    });
}

#[test]
fn only_legal_orders_have_a_rank() {
    let permutations: Vec<_> = (0..=5).map(permutations).collect();
    every_partial_order(|order, contract| {
        for sequence in &permutations[order.len()] {
            let rank = contract.rank(sequence).expect("five lines are countable");
            assert_eq!(rank.is_some(), order.allows(sequence), "{sequence:?} {order:?}");
        }
    });
}

#[test]
fn unrank_undoes_rank_and_ends_after_the_last() {
    every_partial_order(|order, contract| {
        let all = order.legal_orders();
        let unranked = (0..=all.len() + 1).map(|rank| contract.unrank(&rank.into()).unwrap());
        let expected = [None].into_iter().chain(all.into_iter().map(Some)).chain([None]);
        assert!(unranked.eq(expected), "{order:?}");
    });
}

#[test]
fn samples_are_legal() {
    let mut random = fastrand::Rng::with_seed(1);
    let mut sample = |contract: &Poset| contract.sample(&mut random).unwrap();
    for order in PartialOrder::all(5) {
        let contract = order.contract().compile().unwrap();
        assert!(order.allows(&sample(&contract)), "{order:?}");
    }
}
