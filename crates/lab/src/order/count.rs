//! How many legal orders a contract allows.

use std::fmt;

use num_bigint::BigUint;

use super::error::Error;
use super::poset::Poset;
use super::state::{Node, Order};

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
    /// use lab::order::Order;
    ///
    /// let order: Order = "(A1 ; A2 ; A3) || (B1 ; B2 ; B3) || (C1 ; C2 ; C3)".parse()?;
    /// assert_eq!(order.count()?.to_string(), "1,680");
    /// # Ok::<(), lab::order::Error>(())
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
        let mut factorials = Factorials::new(self.lines.len());
        if let Some(root) = self.order.root.as_deref() {
            factorials.tree(root);
        }
        let count = factorials.product();
        if self.edges.is_empty() { Count::Exact(count) } else { Count::AtLeast(1_u32.into()) }
    }
}

/// A product of factorials and reciprocals of factorials, kept as how often
/// each of the numbers 1, 2, 3… is a factor of it.
struct Factorials {
    /// By number: how often its factorial is a factor.
    powers: Vec<i64>,
}

impl Factorials {
    fn new(largest: usize) -> Factorials {
        Factorials { powers: vec![0; largest + 1] }
    }

    /// Interleaving groups of lines, each in a given order, can be done in as
    /// many ways as the multinomial coefficient says: the factorial of all
    /// lines divided by the factorial of each group. A series is a product.
    fn tree(&mut self, root: &Node) {
        let mut visits = vec![(root, 0, 0)];
        while let Some((node, next, size)) = visits.pop() {
            let (children, is_par) = match node {
                Node::Line(_) => (&[][..], false),
                Node::Seq(children) => (&children[..], false),
                Node::Par(children) => (&children[..], true),
            };
            if let Some(child) = children.get(next) {
                visits.push((node, next + 1, size));
                visits.push((child, 0, 0));
                continue;
            }
            let size = if children.is_empty() { 1 } else { size };
            if is_par {
                self.powers[size] += 1;
            }
            if let Some((parent, _, sizes)) = visits.last_mut() {
                *sizes += size;
                if matches!(parent, Node::Par(_)) {
                    self.powers[size] -= 1;
                }
            }
        }
    }

    /// Multiplies everything out by way of its prime factors, so that nothing
    /// is ever divided.
    fn product(mut self) -> BigUint {
        // n! is a factor as often as n, n + 1, … say together.
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
        let primes = (2..self.powers.len()).filter(|&number| smallest_factor[number] == number);
        let factors = primes.map(|prime| {
            let power = u32::try_from(self.powers[prime]).expect("a count is a whole number");
            BigUint::from(prime).pow(power)
        });
        multiply(factors.collect())
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
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Count::Exact(count) => f.write_str(&grouped(count)),
            Count::AtLeast(count) => write!(f, "at least {}", grouped(count)),
        }
    }
}

/// A number for people: with a comma before every three digits.
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
