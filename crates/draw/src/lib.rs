//! What was seen of runs, drawn: in the terminal, in documents, on pages, and in files for other programs.
//!
//! Nothing here runs a program or judges one.
//!
//! Read in this order:
//!
//! 1. the crate [`lanes`]: what every picture is drawn from;
//! 2. [`colours`], the one table of them, and `look`: what all pictures have in common; [`text`]: what all that is
//!    written has;
//! 3. [`terminal`], [`svg`], [`perfetto`] and [`json`]: the pictures;
//! 4. [`page`]: runs as a page, to be played;
//! 5. [`written`]: files, and that nothing of others is overwritten by them.

pub mod colours;
pub mod json;
mod look;
pub mod page;
pub mod perfetto;
pub mod svg;
pub mod terminal;
pub mod text;
pub mod written;

use lanes::Lanes;

pub use colours::TaskColours;
pub use look::{Lower, axis_cells};

/// A run as lanes on so many columns; and what each of its characters means.
pub fn picture(lanes: &Lanes, width: usize) -> (String, Vec<String>) {
    terminal::draw_apart(lanes, in_columns(width))
}

/// Two runs, each with a title, on one time axis of so many columns; and what each of their characters means.
pub fn picture_beside(runs: [(&str, &Lanes); 2], width: usize) -> (String, Vec<String>) {
    terminal::draw_beside(runs, in_columns(width))
}

fn in_columns(width: usize) -> terminal::Options {
    let unicode = text::has_unicode();
    terminal::Options { width, unicode, colour: true, lower: Lower::Best }
}

/// The terminal's width between 40 and 200 columns, or 80 in a pipe.
pub fn terminal_width() -> usize {
    let columns = terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0));
    columns.unwrap_or(80).clamp(40, 200)
}
