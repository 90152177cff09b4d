//! A contract taken apart into pieces that can be counted one by one.

use std::sync::Arc;

use num_bigint::BigUint;

use super::graph::Graph;
use super::lattice::Lattice;
use super::relation::Relation;
use super::state::{Node, Order};

/// A contract taken apart as far as that goes.
///
/// Most of it is series and parallel as it was written. Only where edges
/// across the tree tie several branches together, those branches must be
/// looked at as one tangle, which may come apart in other ways or be a
/// [`Lattice`] in the end.
#[derive(Clone, Debug)]
pub(super) struct Parts {
    /// The whole contract first, and every part before its children.
    pub(super) parts: Vec<Component>,
    /// Whether the parts have all legal orders of the contract. Otherwise
    /// some tangle was too large, and only some of its orders are known.
    pub(super) exact: bool,
}

/// A piece of a contract; children are known by their places in [`Parts::parts`].
#[derive(Clone, Debug)]
pub(super) enum Component {
    Line(u32),
    Seq(Vec<usize>),
    Par(Vec<usize>),
    Knot(Lattice),
    /// A knot too large to be worked out, and some of its ways.
    Thicket {
        lines: Vec<u32>,
        ways: BigUint,
    },
}

impl Component {
    pub(super) fn children(&self) -> &[usize] {
        match self {
            Component::Line(_) | Component::Knot(_) | Component::Thicket { .. } => &[],
            Component::Seq(children) | Component::Par(children) => children,
        }
    }

    /// The lines that are in this part and in none of its children.
    pub(super) fn lines(&self) -> &[u32] {
        match self {
            Component::Line(line) => std::slice::from_ref(line),
            Component::Knot(lattice) => lattice.lines(),
            Component::Thicket { lines, .. } => lines,
            Component::Seq(_) | Component::Par(_) => &[],
        }
    }
}

/// Which lines come right after which, by all that a contract says.
#[derive(Clone, Copy, Debug)]
pub(super) struct Web<'a> {
    /// How many lines there are; what comes behind them are joins.
    pub(super) lines: usize,
    pub(super) successors: &'a Graph,
    /// Lines and joins, each before its successors.
    pub(super) sorted: &'a [u32],
}

/// The most lines that a tangle may have: each pair of them has a bit.
const LARGEST_TANGLE: usize = 4096;

impl Parts {
    /// Takes a contract apart, with the edges that its tree does not have.
    pub(super) fn new(order: &Order, extra: impl Iterator<Item = [u32; 2]>, web: Web<'_>) -> Parts {
        let mut builder = Builder::new(web);
        if let Some(root) = order.root.as_deref() {
            builder.reserve(1);
            let mut tree = Tree::new(root);
            extra.for_each(|edge| tree.tie(edge));
            builder.build(&mut tree);
        }
        Parts { parts: builder.parts, exact: builder.exact }
    }

    /// How many lines each part has.
    pub(super) fn sizes(&self) -> Vec<usize> {
        let mut sizes = vec![0; self.parts.len()];
        for (place, part) in self.parts.iter().enumerate().rev() {
            let children = part.children().iter().map(|&child| sizes[child]);
            sizes[place] = part.lines().len() + children.sum::<usize>();
        }
        sizes
    }
}

/// The contract's tree, laid out flat, with the branches that edges tie together.
struct Tree<'a> {
    branches: Vec<Branch<'a>>,
    /// The branch that each line is.
    of_line: Vec<usize>,
    /// For each branch another one that it is tied to, or itself (a union-find forest).
    tied_to: Vec<usize>,
}

struct Branch<'a> {
    node: &'a Node,
    parent: usize,
    depth: usize,
    first_child: usize,
}

impl<'a> Tree<'a> {
    fn new(root: &'a Node) -> Tree<'a> {
        let mut branches = vec![Branch { node: root, parent: 0, depth: 0, first_child: 0 }];
        let mut of_line = Vec::new();
        let mut stack = vec![0];
        while let Some(parent) = stack.pop() {
            let first_child = branches.len();
            branches[parent].first_child = first_child;
            match branches[parent].node {
                Node::Line(_) => of_line.push(parent),
                Node::Seq(children) | Node::Par(children) => {
                    let depth = branches[parent].depth + 1;
                    let branch = |node: &'a Arc<Node>| Branch { node, parent, depth, first_child };
                    branches.extend(children.iter().map(branch));
                    stack.extend((first_child..branches.len()).rev());
                }
            }
        }
        let tied_to = (0..branches.len()).collect();
        Tree { branches, of_line, tied_to }
    }

    /// Ties together the two branches that an edge connects. An edge between
    /// two parts of a series adds nothing to what the series demands.
    fn tie(&mut self, [earlier, later]: [u32; 2]) {
        let mut one = self.of_line[earlier as usize];
        let mut another = self.of_line[later as usize];
        while self.branches[one].parent != self.branches[another].parent {
            let deeper = if self.branches[one].depth >= self.branches[another].depth {
                &mut one
            } else {
                &mut another
            };
            *deeper = self.branches[*deeper].parent;
        }
        let parent = self.branches[one].parent;
        if matches!(self.branches[parent].node, Node::Par(_)) {
            let (one, another) = (self.representative(one), self.representative(another));
            self.tied_to[one.max(another)] = one.min(another);
        }
    }

    fn representative(&mut self, mut branch: usize) -> usize {
        while self.tied_to[branch] != branch {
            // Halving the way as it is gone keeps it short for the next time.
            self.tied_to[branch] = self.tied_to[self.tied_to[branch]];
            branch = self.tied_to[branch];
        }
        branch
    }

    fn children(&self, branch: usize) -> std::ops::Range<usize> {
        let Branch { node, first_child, .. } = self.branches[branch];
        let (Node::Seq(children) | Node::Par(children)) = node else { return 0..0 };
        first_child..first_child + children.len()
    }

    /// The children of a branch, in groups that edges tie together.
    fn groups(&mut self, branch: usize) -> Vec<Vec<usize>> {
        let children = self.children(branch);
        let first = children.start;
        let mut groups = vec![Vec::new(); children.len()];
        for child in children {
            groups[self.representative(child) - first].push(child);
        }
        groups.retain(|group| !group.is_empty());
        groups
    }

    /// The places of a group's lines among all lines, rising.
    fn lines(&self, group: &[usize], line_of: &[u32]) -> Vec<u32> {
        let mut lines = Vec::new();
        let mut stack = group.to_vec();
        while let Some(branch) = stack.pop() {
            match self.branches[branch].node {
                Node::Line(_) => lines.push(line_of[branch]),
                Node::Seq(_) | Node::Par(_) => stack.extend(self.children(branch)),
            }
        }
        lines.sort_unstable();
        lines
    }
}

/// Builds the parts from the top down, in loops with stacks of their own.
struct Builder<'a> {
    web: Web<'a>,
    parts: Vec<Component>,
    exact: bool,
    /// The place of every line and join among [`Web::sorted`]; found once it is needed.
    places: Vec<u32>,
}

