//! Commands that are programs of their own, each built when it is first asked for: the first lesson of a
//! fresh clone waits for none of them.

use std::env::consts::EXE_SUFFIX;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command as Process;

use anyhow::{Context, Result, bail};
use words::Outcome;

use crate::build::{cargo, root};

/// Becomes the program of a package, with these arguments.
pub(crate) fn run(
    package: &str,
    arguments: impl IntoIterator<Item = impl Into<OsString>>,
) -> Result<Outcome> {
    let mut program = Process::new(build(package)?);
    program.args(arguments.into_iter().map(Into::into));
    become_it(&mut program).with_context(|| format!("{package} could not be started"))
}

/// Builds the program. Where there is none yet that takes some seconds, and cargo shows what it does.
fn build(package: &str) -> Result<PathBuf> {
    // Cargo puts it into the folder that it has put this program into.
    let program = std::env::current_exe()?.with_file_name(format!("{package}{EXE_SUFFIX}"));
    let mut cargo = cargo();
    cargo.args(["build", "--package", package]).current_dir(root());
    if program.exists() {
        cargo.arg("--quiet");
    }
    if !cargo.status().context("cargo could not be started")?.success() {
        bail!("{package} could not be built");
    }
    Ok(program)
}

/// Becomes that program, so that signals and the terminal are its own.
#[cfg(unix)]
fn become_it(program: &mut Process) -> Result<Outcome> {
    use std::os::unix::process::CommandExt;
    Err(program.exec().into())
}

#[cfg(not(unix))]
fn become_it(program: &mut Process) -> Result<Outcome> {
    let status = program.status()?;
    std::process::exit(status.code().unwrap_or(1))
}
