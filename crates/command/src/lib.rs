//! What all commands of this workspace have in common, in whichever program they are.
//!
//! 1. [`show`]: how things look in a terminal;
//! 2. [`envelope`]: what every answer for programs has;
//! 3. [`output`]: what happens where the standard output cannot be written;
//! 4. [`notes`]: files of lines that are added to, and merged;
//! 5. [`main`]: how one of several commands is found and run, and [`finish`]: which exit code it ends with.

pub mod envelope;
pub mod notes;
pub mod output;
pub mod show;

use std::process::ExitCode;

use anyhow::Result;
use clap::{ArgMatches, Command};
use supervise::Interrupted;
use words::{Outcome, WrongUsage};

/// One command: how it is called, and what runs it.
#[derive(Clone, Copy, Debug)]
pub struct Row {
    /// Says how it is called.
    pub describe: fn() -> Command,
    /// Does what its arguments say.
    pub run: fn(&ArgMatches) -> Result<Outcome>,
}

/// The command line of a program that has these commands, and must be given one.
#[must_use]
pub fn line(program: Command, commands: &[Row]) -> Command {
    program
        .bin_name("cargo xtask")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(commands.iter().map(|row| (row.describe)()))
}

/// Reads the command line, and does what it says.
///
/// # Panics
///
/// Never: clap accepts no command that is not in the table.
pub fn main(program: Command, commands: &[Row]) -> ExitCode {
    let matches = line(program, commands).get_matches();
    let (name, arguments) = matches.subcommand().expect("a command is required");
    let row = commands.iter().find(|row| (row.describe)().get_name() == name);
    let run = row.expect("clap accepts known commands only").run;
    finish(|| run(arguments))
}

/// Does what a command line says, and tells the system what came of it: 0, 1 and 3 for the three outcomes, 2
/// for wrong usage, 130 for Ctrl-C.
///
/// Where nobody reads the output any longer that is the end, and no failure.
pub fn finish(run: impl FnOnce() -> Result<Outcome>) -> ExitCode {
    match output::or_cannot_print(run) {
        Ok(outcome) => ExitCode::from(outcome.exit_code()),
        Err(error) if output::nobody_reads(&error) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(exit_code(&error))
        }
    }
}

/// The exit code that an error deserves.
fn exit_code(error: &anyhow::Error) -> u8 {
    match error {
        error if error.is::<WrongUsage>() => 2,
        error if error.is::<Interrupted>() => supervise::exit_code(),
        _ => 1,
    }
}
