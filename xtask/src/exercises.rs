//! `cargo xtask exercise`, `watch` and `grade`: what students and their teachers type.
//!
//! All of it is in a program of its own, `tutor`, which is built when it is first asked for: the first lesson
//! of a fresh clone does not wait for it.

use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command as Process;

use anyhow::{Context, Result, bail};
use clap::{Arg, ArgMatches, Command, value_parser};
use words::Outcome;

use crate::build::{cargo, root};

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
    let mut tutor = Process::new(build()?);
    let arguments = arguments.get_many::<OsString>("arguments").unwrap_or_default();
    become_it(tutor.arg(name).args(arguments))
}

/// Builds the tutor. Where there is none yet that takes some seconds, and cargo shows what it does.
fn build() -> Result<PathBuf> {
    // Cargo puts it into the folder that it has put this program into.
    let program = std::env::current_exe()?.with_file_name(format!("tutor{EXE_SUFFIX}"));
    let mut cargo = cargo();
    cargo.args(["build", "--package", "tutor"]).current_dir(root());
    if program.exists() {
        cargo.arg("--quiet");
    }
    if !cargo.status().context("cargo could not be started")?.success() {
        bail!("the tutor could not be built");
    }
    Ok(program)
}

/// Becomes that program, so that signals and the terminal are its own.
#[cfg(unix)]
fn become_it(program: &mut Process) -> Result<Outcome> {
    use std::os::unix::process::CommandExt;
    Err(program.exec()).context("the tutor could not be started")
}

#[cfg(not(unix))]
fn become_it(program: &mut Process) -> Result<Outcome> {
    let status = program.status().context("the tutor could not be started")?;
    std::process::exit(status.code().unwrap_or(1))
}
