//! How things look in a terminal: colours, marks, durations, numbers and wrapped text.
//!
//! Colours go through `anstream`, which leaves them out in pipes and under `NO_COLOR`.

use std::fmt::Display;
use std::sync::LazyLock;
use std::time::Duration;

use anstyle::{AnsiColor, Style};
use indicatif::{ProgressBar, ProgressStyle};
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use words::Outcome;

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

/// The colours of tasks, in the order in which the tasks first print.
const TASKS: [Style; 6] = [
    AnsiColor::Cyan.on_default(),
    AnsiColor::Magenta.on_default(),
    AnsiColor::Yellow.on_default(),
    AnsiColor::Green.on_default(),
    AnsiColor::Blue.on_default(),
    AnsiColor::Red.on_default(),
];

/// `text` in this style.
pub fn paint(style: Style, text: impl Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Gives every task a colour, which it keeps for the length of a run.
#[derive(Debug, Default)]
pub struct TaskColours {
    seen: Vec<String>,
}

impl TaskColours {
    /// The line in the colour of the task that it names.
    pub fn paint(&mut self, line: &str) -> String {
        self.style(line).map_or_else(|| line.to_owned(), |style| paint(style, line))
    }

    /// The colour of the task that the line names, if it names one.
    pub fn style(&mut self, line: &str) -> Option<Style> {
        self.place(line).map(|place| TASKS[place % TASKS.len()])
    }

    /// The place of the task that the line names among all tasks so far, if it is of the form
    /// `Task A - …` or `Processing 1`.
    pub fn place(&mut self, line: &str) -> Option<usize> {
        let name = match line.split_once(" - ") {
            Some((task, _)) if task.starts_with("Task ") => task,
            None if line.starts_with("Processing ") => line,
            _ => return None,
        };
        let known = self.seen.iter().position(|seen| seen == name);
        Some(known.unwrap_or_else(|| {
            self.seen.push(name.to_owned());
            self.seen.len() - 1
        }))
    }
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

/// How a lesson fared, as one character.
pub fn mark(mark: Outcome) -> String {
    match mark {
        Outcome::Passed => paint(GOOD, glyph("✓", "+")),
        Outcome::NotShown => paint(UNSURE, "?"),
        Outcome::Failed => paint(BAD, glyph("✗", "X")),
    }
}

/// A duration as a person reads it: `231 ms`, `4.2 s`.
pub fn duration(duration: Duration) -> String {
    let seconds = duration.as_secs_f64();
    match seconds {
        0.0..0.000_001 => format!("{} ns", duration.as_nanos()),
        0.000_001..0.001 => format!("{:.0} µs", seconds * 1e6),
        0.001..0.01 => format!("{:.1} ms", seconds * 1e3),
        0.01..9.999 if seconds < 1.0 => format!("{:.0} ms", seconds * 1e3),
        _ => format!("{seconds:.1} s"),
    }
}

/// A whole number with its thousands apart: `34,650`.
pub fn thousands(number: impl Display) -> String {
    let digits = number.to_string();
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return digits;
    }
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A count with its noun: `1 run`, `2 runs`.
pub fn count(number: usize, noun: &str) -> String {
    format!("{} {noun}{}", thousands(number), if number == 1 { "" } else { "s" })
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

/// How wide text may get: the terminal's width between 60 and 100 columns. In a pipe it is what whoever reads
/// it says (`COLUMNS`), or 80.
pub fn width() -> usize {
    let columns = terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0));
    let said = || std::env::var("COLUMNS").ok()?.parse().ok();
    columns.or_else(said).unwrap_or(80).clamp(60, 100)
}

/// Prints `text` behind a heading, wrapped between words and indented to stand under itself.
pub fn print_field(heading: &str, style: Style, text: &str) {
    const INDENT: usize = 11;
    for (number, line) in wrap(text, width() - INDENT).iter().enumerate() {
        let heading = if number == 0 { heading } else { "" };
        anstream::println!("  {DIM}{heading:<8}{DIM:#} {style}{line}{style:#}");
    }
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

/// A sign of life, on a terminal only, while something takes longer than a second.
pub fn spinner(message: &'static str) -> ProgressBar {
    let spinner = ProgressBar::new_spinner().with_message(message);
    if !has_unicode() {
        spinner.set_style(ProgressStyle::default_spinner().tick_chars("-\\|/ "));
    }
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
    fn numbers_are_grouped_by_thousands() {
        assert_eq!(
            ["1", "999", "1000", "34650", "1234567"].map(thousands),
            ["1", "999", "1,000", "34,650", "1,234,567"]
        );
        assert_eq!(thousands("more than 5"), "more than 5");
    }

    #[test]
    fn durations_have_a_unit_that_fits() {
        let shown = [0, 830, 61_000, 9_940_000, 231_400_000, 4_210_000_000, 75_000_000_000];
        assert_eq!(
            shown.map(|nanoseconds| duration(Duration::from_nanos(nanoseconds))),
            ["0 ns", "830 ns", "61 µs", "9.9 ms", "231 ms", "4.2 s", "75.0 s"]
        );
    }

    #[test]
    fn text_is_broken_between_words() {
        assert_eq!(wrap("one two  three", 7), ["one two", "three"]);
        assert_eq!(wrap("a-long-word b", 5), ["a-lon", "g-wor", "d b"]);
        assert_eq!(wrap("", 5), [""]);
        assert_eq!(wrap("並行 並列", 5), ["並行", "並列"]);
        assert_eq!(wrap("並行並列", 5), ["並行", "並列"]);
    }

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

    #[test]
    fn a_task_keeps_its_colour() {
        let mut colours = TaskColours::default();
        let first = colours.paint("Task A - Step 1");
        assert_ne!(first, colours.paint("Task B - Step 1"));
        assert_eq!(first.replace('1', "2"), colours.paint("Task A - Step 2"));
        assert_eq!(colours.paint("plain"), "plain");
    }
}
