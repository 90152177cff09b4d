//! What somebody is asked on, and answers from: a terminal, a screen at a time, or plain lines.
//!
//! Answers are a letter and Enter. No mode of the terminal is changed, so that nothing has to be put back
//! however a command ends.

use std::fmt::{self, Display, Formatter};
use std::io::{self, BufRead as _, IsTerminal as _, Write as _};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use anyhow::Result;

use crate::cursor;
use crate::output::CannotPrint;
use crate::process::{Interrupted, interrupted};
use crate::show::{BOLD, DIM, columns_of, paint, wrap};

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
            // Not every keyboard sends UTF-8: what is no letter is no answer, either.
            let lines = io::stdin().lock().split(b'\n').map_while(Result::ok);
            let lines = lines.map(|line| String::from_utf8_lossy(&line).into_owned());
            lines.map(|line| sender.send(line)).take_while(Result::is_ok).for_each(drop);
        });
        let has_screen = io::stdin().is_terminal() && io::stdout().is_terminal();
        Console { typed, has_screen }
    }

    /// Somebody who has typed these lines, and sits at no terminal.
    #[cfg(test)]
    pub(crate) fn answered(lines: &[&str]) -> Console {
        let (sender, typed) = mpsc::channel();
        lines.iter().for_each(|line| sender.send((*line).to_owned()).expect("somebody reads"));
        Console { typed, has_screen: false }
    }

    /// How many columns text may have.
    pub(crate) fn width(&self) -> usize {
        size().0.clamp(40, WIDEST)
    }

    /// How many lines a screen has above this prompt.
    pub(crate) fn height_above(&self, prompt: &str) -> usize {
        size().1.max(12) - Prompt::of(prompt, self.width()).height()
    }

    /// Shows these lines on a screen of their own.
    pub(crate) fn show(&self, lines: &[String]) {
        self.clear();
        lines.iter().for_each(|line| anstream::println!("{line}"));
    }

    /// Shows these lines on a screen of their own, or on several if there are too many, and asks below the
    /// last, as [`ask`](Console::ask) does. Without lines it asks below what stands there.
    ///
    /// # Errors
    ///
    /// [`Interrupted`], if somebody pressed Ctrl-C instead.
    pub(crate) fn ask_below(
        &self,
        lines: &[String],
        prompt: &str,
        keys: &[char],
        enter: Option<char>,
    ) -> Result<Option<char>> {
        let room = if self.has_screen { self.height_above(prompt) } else { usize::MAX };
        let mut screens = lines.chunks(room).peekable();
        while let Some(screen) = screens.next() {
            self.show(screen);
            let rest = "Enter shows the rest";
            if screens.peek().is_some() && self.ask(rest, &[], Some(' '))?.is_none() {
                return Ok(None);
            }
        }
        self.ask(prompt, keys, enter)
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
        let prompt = Prompt::of(prompt, self.width());
        let end = if self.has_screen { " " } else { "\n" };
        loop {
            anstream::print!("{prompt}{end}");
            io::stdout().flush().map_err(CannotPrint)?;
            let Some(typed) = self.line()? else { return Ok(None) };
            let key = typed.trim().chars().next().map(|key| key.to_ascii_lowercase()).or(enter);
            match key {
                Some('q') => return Ok(None),
                Some(key) if keys.contains(&key) || Some(key) == enter => return Ok(Some(key)),
                _ => {
                    let understood = what_is_understood(keys, enter.is_some());
                    let lines = wrap(&understood, self.width());
                    anstream::println!("{}", paint(DIM, lines.join("\n")));
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

/// What somebody is asked, in lines that are broken between words; the last has room for an answer.
struct Prompt {
    lines: Vec<String>,
    /// Whether what ends it all stands in a line of its own.
    is_apart: bool,
}

impl Prompt {
    /// What stands behind every prompt.
    const LEAVE: &str = "q ends";

    /// The prompt on a screen of so many columns.
    fn of(text: &str, width: usize) -> Prompt {
        const ANSWER: &str = ": x ";
        let lines = wrap(&format!("{text},"), width);
        let last = lines.last().map_or(0, |line| columns_of(line));
        let is_apart = last + 1 + columns_of(Prompt::LEAVE) + columns_of(ANSWER) > width;
        Prompt { lines, is_apart }
    }

    /// How many lines it has.
    fn height(&self) -> usize {
        self.lines.len() + usize::from(self.is_apart)
    }
}

impl Display for Prompt {
    fn fmt(&self, formatter: &mut Formatter<'_>) -> fmt::Result {
        let gap = if self.is_apart { '\n' } else { ' ' };
        let leave = paint(DIM, Prompt::LEAVE);
        write!(formatter, "{}{gap}{leave}:", paint(BOLD, self.lines.join("\n")))
    }
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

    /// A prompt as it stands on a screen of so many columns.
    fn prompt(text: &str, width: usize) -> String {
        anstream::adapter::strip_str(&Prompt::of(text, width).to_string()).to_string()
    }

    #[test]
    fn prompts_are_broken_between_words_with_room_for_an_answer() {
        assert_eq!(prompt("Enter goes on", 40), "Enter goes on, q ends:");
        let text = "Enter puts it back, k keeps it, r runs it again";
        let lines = ["Enter puts it back, k keeps it, r runs", "it again, q ends:"];
        assert_eq!(prompt(text, 40), lines.join("\n"));
        assert_eq!(
            prompt("Enter goes on, or r runs it", 40),
            "Enter goes on, or r runs it, q ends:"
        );
        let lines = ["Enter goes on, or r runs once,", "q ends:"];
        assert_eq!(prompt("Enter goes on, or r runs once", 40), lines.join("\n"));
        assert_eq!(Prompt::of("Enter goes on, or r runs once", 40).height(), 2);
    }

    #[test]
    fn no_letters_are_asked_for_where_there_are_none() {
        let enter = "Press Enter, or type q and Enter to end.";
        assert_eq!(what_is_understood(&[], true), enter);
        let one = "one of these letters, and Enter: a, b.";
        assert_eq!(what_is_understood(&['a', 'b'], false), format!("Type {one}"));
        assert_eq!(what_is_understood(&['a', 'b'], true), format!("Press Enter, or type {one}"));
    }
}
