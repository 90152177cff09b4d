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
mod cursor;
mod demo;
mod dial;
mod driver;
mod envelope;
mod examine;
mod exercises;
mod experiment;
mod explain;
mod extract;
mod header;
#[cfg(test)]
mod house;
mod learn;
mod live;
mod manual;
mod measure;
mod mistakes;
mod order;
mod passed_on;
mod pictures;
mod report;
mod scale;
mod series;
mod session;
mod shelf;
mod summary;
mod system;
mod timeline;
mod timing;

use std::process::ExitCode;

use command::{output, show};
use supervise as process;

use clap::Command;
use command::Row;

/// All commands, in the order in which `--help` shows them.
const COMMANDS: &[Row] = &[
    Row { describe: learn::describe, run: learn::run },
    Row { describe: demo::describe, run: demo::run },
    Row { describe: check::describe, run: check::run },
    Row { describe: census::describe, run: census::run },
    Row { describe: experiment::describe, run: experiment::run },
    Row { describe: dial::describe, run: dial::run },
    Row { describe: scale::describe, run: scale::run },
    Row { describe: changes::describe, run: changes::run },
    Row { describe: order::describe, run: order::run },
    Row { describe: classify::describe, run: classify::run },
    Row { describe: system::describe, run: system::run },
    Row { describe: timeline::describe, run: timeline::run },
    Row { describe: pictures::describe, run: pictures::run },
    Row { describe: cells::describe, run: cells::run },
    Row { describe: exercises::exercise, run: exercises::run_exercise },
    Row { describe: exercises::watch, run: exercises::run_watch },
    Row { describe: exercises::grade, run: exercises::run_grade },
    Row { describe: manual::describe_completions, run: manual::run_completions },
    Row { describe: manual::describe_manual, run: manual::run_manual },
    Row { describe: ci::describe, run: ci::run },
];

/// Reads the command line, and does what it says.
pub fn main() -> ExitCode {
    process::keep_if_asked();
    command::main(program(), COMMANDS)
}

/// All commands, which are also what completions and manual pages tell of.
#[must_use]
pub fn command_line() -> Command {
    command::line(program(), COMMANDS)
}

fn program() -> Command {
    Command::new("xtask")
        .version(env!("CARGO_PKG_VERSION"))
        .about("Runs, checks and shows the lessons of this workspace, and judges exercises")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_makes_sense() {
        command_line().debug_assert();
    }
}
