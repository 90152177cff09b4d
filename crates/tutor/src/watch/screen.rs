//! Keys and lines, with or without a terminal.

use std::io::{IsTerminal, Write, stdin, stdout};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use command::show::{DIM, columns_of, duration, fitted};
use crossterm::cursor::MoveTo;
use crossterm::terminal::{Clear, ClearType, disable_raw_mode, enable_raw_mode, size};
use crossterm::{execute, queue};

/// What the keys do, below everything else: each is the first letter.
const KEYS: [(&str, Key); 7] = [
    ("Hint", Key::Hint),
    ("Predict", Key::Predict),
    ("Explain", Key::Explain),
    ("Next", Key::Next),
    ("List", Key::List),
    ("Run", Key::Run),
    ("Quit", Key::Quit),
];

/// So many lines are taken by what is not the program's: the exercise, a picture, a finding, the keys.
const OURS: u16 = 21;

/// What a key stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Key {
    Hint,
    Predict,
    Explain,
    Next,
    List,
    Run,
    Quit,
    Other,
}

impl Key {
    /// What a character stands for.
    fn of(character: char) -> Key {
        let is_it = |(name, _): &&(&str, Key)| name.starts_with(character.to_ascii_uppercase());
        match character {
            '\r' | '\n' => Key::Run,
            CONTROL_C | CONTROL_D => Key::Quit,
            _ => KEYS.iter().find(is_it).map_or(Key::Other, |&(_, key)| key),
        }
    }
}

/// What is going on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Status {
    #[default]
    Nothing,
    Building,
    Running,
    /// It was judged, and took so long.
    Judged(Duration),
    Ended,
}

impl Status {
    /// How it is said: at length and, where there is no room for that, in short.
    fn said(self) -> [String; 2] {
        match self {
            Status::Nothing => Default::default(),
            Status::Building => ["building; any key ends it", "building"].map(str::to_owned),
            Status::Running => ["running; any key ends it", "running"].map(str::to_owned),
            Status::Judged(taken) => [(); 2].map(|()| format!("judged in {}", duration(taken))),
            Status::Ended => ["ended"; 2].map(str::to_owned),
        }
    }

    /// The line of so many columns that says it, and names the keys.
    fn line(self, columns: usize) -> String {
        let keys = KEYS.map(|(name, _)| name).join(" ");
        let [long, short] = self.said().map(|said| match said.as_str() {
            "" => keys.clone(),
            said => format!("{said}  {keys}"),
        });
        fitted(if columns_of(&long) <= columns { &long } else { &short }, columns, '…')
    }
}

/// What a terminal sends for Ctrl-C where it is not to be obeyed, and for Ctrl-D.
const CONTROL_C: char = '\u{3}';
const CONTROL_D: char = '\u{4}';

/// Where lines are shown, and keys pressed.
pub(super) struct Screen {
    /// Whether there is a terminal to do it on. Otherwise lines are printed, one below the other.
    is_terminal: bool,
    status: Status,
}

impl Screen {
    /// Takes the terminal, if there is one.
    pub(super) fn open() -> Result<Screen> {
        let is_terminal = stdin().is_terminal() && stdout().is_terminal();
        if is_terminal {
            enable_raw_mode()?;
        }
        Ok(Screen { is_terminal, status: Status::Nothing })
    }

    /// Whether there are keys to press.
    pub(super) fn has_keys(&self) -> bool {
        self.is_terminal
    }

    /// How many lines of a program there is room for.
    pub(super) fn lines(&self) -> u16 {
        if !self.is_terminal {
            return 40;
        }
        size().map_or(8, |(_, rows)| rows.saturating_sub(OURS).max(3))
    }

    /// A key, if one is pressed within this time.
    pub(super) fn key(&self, within: Duration) -> Result<Option<Key>> {
        if !self.is_terminal {
            thread::sleep(within);
            return Ok(None);
        }
        Ok(keyboard::pressed(within)?.map(Key::of))
    }

    /// Begins with an empty screen.
    pub(super) fn clear(&mut self) -> Result<()> {
        self.status = Status::Nothing;
        if self.is_terminal {
            execute!(stdout(), Clear(ClearType::All), MoveTo(0, 0))?;
        }
        Ok(())
    }

    /// Shows a line above the keys.
    pub(super) fn line(&mut self, line: &str) -> Result<()> {
        if !self.is_terminal {
            anstream::println!("{line}");
            return Ok(());
        }
        let mut out = anstream::stdout().lock();
        queue!(out, Clear(ClearType::CurrentLine))?;
        write!(out, "\r{line}\r\n")?;
        drop(out);
        self.keys()
    }

