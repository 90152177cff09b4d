//! Numbers and names of services in front of a line, where programs put them.

use crate::name::{Named, Role, word_end};

/// The sign or the bracket before a word in front of a line, the word, and what follows it.
struct Front<'a> {
    before: &'a str,
    word: &'a str,
    rest: &'a str,
    /// Where in the line the word begins and ends.
    span: [usize; 2],
}

/// `[2] …`, `#2 …`, `(2/5) …`, `[gw0] …`, `2> …`, `web_1 | …`; the first word begins at `start`.
pub(crate) fn in_front(text: &str, start: usize) -> Option<Named> {
    let is_in = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    let end = word_end(text, start, is_in);
    let before = text[..start].trim_start();
    let front = Front { before, word: &text[start..end], rest: &text[end..], span: [start, end] };
    if front.is_number() { front.number().or_else(|| front.one_of_many()) } else { front.service() }
}

impl Front<'_> {
    fn is_number(&self) -> bool {
        let is_digit = |digit: char| digit.is_ascii_digit();
        (1..=6).contains(&self.word.len()) && self.word.chars().all(is_digit)
    }

    fn named(&self, kind: &str, name: &str, role: Role) -> Option<Named> {
        Some(Named::new(kind, self.word, name, role, self.span))
    }

    /// `[2] …`, `#2 …`, `2> …`, `*2 …`, `0|server | …`
    fn number(&self) -> Option<Named> {
        let Front { before, word, rest, .. } = *self;
        let is_called =
            || rest[1..].split_once('|').is_some_and(|(name, _)| is_service(name.trim_end()));
        match before {
            "[" if rest.starts_with(']') && is_text(&rest[1..]) => {
                self.named("[]", &format!("[{word}]"), Role::Task)
            }
            "#" if rest.starts_with([' ', ':']) && is_text(rest) => {
                self.named("#", &format!("#{word}"), Role::Task)
            }
            "" if rest.starts_with('>') && is_text(&rest[1..]) => {
                self.named(">", &format!("{word}>"), Role::Task)
            }
            "" if rest.starts_with('|') && is_called() => self.named("|", word, Role::Task),
            _ => None,
        }
    }

    /// `(2/5) …`, `[12 / 40] …`
    fn one_of_many(&self) -> Option<Named> {
        let of = self.rest.trim_start().strip_prefix('/')?.trim_start();
        let digits = word_end(of, 0, |digit| digit.is_ascii_digit());
        let close = if self.before == "[" { ']' } else { ')' };
        let after = of[digits..].strip_prefix(close).filter(|_| digits > 0)?;
        let is_open = ["[", "("].contains(&self.before) && is_text(after);
        let name = format!("{}{}/{}{close}", self.before, self.word, &of[..digits]);
        if is_open { self.named("/", &name, Role::Task) } else { None }
    }

    /// `[gw0] …`, `[#2089b0 …`, `web_1 | …`
    fn service(&self) -> Option<Named> {
        let Front { before, word, rest, .. } = *self;
        let is_gateway = || word.strip_prefix("gw").is_some_and(|it| it.parse::<u16>().is_ok());
        let is_hexadecimal = || word.len() == 6 && word.chars().all(|it| it.is_ascii_hexdigit());
        match before {
            "[" if rest.starts_with(']') && is_gateway() => self.named("gw", word, Role::Worker),
            "[#" if rest.starts_with(' ') && is_hexadecimal() => self.named("#", word, Role::Task),
            "" if rest.trim_start().starts_with('|') && is_service(word) && ends_in_digit(word) => {
                self.named("|", word, Role::Task)
            }
            _ => None,
        }
    }
}

/// Whether text follows that a task may have printed: a footnote's address and a quote are none.
fn is_text(rest: &str) -> bool {
    let rest = rest.trim_start();
    !rest.is_empty() && !rest.starts_with(['"', '“']) && !rest.starts_with("http")
}

fn is_service(word: &str) -> bool {
    let is_in = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    word.starts_with(char::is_alphabetic) && word.chars().all(is_in)
}

fn ends_in_digit(word: &str) -> bool {
    word.ends_with(|last: char| last.is_ascii_digit())
}
