//! Text that becomes part of a page without becoming markup, and the few signs of our own.

use std::fmt;

use words::Outcome;

/// Any text, in the content of an element or between the double quotes of an attribute.
///
/// What a program printed may be anything: markup, quotes, control characters.
/// No place in the page takes such text but through this; none of it gets into
/// the script or the style sheet.
pub struct Text<T>(pub T);

impl<T: fmt::Display> fmt::Display for Text<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::write(&mut Escaping(f), format_args!("{}", self.0))
    }
}

struct Escaping<'a, 'b>(&'a mut fmt::Formatter<'b>);

impl fmt::Write for Escaping<'_, '_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        for character in text.chars() {
            match character {
                '&' => self.0.write_str("&amp;")?,
                '<' => self.0.write_str("&lt;")?,
                '>' => self.0.write_str("&gt;")?,
                '"' => self.0.write_str("&quot;")?,
                '\'' => self.0.write_str("&#39;")?,
                character if is_unprintable(character) => self.0.write_char('\u{fffd}')?,
                character => self.0.write_char(character)?,
            }
        }
        Ok(())
    }
}

/// A text in which code stands between backticks, and what is stressed between asterisks.
pub fn prose(text: &str) -> String {
    let code = |piece: &str| format!("<code>{}</code>", Text(piece));
    let stressed = |piece: &str| format!("<em>{}</em>", Text(piece));
    marked(
        text,
        '`',
        &|piece| marked(piece, '*', &|piece| Text(piece).to_string(), &stressed),
        &code,
    )
}

/// A text of which every second piece, between two marks, is written otherwise. A mark without its other
/// half is a letter like any other.
fn marked(
    text: &str,
    mark: char,
    around: &dyn Fn(&str) -> String,
    between: &dyn Fn(&str) -> String,
) -> String {
    let mut pieces = text.split(mark);
    let mut out = around(pieces.next().unwrap_or_default());
    while let Some(inner) = pieces.next() {
        match pieces.next() {
            Some(after) => out += &(between(inner) + &around(after)),
            None => out += &around(&format!("{mark}{inner}")),
        }
    }
    out
}

/// How a lesson fared, as a sign with a name.
pub fn symbol(mark: Outcome) -> String {
    let sign = match mark {
        Outcome::Passed => "✓",
        Outcome::NotShown => "?",
        Outcome::Failed => "✗",
    };
    let name = mark.name();
    format!("<span class=\"sign {name}\" role=\"img\" aria-label=\"{name}\">{sign}</span> ")
}

/// Whether a character would do something instead of showing: control characters, and those that
/// turn the direction of what stands behind them.
fn is_unprintable(character: char) -> bool {
    let turns = matches!(character, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    turns || character.is_control() && character != '\t'
}

/// What an `id` can be made of: letters and digits, and a dash for everything else.
pub(super) fn identifier(text: &str) -> String {
    text.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn markup_is_shown_and_not_obeyed() {
        assert_eq!(
            Text("</script><b a='1' b=\"2\">&amp;").to_string(),
            "&lt;/script&gt;&lt;b a=&#39;1&#39; b=&quot;2&quot;&gt;&amp;amp;"
        );
    }

    #[test]
    fn characters_that_do_something_get_a_sign() {
        assert_eq!(
            Text("a\u{1b}[31m\u{0}\u{202e}b\tc").to_string(),
            "a\u{fffd}[31m\u{fffd}\u{fffd}b\tc"
        );
    }

    #[test]
    fn code_and_what_is_stressed_stand_between_marks() {
        assert_eq!(
            prose("`a * b` is *not* `c<d>`"),
            "<code>a * b</code> is <em>not</em> <code>c&lt;d&gt;</code>"
        );
        assert_eq!(prose("2 * 3, and a ` alone"), "2 * 3, and a ` alone");
    }

    proptest! {
        #[test]
        fn no_text_can_leave_its_place(text in any::<String>()) {
            let escaped = Text(&text).to_string();
            let stands = escaped.contains(['<', '>', '"', '\'', '\0', '\u{1b}']);
            prop_assert!(!stands, "{}", escaped);
        }
    }
}
