//! The few lines of a lesson that matter: those around the line to change, and as many others as fit.

use crate::header::code_of;
use crate::show::columns_of;

/// A function, a constant or another item of the code, in its lines.
struct Item<'a>(Vec<&'a str>);

/// The lines of the source text that matter, in their order, on at most so many lines of so many
/// columns.
pub(super) fn extract(source: &str, old: &str, room: usize, width: usize) -> Vec<String> {
    let items = items(code_of(source));
    let mut ranked: Vec<usize> =
        (0..items.len()).filter(|&it| items[it].rank(old) < LAST).collect();
    ranked.sort_by_key(|&place| items[place].rank(old));
    let mut chosen: Vec<(usize, Vec<String>)> = Vec::new();
    let mut left = room;
    for place in ranked {
        let lines = items[place].shown(width);
        if lines.len() <= left {
            left -= lines.len();
            chosen.push((place, lines));
        } else if chosen.is_empty() {
            chosen.push((place, items[place].window(old, room, width)));
            break;
        }
    }
    chosen.sort_by_key(|(place, _)| *place);
    chosen.into_iter().flat_map(|(_, lines)| lines).collect()
}

/// The rank of what is never shown.
const LAST: usize = 5;

impl Item<'_> {
    /// What comes first where there is not room for everything.
    fn rank(&self, old: &str) -> usize {
        let begins = |word: &str| self.0.first().is_some_and(|line| line.starts_with(word));
        match self {
            _ if begins("use ") || begins("pub fn order") => LAST,
            _ if self.0.join("\n").contains(old) => 0,
            _ if begins("pub fn run") => 1,
            _ if begins("fn compute") || begins("async fn compute") => 2,
            _ if begins("fn ") || begins("async fn ") => 3,
            _ => 4,
        }
    }

    fn shown(&self, width: usize) -> Vec<String> {
        let code = self.0.iter().map(|line| line.split(" // ").next().unwrap_or(line));
        code.flat_map(|line| wrap_code(line, width)).collect()
    }

    /// As many of the lines as there is room for, around the one that begins what is to be changed.
    fn window(&self, old: &str, room: usize, width: usize) -> Vec<String> {
        let first = old.lines().next().unwrap_or(old);
        let above = self.0.iter().take_while(|line| !line.contains(first)).copied().collect();
        let above = Item(above).shown(width).len();
        let lines = self.shown(width);
        let start = above.saturating_sub(room / 3).min(lines.len().saturating_sub(room));
        lines[start..].iter().take(room).cloned().collect()
    }
}

/// The items of the code, without what is written about them.
fn items(code: &str) -> Vec<Item<'_>> {
    let mut items: Vec<Item<'_>> = Vec::new();
    let mut is_apart = true;
    for line in code.lines() {
        let is_about = line.starts_with("///") || line.starts_with("#[");
        match items.last_mut() {
            _ if line.trim().is_empty() => is_apart = true,
            _ if is_about => {}
            // What is indented belongs to what began before.
            Some(item) if !is_apart || line.starts_with([' ', '}', ')']) => item.0.push(line),
            _ => items.push(Item(vec![line])),
        }
        is_apart &= line.trim().is_empty() || is_about;
    }
    items
}

/// A line of code, broken between words where it is too wide, and between the calls of a chain where a
/// word is; and indented under itself.
pub(super) fn wrap_code(line: &str, width: usize) -> Vec<String> {
    let indent = line.len() - line.trim_start().len();
    let mut lines = vec![" ".repeat(indent)];
    for word in line.split_whitespace() {
        let is_wide = indent + 4 + columns_of(word) > width;
        for (place, piece) in pieces(word, is_wide).into_iter().enumerate() {
            let last = lines.last_mut().expect("there is always a last line");
            let space = if last.trim().is_empty() || place > 0 { "" } else { " " };
            if last.trim().is_empty() || columns_of(last) + space.len() + columns_of(piece) <= width
            {
                last.push_str(space);
                last.push_str(piece);
            } else {
                lines.push(format!("{}{piece}", " ".repeat(indent + 4)));
            }
        }
    }
    lines
}

/// A word, or the calls that it chains.
fn pieces(word: &str, is_wide: bool) -> Vec<&str> {
    let mut pieces = vec![word];
    while let Some((last, place)) =
        pieces.pop().map(|last| (last, last.find(").").filter(|_| is_wide)))
    {
        match place {
            Some(place) => pieces.extend([&last[..=place], &last[place + 1..]]),
            None => {
                pieces.push(last);
                break;
            }
        }
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::Header;
    use crate::shelf::Place;

    const SOURCE: &str = "//! A claim.\n\nuse f;\n\nconst MANY: usize = 3; // or so\n\n/// Runs.\npub fn run() {\n    \
                          first();\n\n    second();\n}\n\nfn task() {\n    old();\n}\n\n\
                          #[must_use]\npub fn order() -> O {\n    old()\n}\n\n// Answer: that.\n";

    #[test]
    fn what_is_to_be_changed_comes_first_and_then_what_runs_it() {
        let extract = |room| extract(SOURCE, "old();", room, 80).join("\n");
        assert_eq!(extract(3), "fn task() {\n    old();\n}");
        let both = "pub fn run() {\n    first();\n    second();\n}\nfn task() {\n    old();\n}";
        assert_eq!(extract(7), both);
        assert_eq!(extract(8), format!("const MANY: usize = 3;\n{both}"));
        assert_eq!(extract(100), extract(8));
    }

    #[test]
    fn where_there_is_no_room_the_line_to_change_is_there() {
        for room in 1..4 {
            let lines = extract(SOURCE, "old();", room, 80);
            assert!(lines.len() <= room && lines.join("\n").contains("old();"), "{lines:?}");
        }
    }

    #[test]
    fn every_lesson_fits_on_a_small_screen_with_the_line_to_change_on_it() {
        for place in Place::all() {
            let path = crate::build::root().join(place.path);
            let source = std::fs::read_to_string(path).expect("a lesson");
            let header = Header::read(&source).expect("a header");
            for (room, width) in [(6, 60), (12, 80)] {
                let lines = extract(&source, &header.old, room, width);
                assert!((1..=room).contains(&lines.len()), "{}", place.id());
                let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
                let is_there = words(&lines.join(" ")).contains(&words(&header.old));
                assert!(is_there, "{}: {lines:#?}", place.id());
                assert!(lines.iter().all(|line| columns_of(line) <= width), "{lines:#?}");
            }
        }
    }

    #[test]
    fn a_line_that_is_too_wide_is_broken_and_keeps_its_place() {
        let lines = wrap_code("    let one = two.three(four);", 20);
        assert_eq!(lines, ["    let one =", "        two.three(four);"]);
        assert_eq!(
            wrap_code("one().two().three() + 4", 12),
            ["one().two()", "    .three()", "    + 4"]
        );
        assert_eq!(wrap_code("}", 20), ["}"]);
    }
}
