//! `cargo xtask ci`: everything that must hold, in one command, the same on every machine.

use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Instant;

use anyhow::{Context, Result};
use clap::{ArgMatches, Command as Description};

use crate::Outcome;
use crate::build::{cargo, root};
use crate::show::{BAD, BOLD, DIM, GOOD, duration, paint};

/// A step of the way: its name, and the arguments that cargo gets for it.
struct Section {
    name: &'static str,
    cargo: &'static [&'static str],
    /// Variables that it runs with.
    environment: &'static [(&'static str, &'static str)],
}

const fn section(name: &'static str, cargo: &'static [&'static str]) -> Section {
    Section { name, cargo, environment: &[] }
}

/// Everything that must hold. All sections run, whatever happens in the ones before.
const SECTIONS: &[Section] = &[
    section("format", &["fmt", "--all", "--check"]),
    section("lints", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]),
    section("tests", &["test", "--workspace", "--no-fail-fast"]),
    Section {
        name: "documentation",
        cargo: &["doc", "--workspace", "--no-deps", "--document-private-items"],
        environment: &[("RUSTDOCFLAGS", "-D warnings")],
    },
    section("index of lessons", &["xtask", "cells", "--check"]),
    section("lessons", &["xtask", "check"]),
    section("changes that lessons suggest", &["xtask", "changes"]),
];

/// How the command is called.
pub(crate) fn describe() -> Description {
    Description::new("ci").about("Runs all tests, and everything else that must hold")
}

/// How many checks there were, as they end.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Totals {
    passed: usize,
    failed: usize,
    skipped: usize,
}

impl Totals {
    fn add(&mut self, other: Totals) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.skipped += other.skipped;
    }

    /// The counts in a line that ends the run of a test program, if it is one.
    fn of_line(line: &str) -> Option<Totals> {
        let (_, counts) = line.strip_prefix("test result: ")?.split_once(". ")?;
        let count = |name: &str| {
            let mut counts = counts.split("; ");
            counts.find_map(|count| count.strip_suffix(name)?.trim().parse().ok())
        };
        Some(Totals {
            passed: count("passed")?,
            failed: count("failed")?,
            skipped: count("ignored")?,
        })
    }
}

/// Runs all sections, and adds up.
pub(crate) fn run(_: &ArgMatches) -> Result<Outcome> {
    let mut totals = Totals::default();
    let mut failed = Vec::new();
    for section in SECTIONS {
        let began = Instant::now();
        anstream::println!("\n{BOLD}{}{BOLD:#}", section.name);
        let (succeeded, counted) = run_section(section)?;
        totals.add(counted);
        let mark = if succeeded { paint(GOOD, "passed") } else { paint(BAD, "failed") };
        anstream::println!("{DIM}{}{DIM:#} {mark} in {}", section.name, duration(began.elapsed()));
        if !succeeded {
            failed.push(section.name);
        }
    }
    anstream::println!();
    for name in &failed {
        anstream::println!("{} {name}", paint(BAD, "failed:"));
    }
    let Totals { passed, failed: failures, skipped } = totals;
    println!("{passed} passed, {failures} failed, {skipped} skipped");
    Ok(if failed.is_empty() { Outcome::Passed } else { Outcome::Failed })
}

/// Runs one section with its output passed on as it comes. A section whose tests are not counted,
/// or that fails although none of its tests did, counts as one itself.
fn run_section(section: &Section) -> Result<(bool, Totals)> {
    let mut command: Command = cargo();
    command.args(section.cargo).envs(section.environment.iter().copied()).current_dir(root());
    let mut child = command.stdout(Stdio::piped()).spawn().context("cargo could not be started")?;
    let mut totals = Totals::default();
    let mut output = BufReader::new(child.stdout.take().expect("a piped stdout"));
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line)? > 0 {
        std::io::stdout().write_all(&line)?;
        if let Some(counted) = Totals::of_line(&String::from_utf8_lossy(&line)) {
            totals.add(counted);
        }
        line.clear();
    }
    let succeeded = child.wait()?.success();
    match succeeded {
        true if totals == Totals::default() => totals.passed = 1,
        false if totals.failed == 0 => totals.failed = 1,
        _ => {}
    }
    Ok((succeeded, totals))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_of_a_test_program_are_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; \
                    0 filtered out; finished in 0.13s\n";
        assert_eq!(Totals::of_line(line), Some(Totals { passed: 12, failed: 3, skipped: 1 }));
        assert_eq!(Totals::of_line("test result of another kind"), None);
        assert_eq!(Totals::of_line("running 3 tests"), None);
    }
}
