//! What is said on a connection. A frame is a line of words; whoever speaks first is the client.
//!
//! | who | frame | means |
//! |---|---|---|
//! | client | `ROOM NAME BORN HEARD` | I am NAME. I have heard HEARD messages of the ROOM that was BORN then. |
//! | server | `BORN LATEST GONE PLACE` | Your LATEST message is that one; up to GONE yours are forgotten. What you hear now begins at this PLACE. |
//! | client | `NUMBER TEXT` | This is my message of that NUMBER, counted from 1. |
//! | server | `PLACE NAME NUMBER TEXT` | At this PLACE of the order, counted from 0, NAME said that. |
//!
//! So each side knows what the other one has. A client that has lost its connection says again what the
//! server does not have, and is told again what it has not heard; and where both were right about each
//! other, nothing is lost and nothing comes twice.
//!
//! A room is born with the server, and forgets with it. Whoever has heard messages of another room of the
//! same name has heard none of this one.

use std::fmt;
use std::str::FromStr;

/// How long a frame may be, in bytes.
pub const LONGEST: usize = 16 << 10;

/// How long a text may be, in bytes: its number has to fit into the frame as well.
pub const TEXT: usize = LONGEST - 32;

/// How long the name of a room or a person may be, in letters.
pub const LETTERS: usize = 32;

/// The code of a connection that is closed for good: whoever comes again would be closed out again.
pub const FOR_GOOD: u16 = 4000;

/// What a client has heard of a room.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Known {
    /// When the room was born, in microseconds since 1970; 0 where the client knows no room yet.
    pub born: u64,
    /// How many messages of it the client has heard, from the first on.
    pub heard: usize,
}

/// What a client says first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hello {
    /// The room.
    pub room: String,
    /// Who comes.
    pub name: String,
    /// What that one has heard.
    pub known: Known,
}

/// What the server answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Welcome {
    /// When the room was born.
    pub born: u64,
    /// The number of the client's latest message that the room has; 0 where it has none.
    pub latest: usize,
    /// The number of the client's latest message that the room has forgotten; 0 where it remembers all.
    pub gone: usize,
    /// The place of the message that the client is told first: later than what it has heard, where the
    /// room has forgotten what was between.
    pub place: usize,
}

/// A message in its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Placed {
    /// Its place in the room's order, counted from 0.
    pub place: usize,
    /// Who said it.
    pub name: String,
    /// Which one of the sender's own messages it is, counted from 1.
    pub number: usize,
    /// What was said.
    pub text: String,
}

/// Whether this can be the name of a room or a person: a word.
#[must_use]
pub fn is_name(text: &str) -> bool {
    let is_letter = |letter: char| !letter.is_whitespace() && !letter.is_control();
    (1..=LETTERS).contains(&text.chars().count()) && text.chars().all(is_letter)
}

/// What a client says: its own number of the message, and the text.
#[must_use]
pub fn say(number: usize, text: &str) -> String {
    format!("{number} {text}")
}

/// What a client has said; nothing where it is no such thing.
#[must_use]
pub fn said(frame: &str) -> Option<(usize, &str)> {
    let (number, text) = frame.split_once(' ')?;
    Some((number.parse().ok()?, text))
}

impl fmt::Display for Hello {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Hello { room, name, known: Known { born, heard } } = self;
        write!(f, "{room} {name} {born} {heard}")
    }
}

impl FromStr for Hello {
    type Err = String;

    fn from_str(frame: &str) -> Result<Hello, String> {
        let words: Vec<_> = frame.split(' ').collect();
        let &[room, name, born, heard] = &words[..] else {
            return Err(format!("`{}` names no room and nobody", frame.escape_debug()));
        };
        if let Some(no_name) = [room, name].into_iter().find(|name| !is_name(name)) {
            let no_name = no_name.escape_debug();
            return Err(format!(
                "`{no_name}` is no name: one word of {LETTERS} letters at most is"
            ));
        }
        let number = |_| "what was heard is a number".to_owned();
        let known =
            Known { born: born.parse().map_err(number)?, heard: heard.parse().map_err(number)? };
        Ok(Hello { room: room.to_owned(), name: name.to_owned(), known })
    }
}

impl fmt::Display for Welcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.born, self.latest, self.gone, self.place)
    }
}

impl Welcome {
    /// Reads it; nothing where it is none.
    #[must_use]
    pub fn read(frame: &str) -> Option<Welcome> {
        let (born, numbers) = frame.split_once(' ')?;
        let numbers = numbers.split(' ').map(str::parse).collect::<Result<Vec<_>, _>>().ok()?;
        let &[latest, gone, place] = &numbers[..] else { return None };
        Some(Welcome { born: born.parse().ok()?, latest, gone, place })
    }
}

impl fmt::Display for Placed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {} {}", self.place, self.name, self.number, self.text)
    }
}

impl Placed {
    /// Reads it; nothing where it is none.
    #[must_use]
    pub fn read(frame: &str) -> Option<Placed> {
        let mut words = frame.splitn(4, ' ');
        let (place, name) = (words.next()?.parse().ok()?, words.next()?.to_owned());
        let (number, text) = (words.next()?.parse().ok()?, words.next()?.to_owned());
        Some(Placed { place, name, number, text })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_what_is_read() {
        let known = Known { born: 7, heard: 12 };
        let hello = Hello { room: "tea".into(), name: "Zoë".into(), known };
        assert_eq!(hello.to_string().parse(), Ok(hello));
        let welcome = Welcome { born: 7, latest: 3, gone: 1, place: 12 };
        assert_eq!(Welcome::read(&welcome.to_string()), Some(welcome));
        let placed =
            Placed { place: 12, name: "Zoë".into(), number: 4, text: " two  words ".into() };
        assert_eq!(Placed::read(&placed.to_string()), Some(placed));
        assert_eq!(said(&say(4, "two words")), Some((4, "two words")));
    }

    #[test]
    fn what_makes_no_sense_is_refused_with_a_sentence() {
        let long = format!("tea {} 0 0", "x".repeat(LETTERS + 1));
        for (frame, why) in [
            ("tea Ada", "names no room"),
            ("tea  0 0", "no name"),
            ("tea A\u{1b}[2J 0 0", "`A\\u{1b}[2J` is no name"),
            (long.as_str(), "no name"),
            ("tea Ada 0 -1", "is a number"),
        ] {
            let refusal = frame.parse::<Hello>().expect_err(frame);
            assert!(refusal.contains(why), "{refusal}");
        }
        assert_eq!(Placed::read("1 Ada x hi"), None);
        assert_eq!(Welcome::read("1 Ada 3 hi"), None);
        assert_eq!(Welcome::read("1 2 3"), None);
        assert_eq!(said("hi"), None);
    }
}
