//! Pictures of runs: for people in the terminal and in documents, and files for other programs.
//!
//! Read in this order:
//!
//! 1. the crate [`lanes`]: what every picture is drawn from;
//! 2. `look`: what all pictures have in common;
//! 3. [`terminal`], [`svg`], [`perfetto`] and [`json`]: the pictures.

pub(crate) mod json;
mod look;
pub(crate) mod perfetto;
pub(crate) mod svg;
pub(crate) mod terminal;

use lanes::Lanes;

use crate::show;
pub(crate) use look::Lower;

/// A run as lanes in the width of the terminal less an indent.
pub(crate) fn picture(lanes: &Lanes, indent: usize) -> String {
    let (width, unicode) = (terminal_width() - indent, show::has_unicode());
    let options = terminal::Options { width, unicode, colour: true, lower: Lower::Best };
    terminal::draw(lanes, options)
}

/// The terminal's width between 40 and 200 columns, or 80 in a pipe.
pub(crate) fn terminal_width() -> usize {
    let columns = terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0));
    columns.unwrap_or(80).clamp(40, 200)
}
