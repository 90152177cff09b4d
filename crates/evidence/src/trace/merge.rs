//! Sequences that are in order, made into one.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Everything in order, from sequences each of which is in order: what comes next is always the
/// next of some sequence. Where keys are equal, the earlier sequence goes first.
///
/// It takes n · log k comparisons for n things in k sequences, and moves each thing once, which is
/// what tells it from sorting a million events.
pub(super) fn merged<T, K: Ord + Copy>(
    sequences: impl IntoIterator<Item = impl Iterator<Item = T>>,
    total: usize,
    key: impl Fn(&T) -> K,
) -> Vec<T> {
    let mut sequences: Vec<_> = sequences.into_iter().map(Iterator::peekable).collect();
    let mut merged = Vec::with_capacity(total);
    let mut firsts: BinaryHeap<Reverse<(K, usize)>> = BinaryHeap::new();
    for (place, sequence) in sequences.iter_mut().enumerate() {
        firsts.extend(sequence.peek().map(|first| Reverse((key(first), place))));
    }
    while let Some(Reverse((_, place))) = firsts.pop() {
        let sequence = &mut sequences[place];
        let others = firsts.peek().map(|&Reverse(first)| first);
        // As long as no other sequence's turn comes, none need be asked.
        let is_first = |next: &T| others.is_none_or(|other| (key(next), place) < other);
        while let Some(next) = sequence.next_if(is_first) {
            merged.push(next);
        }
        firsts.extend(sequence.peek().map(|next| Reverse((key(next), place))));
    }
    merged
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn merging_is_sorting(sequences: Vec<Vec<u8>>) {
            // Each thing remembers where it comes from, so that the order of equal ones shows.
            let tagged = |(place, mut sequence): (usize, Vec<u8>)| {
                sequence.sort_unstable();
                sequence.into_iter().map(move |key| (key, place)).collect::<Vec<_>>()
            };
            let sequences: Vec<_> = sequences.into_iter().enumerate().map(tagged).collect();
            let mut sorted = sequences.concat();
            sorted.sort_by_key(|thing| thing.0);
            let merged = merged(sequences.into_iter().map(Vec::into_iter), 0, |thing| thing.0);
            prop_assert_eq!(merged, sorted);
        }
    }
}
