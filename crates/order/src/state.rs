//! A contract as it is stated: lines, one after the other or in any interleaving.

use std::fmt;
use std::mem;
use std::sync::Arc;

/// Which lines a run must print, and which of them must come before which.
///
/// An order is a small handle: a clone shares the lines of the original.
#[derive(Clone, Default)]
pub struct Order {
    /// Nothing where the contract has no lines.
    pub(super) root: Option<Arc<Node>>,
    pub(super) edges: Vec<Edge>,
}

/// A contract's tree.
pub(super) enum Node {
    Line(Line),
    /// Two or more, one after the other.
    Seq(Vec<Arc<Node>>),
    /// Two or more, in any interleaving.
    Par(Vec<Arc<Node>>),
}

/// An extra demand across the tree: one line before another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) earlier: Name,
    pub(super) later: Name,
}

/// A line that the contract expects.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Line {
    pub(super) name: Name,
    pub(super) label: Option<Arc<str>>,
}

/// What tells a line from every other line of its contract: its text, and
/// which occurrence of that text it is.
///
/// Where a name stands in [`Order::before`], its text may also be a label.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    pub(super) text: Text,
    pub(super) occurrence: usize,
}

/// What a line of output must look like.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Text {
    /// Exactly this.
    Exact(Arc<str>),
    /// Anything that this regular expression matches from the line's first
    /// character to its last.
    Pattern(Arc<str>),
}

/// One line, which must be printed exactly as `text` says.
#[must_use]
pub fn line(text: impl Into<String>) -> Order {
    Order::from_line(Text::Exact(text.into().into()))
}

/// One line with a part that may vary from run to run, a measured time or a
/// thread's number, say: the whole line must match a regular expression in the
/// syntax of [`regex_lite`].
///
/// ```
/// use order::pattern;
///
/// let order = pattern("Task A took [0-9]+ ms");
/// assert!(order.check(["Task A took 153 ms"])?.is_legal());
/// # Ok::<(), order::Error>(())
/// ```
#[must_use]
pub fn pattern(expression: impl AsRef<str>) -> Order {
    Order::from_line(Text::pattern(expression.as_ref()))
}

/// One after the other: every line of an order before any line of the next.
pub fn seq(orders: impl IntoIterator<Item = Order>) -> Order {
    compose(orders, Node::Seq)
}

/// In any interleaving: no line of an order waits for a line of another.
pub fn par(orders: impl IntoIterator<Item = Order>) -> Order {
    compose(orders, Node::Par)
}

impl Order {
    /// Gives a line a short name, under which [`Order::short`] shows it and
    /// [`Order::before`] finds it.
    ///
    /// # Panics
    ///
    /// If this is anything but a single line.
    #[must_use]
    #[track_caller]
    pub fn label(self, label: impl Into<String>) -> Order {
        let label: Arc<str> = label.into().into();
        self.change_line(|line| line.label = Some(label))
    }

    /// Says that this is the `occurrence`-th line with this text in the
    /// output, counted from 1, where the same text is printed several times.
    ///
    /// # Panics
    ///
    /// If this is anything but a single line, or if `occurrence` is 0.
    #[must_use]
    #[track_caller]
    pub fn occurrence(self, occurrence: usize) -> Order {
        assert!(occurrence > 0, "occurrences are counted from 1");
        self.change_line(|line| line.name.occurrence = occurrence)
    }

    /// Demands besides that one line comes before another, wherever the two
    /// stand in the contract. Each is named by its label or by its text, a
    /// repeated text by a pair, `("tick", 2)`, and a pattern by its label.
    ///
    /// Whether there are such lines, and no cycle of demands, is looked into
    /// where the order is put to use.
    ///
    /// # Panics
    ///
    /// If an occurrence is 0.
    #[must_use]
    #[track_caller]
    pub fn before(mut self, earlier: impl Into<Name>, later: impl Into<Name>) -> Order {
        let (earlier, later) = (earlier.into(), later.into());
        let is_counted = earlier.occurrence > 0 && later.occurrence > 0;
        assert!(is_counted, "occurrences are counted from 1");
        self.edges.push(Edge { earlier, later });
        self
    }

    /// The lines, in the order in which they are written down.
    pub fn lines(&self) -> impl Iterator<Item = &Line> {
        let mut stack: Vec<&Node> = self.root.as_deref().into_iter().collect();
        std::iter::from_fn(move || {
            loop {
                match stack.pop()? {
                    Node::Line(line) => return Some(line),
                    Node::Seq(children) | Node::Par(children) => {
                        stack.extend(children.iter().rev().map(Arc::as_ref));
                    }
                }
            }
        })
    }

    fn from_line(text: Text) -> Order {
        let line = Line { name: Name { text, occurrence: 1 }, label: None };
        Order { root: Some(Arc::new(Node::Line(line))), edges: Vec::new() }
    }

