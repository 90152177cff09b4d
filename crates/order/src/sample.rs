//! Legal orders drawn by chance.

use fastrand::Rng;
use num_bigint::BigUint;

use super::lattice::Lattice;
use super::parts::Component;
use super::poset::Poset;
use super::rank::Uncountable;

impl Poset {
    /// Draws a legal order, as places in [`Poset::lines`]; every legal order
    /// is as likely as every other.
    ///
    /// That is what a fair lottery would show, and no scheduler does.
    ///
    /// ```
    /// use order::Order;
    ///
    /// let order: Order = "(A1 ; A2 ; A3) || (B1 ; B2 ; B3)".parse()?;
    /// let contract = order.compile()?;
    /// let mut random = fastrand::Rng::with_seed(7);
    /// let drawn = contract.sample(&mut random)?;
    /// assert!(contract.check(contract.texts(&drawn)).is_legal());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// Where there are too many legal orders to count them exactly.
    pub fn sample(&self, random: &mut Rng) -> Result<Vec<usize>, Uncountable> {
        let parts = self.exact_parts()?;
        let mut drawn: Vec<Vec<usize>> = vec![Vec::new(); parts.parts.len()];
        for (place, part) in parts.parts.iter().enumerate().rev() {
            let children = part.children().iter().map(|&child| std::mem::take(&mut drawn[child]));
            drawn[place] = match part {
                Component::Line(line) => vec![*line as usize],
                Component::Seq(_) => children.flatten().collect(),
                Component::Par(_) => interleaved(children.collect(), random),
                Component::Knot(lattice) => lattice.walk(random),
                Component::Thicket { .. } => return Err(Uncountable),
            };
        }
        Ok(drawn.into_iter().next().unwrap_or_default())
    }
}

/// Interleaves lists, each of which keeps its own order.
fn interleaved(lists: Vec<Vec<usize>>, random: &mut Rng) -> Vec<usize> {
    let owners = lists.iter().enumerate();
    let mut turns: Vec<usize> =
        owners.flat_map(|(owner, list)| std::iter::repeat_n(owner, list.len())).collect();
    random.shuffle(&mut turns);
    let mut lists: Vec<_> = lists.into_iter().map(Vec::into_iter).collect();
    turns.into_iter().filter_map(|owner| lists[owner].next()).collect()
}

impl Lattice {
    /// Goes from the empty downset to the full one, each step as likely as
    /// its share in the ways.
    fn walk(&self, random: &mut Rng) -> Vec<usize> {
        let mut downset = 0;
        let mut lines = Vec::with_capacity(self.lines().len());
        while let [first, others @ ..] = self.steps(downset) {
            let mut chance = below(self.ways(downset), random);
            let mut chosen = first;
            for step in others {
                if chance < *self.ways(chosen.next) {
                    break;
                }
                chance -= self.ways(chosen.next);
                chosen = step;
            }
            lines.push(chosen.line as usize);
            downset = chosen.next;
        }
        lines
    }
}

/// A number below a limit, each as likely as the others: as many random bits
/// as the limit has, drawn again where they make a number that is too large.
fn below(limit: &BigUint, random: &mut Rng) -> BigUint {
    let bits = limit.bits();
    let digits = usize::try_from(bits.div_ceil(32)).expect("a number that fits in memory");
    let surplus = digits as u64 * 32 - bits;
    loop {
        let mut drawn: Vec<u32> = (0..digits).map(|_| random.u32(..)).collect();
        if let Some(highest) = drawn.last_mut() {
            *highest >>= surplus;
        }
        let drawn = BigUint::new(drawn);
        if drawn < *limit {
            return drawn;
        }
    }
}
