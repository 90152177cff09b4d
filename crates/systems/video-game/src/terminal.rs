//! The terminal as a screen and a keyboard, for whoever plays.
//!
//! While it is ours it tells each key as it comes, and shows what we write at places that we choose. It has
//! to be given back as it was, however the game ends: by its value's end, or by a panic on any thread.

use std::fmt::Write as _;
use std::io::{self, IsTerminal, Write as _};
use std::sync::Once;
use std::time::Duration;

use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers, poll, read};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode, size,
};
use crossterm::{execute, queue};
use stage::Trouble;

use crate::arena::SIZE;
use crate::keys::Key;
use crate::picture::{Pixel, Row};

/// The terminal, which is ours until this is dropped.
#[derive(Debug)]
pub struct Terminal(());

impl Terminal {
    /// Takes the terminal.
    ///
    /// # Errors
    ///
    /// A sentence, where there is none.
    pub fn take() -> Result<Terminal, Trouble> {
        if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
            let why = "there is no terminal to play in: call it from one, without a pipe";
            return Err(Trouble::NotShown(why.to_owned()));
        }
        static ONCE: Once = Once::new();
        ONCE.call_once(|| stage::undo_on_panic(give_back));
        let terminal = Terminal(()); // from here on, whatever goes wrong, it is given back
        enable_raw_mode()
            .and_then(|()| execute!(io::stdout(), EnterAlternateScreen, Hide))
            .map_err(|error| format!("the terminal does not let us play in it: {error}"))?;
        Ok(terminal)
    }

    /// Shows a picture, and what the player should know.
    pub fn show(&mut self, picture: &[Row], caught: u32) {
        let (columns, lines) = size().unwrap_or((80, 24));
        let text = cells(picture, columns.into(), usize::from(lines).saturating_sub(1));
        let below = format!("\x1b[0m {caught} caught. Arrows fly, space stays, q ends.\x1b[K");
        let mut out = io::stdout().lock();
        // A terminal that is gone shows nothing; the game goes on to its end.
        let _gone = queue!(out, MoveTo(0, 0))
            .and_then(|()| write!(out, "{text}{below}"))
            .and_then(|()| out.flush());
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        give_back();
    }
}

fn give_back() {
    // There is nobody left to tell that it did not work.
    let _gone = execute!(io::stdout(), Show, LeaveAlternateScreen);
    let _gone = disable_raw_mode();
}

/// The keys that were pressed since somebody asked last, as far as they mean anything.
#[must_use]
pub fn pressed_keys() -> Vec<Key> {
    let mut keys = Vec::new();
    while poll(Duration::ZERO).unwrap_or(false) {
        match read() {
            Ok(Event::Key(event)) => keys.extend(meaning(event)),
            Ok(_) => {}
            Err(_) => return vec![Key::End], // nobody can press anything any more
        }
    }
    keys
}

fn meaning(event: KeyEvent) -> Option<Key> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    match event.code {
        KeyCode::Left => Some(Key::Left),
        KeyCode::Right => Some(Key::Right),
        KeyCode::Up => Some(Key::Up),
        KeyCode::Down => Some(Key::Down),
        KeyCode::Char(' ') => Some(Key::Stay),
        KeyCode::Char('q') | KeyCode::Esc => Some(Key::End),
        KeyCode::Char('c') if event.modifiers.contains(KeyModifiers::CONTROL) => Some(Key::End),
        _ => None,
    }
}

/// A picture as text: each character is two pixels, one above the other, and each of these the mean of
/// those that it stands for.
fn cells(picture: &[Row], columns: usize, lines: usize) -> String {
    let columns = columns.min(lines * 2 * SIZE.0 / SIZE.1).clamp(1, SIZE.0);
    let lines = (columns * SIZE.1 / SIZE.0 / 2).max(1);
    let mut text = String::new();
    for line in 0..lines {
        let mut last = None;
        for column in 0..columns {
            let half =
                |upper: usize| mean(picture, (column, columns), (line * 2 + upper, lines * 2));
            let colours = (half(0), half(1));
            if last != Some(colours) {
                let ([r, g, b], [red, green, blue]) = colours;
                let escape = format!("\x1b[38;2;{r};{g};{b};48;2;{red};{green};{blue}m");
                text.push_str(&escape);
                last = Some(colours);
            }
            text.push('▀');
        }
        writeln!(text, "\x1b[0m\x1b[K\r").expect("memory");
    }
    text
}

/// The mean of the pixels in one of so many columns and one of so many lines.
fn mean(
    picture: &[Row],
    (column, columns): (usize, usize),
    (line, lines): (usize, usize),
) -> Pixel {
    let range = |at: usize, of: usize, size: usize| {
        let first = at * size / of;
        first..((at + 1) * size / of).max(first + 1)
    };
    let rows = &picture[range(line, lines, SIZE.1)];
    let columns = range(column, columns, SIZE.0);
    let pixels = rows.iter().flat_map(|row| &row[columns.clone()]);
    let (mut sums, mut count) = ([0_usize; 3], 0);
    for pixel in pixels {
        sums.iter_mut().zip(pixel).for_each(|(sum, &colour)| *sum += usize::from(colour));
        count += 1;
    }
    sums.map(|sum| (sum / count) as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_fits_into_a_terminal_of_any_size() {
        let picture = vec![vec![[10, 20, 30]; SIZE.0]; SIZE.1];
        for (columns, lines) in [(80, 23), (1, 1), (0, 0), (3, 200), (2_000, 500)] {
            let text = cells(&picture, columns, lines);
            assert!(text.lines().count() <= lines.max(1), "{columns} × {lines}");
            let widest = text.lines().map(|line| line.matches('▀').count()).max();
            assert!(widest <= Some(columns.max(1)), "{columns} × {lines}");
            assert_eq!(text.matches("38;2;10;20;30;48;2;10;20;30").count(), text.lines().count());
        }
    }
}
