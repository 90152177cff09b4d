//! How many legal orders a contract allows.

use std::fmt;

use num_bigint::BigUint;

use super::error::Error;
use super::parts::{Component, Parts};
use super::poset::Poset;
use super::state::Order;

/// How many legal orders a contract allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Count {
    /// Exactly so many.
    Exact(BigUint),
    /// So many and very likely more: to count them all would take too long.
    AtLeast(BigUint),
}

impl Order {
    /// Counts the legal orders.
    ///
    /// ```
    /// use order::Order;
    ///
    /// let order: Order = "(A1 ; A2 ; A3) || (B1 ; B2 ; B3) || (C1 ; C2 ; C3)".parse()?;
    /// assert_eq!(order.count()?.to_string(), "1,680");
    /// # Ok::<(), order::Error>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where the contract makes no sense; see [`Order::compile`].
    pub fn count(&self) -> Result<Count, Error> {
        Ok(self.compile()?.count())
    }
}

impl Count {
    /// The number, whether it is exact or a lower bound.
    #[must_use]
    pub fn number(&self) -> &BigUint {
        let (Count::Exact(number) | Count::AtLeast(number)) = self;
        number
    }

    /// The exact number, where it is known.
    #[must_use]
    pub fn exact(&self) -> Option<&BigUint> {
        match self {
            Count::Exact(count) => Some(count),
            Count::AtLeast(_) => None,
        }
    }
}

impl Poset {
    /// Counts the legal orders, as [`Order::count`] does.
    #[must_use]
    pub fn count(&self) -> Count {
        let parts = self.parts();
        if parts.exact { Count::Exact(parts.product()) } else { Count::AtLeast(parts.product()) }
    }
}

impl Parts {
    /// The number of legal orders of all parts together.
    ///
    /// A series has the product of what its parts have. Interleaving groups
    /// of lines, each in a given order, can be done in as many ways as the
    /// multinomial coefficient says: the factorial of the number of all lines
    /// divided by the factorial of the number of each group's.
    pub(super) fn product(&self) -> BigUint {
        let sizes = self.sizes();
        let mut factorials = Factorials::new(sizes.first().copied().unwrap_or(0));
        let mut factors = Vec::new();
        for (part, &size) in self.parts.iter().zip(&sizes) {
            match part {
                Component::Line(_) | Component::Seq(_) => {}
                Component::Par(children) => {
                    factorials.multiply(size);
                    children.iter().for_each(|&child| factorials.divide(sizes[child]));
                }
                Component::Knot(lattice) => factors.push(lattice.ways(0).clone()),
                Component::Thicket { ways, .. } => factors.push(ways.clone()),
            }
        }
        factors.extend(factorials.prime_powers());
        multiply(factors)
    }
}

/// A product of factorials and reciprocals of factorials, kept as how often
/// each number's factorial is a factor of it.
struct Factorials {
    powers: Vec<i64>,
}

impl Factorials {
    fn new(largest: usize) -> Factorials {
        Factorials { powers: vec![0; largest + 1] }
    }

    fn multiply(&mut self, number: usize) {
        self.powers[number] += 1;
    }

    fn divide(&mut self, number: usize) {
        self.powers[number] -= 1;
    }

    /// The product's prime factors, each to its power: found in this way, it
    /// is never divided.
    fn prime_powers(mut self) -> impl Iterator<Item = BigUint> {
        // A number is a factor of its own factorial and of all larger ones.
        for number in (1..self.powers.len() - 1).rev() {
            self.powers[number] += self.powers[number + 1];
        }
        let smallest_factor = smallest_prime_factors(self.powers.len());
        for number in (2..self.powers.len()).rev() {
            let prime = smallest_factor[number];
            if prime < number {
                let power = self.powers[number];
                self.powers[prime] += power;
                self.powers[number / prime] += power;
            }
        }
        let primes =
            (2..self.powers.len()).filter(move |&number| smallest_factor[number] == number);
        primes.map(move |prime| {
            let power = u32::try_from(self.powers[prime]).expect("a count is a whole number");
            BigUint::from(prime).pow(power)
        })
    }
}

/// For each number below the limit the smallest prime that divides it.
fn smallest_prime_factors(limit: usize) -> Vec<usize> {
    let mut smallest: Vec<usize> = (0..limit).collect();
    for prime in (2..limit).take_while(|prime| prime * prime < limit) {
        if smallest[prime] == prime {
            for multiple in (prime * prime..limit).step_by(prime) {
                if smallest[multiple] == multiple {
                    smallest[multiple] = prime;
                }
            }
        }
    }
    smallest
}

/// Multiplies numbers of about the same size with one another, which is what
/// fast multiplication is good at.
fn multiply(mut factors: Vec<BigUint>) -> BigUint {
    while factors.len() > 1 {
        factors = factors.chunks(2).map(|pair| pair.iter().product()).collect();
    }
    factors.pop().unwrap_or_else(|| 1_u32.into())
}

impl fmt::Display for Count {
    /// Writes the number for people: `34,650`, `at least 1,000`, and where it
    /// has more than 24 digits, `about 2.36 × 10^92`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, is_long) = (self.number(), self.number().bits() > 80);
        match self {
            Count::Exact(_) if is_long => write!(f, "about {}", scientific(number, f64::round)),
            Count::Exact(_) => f.write_str(&grouped(number)),
            Count::AtLeast(_) if is_long => {
                write!(f, "at least {}", scientific(number, f64::floor))
            }
            Count::AtLeast(_) => write!(f, "at least {}", grouped(number)),
        }
    }
}

/// A number with a comma before every three digits.
fn grouped(number: &BigUint) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() * 4 / 3);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A number's first three digits and its power of ten, by way of its
/// logarithm: millions of digits are not worked out in order to show three.
fn scientific(number: &BigUint, round: fn(f64) -> f64) -> String {
    let shift = number.bits().saturating_sub(64);
    let leading = u64::try_from(number >> shift).expect("64 bits") as f64;
    let logarithm = leading.log10() + shift as f64 * std::f64::consts::LOG10_2;
    let power = logarithm.floor();
    let hundredths = round(10_f64.powf(logarithm - power) * 100.0);
    // What is rounded up may come to ten.
    let (hundredths, power) =
        if hundredths < 1000.0 { (hundredths, power) } else { (100.0, power + 1.0) };
    format!("{:.2} × 10^{power}", hundredths / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_numbers_are_grouped() {
        let shown =
            [1_u32, 999, 1000, 34_650, 1_000_000].map(|n| Count::Exact(n.into()).to_string());
        assert_eq!(shown, ["1", "999", "1,000", "34,650", "1,000,000"]);
    }

    #[test]
    fn long_numbers_are_rounded_and_bounds_are_rounded_down() {
        let digits = BigUint::from(23_579_u32) * BigUint::from(10_u32).pow(88);
        assert_eq!(Count::Exact(digits.clone()).to_string(), "about 2.36 × 10^92");
        let nearly = BigUint::from(9_999_u32) * BigUint::from(10_u32).pow(88);
        assert_eq!(Count::Exact(nearly).to_string(), "about 1.00 × 10^92");
        assert_eq!(Count::AtLeast(digits).to_string(), "at least 2.35 × 10^92");
    }

    #[test]
    fn very_long_numbers_keep_their_first_digits() {
        let number = BigUint::from(1115_u32) * BigUint::from(10_u32).pow(299_997);
        assert_eq!(Count::Exact(number).to_string(), "about 1.11 × 10^300000");
    }
}
