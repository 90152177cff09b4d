//! What comes right after what.

/// Lists of successors, laid end to end.
#[derive(Clone, Debug)]
pub(super) struct Graph {
    starts: Vec<u32>,
    targets: Vec<u32>,
}

impl Graph {
    pub(super) fn new(nodes: usize, edges: &[[u32; 2]]) -> Graph {
        let mut starts = vec![0; nodes + 1];
        for [from, _] in edges {
            starts[*from as usize + 1] += 1;
        }
        for node in 0..nodes {
            starts[node + 1] += starts[node];
        }
        let mut free = starts.clone();
        let mut targets = vec![0; edges.len()];
        for &[from, to] in edges {
            targets[free[from as usize] as usize] = to;
            free[from as usize] += 1;
        }
        Graph { starts, targets }
    }

    pub(super) fn nodes(&self) -> usize {
        self.starts.len() - 1
    }

    pub(super) fn of(&self, node: u32) -> &[u32] {
        let node = node as usize;
        &self.targets[self.starts[node] as usize..self.starts[node + 1] as usize]
    }

    /// How many edges lead to each node.
    pub(super) fn incoming(&self) -> Vec<u32> {
        let mut incoming = vec![0; self.nodes()];
        for &target in &self.targets {
            incoming[target as usize] += 1;
        }
        incoming
    }

    /// The nodes, each before its successors; those on a cycle, and those
    /// after one, are left out.
    pub(super) fn sorted(&self) -> Vec<u32> {
        let mut waits_for = self.incoming();
        let free = (0..).zip(&waits_for).filter(|(_, waits)| **waits == 0);
        let mut free: Vec<u32> = free.map(|(node, _)| node).collect();
        free.reverse();
        let mut sorted = Vec::with_capacity(self.nodes());
        // What was freed last goes first, so that a chain's nodes stay together.
        while let Some(node) = free.pop() {
            sorted.push(node);
            for &successor in self.of(node) {
                let waits = &mut waits_for[successor as usize];
                *waits -= 1;
                if *waits == 0 {
                    free.push(successor);
                }
            }
        }
        sorted
    }

    /// For each node the length of the longest way that leads to it.
    pub(super) fn heights(&self, sorted: &[u32]) -> Vec<u32> {
        let mut heights = vec![0; self.nodes()];
        for &node in sorted {
            for &successor in self.of(node) {
                let height = heights[node as usize] + 1;
                heights[successor as usize] = height.max(heights[successor as usize]);
            }
        }
        heights
    }

    /// Some cycle among the nodes that sorting left out.
    pub(super) fn cycle(&self, sorted: &[u32]) -> Vec<u32> {
        let mut left = vec![true; self.nodes()];
        for &node in sorted {
            left[node as usize] = false;
        }
        // Every node that was left out has a predecessor that was left out:
        // going from predecessor to predecessor must come round.
        let mut predecessor = vec![None; self.nodes()];
        for node in (0..).take(self.nodes()).filter(|&node| left[node as usize]) {
            for &successor in self.of(node) {
                predecessor[successor as usize].get_or_insert(node);
            }
        }
        let mut visited = vec![None; self.nodes()];
        let mut path = Vec::new();
        let mut node = (0..).zip(&left).find(|(_, left)| **left).map(|(node, _)| node);
        while let Some(current) = node {
            if let Some(start) = visited[current as usize] {
                path.drain(..start);
                break;
            }
            visited[current as usize] = Some(path.len());
            path.push(current);
            node = predecessor[current as usize];
        }
        path.reverse();
        path
    }
}
