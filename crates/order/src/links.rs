//! Which lines come right after which, for who wants to draw a contract.

use super::Poset;

impl Poset {
    /// Pairs of lines, by their places in [`Poset::lines`], of which the
    /// contract says that the first comes before the second: as many as it
    /// takes for all others to follow from them, and perhaps a few more.
    ///
    /// All of one group before all of another makes a pair of every line of
    /// the one and every line of the other. They are found one by one, so that
    /// who has room for a thousand takes a thousand.
    pub fn links(&self) -> impl Iterator<Item = [usize; 2]> + '_ {
        (0..self.lines.len()).flat_map(|line| self.next_lines(line).map(move |next| [line, next]))
    }

    /// The lines that come right after one, by way of any number of joins.
    fn next_lines(&self, line: usize) -> impl Iterator<Item = usize> + '_ {
        let line = u32::try_from(line).expect("fewer than 2³² lines");
        let mut pending = self.successors.of(line).to_vec();
        std::iter::from_fn(move || {
            loop {
                let node = pending.pop()?;
                if (node as usize) < self.lines.len() {
                    return Some(node as usize);
                }
                pending.extend(self.successors.of(node));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::Order;

    fn links(contract: &str) -> Vec<[usize; 2]> {
        let order: Order = contract.parse().expect("a contract");
        let mut links: Vec<_> = order.compile().expect("sense").links().collect();
        links.sort_unstable();
        links
    }

    #[test]
    fn a_chain_links_neighbours_only() {
        assert_eq!(links("a ; b ; c"), [[0, 1], [1, 2]]);
    }

    #[test]
    fn lines_side_by_side_are_not_linked() {
        assert_eq!(links("(a ; b) || c"), [[0, 1]]);
    }

    #[test]
    fn a_join_links_all_of_one_group_to_all_of_the_next() {
        assert_eq!(links("(a || b) ; (c || d)"), [[0, 2], [0, 3], [1, 2], [1, 3]]);
    }

    #[test]
    fn edges_that_are_written_out_are_links() {
        assert_eq!(links("(a ; b) || (c ; d) where a < d"), [[0, 1], [0, 3], [2, 3]]);
    }
}
