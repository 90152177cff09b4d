//! Many bytes as one number: two games that have the same one have been the same.

/// A fingerprint of the bytes that it was given, in their order: FNV-1a of 64 bits
/// (<https://datatracker.ietf.org/doc/html/rfc9923>). It finds mistakes, and no forgers.
#[derive(Clone, Copy, Debug)]
pub struct Fingerprint(u64);

impl Default for Fingerprint {
    fn default() -> Fingerprint {
        Fingerprint(0xcbf2_9ce4_8422_2325)
    }
}

impl Fingerprint {
    /// Goes on with these bytes.
    pub fn add(&mut self, bytes: &[u8]) {
        for &byte in bytes {
            self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }

    /// The number.
    #[must_use]
    pub fn value(self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_one_that_others_have() {
        let mut fingerprint = Fingerprint::default();
        fingerprint.add(b"foo");
        fingerprint.add(b"bar");
        // From the authors' own list: http://www.isthe.com/chongo/src/fnv/test_fnv.c
        assert_eq!(fingerprint.value(), 0x8594_4171_f739_67e8);
    }
}
