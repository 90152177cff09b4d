//! The seed of a run: from it comes whatever is secret, and the same seed makes the same secrets.

use std::fmt;
use std::str::FromStr;

/// What all secrets of a run are drawn from. Printed with every failure, so that the same run can be
/// had again; never told to the program that is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Seed(u64);

impl Seed {
    /// The seed with this number.
    #[must_use]
    pub const fn new(number: u64) -> Seed {
        Seed(number)
    }

    /// One that nobody can know beforehand.
    #[must_use]
    pub fn fresh() -> Seed {
        use std::hash::{BuildHasher, RandomState};
        // The standard library has its keys from the system's source of randomness.
        Seed(RandomState::new().hash_one("seed"))
    }

    /// The secret of this name and number.
    #[must_use]
    pub fn draw(self, name: &str, number: u64) -> u64 {
        let named = name.bytes().fold(self.0, |drawn, byte| mix(drawn ^ u64::from(byte)));
        mix(named ^ mix(number))
    }

    /// The seed of a part of what this one is for.
    #[must_use]
    pub fn part(self, name: &str, number: u64) -> Seed {
        Seed(self.draw(name, number))
    }
}

/// The step of the generator `SplitMix64` (Steele, Lea and Flood, *Fast splittable pseudorandom number
/// generators*, 2014).
fn mix(state: u64) -> u64 {
    let state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let state = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let state = (state ^ (state >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    state ^ (state >> 31)
}

/// As it is printed, and typed after `--seed`.
impl fmt::Display for Seed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl FromStr for Seed {
    type Err = String;

    fn from_str(text: &str) -> Result<Seed, String> {
        let number = u64::from_str_radix(text, 16).ok().filter(|_| text.len() <= 16);
        let number = number.ok_or_else(|| format!("`{text}` is no seed: up to 16 digits 0–9, a–f"));
        number.map(Seed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_read_as_it_is_printed() {
        for seed in [Seed::new(0), Seed::new(u64::MAX), Seed::fresh()] {
            assert_eq!(seed.to_string().parse(), Ok(seed));
        }
        assert!("x".parse::<Seed>().is_err());
        assert!("00000000000000001".parse::<Seed>().is_err());
    }

    #[test]
    fn the_same_seed_makes_the_same_secrets_for_ever() {
        // The generator's own first number for the state 0, and one of ours: solutions handed in with a
        // seed have to be judged alike next year.
        assert_eq!(mix(0), 0xe220_a839_7b1d_cdaf);
        assert_eq!(Seed::new(1).draw("task", 2), Seed::new(1).draw("task", 2));
        assert_ne!(Seed::new(1).draw("task", 2), Seed::new(1).draw("task", 3));
        assert_ne!(Seed::new(1).draw("task", 2), Seed::new(1).draw("page", 2));
        assert_ne!(Seed::new(1).draw("task", 2), Seed::new(2).draw("task", 2));
    }
}