    #[track_caller]
    fn change_line(self, change: impl FnOnce(&mut Line)) -> Order {
        let Some(Node::Line(line)) = self.root.as_deref() else {
            panic!("only a single line has a label or an occurrence, which this is not: {self}");
        };
        let mut line = line.clone();
        change(&mut line);
        Order { root: Some(Arc::new(Node::Line(line))), edges: self.edges }
    }
}

impl Line {
    /// The line's text and occurrence.
    #[must_use]
    pub fn name(&self) -> &Name {
        &self.name
    }

    /// The line's short name, where it was given one.
    #[must_use]
    pub fn label(&self) -> Option<&str> {
        self.label.as_deref()
    }
}

impl Name {
    /// What the line must look like.
    #[must_use]
    pub fn text(&self) -> &Text {
        &self.text
    }

    /// Which of the lines with this text it is, counted from 1.
    #[must_use]
    pub fn occurrence(&self) -> usize {
        self.occurrence
    }
}

impl Text {
    /// A pattern in the form in which it is kept: without the backslashes
    /// before slashes, which mean nothing in a regular expression and which
    /// the notation adds and takes away by itself.
    pub(super) fn pattern(expression: &str) -> Text {
        let mut plain = String::with_capacity(expression.len());
        let mut characters = expression.chars();
        while let Some(character) = characters.next() {
            match (character, characters.clone().next()) {
                ('\\', Some('/')) => {}
                ('\\', Some(escaped)) => {
                    plain.extend(['\\', escaped]);
                    characters.next();
                }
                _ => plain.push(character),
            }
        }
        Text::Pattern(plain.into())
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Name {
        Name::from((text, 1))
    }
}

impl From<String> for Name {
    fn from(text: String) -> Name {
        Name { text: Text::Exact(text.into()), occurrence: 1 }
    }
}

impl From<&String> for Name {
    fn from(text: &String) -> Name {
        Name::from(text.as_str())
    }
}

impl From<(String, usize)> for Name {
    fn from((text, occurrence): (String, usize)) -> Name {
        Name { text: Text::Exact(text.into()), occurrence }
    }
}

impl From<(&str, usize)> for Name {
    fn from((text, occurrence): (&str, usize)) -> Name {
        Name { text: Text::Exact(text.into()), occurrence }
    }
}

impl PartialEq for Order {
    /// Whether two orders are written in the same way, which says more than
    /// that they mean the same.
    fn eq(&self, other: &Order) -> bool {
        self.edges == other.edges
            && match (&self.root, &other.root) {
                (Some(one), Some(another)) => one.is_written_like(another),
                (one, another) => one.is_none() && another.is_none(),
            }
    }
}

impl Eq for Order {}

impl fmt::Debug for Order {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Order").field(&format_args!("{self}")).finish()
    }
}

impl Node {
    fn children(&self) -> &[Arc<Node>] {
        match self {
            Node::Line(_) => &[],
            Node::Seq(children) | Node::Par(children) => children,
        }
    }

    fn take_children(&mut self) -> Vec<Arc<Node>> {
        match self {
            Node::Line(_) => Vec::new(),
            Node::Seq(children) | Node::Par(children) => mem::take(children),
        }
    }

    fn is_written_like(&self, other: &Node) -> bool {
        let mut pairs = vec![(self, other)];
        while let Some((one, another)) = pairs.pop() {
            let alike = match (one, another) {
                (Node::Line(one), Node::Line(another)) => one == another,
                (Node::Seq(one), Node::Seq(another)) | (Node::Par(one), Node::Par(another)) => {
                    one.len() == another.len()
                }
                _ => false,
            };
            if !alike {
                return false;
            }
            let children = one.children().iter().zip(another.children());
            pairs.extend(children.map(|(one, another)| (one.as_ref(), another.as_ref())));
        }
        true
    }
}

impl Drop for Node {
    /// Takes the tree apart in a loop, since a contract may be nested more
    /// deeply than the stack is.
    fn drop(&mut self) {
        let mut orphans = self.take_children();
        while let Some(orphan) = orphans.pop() {
            if let Some(mut node) = Arc::into_inner(orphan) {
                orphans.append(&mut node.take_children());
            }
        }
    }
}

/// Puts orders together. What is left out, an order without lines and the
/// composition of a single one, means nothing, and so is not kept.
fn compose(orders: impl IntoIterator<Item = Order>, make: fn(Vec<Arc<Node>>) -> Node) -> Order {
    let mut children = Vec::new();
    let mut edges = Vec::new();
    for mut order in orders {
        children.extend(order.root);
        // Short into long, so that deep nesting does not move the same edges again and again.
        if edges.len() < order.edges.len() {
            mem::swap(&mut edges, &mut order.edges);
        }
        edges.append(&mut order.edges);
    }
    let root = if children.len() > 1 { Some(Arc::new(make(children))) } else { children.pop() };
    Order { root, edges }
}
