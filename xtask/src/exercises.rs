//! `cargo xtask exercise`, `watch` and `grade`: what students and their teachers type.
//!
//! All of it is in a program of its own, `tutor`.

use std::ffi::OsString;

use anyhow::Result;
use clap::{Arg, ArgMatches, Command, value_parser};
use words::Outcome;

use crate::passed_on;

/// How exercises are called for.
pub(crate) fn exercise() -> Command {
    passed_on("exercise").about("Lists the exercises; judges one of them, and helps with it")
}

/// Passes `exercise` on.
pub(crate) fn run_exercise(arguments: &ArgMatches) -> Result<Outcome> {
    run("exercise", arguments)
}

/// How one has one's exercises watched.
pub(crate) fn watch() -> Command {
    passed_on("watch").about("Judges an exercise whenever it is saved")
}

/// Passes `watch` on.
pub(crate) fn run_watch(arguments: &ArgMatches) -> Result<Outcome> {
    run("watch", arguments)
}

/// How a teacher calls for a class to be graded.
pub(crate) fn grade() -> Command {
    passed_on("grade").about("Judges what a class has handed in")
}

/// Passes `grade` on.
pub(crate) fn run_grade(arguments: &ArgMatches) -> Result<Outcome> {
    run("grade", arguments)
}

/// A command whose arguments are the tutor's business, `--help` among them.
fn passed_on(name: &'static str) -> Command {
    let arguments = Arg::new("arguments")
        .num_args(0..)
        .trailing_var_arg(true)
        .allow_hyphen_values(true)
        .value_parser(value_parser!(OsString));
    Command::new(name).disable_help_flag(true).arg(arguments)
}

fn run(name: &str, arguments: &ArgMatches) -> Result<Outcome> {
    let arguments = arguments.get_many::<OsString>("arguments").unwrap_or_default().cloned();
    passed_on::run("tutor", [OsString::from(name)].into_iter().chain(arguments))
}
