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

    proptest! {
        #[test]
        fn no_text_can_leave_its_place(text in any::<String>()) {
            let escaped = Text(&text).to_string();
            let stands = escaped.contains(['<', '>', '"', '\'', '\0', '\u{1b}']);
            prop_assert!(!stands, "{}", escaped);
        }
    }
}
