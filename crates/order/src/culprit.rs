//! What of a contract is at fault, and where that stands in its notation.

use std::ops::Range;

use super::error::Flaw;
use super::write::Written;

/// What of a contract is at fault, by number.
#[derive(Clone, Copy, Debug)]
pub(super) enum Culprit {
    Line(u32),
    /// The earlier or the later line of an edge.
    End(usize, usize),
    /// A whole edge.
    Edge(usize),
}

impl Culprit {
    /// Where the culprit stands.
    pub(super) fn find_in(self, written: &Written) -> Range<usize> {
        match self {
            Culprit::Line(number) => written.lines[number as usize].clone(),
            Culprit::End(edge, end) => written.edges[edge][end].clone(),
            Culprit::Edge(edge) => written.edges[edge][0].start..written.edges[edge][1].end,
        }
    }
}

/// What is found in a contract, or what is wrong with it.
pub(super) type Found<T> = Result<T, (Flaw, Culprit)>;