    /// Says below everything else what is going on.
    pub(super) fn status(&mut self, status: Status) -> Result<()> {
        self.status = status;
        if self.is_terminal { self.keys() } else { Ok(()) }
    }

    fn keys(&self) -> Result<()> {
        // A line that is wrapped could not be taken back.
        let columns = size().map_or(80, |(columns, _)| usize::from(columns.max(2)));
        let keys = self.status.line(columns - 1);
        let mut out = anstream::stdout().lock();
        queue!(out, Clear(ClearType::CurrentLine))?;
        write!(out, "\r{DIM}{}{DIM:#}", keys.trim_end())?;
        Ok(out.flush()?)
    }

    /// Lends the terminal to somebody else.
    pub(super) fn lend(&mut self, to: impl FnOnce() -> Result<()>) -> Result<()> {
        if !self.is_terminal {
            return to();
        }
        disable_raw_mode()?;
        let lent = to();
        enable_raw_mode()?;
        lent
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        if self.is_terminal {
            // There is nobody left to tell if that goes wrong.
            let _ = disable_raw_mode();
            println!();
        }
    }
}

/// The keyboard, as its terminal sends it. (crossterm's own reader never returns once a terminal is gone.)
#[cfg(unix)]
mod keyboard {
    use std::io::stdin;
    use std::time::Duration;

    use anyhow::Result;
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::{Errno, read};

    use super::CONTROL_D;

    /// A key that is pressed within this time. A terminal that is gone says what Ctrl-D says.
    pub(super) fn pressed(within: Duration) -> Result<Option<char>> {
        let within = Timespec::try_from(within)?;
        let keyboard = stdin();
        let mut ready = [PollFd::new(&keyboard, PollFlags::IN)];
        match poll(&mut ready, Some(&within)) {
            Ok(0) | Err(Errno::INTR) => return Ok(None),
            ready => ready?,
        };
        let mut bytes = [0; 64];
        Ok(match read(&keyboard, &mut bytes) {
            Err(Errno::INTR | Errno::AGAIN) => None,
            Ok(0) | Err(_) => Some(CONTROL_D),
            Ok(length) => Some(key(&bytes[..length])),
        })
    }

    /// The last key of several; what is no single character (an arrow, say) is one that we do not know.
    fn key(bytes: &[u8]) -> char {
        const ESCAPE: u8 = 0x1b;
        let known = bytes.last().filter(|last| last.is_ascii() && !bytes.contains(&ESCAPE));
        known.map_or('?', |&last| char::from(last))
    }
}

#[cfg(not(unix))]
mod keyboard {
    use std::time::Duration;

    use anyhow::Result;
    use crossterm::event::{Event, KeyCode, KeyEventKind, KeyModifiers, poll, read};

    use super::CONTROL_C;

    /// A key that is pressed within this time.
    pub(super) fn pressed(within: Duration) -> Result<Option<char>> {
        if !poll(within)? {
            return Ok(None);
        }
        let Event::Key(key) = read()? else { return Ok(None) };
        let is_control = key.modifiers.contains(KeyModifiers::CONTROL);
        Ok((key.kind == KeyEventKind::Press).then(|| match key.code {
            KeyCode::Char('c' | 'd') if is_control => CONTROL_C,
            KeyCode::Char(character) => character,
            KeyCode::Enter => '\r',
            _ => '?',
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_keys_are_named_whatever_goes_on() {
        let long = Status::Judged(Duration::from_secs(600));
        let all = [Status::Nothing, Status::Building, Status::Running, long, Status::Ended];
        for (status, columns) in all.into_iter().flat_map(|it| [59, 79, 99].map(|to| (it, to))) {
            let line = status.line(columns);
            assert_eq!(columns_of(&line), columns, "{line}");
            assert!(line.trim_end().ends_with("Hint Predict Explain Next List Run Quit"), "{line}");
            assert!(line.starts_with(&status.said()[1]), "{line}");
        }
        assert!(Status::Running.line(79).starts_with("running; any key ends it  Hint"));
        assert!(Status::Running.line(20).trim_end().ends_with('…'));
    }

    #[test]
    fn a_key_is_the_first_letter_of_what_it_does() {
        for (name, key) in KEYS {
            let letter = name.chars().next().expect("a letter");
            assert_eq!([letter, letter.to_ascii_lowercase()].map(Key::of), [key; 2]);
        }
        assert_eq!(['\r', CONTROL_C, '?'].map(Key::of), [Key::Run, Key::Quit, Key::Other]);
    }
}
