//! What stands in lessons, as a terminal shows it.

use crate::show::{BOLD, columns_of, wrap};

/// The text without the marks that stand for emphasis and links in documentation.
pub(super) fn plain(text: &str) -> String {
    let mut plain = String::new();
    for (place, piece) in text.split('`').enumerate() {
        if place % 2 == 1 {
            plain.push_str(&format!("`{piece}`"));
        } else {
            plain.push_str(&piece.replace('*', ""));
        }
    }
    plain
}

/// The text in lines.
pub(super) fn lines(text: &str, width: usize) -> Vec<String> {
    wrap(&plain(text), width)
}

/// The text in lines that stand under each other behind a mark.
pub(super) fn marked(mark: &str, text: &str, width: usize) -> Vec<String> {
    let indent = columns_of(&anstream::adapter::strip_str(mark).to_string()) + 1;
    let mut lines = lines(text, width.saturating_sub(indent).max(20)).into_iter();
    let first = lines.next().map(|line| format!("{mark} {line}"));
    first.into_iter().chain(lines.map(|line| format!("{:indent$}{line}", ""))).collect()
}

/// Two texts at the ends of a line, or one under the other where it is too short.
pub(super) fn heading(left: &str, right: &str, width: usize) -> Vec<String> {
    let gap = width.checked_sub(columns_of(left) + columns_of(right)).filter(|gap| *gap > 1);
    match gap {
        _ if right.is_empty() => vec![format!("{BOLD}{left}{BOLD:#}")],
        Some(gap) => vec![format!("{BOLD}{left}{BOLD:#}{:gap$}{right}", "")],
        None => vec![format!("{BOLD}{left}{BOLD:#}"), right.to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn emphasis_is_left_out_and_code_is_not() {
        assert_eq!(plain("*both*: `*sum += 1` and *so* on"), "both: `*sum += 1` and so on");
    }

    #[test]
    fn lines_stand_under_each_other_behind_a_mark() {
        let text = "one two three four five six seven";
        assert_eq!(marked("a)", text, 23), ["a) one two three four", "   five six seven"]);
    }
}
