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
    while !stage::stopped() && Instant::now() < end {
        let Some(sent) = terminal::sent(LOOK) else { return };
        let came = Instant::now();
        for key in typed(&sent) {
            if pressed.send(Press { key, came }).is_err() {
                return;
            }
        }
    }
}

/// The keys that type anything, of what a terminal has sent. It tells of an arrow, say, in a sequence that
/// begins with an escape and ends with a letter (ECMA-48, 5.4): nobody has typed that.
fn typed(sent: &str) -> Vec<char> {
    const ESCAPE: char = '\x1b';
    let mut keys = Vec::new();
    let mut characters = sent.chars();
    while let Some(character) = characters.next() {
        if character != ESCAPE {
            keys.extend(shown(character));
        } else if let Some('[' | 'O') = characters.next() {
            let _end = characters.find(|character| ('@'..='~').contains(character));
        }
    }
    keys
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
    pub(super) fn sent(within: Duration) -> Option<String> {
        let keyboard = stdin();
        let mut ready = [PollFd::new(&keyboard, PollFlags::IN)];
        match poll(&mut ready, Timespec::try_from(within).ok().as_ref()) {
            Ok(0) | Err(Errno::INTR) => return Some(String::new()),
            ready => ready.ok()?,
        };
        let mut bytes = [0; 256];
        match read(&keyboard, &mut bytes) {
            Err(Errno::INTR | Errno::AGAIN) => Some(String::new()),
            Ok(0) | Err(_) => None,
            Ok(length) => Some(String::from_utf8_lossy(&bytes[..length]).into_owned()),
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

    pub(super) fn sent(_within: Duration) -> Option<String> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_that_type_nothing_are_no_keys() {
        assert_eq!(typed("aö\r\x7f"), ['a', 'ö', '↵', '⌫']);
        assert_eq!(typed("a\x1b[D\x1b[1;5Cb\x1bOPc\x1b"), ['a', 'b', 'c']);
        assert_eq!(typed("\x1b["), []);
    }
}
