//! What all commands of this workspace have in common, in whichever program they are.
//!
//! 1. [`show`]: how things look in a terminal;
//! 2. [`envelope`]: what every answer for programs has;
//! 3. [`output`]: what happens where the standard output cannot be written;
//! 4. [`finish`]: which exit code a command ends with.

pub mod envelope;
pub mod output;
pub mod show;

use std::process::ExitCode;

use anyhow::Result;
use supervise::Interrupted;
use words::{Outcome, WrongUsage};

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
