//! What there is to compute: a number is hidden among many, and has to be searched for.
//!
//! Whoever hides a number knows it, and needs no time to tell whether it was found. Whoever looks for it
//! has to try them all. That is what a judge needs of work: it takes a core for as long as the judge
//! wants, nobody can have the answer without, and to check it costs nothing.
//!
//! It is not cryptography. It has to be quicker to search than to think of something better.

/// A number that is hidden among many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Puzzle {
    /// What the numbers are mixed with: two puzzles of the same number have nothing in common.
    pub key: u64,
    /// The first of the numbers.
    pub first: u64,
    /// How many there are. It takes some nanoseconds to try one.
    pub tries: u64,
    /// What mixing makes of the number that is hidden.
    pub mixed: u64,
}

impl Puzzle {
    /// Hides the number that has this place among the `tries` numbers from `first` on.
    #[must_use]
    pub fn hide(key: u64, first: u64, tries: u64, place: u64) -> Puzzle {
        Puzzle { key, first, tries, mixed: mix(key, first.wrapping_add(place)) }
    }

    /// Searches for the number; 0 where none of them is it.
    ///
    /// All are tried, even after it was found, so that one puzzle takes as long as another.
    #[must_use]
    pub fn search(&self) -> u64 {
        let mut found = 0;
        for number in self.first..self.first.saturating_add(self.tries) {
            if mix(self.key, number) == self.mixed {
                found = number;
            }
        }
        found
    }
}

/// Makes of a number another one that does not tell which it was.
///
/// Four times a product of two numbers is folded in half, so that there is no way back.
fn mix(key: u64, number: u64) -> u64 {
    /// Any odd numbers without a pattern do: these are the fractional digits of π.
    const PI: [u64; 4] = [
        0x243f_6a88_85a3_08d3,
        0x1319_8a2e_0370_7345,
        0xa409_3822_299f_31d1,
        0x082e_fa98_ec4e_6c89,
    ];
    PI.iter().fold(number, |mixed, digits| fold(mixed ^ key, mixed.wrapping_add(*digits) | 1))
}

/// Both halves of a product, one laid over the other.
fn fold(left: u64, right: u64) -> u64 {
    let product = u128::from(left) * u128::from(right);
    #[expect(clippy::cast_possible_truncation, reason = "each half is what is wanted")]
    let halves = (product as u64, (product >> 64) as u64);
    halves.0 ^ halves.1
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_hidden_is_found_wherever_it_is() {
        for place in [0, 1, 499, 998, 999] {
            let puzzle = Puzzle::hide(7, 1 << 40, 1_000, place);
            assert_eq!(puzzle.search(), (1 << 40) + place);
        }
    }

    #[test]
    fn what_was_not_hidden_is_not_found() {
        assert_eq!(Puzzle::hide(7, 1 << 40, 1_000, 1_000).search(), 0);
    }

    #[test]
    fn numbers_and_keys_do_not_get_mixed_up() {
        let mut mixed: Vec<u64> =
            (0..100).flat_map(|key| (0..100).map(move |number| mix(key, number))).collect();
        mixed.sort_unstable();
        mixed.dedup();
        assert_eq!(mixed.len(), 10_000);
    }
}
