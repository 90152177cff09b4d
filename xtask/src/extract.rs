//! The few lines of a lesson that matter: those around the line to change, and as many others as fit.

use crate::header::code_of;
use crate::show::{columns_of, glyph};

/// A function, a constant or another item of the code, in its lines.
struct Item<'a>(Vec<&'a str>);

/// The lines of the source text that matter, in their order, on at most so many lines of so many
/// columns; and whether those are among them that run the lesson.
pub(crate) fn extract(source: &str, old: &str, room: usize, width: usize) -> (Vec<String>, bool) {
    let items = items(code_of(source));
    let mut ranked: Vec<usize> =
        (0..items.len()).filter(|&it| items[it].rank(old) < LAST).collect();
    ranked.sort_by_key(|&place| items[place].rank(old));
    let mut chosen: Vec<(usize, Vec<String>)> = Vec::new();
    let (mut left, mut is_cut) = (room, false);
    for &place in &ranked {
        let mut lines = items[place].shown(width);
        if items[place].rank(old) == REST && is_cut {
            continue;
        }
        if lines.len() > left && chosen.is_empty() {
            // What runs it comes next, and is worth as much where there is room for both.
            let next = ranked.get(1).map_or(room, |&next| items[next].shown(width).len());
            let window = if next + LEAST <= room { room - next } else { room };
            lines = items[place].window(old, window, width);
        }
        if lines.len() > left && left >= LEAST && items[place].rank(old) <= 1 {
            lines.truncate(left - 1);
            lines.push(more());
            is_cut = true;
        }
        if lines.len() <= left {
            left -= lines.len();
            chosen.push((place, lines));
        } else {
            is_cut = true;
        }
    }
    chosen.sort_by_key(|(place, _)| *place);
    let runs = chosen.iter().any(|(place, _)| items[*place].begins("pub fn run"));
    (chosen.into_iter().flat_map(|(_, lines)| lines).collect(), runs)
}

/// Fewer lines than this of an item tell nothing.
const LEAST: usize = 4;

/// The rank of types and what they can do, which say nothing where not all of the rest is shown.
const REST: usize = 5;

/// The rank of what is never shown.
const LAST: usize = 6;

/// Stands for lines that are not shown.
fn more() -> String {
    glyph("    …", "    ...").to_owned()
}

