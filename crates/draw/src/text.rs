//! How things are written for people: styles, durations, numbers, and text that fits and does no harm.
//!
//! Colours go through `anstream`, which leaves them out in pipes and under `NO_COLOR`.

use std::fmt::Display;
use std::sync::LazyLock;

use anstyle::{AnsiColor, Style};
use unicode_width::UnicodeWidthStr;
pub use words::count::{count, thousands};
pub use words::time::duration;

/// Headings.
pub const BOLD: Style = Style::new().bold();
/// What matters less than its surroundings.
pub const DIM: Style = Style::new().dimmed();
/// What holds.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// What does not hold.
pub const BAD: Style = AnsiColor::Red.on_default().bold();
/// What could not be shown either way.
pub const UNSURE: Style = AnsiColor::Yellow.on_default();

/// `text` in this style.
pub fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Whether the terminal's character set is known to have more than ASCII.
pub fn has_unicode() -> bool {
    static ANSWER: LazyLock<bool> = LazyLock::new(|| {
        let set = |name| std::env::var(name).ok().filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().find_map(set);
        cfg!(windows)
            || locale.is_none_or(|locale| {
                let locale = locale.to_lowercase();
                locale.contains("utf-8") || locale.contains("utf8")
            })
    });
    *ANSWER
}

/// The first where the terminal has Unicode, the second where it has not.
pub fn glyph(unicode: &'static str, ascii: &'static str) -> &'static str {
    if has_unicode() { unicode } else { ascii }
}

/// A sentence that quotes a program, which may have printed anything, without what nobody would
/// read of it and without what a terminal would obey.
pub fn shortened(text: &str) -> String {
    const LONGEST: usize = 400;
    let text = printable(text);
    if text.chars().count() <= LONGEST {
        return text;
    }
    let (head, tail) = (LONGEST - 100, 60);
    let skipped = text.chars().count() - head - tail;
    let head: String = text.chars().take(head).collect();
    let tail: String = text.chars().skip(skipped + LONGEST - 100).collect();
    format!("{head} … {tail}")
}

/// The text with a sign in place of every control character.
pub fn printable(text: &str) -> String {
    // Marks that change the direction of text would turn round what stands beside them.
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_harmful = |c: char| (c.is_control() && c != '\t') || turns(c);
    text.chars().map(|c| if is_harmful(c) { '\u{fffd}' } else { c }).collect()
}

/// How many columns of a terminal the text takes: those of East Asian scripts take two a character,
/// and accents that stand above a letter none.
pub fn columns_of(text: &str) -> usize {
    UnicodeWidthStr::width(text)
}

/// The text in exactly so many columns, of which there is at least one: filled up with blanks, or
/// cut, with a sign that says so.
pub fn fitted(text: &str, width: usize, cut: char) -> String {
    let mut fitted = text.to_owned();
    if columns_of(text) > width {
        while columns_of(&fitted) >= width && fitted.pop().is_some() {}
        fitted.push(cut);
    }
    let blanks = width.saturating_sub(columns_of(&fitted));
    fitted + &" ".repeat(blanks)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_label_takes_its_columns_whatever_its_characters_take() {
        for (text, shown) in [
            ("ab", "ab   "),
            ("abcde", "abcde"),
            ("abcdef", "abcd~"),
            ("並行", "並行 "),
            ("並行計", "並行~"),
            ("並a行計", "並a~ "),
            ("e\u{301}", "e\u{301}    "),
        ] {
            assert_eq!(fitted(text, 5, '~'), shown);
        }
    }

    #[test]
    fn a_long_quotation_keeps_its_beginning_and_its_end() {
        let text = format!("begin{}end", "a".repeat(100_000));
        let short = shortened(&text);
        assert!(short.chars().count() < 400, "{short}");
        assert!(short.starts_with("begina") && short.ends_with("aend"), "{short}");
        assert_eq!(shortened("a\u{1b}[31mb"), "a\u{fffd}[31mb");
    }
}
