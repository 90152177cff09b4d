//! The slow and simple answers that the module's answers are compared with.

use lab::order::{Order, line, par};

/// A partial order on the lines 0, 1, …: `before[a][b]` where a comes before b.
#[derive(Clone, Debug)]
pub struct PartialOrder {
    pub before: Vec<Vec<bool>>,
}

impl PartialOrder {
    pub fn len(&self) -> usize {
        self.before.len()
    }

    pub fn pairs(&self) -> impl Iterator<Item = (usize, usize)> {
        let lines = self.len();
        let all = (0..lines).flat_map(move |a| (0..lines).map(move |b| (a, b)));
        all.filter(|&(a, b)| self.before[a][b])
    }

    /// Every partial order on so many lines.
    pub fn all(lines: usize) -> Vec<PartialOrder> {
        let pairs: Vec<(usize, usize)> = (0..lines)
            .flat_map(|a| (0..lines).map(move |b| (a, b)))
            .filter(|(a, b)| a != b)
            .collect();
        let relation = |chosen: u32| {
            let mut before = vec![vec![false; lines]; lines];
            for (place, &(a, b)) in pairs.iter().enumerate() {
                before[a][b] = chosen >> place & 1 == 1;
            }
            PartialOrder { before }
        };
        (0..1 << pairs.len()).map(relation).filter(PartialOrder::is_partial_order).collect()
    }

    fn is_partial_order(&self) -> bool {
        self.pairs().all(|(a, b)| {
            !self.before[b][a] && (0..self.len()).all(|c| !self.before[b][c] || self.before[a][c])
        })
    }

    /// The contract that says it: all lines in parallel, and an edge a pair.
    pub fn contract(&self) -> Order {
        let lines = par((0..self.len()).map(|number| line(number.to_string())));
        self.pairs().fold(lines, |order, (a, b)| order.before(a.to_string(), b.to_string()))
    }

    pub fn allows(&self, sequence: &[usize]) -> bool {
        let place = |line| sequence.iter().position(|&printed| printed == line);
        self.pairs().all(|(a, b)| place(a) < place(b))
    }

    /// Every legal order, in the order of a dictionary.
    pub fn legal_orders(&self) -> Vec<Vec<usize>> {
        let mut all = permutations(self.len());
        all.retain(|sequence| self.allows(sequence));
        all
    }
}

/// Every sequence of the numbers below `length`, in the order of a dictionary.
pub fn permutations(length: usize) -> Vec<Vec<usize>> {
    fn extend(sequence: &mut Vec<usize>, length: usize, all: &mut Vec<Vec<usize>>) {
        if sequence.len() == length {
            all.push(sequence.clone());
        }
        for next in 0..length {
            if !sequence.contains(&next) {
                sequence.push(next);
                extend(sequence, length, all);
                sequence.pop();
            }
        }
    }
    let mut all = Vec::new();
    extend(&mut Vec::new(), length, &mut all);
    all
}
