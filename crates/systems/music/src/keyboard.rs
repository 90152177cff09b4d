//! The keyboard of whoever runs this, whose keys come one by one, and each with the moment when it came.
//!
//! A terminal keeps what is typed until the line is complete, and shows it itself. Both are the editor's
//! business now, so the terminal is told to leave it to us, and gets its ways back in the end: when the
//! evening is over, on Ctrl-C, and before a panic is told.

use std::io::{IsTerminal, stdin};
use std::thread;
use std::time::{Duration, Instant};

use stage::Trouble;
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

use crate::keys::{Keys, Press};

/// After how long at most it is noticed that nobody wants any more keys.
const LOOK: Duration = Duration::from_millis(20);

/// A keyboard that is ours until this is dropped.
#[derive(Debug)]
pub struct Keyboard(());

impl Keyboard {
    /// Takes the keyboard.
    ///
    /// # Errors
    ///
    /// A sentence, where there is none.
    pub fn take() -> Result<Keyboard, Trouble> {
        let not_shown = |why: &str| Trouble::NotShown(why.to_owned());
        if !stdin().is_terminal() {
            return Err(not_shown("there is no keyboard: call it from a terminal, without a pipe"));
        }
        stage::undo_on_panic(terminal::give_back);
        let keyboard = Keyboard(()); // from here on, whatever goes wrong, it is given back
        terminal::take()
            .map_err(|error| not_shown(&format!("keys do not come one by one: {error}")))?;
        Ok(keyboard)
    }

    /// The keys that are typed until this moment, or Ctrl-C.
    ///
    /// Like the chip of a real keyboard, a thread of its own notes when each came, whoever has the core.
    #[must_use]
    pub fn keys(&self, end: Instant) -> Keys {
        let (pressed, keys) = unbounded_channel();
        thread::spawn(move || {
            read(end, &pressed);
            terminal::give_back();
        });
        Keys::Typed(keys)
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        terminal::give_back();
    }
}

/// Reads keys while there are any, and somebody wants them.
fn read(end: Instant, pressed: &UnboundedSender<Press>) {
    let mut sent = Sent::default();
    while !stage::stopped() && Instant::now() < end {
        let Some(more) = terminal::sent(LOOK) else { return };
        let came = Instant::now();
        for key in sent.keys(&more) {
            if pressed.send(Press { key, came }).is_err() {
                return;
            }
        }
    }
}

/// What a terminal has sent, and is no whole key yet: a letter may have several bytes, and an arrow, say, is a
/// sequence that begins with an escape and ends with a letter (ECMA-48, 5.4). Either may be cut in two.
#[derive(Debug, Default)]
struct Sent(Vec<u8>);

const ESCAPE: u8 = 0x1b;

impl Sent {
    /// The keys that type anything and are whole, now that there is more; where there is nothing more,
    /// nothing came for a while.
    fn keys(&mut self, more: &[u8]) -> Vec<char> {
        if more.is_empty() && self.0.iter().all(|&byte| byte == ESCAPE) {
            self.0.clear(); // the key that is called so, however often, and begins nothing
        }
        self.0.extend(more);
        let mut keys = Vec::new();
        while let Some((key, length)) = first(&self.0) {
            keys.extend(key);
            self.0.drain(..length);
        }
        keys
    }
}

/// What the first key types, if anything, and how many bytes it has; nothing where more of it has to come.
fn first(sent: &[u8]) -> Option<(Option<char>, usize)> {
    match sent {
        [ESCAPE, b'[' | b'O', rest @ ..] => {
            let end = rest.iter().position(|byte| (b'@'..=b'~').contains(byte))?;
            Some((None, 2 + end + 1))
        }
        // Pressed together with Alt: that types nothing here.
        [ESCAPE, rest @ ..] => first(rest).map(|(_, length)| (None, 1 + length)),
        _ => letter(sent).map(|(letter, length)| (shown(letter), length)),
    }
}

/// The first letter in UTF-8, and how many bytes it has; nothing where more of it has to come.
fn letter(sent: &[u8]) -> Option<(char, usize)> {
    for length in 1..=sent.len() {
        match std::str::from_utf8(&sent[..length]) {
            Ok(text) => return text.chars().next().map(|letter| (letter, length)),
            Err(error) => match error.error_len() {
                Some(length) => return Some((char::REPLACEMENT_CHARACTER, length)),
                None => continue,
            },
        }
    }
    None
}

