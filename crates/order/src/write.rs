//! Contracts in writing.

use std::collections::HashMap;
use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use super::state::{Edge, Line, Name, Node, Order, Text};

/// A contract's text, and where in it each line and each edge stands.
#[derive(Debug, Default)]
pub(super) struct Written {
    pub(super) text: String,
    /// By line, in reading order.
    pub(super) lines: Vec<Range<usize>>,
    /// By edge: the earlier line and the later one.
    pub(super) edges: Vec<[Range<usize>; 2]>,
}

/// For whom a contract is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    /// In ASCII and in full.
    Exact,
    /// With the sign ∥, and in full.
    Symbols,
    /// With the sign ∥, and labels instead of lines.
    Short,
}

impl Style {
    fn parallel(self) -> &'static str {
        match self {
            Style::Exact => " || ",
            Style::Symbols | Style::Short => " ∥ ",
        }
    }
}

/// The short form of an order, which [`Order::short`] returns.
#[derive(Clone, Copy, Debug)]
pub struct Short<'a>(&'a Order);

impl Order {
    /// The order for people: labels stand for lines that have one, and ∥ for `||`.
    ///
    /// ```
    /// use order::{line, par, seq};
    ///
    /// let steps = |task: char| {
    ///     seq([1, 2].map(|n| line(format!("Task {task} - Step {n}")).label(format!("{task}{n}"))))
    /// };
    /// let order = par(['A', 'B'].map(steps));
    /// assert_eq!(order.short().to_string(), "(A1 ; A2) ∥ (B1 ; B2)");
    /// ```
    #[must_use]
    pub fn short(&self) -> Short<'_> {
        Short(self)
    }

    pub(super) fn write(&self, style: Style) -> Written {
        enum Piece<'a> {
            Node(&'a Node),
            Sign(&'static str),
        }
        let mut written = Written::default();
        let mut pieces = Vec::new();
        match self.root.as_deref() {
            None => written.text.push_str("()"),
            Some(Node::Line(line)) => written.line(line, style),
            Some(node) => pieces.extend(inside(node, style, Piece::Node, Piece::Sign)),
        }
        while let Some(piece) = pieces.pop() {
            match piece {
                Piece::Sign(sign) => written.text.push_str(sign),
                Piece::Node(Node::Line(line)) => written.line(line, style),
                Piece::Node(node) => {
                    written.text.push('(');
                    pieces.push(Piece::Sign(")"));
                    pieces.extend(inside(node, style, Piece::Node, Piece::Sign));
                }
            }
        }
        let labels = if style == Style::Short { self.labels() } else { HashMap::new() };
        for (place, edge) in self.edges.iter().enumerate() {
            written.text.push_str(if place == 0 { " where " } else { ", " });
            written.edge(edge, &labels);
        }
        written
    }

    /// The labels of the lines that have one.
    fn labels(&self) -> HashMap<&Name, &str> {
        let labelled = self.lines().map(|line| Some((&line.name, line.label.as_deref()?)));
        labelled.flatten().collect()
    }
}

