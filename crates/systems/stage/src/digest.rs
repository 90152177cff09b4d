//! What an answer comes to, in one number: whoever has another number has another answer.

/// A sum of bytes that depends on each of them and on their order: FNV-1a, of 64 bits
/// (<http://www.isthe.com/chongo/tech/comp/fnv/>). It finds mistakes, and no forgeries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Digest(u64);

impl Default for Digest {
    fn default() -> Digest {
        Digest(0xcbf2_9ce4_8422_2325)
    }
}

impl Digest {
    /// Adds bytes.
    pub fn add(&mut self, bytes: impl IntoIterator<Item = u8>) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        }
    }
}

impl std::fmt::Display for Digest {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:016x}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_sum_that_its_makers_publish() {
        let mut digest = Digest::default();
        digest.add(*b"foobar");
        assert_eq!(digest.to_string(), "85944171f73967e8");
    }

    #[test]
    fn one_bit_or_another_order_is_another_answer() {
        let of = |bytes: [u8; 3]| {
            let mut digest = Digest::default();
            digest.add(bytes);
            digest
        };
        assert_ne!(of([1, 2, 3]), of([1, 2, 2]));
        assert_ne!(of([1, 2, 3]), of([2, 1, 3]));
    }
}
