//! The edges that a contract's tree demands.

use std::sync::Arc;

use super::state::Node;

/// Collects the edges that the tree demands.
pub(super) struct TreeEdges {
    /// How many lines and joins there are.
    pub(super) nodes: usize,
    pub(super) edges: Vec<[u32; 2]>,
    next_line: u32,
}

/// A node of the tree whose children are being visited.
struct Visit<'a> {
    children: &'a [Arc<Node>],
    next: usize,
    is_seq: bool,
    /// What comes right before all of the next child, and right after all of the last one.
    after: Option<u32>,
    before: Option<u32>,
}

impl TreeEdges {
    pub(super) fn new(lines: usize) -> TreeEdges {
        TreeEdges { nodes: lines, edges: Vec::new(), next_line: 0 }
    }

    /// Walks the tree in reading order, so that lines come by in the order of their numbers.
    pub(super) fn walk(&mut self, root: Option<&Node>) {
        let mut visits = Vec::new();
        let mut enter = root.map(|root| (root, None, None));
        loop {
            match enter.take() {
                Some((Node::Line(_), after, before)) => self.line(after, before),
                Some((Node::Seq(children), after, before)) => {
                    visits.push(Visit { children, next: 0, is_seq: true, after, before });
                }
                Some((Node::Par(children), after, before)) => {
                    visits.push(Visit { children, next: 0, is_seq: false, after, before });
                }
                None => {}
            }
            let Some(visit) = visits.last_mut() else {
                return;
            };
            match visit.children.get(visit.next) {
                Some(child) => enter = Some(self.enter(visit, child)),
                None => drop(visits.pop()),
            }
        }
    }

    fn line(&mut self, after: Option<u32>, before: Option<u32>) {
        let line = self.next_line;
        self.edges.extend(after.map(|after| [after, line]));
        self.edges.extend(before.map(|before| [line, before]));
        self.next_line += 1;
    }

    /// Says between what a child stands.
    fn enter<'a>(
        &mut self,
        visit: &mut Visit<'a>,
        child: &'a Node,
    ) -> (&'a Node, Option<u32>, Option<u32>) {
        visit.next += 1;
        let after = visit.after;
        if !visit.is_seq || visit.next == visit.children.len() {
            return (child, after, visit.before);
        }
        // A single line can itself be what the next child comes after.
        let boundary = if matches!(child, Node::Line(_)) { self.next_line } else { self.join() };
        visit.after = Some(boundary);
        (child, after, Some(boundary).filter(|&boundary| boundary != self.next_line))
    }

    fn join(&mut self) -> u32 {
        self.nodes += 1;
        u32::try_from(self.nodes - 1).expect("fewer than 2³² lines")
    }
}
