//! What somebody is asked on, and answers from: a terminal, a screen at a time, or plain lines.
//!
//! Answers are a letter and Enter. No mode of the terminal is changed, so that nothing has to be put back
//! however a command ends.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::Result;

use crate::cursor;
use crate::output::CannotPrint;
use crate::process::{Interrupted, interrupted};
use crate::show::{BOLD, DIM, paint, wrap};

/// Screens are as wide as a terminal, and no wider than a line is read well.
const WIDEST: usize = 100;

/// A terminal or what stands for one.
pub(crate) struct Console {
    /// What was typed, a line at a time, until there is no more.
    typed: Receiver<String>,
    /// Whether there is a screen at which somebody sits.
    pub(crate) has_screen: bool,
}

impl Console {
    /// Begins to listen to the standard input.
    pub(crate) fn open() -> Console {
        let (sender, typed) = mpsc::channel();
        thread::spawn(move || {
            let lines = io::stdin().lock().lines().map_while(Result::ok);
            lines.map(|line| sender.send(line)).take_while(Result::is_ok).for_each(drop);
        });
        let has_screen = io::stdin().is_terminal() && io::stdout().is_terminal();
        Console { typed, has_screen }
    }

    /// How many columns text may have.
    pub(crate) fn width(&self) -> usize {
        size().0.clamp(40, WIDEST)
    }

    /// How many lines a screen has, that of the prompt left out.
    pub(crate) fn height(&self) -> usize {
        size().1.max(12) - 1
    }

    /// Shows these lines on a screen of their own, or on several if there are too many.
    ///
    /// # Errors
    ///
    /// [`Interrupted`], if somebody pressed Ctrl-C between two of them.
    pub(crate) fn show(&self, lines: &[String]) -> Result<()> {
        let mut screens = lines.chunks(if self.has_screen { self.height() } else { usize::MAX });
        if let Some(first) = screens.next() {
            self.clear();
            first.iter().for_each(|line| anstream::println!("{line}"));
        }
        for screen in screens {
            self.ask("Enter shows the rest", &[], Some(' '))?;
            self.clear();
            screen.iter().for_each(|line| anstream::println!("{line}"));
        }
        Ok(())
    }

    /// Shows these lines below what stands there.
    pub(crate) fn say(&self, text: &str) {
        wrap(text, self.width()).iter().for_each(|line| anstream::println!("{line}"));
    }

    /// An empty screen, or an empty line where nothing can be cleared.
    pub(crate) fn clear(&self) {
        if self.has_screen && cursor::is_movable() {
            cursor::draw("\u{1b}[H\u{1b}[2J\u{1b}[3J", "");
        } else {
            anstream::println!();
        }
    }

    /// Asks until one of these letters is typed, or Enter alone where that stands for one. Nothing where
    /// somebody wants to leave, or nobody is there.
    ///
    /// # Errors
    ///
    /// [`Interrupted`], if somebody pressed Ctrl-C instead.
    pub(crate) fn ask(
        &self,
        prompt: &str,
        keys: &[char],
        enter: Option<char>,
    ) -> Result<Option<char>> {
        loop {
            let end = if self.has_screen { " " } else { "\n" };
            anstream::print!("{BOLD}{prompt}{BOLD:#}{DIM}, q ends{DIM:#}:{end}");
            io::stdout().flush().map_err(CannotPrint)?;
            let Some(typed) = self.line()? else { return Ok(None) };
            let key = typed.trim().chars().next().map(|key| key.to_ascii_lowercase()).or(enter);
            match key {
                Some('q') => return Ok(None),
                Some(key) if keys.contains(&key) || Some(key) == enter => return Ok(Some(key)),
                _ => {
                    anstream::println!("{}", paint(DIM, what_is_understood(keys, enter.is_some())));
                }
            }
        }
    }

    /// The next line that is typed.
    fn line(&self) -> Result<Option<String>> {
        const LOOK: Duration = Duration::from_millis(50);
        loop {
            match self.typed.recv_timeout(LOOK) {
                _ if interrupted() => {
                    anstream::println!();
                    return Err(Interrupted.into());
                }
                Ok(line) => return Ok(Some(line)),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => {
                    anstream::println!();
                    return Ok(None);
                }
            }
        }
    }
}

/// Columns and lines of the terminal.
fn size() -> (usize, usize) {
    let size = terminal_size::terminal_size();
    size.map_or((80, 24), |(columns, lines)| (columns.0.into(), lines.0.into()))
}

/// What somebody can type who has typed something else.
fn what_is_understood(keys: &[char], is_enter: bool) -> String {
    let letters = keys.iter().map(char::to_string).collect::<Vec<_>>().join(", ");
    let letters = format!("one of these letters, and Enter: {letters}");
    match (keys, is_enter) {
        ([], _) => "Press Enter, or type q and Enter to end.".to_owned(),
        (_, true) => format!("Press Enter, or type {letters}."),
        (_, false) => format!("Type {letters}."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_letters_are_asked_for_where_there_are_none() {
        let enter = "Press Enter, or type q and Enter to end.";
        assert_eq!(what_is_understood(&[], true), enter);
        let one = "one of these letters, and Enter: a, b.";
        assert_eq!(what_is_understood(&['a', 'b'], false), format!("Type {one}"));
        assert_eq!(what_is_understood(&['a', 'b'], true), format!("Press Enter, or type {one}"));
    }
}
