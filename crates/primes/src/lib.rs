//! The compute of every lesson: counting primes.
//!
//! It is real work, slow on purpose, without memory to share between cores, and its answer can be
//! looked up: π(10⁶) = 78,498 ([OEIS A006880](https://oeis.org/A006880)).
//!
//! It stands in a crate of its own so that it is optimised in development builds too, where
//! everything else is built to be ready soon.

use std::ops::Range;

/// Counts the primes of `range`.
#[must_use]
pub fn count(range: Range<u32>) -> usize {
    range.filter(|&n| is_prime(n)).count()
}

/// Trial division by every odd number up to √n: simple enough to trust.
fn is_prime(n: u32) -> bool {
    if n < 3 || n.is_multiple_of(2) {
        return n == 2;
    }
    (3..)
        .step_by(2)
        .take_while(|divisor| divisor * divisor <= n)
        .all(|divisor| !n.is_multiple_of(divisor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_known_counts_come_out() {
        // π(10), π(10²), … π(10⁶)
        let counts = [10, 100, 1_000, 10_000, 100_000, 1_000_000].map(|limit| count(0..limit));
        assert_eq!(counts, [4, 25, 168, 1_229, 9_592, 78_498]);
    }

    #[test]
    fn is_prime_agrees_with_the_sieve_of_eratosthenes() {
        const LIMIT: u32 = 10_000;
        let mut sieve = vec![true; LIMIT as usize];
        sieve[..2].fill(false);
        for n in 2..LIMIT as usize {
            for multiple in (2 * n..LIMIT as usize).step_by(n) {
                sieve[multiple] = false;
            }
        }
        for n in 0..LIMIT {
            assert_eq!(is_prime(n), sieve[n as usize], "{n}");
        }
    }
}
