//! Which of a few lines come before which, by way of others too.

use std::collections::HashMap;

use super::bits::Bits;
use super::graph::Graph;

/// All pairs of an earlier and a later line among some lines of a contract.
/// The lines are known by their places in the list.
#[derive(Clone, Debug)]
pub(super) struct Relation {
    /// Numbers in the contract, rising.
    pub(super) lines: Vec<u32>,
    /// For each line those that come before it.
    pub(super) below: Vec<Bits>,
    /// For each line those that come after it.
    pub(super) above: Vec<Bits>,
}

impl Relation {
    /// Follows the edges of the contract from each of the lines to the others.
    ///
    /// `places` has the place of every line and join, each before its successors; what is not among the
    /// first `line_count` is a join.
    pub(super) fn new(
        successors: &Graph,
        line_count: usize,
        places: &[u32],
        lines: Vec<u32>,
    ) -> Relation {
        let mut local: HashMap<u32, usize> = lines.iter().copied().zip(0..).collect();
        let is_join = |node: &u32| *node as usize >= line_count;
        let after = lines.iter().flat_map(|&line| successors.of(line));
        let joins: Vec<u32> = after.copied().filter(is_join).collect();
        for join in joins {
            let next = local.len();
            local.entry(join).or_insert(next);
        }
        let mut nodes: Vec<(u32, usize)> =
            local.iter().map(|(&node, &local)| (node, local)).collect();
        nodes.sort_unstable_by_key(|&(node, _)| places[node as usize]);

        let mut below = vec![Bits::new(lines.len()); local.len()];
        for (node, number) in nodes {
            let mut passed_on = below[number].clone();
            if number < lines.len() {
                passed_on.insert(number);
            }
            let inside = successors.of(node).iter().filter_map(|next| local.get(next));
            inside.for_each(|&next| below[next].insert_all(&passed_on));
        }
        below.truncate(lines.len());
        let above = transposed(&below);
        Relation { lines, below, above }
    }

    /// The same relation between fewer lines.
    pub(super) fn among(&self, members: &[usize]) -> Relation {
        let set = Bits::from_iter(self.lines.len(), members.iter().copied());
        let mut place = vec![0; self.lines.len()];
        for (new, &old) in members.iter().enumerate() {
            place[old] = new;
        }
        let restricted = |row: &Bits| {
            Bits::from_iter(members.len(), row.iter_shared(&set).map(|member| place[member]))
        };
        Relation {
            lines: members.iter().map(|&member| self.lines[member]).collect(),
            below: members.iter().map(|&member| restricted(&self.below[member])).collect(),
            above: members.iter().map(|&member| restricted(&self.above[member])).collect(),
        }
    }

    /// Divides members into groups so that no member waits for one of another group.
    pub(super) fn independent_groups(&self, members: &[usize]) -> Vec<Vec<usize>> {
        let mut left = Bits::from_iter(self.lines.len(), members.iter().copied());
        let mut groups = Vec::new();
        for &member in members {
            if !left.contains(member) {
                continue;
            }
            left.remove(member);
            let mut group = vec![member];
            let mut next = 0;
            while let Some(&member) = group.get(next) {
                next += 1;
                for row in [&self.below[member], &self.above[member]] {
                    let found: Vec<usize> = row.iter_shared(&left).collect();
                    found.iter().for_each(|&member| left.remove(member));
                    group.extend(found);
                }
            }
            group.sort_unstable();
            groups.push(group);
        }
        groups
    }

    /// Divides members into groups so that every member of a group comes
    /// before every member of the next.
    ///
    /// Sort the members by how many others come before them. The first k of
    /// them make a group of their own where all of their pairs with the
    /// others, k · (m − k), are pairs of an earlier and a later line. Pairs
    /// with others are what is left of the pairs upwards when those inside,
    /// which are all the pairs downwards, are taken away.
    pub(super) fn successive_groups(&self, members: &[usize]) -> Vec<Vec<usize>> {
        let mut groups = Vec::new();
        let mut group = Vec::new();
        let mut pairs = 0;
        let set = Bits::from_iter(self.lines.len(), members.iter().copied());
        let inside = |&member: &usize| {
            (self.below[member].shared(&set), self.above[member].shared(&set), member)
        };
        let mut sorted: Vec<_> = members.iter().map(inside).collect();
        sorted.sort_unstable();
        for (place, (below, above, member)) in sorted.into_iter().enumerate() {
            group.push(member);
            // The sum never falls below zero: it counts pairs.
            pairs = pairs + above - below;
            let taken = place + 1;
            if pairs == taken * (members.len() - taken) {
                group.sort_unstable();
                groups.push(std::mem::take(&mut group));
            }
        }
        groups
    }

    /// For each line those that come right after it.
    pub(super) fn next(&self) -> Vec<Vec<usize>> {
        let mut by_height: Vec<usize> = (0..self.lines.len()).collect();
        by_height.sort_by_cached_key(|&line| self.below[line].shared(&self.below[line]));
        let next = |above: &Bits| {
            let mut indirect = Bits::new(self.lines.len());
            let is_next = |&&line: &&usize| {
                let direct = above.contains(line) && !indirect.contains(line);
                if direct {
                    indirect.insert_all(&self.above[line]);
                }
                direct
            };
            by_height.iter().filter(is_next).copied().collect()
        };
        self.above.iter().map(next).collect()
    }
}

fn transposed(rows: &[Bits]) -> Vec<Bits> {
    let mut columns = vec![Bits::new(rows.len()); rows.len()];
    for (row, members) in rows.iter().enumerate() {
        members.iter().for_each(|member| columns[member].insert(row));
    }
    columns
}