/// The children of a node with the signs between them, last first.
fn inside<'a, Piece: 'a>(
    node: &'a Node,
    style: Style,
    child: impl Fn(&'a Node) -> Piece + 'a,
    sign: impl Fn(&'static str) -> Piece + 'a,
) -> impl Iterator<Item = Piece> + 'a {
    let (children, between): (&[Arc<Node>], _) = match node {
        Node::Line(_) => (&[], ""),
        Node::Seq(children) => (children, " ; "),
        Node::Par(children) => (children, style.parallel()),
    };
    let last = children.len().saturating_sub(1);
    children.iter().enumerate().rev().flat_map(move |(place, node)| {
        let sign = (place < last).then(|| sign(between));
        sign.into_iter().chain([child(node)])
    })
}

impl Written {
    fn line(&mut self, line: &Line, style: Style) {
        let start = self.text.len();
        match (&line.label, style) {
            (Some(label), Style::Short) => self.word(label),
            (None, Style::Short) => self.name(&line.name, Written::word),
            (label, Style::Exact | Style::Symbols) => {
                if let Some(label) = label {
                    self.word(label);
                    self.text.push_str(": ");
                }
                self.name(&line.name, Written::quoted);
            }
        }
        self.lines.push(start..self.text.len());
    }

    fn edge(&mut self, edge: &Edge, labels: &HashMap<&Name, &str>) {
        let earlier = self.end_of_edge(&edge.earlier, labels);
        self.text.push_str(" < ");
        let later = self.end_of_edge(&edge.later, labels);
        self.edges.push([earlier, later]);
    }

    /// Writes one of the two lines of an edge, and returns where.
    fn end_of_edge(&mut self, name: &Name, labels: &HashMap<&Name, &str>) -> Range<usize> {
        let start = self.text.len();
        match labels.get(name) {
            Some(label) => self.word(label),
            None => self.name(name, Written::word),
        }
        start..self.text.len()
    }

    fn name(&mut self, name: &Name, exact: fn(&mut Written, &str)) {
        match &name.text {
            Text::Exact(text) => exact(self, text),
            Text::Pattern(expression) => self.pattern(expression),
        }
        if name.occurrence > 1 {
            self.text.push_str(&format!("#{}", name.occurrence));
        }
    }

    /// A text without quotes where it can do without.
    fn word(&mut self, text: &str) {
        if is_word(text) {
            self.text.push_str(text);
        } else {
            self.quoted(text);
        }
    }

    fn quoted(&mut self, text: &str) {
        self.text.push('"');
        for character in text.chars() {
            match character {
                '"' | '\\' => self.text.extend(['\\', character]),
                _ if is_invisible(character) => self.text.extend(character.escape_default()),
                _ => self.text.push(character),
            }
        }
        self.text.push('"');
    }

    fn pattern(&mut self, expression: &str) {
        self.text.push('/');
        let mut characters = expression.chars();
        while let Some(character) = characters.next() {
            match character {
                '/' => self.text.push_str("\\/"),
                '\\' => self.text.extend(['\\'].into_iter().chain(characters.next())),
                _ => self.text.push(character),
            }
        }
        self.text.push('/');
    }
}

/// Whether a person would not see this character, or take it for another.
fn is_invisible(character: char) -> bool {
    let is_blank = character.is_whitespace() && character != ' ';
    // Soft hyphen, zero-width and direction marks, and the byte order mark.
    let is_mark = matches!(character, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}'
        | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
    character.is_control() || is_blank || is_mark
}

/// The word that ends a contract's tree and begins its edges.
pub(super) const WHERE: &str = "where";

/// Whether a text can stand without quotes.
pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty() && text != WHERE && text.chars().all(is_word_character)
}

/// Whether a text that stands without quotes may contain this.
pub(super) fn is_word_character(character: char) -> bool {
    character.is_alphanumeric() || matches!(character, '_' | '-' | '.')
}

impl fmt::Display for Order {
    /// Writes the order so that it reads back exactly: in ASCII signs or,
    /// as `{:#}`, with ∥ for `||`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let style = if f.alternate() { Style::Symbols } else { Style::Exact };
        f.write_str(&self.write(style).text)
    }
}

impl fmt::Display for Short<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.write(Style::Short).text)
    }
}

impl Line {
    /// The line as the [short form](Order::short) shows it: its label or,
    /// where it has none, its text.
    #[must_use]
    pub fn short(&self) -> impl fmt::Display {
        let mut written = Written::default();
        written.line(self, Style::Short);
        written.text
    }
}

impl fmt::Display for Text {
    /// Writes the text as the notation does: `"tick"`, `/took [0-9]+ ms/`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Name { text: self.clone(), occurrence: 1 }.fmt(f)
    }
}

impl fmt::Display for Name {
    /// Writes the name as the notation does: `"tick"#2`, `/took [0-9]+ ms/`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut written = Written::default();
        written.name(self, Written::quoted);
        f.write_str(&written.text)
    }
}
