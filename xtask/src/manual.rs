//! `cargo xtask completions` and `cargo xtask manual`: what shells and `man` can be told of all commands.
//!
//! Who writes that is a program of its own, `manual`.

use anyhow::Result;
use clap::{Arg, ArgMatches, Command};
use words::Outcome;

use crate::passed_on;

/// How completions are asked for.
pub(crate) fn describe_completions() -> Command {
    Command::new("completions")
        .about("Prints what a shell has to know to complete these commands")
        .arg(
            Arg::new("shell")
                .required(true)
                .value_name("SHELL")
                .value_parser(["bash", "elvish", "fish", "powershell", "zsh"])
                .help("The shell, which gets a command `xtask` as well, short for `cargo xtask`"),
        )
        .after_help(
            "Bash and zsh: `source <(cargo xtask completions bash)`. Fish: `cargo xtask completions \
             fish | source`.",
        )
}

/// Passes the shell on.
pub(crate) fn run_completions(arguments: &ArgMatches) -> Result<Outcome> {
    let shell = arguments.get_one::<String>("shell");
    passed_on::run("manual", ["completions"].into_iter().chain(shell.map(String::as_str)))
}

/// How manual pages are asked for.
pub(crate) fn describe_manual() -> Command {
    Command::new("manual")
        .about("Writes manual pages: one of all commands, and one of each")
        .arg(Arg::new("folder").value_name("FOLDER").default_value("target/man").help("Where to"))
        .after_help(
            "Read them with `man -l target/man/xtask.1`, or `man -l target/man/xtask-demo.1`.",
        )
}

/// Passes the folder on.
pub(crate) fn run_manual(arguments: &ArgMatches) -> Result<Outcome> {
    let folder = arguments.get_one::<String>("folder");
    passed_on::run("manual", ["manual"].into_iter().chain(folder.map(String::as_str)))
}
