//! The workspace's task runner: one module a command.
//!
//! Every command is a row of `COMMANDS`: how it is called, and what runs it.

mod build;
mod busy;
mod cells;
mod census;
mod changes;
mod check;
mod ci;
mod classify;
mod console;
mod demo;
mod driver;
mod envelope;
mod examine;
mod experiment;
mod explain;
mod header;
#[cfg(test)]
mod house;
mod learn;
mod live;
mod mistakes;
mod order;
mod output;
mod pictures;
mod report;
mod series;
mod session;
mod shelf;
mod show;
mod summary;
mod system;
mod timeline;
mod timing;

use std::process::ExitCode;

use supervise as process;

use clap::{ArgMatches, Command};
use words::{Outcome, WrongUsage};

/// One command of the task runner.
struct Row {
    describe: fn() -> Command,
    run: fn(&ArgMatches) -> anyhow::Result<Outcome>,
}

/// All commands, in the order in which `--help` shows them.
const COMMANDS: &[Row] = &[
    Row { describe: learn::describe, run: learn::run },
    Row { describe: demo::describe, run: demo::run },
    Row { describe: check::describe, run: check::run },
    Row { describe: census::describe, run: census::run },
    Row { describe: experiment::describe, run: experiment::run },
    Row { describe: changes::describe, run: changes::run },
    Row { describe: order::describe, run: order::run },
    Row { describe: classify::describe, run: classify::run },
    Row { describe: system::describe, run: system::run },
    Row { describe: timeline::describe, run: timeline::run },
    Row { describe: pictures::describe, run: pictures::run },
    Row { describe: cells::describe, run: cells::run },
    Row { describe: ci::describe, run: ci::run },
];

/// Reads the command line, and does what it says.
///
/// Where nobody reads the output any longer that is the end, and no failure.
///
/// # Panics
///
/// Never: clap accepts no command that is not in the table.
pub fn main() -> ExitCode {
    process::keep_if_asked();
    let matches = command_line().get_matches();
    let (name, arguments) = matches.subcommand().expect("a command is required");
    let row = COMMANDS.iter().find(|row| (row.describe)().get_name() == name);
    let run = row.expect("clap accepts known commands only").run;
    match output::or_cannot_print(|| run(arguments)) {
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
        error if error.is::<process::Interrupted>() => process::exit_code(),
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
