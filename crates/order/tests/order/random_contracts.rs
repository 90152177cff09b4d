//! Contracts made by chance, against slow and simple answers.

use proptest::prelude::*;

use crate::oracle::samples;

proptest! {
    #[test]
    fn count_agrees_with_a_sum_over_all_sets_of_lines(sample in samples()) {
        let count = sample.contract.count().unwrap();
        prop_assert_eq!(count.exact(), Some(&sample.meaning.count().into()));
    }

    #[test]
    fn check_allows_what_the_partial_order_allows(
        (sample, sequence) in samples().prop_flat_map(|sample| {
            let lines: Vec<usize> = (0..sample.meaning.len()).collect();
            (Just(sample), Just(lines).prop_shuffle())
        }),
    ) {
        let contract = sample.contract.compile().unwrap();
        let report = contract.check(contract.texts(&sequence));
        prop_assert_eq!(report.is_legal(), sample.meaning.allows(&sequence));
    }

    #[test]
    fn samples_have_a_rank_that_leads_back_to_them(sample in samples(), seed: u64) {
        let contract = sample.contract.compile().unwrap();
        let drawn = contract.sample(&mut fastrand::Rng::with_seed(seed)).unwrap();
        prop_assert!(sample.meaning.allows(&drawn));
        let rank = contract.rank(&drawn).unwrap().expect("a sample is legal");
        prop_assert_eq!(contract.unrank(&rank).unwrap(), Some(drawn));
    }

    #[test]
    fn enumeration_begins_with_the_first_ranks(sample in samples()) {
        let contract = sample.contract.compile().unwrap();
        for (place, legal) in (1_u32..=50).zip(contract.legal_orders()) {
            prop_assert_eq!(contract.rank(&legal).unwrap(), Some(place.into()));
        }
    }
}
