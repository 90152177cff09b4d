//! The cursor of the terminal: it is moved also where no colours are wanted, and nowhere but on a terminal.
//!
//! `anstream` does not tell colours from what else a terminal obeys: under `NO_COLOR` it would leave out how
//! the cursor moves as well.

use std::env;
use std::io::{self, IsTerminal as _, Write as _};

use anstream::adapter::strip_str;
use anstream::{AutoStream, ColorChoice};

/// Whether the standard output is a terminal that can do more than print a line below the last.
pub(crate) fn is_movable() -> bool {
    let has_cursor = env::var_os("TERM").map_or(cfg!(windows), |terminal| terminal != "dumb");
    has_cursor && io::stdout().is_terminal()
}

/// Moves the cursor or clears something, as this sequence says, and prints what is to stand there then: at
/// once, so that nobody sees the one without the other.
pub(crate) fn draw(sequence: &str, text: &str) {
    let mut out = AutoStream::always(io::stdout());
    let drawn = match AutoStream::choice(out.as_inner()) {
        ColorChoice::Never => format!("{sequence}{}", strip_str(text)),
        _ => format!("{sequence}{text}"),
    };
    // What cannot be drawn now is drawn the next time.
    let _ = out.write_all(drawn.as_bytes()).and_then(|()| out.flush());
}
