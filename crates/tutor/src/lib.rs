//! What students and teachers type: `cargo xtask exercise`, `watch` and `grade`.
//!
//! Read in this order:
//!
//! 1. `course`: which exercises there are, and where their files stand; `progress`: what a student has done;
//! 2. `build`: cargo builds one program, and says what is wrong with it; `twin`: elsewhere, if need be; `compiler`:
//!    and the same from a stranger's text, on a `desk` of its own;
//! 3. `tell`: what is said of a run, to people and to programs; `timeline`: and what is drawn; `means`: and what to
//!    do next;
//! 4. `ask`: questions by choice;
//! 5. `exercise`: the commands, a module each;
//! 6. `watch`: the same at every save;
//! 7. `grade`: the same for a whole class; `confine`: which is kept from everything else.

mod ask;
mod build;
mod compiler;
mod confine;
mod course;
mod desk;
mod exercise;
mod grade;
mod means;
mod progress;
mod tell;
mod timeline;
mod twin;
mod watch;

use std::process::ExitCode;

use clap::Command;
use command::Row;

const COMMANDS: &[Row] = &[
    Row { describe: exercise::describe, run: exercise::run },
    Row { describe: watch::describe, run: watch::run },
    Row { describe: grade::describe, run: grade::run },
];

/// Reads the command line, and does what it says.
pub fn main() -> ExitCode {
    if let Some(code) = compiler::note_if_asked() {
        return code;
    }
    supervise::keep_if_asked();
    confine::become_it_if_asked();
    command::main(program(), COMMANDS)
}

/// All commands. The task runner passes their arguments on, and its tests read documents with this.
#[must_use]
pub fn command_line() -> Command {
    command::line(program(), COMMANDS)
}

fn program() -> Command {
    Command::new("tutor").about("Judges exercises, and helps with them")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_makes_sense() {
        command_line().debug_assert();
    }
}
