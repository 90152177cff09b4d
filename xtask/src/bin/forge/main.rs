//! A chapter whose lessons promise what they do not do, and some that do it in an odd way.
//!
//! `forge --list` lists them as a chapter does; the tests of the task runner hold each to its promise:
//! `cargo xtask check --program forge`.

#[cfg(unix)]
mod unix;

use std::process::ExitCode;

fn main() -> ExitCode {
    #[cfg(unix)]
    return unix::main();
    #[cfg(not(unix))]
    ExitCode::SUCCESS
}
