//! The workspace's task runner: one module a command.
//!
//! Every command is a row of `COMMANDS`: how it is called, and what runs it.

mod build;
mod busy;
mod catalogue;
mod cells;
mod census;
mod changes;
mod check;
mod ci;
mod classify;
mod demo;
mod draw;
mod examine;
mod experiment;
mod explain;
mod header;
#[cfg(test)]
mod house;
mod order;
mod output;
mod pictures;
mod process;
mod record;
mod report;
mod session;
mod show;
mod summary;
mod timeline;
mod timing;
mod witness;

use std::process::ExitCode;

use clap::{ArgMatches, Command};

/// What a command found out, where it could do its work at all.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Everything that was checked holds: exit code 0.
    Passed,
    /// Something that was checked does not hold: exit code 1.
    Failed,
}

/// A command line that names something that is not there: exit code 2.
///
/// Any other error means that a command could not do its work: exit code 1.
#[derive(Debug)]
pub(crate) struct WrongUsage(pub(crate) String);

impl std::fmt::Display for WrongUsage {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for WrongUsage {}

/// One command of the task runner.
struct Row {
    describe: fn() -> Command,
    run: fn(&ArgMatches) -> anyhow::Result<Outcome>,
}

/// All commands, in the order in which `--help` shows them.
const COMMANDS: &[Row] = &[
    Row { describe: demo::describe, run: demo::run },
    Row { describe: check::describe, run: check::run },
    Row { describe: census::describe, run: census::run },
    Row { describe: experiment::describe, run: experiment::run },
    Row { describe: changes::describe, run: changes::run },
    Row { describe: order::describe, run: order::run },
    Row { describe: classify::describe, run: classify::run },
    Row { describe: timeline::describe, run: timeline::run },
    Row { describe: pictures::describe, run: pictures::run },
    Row { describe: cells::describe, run: cells::run },
    Row { describe: ci::describe, run: ci::run },
    #[cfg(unix)]
    Row { describe: process::keeper::describe, run: process::keeper::run },
];

/// Reads the command line, and does what it says.
///
/// Where nobody reads the output any longer that is the end, and no failure.
///
/// # Panics
///
/// Never: clap accepts no command that is not in the table.
pub fn main() -> ExitCode {
    let matches = command_line().get_matches();
    let (name, arguments) = matches.subcommand().expect("a command is required");
    let row = COMMANDS.iter().find(|row| (row.describe)().get_name() == name);
    let run = row.expect("clap accepts known commands only").run;
    match output::or_cannot_print(|| run(arguments)) {
        Ok(Outcome::Passed) => ExitCode::SUCCESS,
        Ok(Outcome::Failed) => ExitCode::from(1),
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
        error if error.is::<process::Interrupted>() => process::INTERRUPTED,
        _ => 1,
    }
}

fn command_line() -> Command {
    Command::new("xtask")
        .bin_name("cargo xtask")
        .about("Runs, checks and shows the lessons of this workspace")
        .subcommand_required(true)
        .arg_required_else_help(true)
        .subcommands(COMMANDS.iter().map(|row| (row.describe)()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_makes_sense() {
        command_line().debug_assert();
    }
}
