//! How things look in a terminal: colours, marks, durations, numbers and wrapped text.
//!
//! Colours go through `anstream`, which leaves them out in pipes and under `NO_COLOR`.

use std::time::Duration;

use anstyle::Style;
use indicatif::{ProgressBar, ProgressStyle};
use unicode_width::UnicodeWidthChar;

pub use draw::TaskColours;
pub use draw::text::{
    BAD, BOLD, DIM, GOOD, UNSURE, columns_of, count, duration, fitted, glyph, has_unicode, paint,
    printable, shortened, thousands,
};
use words::Outcome;

/// How a lesson fared, as one character.
pub fn mark(mark: Outcome) -> String {
    match mark {
        Outcome::Passed => paint(GOOD, glyph("✓", "+")),
        Outcome::NotShown => paint(UNSURE, "?"),
        Outcome::Failed => paint(BAD, glyph("✗", "X")),
    }
}

/// How wide text may get: the terminal's width between 60 and 100 columns. In a pipe it is what whoever reads
/// it says (`COLUMNS`), or 80.
pub fn width() -> usize {
    let columns = terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0));
    let said = || std::env::var("COLUMNS").ok()?.parse().ok();
    columns.or_else(said).unwrap_or(80).clamp(60, 100)
}

/// Prints `text` behind a heading, wrapped between words and indented to stand under itself.
pub fn print_field(heading: &str, style: Style, text: &str) {
    field(heading, style, text).iter().for_each(|line| anstream::println!("{line}"));
}

/// The lines that [`print_field`] prints.
pub fn field(heading: &str, style: Style, text: &str) -> Vec<String> {
    const INDENT: usize = 11;
    let headings = [heading].into_iter().chain(std::iter::repeat(""));
    let lines = wrap(text, width() - INDENT);
    let line = |(heading, line): (&str, String)| {
        format!("  {DIM}{heading:<8}{DIM:#} {style}{line}{style:#}")
    };
    headings.zip(lines).map(line).collect()
}

/// Breaks `text` between words into lines of at most `width` columns.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let words = text.split_whitespace().flat_map(|word| pieces(word, width));
    for word in words {
        let line = lines.last_mut().expect("there is always a last line");
        if line.is_empty() {
            line.push_str(&word);
        } else if columns_of(line) + 1 + columns_of(&word) <= width {
            line.push(' ');
            line.push_str(&word);
        } else {
            lines.push(word);
        }
    }
    lines
}

/// A word that is too wide for a line, in pieces that are not.
fn pieces(word: &str, width: usize) -> Vec<String> {
    let mut pieces = vec![String::new()];
    for character in word.chars() {
        let piece = pieces.last_mut().expect("there is always a last piece");
        if piece.is_empty() || columns_of(piece) + character.width().unwrap_or(0) <= width {
            piece.push(character);
        } else {
            pieces.push(character.into());
        }
    }
    pieces
}

/// A sign of life, on a terminal only, while something takes longer than a second: for how long it has taken.
pub fn spinner(message: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template("{spinner} {msg}, {elapsed}");
    let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
    let style = if has_unicode() { style } else { style.tick_chars("-\\|/ ") };
    let spinner = ProgressBar::new_spinner().with_message(message).with_style(style);
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

/// Progress, on a terminal only, through a number of runs; nothing for a single one.
pub fn bar(runs: usize, message: &str) -> ProgressBar {
    if runs < 2 {
        return ProgressBar::hidden();
    }
    let style =
        ProgressStyle::with_template("{msg:34} {wide_bar} {pos} of {len} runs, {eta} to go");
    let style = style.expect("a template without faults");
    let style = if has_unicode() { style } else { style.progress_chars("##-") };
    ProgressBar::new(runs as u64).with_style(style).with_message(message.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_broken_between_words() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("a-long-word b", 5), ["a-lon", "g-wor", "d b"]);
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("並行 並列", 5), ["並行", "並列"]);
        assert_eq!(wrap("並行並列", 5), ["並行", "並列"]);
    }
}