impl Item<'_> {
    /// What comes first where there is not room for everything.
    fn rank(&self, old: &str) -> usize {
        let begins = |words: &[&str]| words.iter().any(|word| self.begins(word));
        match self {
            _ if begins(&["use ", "pub fn order"]) => LAST,
            _ if self.0.join("\n").contains(old) => 0,
            _ if begins(&["pub fn run"]) => 1,
            _ if begins(&["fn compute", "async fn compute"]) => 2,
            _ if begins(&["fn ", "async fn "]) => 3,
            _ if begins(&["const ", "static "]) => 4,
            _ => REST,
        }
    }

    fn begins(&self, word: &str) -> bool {
        self.0.first().is_some_and(|line| line.starts_with(word))
    }

    fn shown(&self, width: usize) -> Vec<String> {
        let code = self.0.iter().map(|line| uncommented(line));
        code.flat_map(|line| wrap_code(line, width)).collect()
    }

    /// As many of the lines as there is room for, around the one that begins what is to be changed.
    fn window(&self, old: &str, room: usize, width: usize) -> Vec<String> {
        let first = old.lines().next().unwrap_or(old);
        let above = self.0.iter().take_while(|line| !line.contains(first)).copied().collect();
        let above = Item(above).shown(width).len();
        let lines = self.shown(width);
        let start = above.saturating_sub(room / 3).min(lines.len().saturating_sub(room));
        let end = (start + room).min(lines.len());
        let mut shown = lines[start..end].to_vec();
        if let [first, .., last] = &mut shown[..] {
            for (line, is_cut) in [(first, start > 0), (last, end < lines.len())] {
                if is_cut && room >= LEAST {
                    *line = more();
                }
            }
        }
        shown
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

/// A line of code without what is said of it behind it.
pub(crate) fn uncommented(line: &str) -> &str {
    line.split(" // ").next().unwrap_or(line)
}

/// A line of code; where it is too wide, broken between words and between the calls of a chain, and
/// indented under itself. No line of it is wider than that.
pub(crate) fn wrap_code(line: &str, width: usize) -> Vec<String> {
    if columns_of(line) <= width {
        return vec![line.to_owned()];
    }
    let indent = line.len() - line.trim_start().len();
    let under = (indent + 4).min(width / 2);
    let mut lines = vec![" ".repeat(indent)];
    for piece in pieces(line.trim()).into_iter().flat_map(|piece| narrowed(piece, width - under)) {
        let last = lines.last_mut().expect("there is always a last line");
        if columns_of(last) + columns_of(piece.trim_end()) <= width {
            last.push_str(piece);
        } else if last.trim().is_empty() {
            *last = format!("{}{piece}", " ".repeat(under.min(indent)));
        } else {
            lines.push(format!("{}{piece}", " ".repeat(under)));
        }
    }
    lines.into_iter().map(|line| line.trim_end().to_owned()).collect()
}

/// The pieces of a line of code, which are all of it: words with the space behind them, and the calls of
/// a chain. What stands between quotation marks is one piece.
fn pieces(line: &str) -> Vec<&str> {
    let (mut pieces, mut start, mut is_quoted) = (Vec::new(), 0, false);
    let mut before = ' ';
    for (place, character) in line.char_indices() {
        is_quoted ^= character == '"';
        let is_await = line[place..].starts_with(".await");
        let is_chained = character == '.' && before == ')' && !is_await;
        if !is_quoted && place > start && (is_chained || before == ' ') {
            pieces.push(&line[start..place]);
            start = place;
        }
        before = character;
    }
    pieces.push(&line[start..]);
    pieces
}

/// A piece in pieces that are no wider than that: broken behind the first parenthesis or space with which
/// the rest has room; or else behind the last; or, where there is none, anywhere.
fn narrowed(piece: &str, width: usize) -> Vec<&str> {
    let (mut pieces, mut rest) = (Vec::new(), piece);
    while columns_of(rest.trim_end()) > width {
        let fits = |end: &usize| columns_of(rest[..*end].trim_end()) <= width;
        let ends = rest.char_indices().skip(1).map(|(end, _)| end).take_while(fits);
        let ends: Vec<usize> = ends.collect();
        let mut good = ends.iter().filter(|&&end| rest[..end].ends_with(['(', ' ']));
        let last = good.clone().next_back().or(ends.last());
        let end = good.find(|&&end| columns_of(rest[end..].trim_end()) <= width).or(last);
        let (first, others) = rest.split_at(*end.expect("there is room for a letter"));
        pieces.push(first);
        rest = others;
    }
    pieces.push(rest);
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
        let extract = |room| extract(SOURCE, "old();", room, 80).0.join("\n");
        assert_eq!(extract(3), "fn task() {\n    old();\n}");
        let both = "pub fn run() {\n    first();\n    second();\n}\nfn task() {\n    old();\n}";
        assert_eq!(extract(7), both);
        assert_eq!(extract(8), format!("const MANY: usize = 3;\n{both}"));
        assert_eq!(extract(100), extract(8));
    }

    #[test]
    fn of_what_runs_it_the_beginning_is_shown_where_there_is_not_room_for_all() {
        let longer = SOURCE.replace("second();\n", "second();\n    third();\n");
        let (lines, runs) = extract(&longer, "old();", 7, 80);
        let more = glyph("    …", "    ...");
        let run = ["pub fn run() {", "    first();", "    second();", more];
        assert_eq!(lines, [&run[..], &["fn task() {", "    old();", "}"]].concat());
        assert!(runs && !extract(&longer, "old();", 3, 80).1);
    }

    #[test]
    fn where_there_is_no_room_the_line_to_change_is_there() {
        for room in 1..4 {
            let (lines, _) = extract(SOURCE, "old();", room, 80);
            assert!(lines.len() <= room && lines.join("\n").contains("old();"), "{lines:?}");
        }
    }

    #[test]
    fn every_lesson_fits_on_a_small_screen_with_the_line_to_change_on_it() {
        for place in Place::all() {
            let path = crate::build::root().join(place.path);
            let source = std::fs::read_to_string(path).expect("a lesson");
            let header = Header::read(&source).expect("a header");
            for (room, width) in [(6, 60), (12, 80), (16, 48)] {
                let (lines, _) = extract(&source, &header.old, room, width);
                assert!((1..=room).contains(&lines.len()), "{}", place.id());
                let letters = |text: &str| text.split_whitespace().collect::<String>();
                let is_there = letters(&lines.concat()).contains(&letters(&header.old));
                assert!(is_there, "{}: {lines:#?}", place.id());
                assert!(lines.iter().all(|line| columns_of(line) <= width), "{lines:#?}");
            }
        }
    }

    #[test]
    fn a_line_that_is_too_wide_is_broken_and_keeps_its_place() {
        let lines = wrap_code("    let one = two.three(four);", 24);
        assert_eq!(lines, ["    let one =", "        two.three(four);"]);
        assert_eq!(
            wrap_code("one().two().three() + 4", 12),
            ["one().two()", "    .three()", "    + 4"]
        );
        assert_eq!(wrap_code("}", 20), ["}"]);
        assert_eq!(
            wrap_code("    send(task.compute(part)).expect(\"a task that waits\");", 27),
            [
                "    send(",
                "        task.compute(part))",
                "        .expect(\"a",
                "        task that waits\");"
            ]
        );
    }
}