/// How the editor shows a key, if that types anything.
fn shown(key: char) -> Option<char> {
    match key {
        '\r' | '\n' => Some('↵'),
        '\t' => Some('⇥'),
        '\x08' | '\x7f' => Some('⌫'),
        other => (!other.is_control()).then_some(other),
    }
}

#[cfg(unix)]
mod terminal {
    use std::io::{self, stdin};
    use std::sync::{Mutex, PoisonError};
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::{Errno, read};
    use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};

    /// How the terminal was before it was taken, while it is.
    static BEFORE: Mutex<Option<Termios>> = Mutex::new(None);

    /// Has keys come as they are typed, and does not have them shown.
    pub(super) fn take() -> io::Result<()> {
        let before = tcgetattr(stdin())?;
        let mut modes = before.clone();
        modes.local_modes.remove(LocalModes::ICANON | LocalModes::ECHO);
        *BEFORE.lock().unwrap_or_else(PoisonError::into_inner) = Some(before);
        Ok(tcsetattr(stdin(), OptionalActions::Now, &modes)?)
    }

    /// Makes it as it was, if it is not yet.
    pub(super) fn give_back() {
        if let Some(before) = BEFORE.lock().unwrap_or_else(PoisonError::into_inner).take() {
            // A terminal that is gone needs nothing any more.
            let _gone = tcsetattr(stdin(), OptionalActions::Now, &before);
        }
    }

    /// What the terminal sends within this time; nothing where it is gone.
    pub(super) fn sent(within: Duration) -> Option<Vec<u8>> {
        let keyboard = stdin();
        let mut ready = [PollFd::new(&keyboard, PollFlags::IN)];
        match poll(&mut ready, Timespec::try_from(within).ok().as_ref()) {
            Ok(0) | Err(Errno::INTR) => return Some(Vec::new()),
            ready => ready.ok()?,
        };
        let mut bytes = [0; 256];
        match read(&keyboard, &mut bytes) {
            Err(Errno::INTR | Errno::AGAIN) => Some(Vec::new()),
            Ok(0) | Err(_) => None,
            Ok(length) => Some(bytes[..length].to_vec()),
        }
    }
}

#[cfg(not(unix))]
mod terminal {
    use std::io;
    use std::time::Duration;

    pub(super) fn take() -> io::Result<()> {
        Err(io::Error::new(io::ErrorKind::Unsupported, "this system's terminal is not known here"))
    }

    pub(super) fn give_back() {}

    pub(super) fn sent(_within: Duration) -> Option<Vec<u8>> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The keys of what comes in these pieces.
    fn typed(pieces: &[&[u8]]) -> Vec<char> {
        let mut sent = Sent::default();
        pieces.iter().flat_map(|piece| sent.keys(piece)).collect()
    }

    #[test]
    fn keys_that_type_nothing_are_no_keys() {
        assert_eq!(typed(&["aö\r\x7f".as_bytes()]), ['a', 'ö', '↵', '⌫']);
        assert_eq!(typed(&[b"a\x1b[D\x1b[1;5Cb\x1bOPc\x1bxd"]), ['a', 'b', 'c', 'd']);
        assert_eq!(typed(&[b"\xffa\x1b["]), [char::REPLACEMENT_CHARACTER, 'a']);
    }

    #[test]
    fn wherever_it_is_cut_it_is_the_same_key() {
        let all = "ö\x1b[1;5C€\x1bOP\x1böa".as_bytes();
        for cut in 0..=all.len() {
            let (one, other) = all.split_at(cut);
            assert_eq!(typed(&[one, other]), ['ö', '€', 'a'], "cut after {cut} bytes");
        }
        let bytes: Vec<_> = all.chunks(1).collect();
        assert_eq!(typed(&bytes), ['ö', '€', 'a'], "one by one");
    }

    #[test]
    fn an_escape_that_nothing_follows_is_a_key_and_takes_no_other_with_it() {
        assert_eq!(typed(&[b"\x1b", b"", b"[a"]), ['[', 'a']);
        assert_eq!(typed(&[b"\x1b\x1b", b"", b"a"]), ['a']);
    }
}
