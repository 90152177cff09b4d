//! Lists the ways to count, or counts in the one that is named, or is one process of several that count.

use std::process::ExitCode;

fn main() -> ExitCode {
    big_data::processes::worker().unwrap_or_else(|| stage::main(&big_data::SYSTEM))
}
