//! `cargo xtask exercise`: lists the exercises, judges one, and helps with it.

mod authors;
mod help;
mod list;
mod one;
mod questions;
mod test_out;

use anyhow::Result;
use clap::{Arg, ArgMatches, Command};
use words::Outcome;

use crate::course::{Course, argument, wanted};
use crate::means::{self, Means};
pub(crate) use one::{seed, seed_of};

/// What can be done with an exercise besides having it judged.
struct Verb {
    describe: fn() -> Command,
    run: fn(&mut Course, &ArgMatches) -> Result<Outcome>,
}

/// All of them, in the order in which `--help` shows them: that in which a student needs them.
const VERBS: &[Verb] = &[
    Verb { describe: questions::predict, run: questions::run_predict },
    Verb { describe: help::hint, run: help::run_hint },
    Verb { describe: help::diff, run: help::run_diff },
    Verb { describe: help::reset, run: help::run_reset },
    Verb { describe: questions::explain, run: questions::run_explain },
    Verb { describe: help::solution, run: help::run_solution },
    Verb { describe: list::next, run: list::run_next },
    Verb { describe: authors::check, run: authors::run_check },
];

/// How the command is called.
pub(crate) fn describe() -> Command {
    Command::new("exercise")
        .about("Lists the exercises; judges one of them, and helps with it")
        .args_conflicts_with_subcommands(true)
        .args(one::arguments())
        .arg(argument())
        .arg(means::argument())
        .subcommands(VERBS.iter().map(|verb| (verb.describe)()))
        .after_help(
            "Without an exercise it lists all; the other commands take the next that is not solved, and \
             `check` takes all. Exit code: 0 passed, 1 failed, 2 wrong usage, 3 not shown.",
        )
}

/// Does what the command line says.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    let (name, inner) = arguments.subcommand().unzip();
    let given = inner.unwrap_or(arguments);
    let mut course = Course { means: Means::of(given), ..Course::open(given)? };
    match VERBS.iter().find(|verb| Some((verb.describe)().get_name()) == name) {
        Some(verb) => (verb.run)(&mut course, inner.expect("a verb has arguments")),
        None if arguments.get_flag("test-out") => test_out::run(&mut course, arguments),
        None if arguments.contains_id("exercise") => one::run(&mut course, arguments),
        None => list::run(&course, arguments),
    }
}

/// A verb that is about an exercise.
fn about(name: &'static str, about: &'static str) -> Command {
    Command::new(name).about(about).arg(wanted())
}

/// The argument that says who will read the answer.
pub(crate) fn format() -> Arg {
    Arg::new("format")
        .long("format")
        .value_name("FORMAT")
        .value_parser(["text", "json"])
        .default_value("text")
        .help("How to say it: to people or to a program")
}

/// Whether a program will read the answer.
pub(crate) fn is_json(arguments: &ArgMatches) -> bool {
    arguments.get_one::<String>("format").is_some_and(|format| format == "json")
}
