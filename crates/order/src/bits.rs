//! Sets of small numbers.

/// A set of numbers below a limit, one bit each.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Bits(Box<[u64]>);

impl Bits {
    /// The empty set, with room for the numbers below `limit`.
    pub(super) fn new(limit: usize) -> Bits {
        Bits(vec![0; limit.div_ceil(64)].into())
    }

    pub(super) fn from_iter(limit: usize, members: impl IntoIterator<Item = usize>) -> Bits {
        let mut bits = Bits::new(limit);
        members.into_iter().for_each(|member| bits.insert(member));
        bits
    }

    pub(super) fn insert(&mut self, member: usize) {
        self.0[member / 64] |= 1 << (member % 64);
    }

    pub(super) fn remove(&mut self, member: usize) {
        self.0[member / 64] &= !(1 << (member % 64));
    }

    pub(super) fn contains(&self, member: usize) -> bool {
        self.0[member / 64] >> (member % 64) & 1 == 1
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.iter().all(|&word| word == 0)
    }

    pub(super) fn is_subset(&self, other: &Bits) -> bool {
        self.0.iter().zip(&other.0).all(|(own, others)| own & !others == 0)
    }

    pub(super) fn insert_all(&mut self, other: &Bits) {
        for (own, others) in self.0.iter_mut().zip(&other.0) {
            *own |= others;
        }
    }

    /// How many members the two sets share.
    pub(super) fn shared(&self, other: &Bits) -> usize {
        self.0.iter().zip(&other.0).map(|(own, others)| (own & others).count_ones() as usize).sum()
    }

    /// The members that the two sets share, in rising order.
    pub(super) fn iter_shared<'a>(&'a self, other: &'a Bits) -> impl Iterator<Item = usize> + 'a {
        self.0.iter().zip(&other.0).enumerate().flat_map(|(place, (own, others))| {
            let mut left = own & others;
            std::iter::from_fn(move || {
                let lowest = (left != 0).then(|| left.trailing_zeros() as usize)?;
                left &= left - 1;
                Some(place * 64 + lowest)
            })
        })
    }

    /// The members, in rising order.
    pub(super) fn iter(&self) -> impl Iterator<Item = usize> {
        self.iter_shared(self)
    }
}