impl<'a> Builder<'a> {
    fn new(web: Web<'a>) -> Builder<'a> {
        Builder { web, parts: Vec::new(), exact: true, places: Vec::new() }
    }

    /// Makes room for parts, and returns where they will stand.
    fn reserve(&mut self, parts: usize) -> Vec<usize> {
        let first = self.parts.len();
        self.parts.resize(first + parts, Component::Seq(Vec::new()));
        (first..first + parts).collect()
    }

    fn build(&mut self, tree: &mut Tree<'_>) {
        let mut line_of = vec![0; tree.branches.len()];
        for (number, &branch) in (0..).zip(&tree.of_line) {
            line_of[branch] = number;
        }
        let mut stack = vec![(0, 0)];
        while let Some((branch, slot)) = stack.pop() {
            self.parts[slot] = match tree.branches[branch].node {
                Node::Line(_) => Component::Line(line_of[branch]),
                Node::Seq(_) => {
                    let slots = self.reserve(tree.children(branch).len());
                    stack.extend(tree.children(branch).zip(slots.iter().copied()));
                    Component::Seq(slots)
                }
                Node::Par(_) => {
                    let groups = tree.groups(branch);
                    let slots = self.reserve(groups.len());
                    for (group, &slot) in groups.iter().zip(&slots) {
                        match group[..] {
                            [single] => stack.push((single, slot)),
                            _ => self.untangle(slot, tree.lines(group, &line_of)),
                        }
                    }
                    Component::Par(slots)
                }
            }
        }
    }

    fn untangle(&mut self, slot: usize, mut lines: Vec<u32>) {
        if self.places.is_empty() {
            self.places = vec![0; self.web.sorted.len()];
            for (place, &node) in (0..).zip(self.web.sorted) {
                self.places[node as usize] = place;
            }
        }
        if lines.len() <= LARGEST_TANGLE {
            return self.untangle_small(slot, lines);
        }
        self.exact = false;
        let heights = self.web.successors.heights(self.web.sorted);
        lines.sort_unstable_by_key(|&line| (heights[line as usize], line));
        let pieces = lines.chunks(LARGEST_TANGLE);
        let slots = self.reserve(pieces.len());
        for (piece, &slot) in pieces.zip(&slots) {
            let mut piece = piece.to_vec();
            piece.sort_unstable();
            self.untangle_small(slot, piece);
        }
        self.parts[slot] = Component::Seq(slots);
    }

    fn untangle_small(&mut self, slot: usize, lines: Vec<u32>) {
        let relation = Relation::new(self.web.successors, self.web.lines, &self.places, lines);
        let mut stack = vec![(slot, (0..relation.lines.len()).collect::<Vec<_>>())];
        while let Some((slot, members)) = stack.pop() {
            let (make, groups): (fn(Vec<usize>) -> Component, _) =
                match self.take_apart(&relation, &members) {
                    Piece::Whole(part) => {
                        self.parts[slot] = part;
                        continue;
                    }
                    Piece::Seq(groups) => (Component::Seq, groups),
                    Piece::Par(groups) => (Component::Par, groups),
                };
            let slots = self.reserve(groups.len());
            stack.extend(slots.iter().copied().zip(groups));
            self.parts[slot] = make(slots);
        }
    }

    /// Takes some lines apart once.
    fn take_apart(&mut self, relation: &Relation, members: &[usize]) -> Piece {
        if let [line] = *members {
            return Piece::Whole(Component::Line(relation.lines[line]));
        }
        let groups = relation.independent_groups(members);
        if groups.len() > 1 {
            return Piece::Par(groups);
        }
        let groups = relation.successive_groups(members);
        if groups.len() > 1 {
            return Piece::Seq(groups);
        }
        let relation = relation.among(members);
        match Lattice::new(&relation) {
            Some(lattice) => Piece::Whole(Component::Knot(lattice)),
            None => {
                self.exact = false;
                let ways = Lattice::count_busiest_ways(&relation);
                Piece::Whole(Component::Thicket { lines: relation.lines, ways })
            }
        }
    }
}

/// What some lines of a tangle come apart into.
enum Piece {
    Whole(Component),
    Seq(Vec<Vec<usize>>),
    Par(Vec<Vec<usize>>),
}
