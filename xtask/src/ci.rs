//! `cargo xtask ci`: everything that must hold, in one command, the same on every machine.
//!
//! Its last line of output adds up: `231 passed, 0 failed`, with `, 1 skipped` where it applies.

use std::fmt;
use std::io::{self, BufRead, BufReader, Write};
use std::process::Stdio;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use clap::{Arg, ArgAction, ArgMatches, Command};
use lab::lesson::Runtime;

use crate::build::cargo;
use crate::show::{BAD, BOLD, DIM, GOOD, UNSURE, duration, paint};
use words::Outcome;

/// Something that must hold, and the call of cargo that finds out.
struct Section {
    name: &'static str,
    cargo: &'static [&'static str],
    /// One call for each of these lists, with its words as further arguments.
    each: fn() -> Vec<Vec<&'static str>>,
    /// Variables that it runs with.
    environment: &'static [(&'static str, &'static str)],
    /// The component of the toolchain that it needs, where a minimal toolchain lacks it.
    component: Option<&'static str>,
    counts: Counts,
    /// Whether `--fast` leaves it out.
    slow: bool,
}

/// What a section adds to the totals.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Counts {
    /// One.
    Itself,
    /// As many tests as it runs.
    Tests,
    /// As many answers to exercises as it judges.
    Answers,
}

/// All sections, in the order in which they run. Whatever happens in one, the others run too.
const SECTIONS: &[Section] = &[
    Section { component: Some("rustfmt"), ..section("format", &["fmt", "--all", "--check"]) },
    Section {
        component: Some("clippy"),
        ..section("lints", &["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"])
    },
    Section {
        counts: Counts::Tests,
        ..section("tests", &["test", "--workspace", "--no-fail-fast"])
    },
    Section {
        environment: &[("RUSTDOCFLAGS", "-D warnings")],
        ..section("documentation", &["doc", "--workspace", "--no-deps", "--document-private-items"])
    },
    Section {
        each: one_runtime_at_most,
        slow: true,
        ..section(
            "runtimes-alone",
            &["check", "--workspace", "--exclude", "xtask", "--no-default-features"],
        )
    },
    section("index", &["xtask", "cells", "--check"]),
    section("lessons", &["xtask", "check"]),
    Section {
        counts: Counts::Answers,
        slow: true,
        ..section("exercises", &["xtask", "exercise", "check"])
    },
    Section { slow: true, ..section("changes", &["xtask", "changes"]) },
    Section { slow: true, ..section("wrong-changes", &["xtask", "changes", "--wrong"]) },
];

/// A section of one call that counts as one and needs nothing else.
const fn section(name: &'static str, cargo: &'static [&'static str]) -> Section {
    Section {
        name,
        cargo,
        each: || vec![Vec::new()],
        environment: &[],
        component: None,
        counts: Counts::Itself,
        slow: false,
    }
}

/// The features of the quadrants' crates with no runtime, and with each without the others.
fn one_runtime_at_most() -> Vec<Vec<&'static str>> {
    let with = |runtime| match runtime {
        Runtime::Std => Vec::new(),
        runtime => vec!["--features", runtime.name()],
    };
    Runtime::ALL.into_iter().map(with).collect()
}

/// How the command is called.
pub(crate) fn describe() -> Command {
    let names = SECTIONS.iter().map(|section| section.name);
    Command::new("ci")
        .about("Runs all tests, and everything else that must hold")
        .arg(
            Arg::new("sections")
                .value_name("SECTION")
                .num_args(0..)
                .value_parser(names.collect::<Vec<_>>())
                .help("Run these sections only"),
        )
        .arg(
            Arg::new("fast")
                .long("fast")
                .action(ArgAction::SetTrue)
                .help("Skip what takes longest"),
        )
}

/// How many checks there were, by how they ended.
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

    /// The counts in a line that ends the run of a test program, or the check of exercises, if this is one.
    fn of_line(line: &str) -> Option<Totals> {
        let line = line.trim_end();
        let of_tests = || Some(line.strip_prefix("test result: ")?.split_once(". ")?.1);
        let counts = line.strip_prefix("answers: ").or_else(of_tests)?;
        let count = |name: &str| {
            let mut counts = counts.split("; ");
            counts.find_map(|count| count.strip_suffix(name)?.trim().parse().ok())
        };
        Some(Totals {
            passed: count("passed")?,
            failed: count("failed")?,
            skipped: count("ignored").or_else(|| count("not shown"))?,
        })
    }

    /// What a section adds whose calls of cargo succeeded, or did not, after these tests.
    ///
    /// A section of tests that fails without a failed test, because it does not compile, say,
    /// counts as a failure, and so does one that runs no tests at all. The same holds for answers.
    fn of_section(counts: Counts, outcome: Outcome, tests: Totals) -> Totals {
        let one = |holds: bool| usize::from(holds);
        match counts {
            Counts::Itself => Totals {
                passed: one(outcome == Outcome::Passed),
                failed: one(outcome == Outcome::Failed),
                skipped: one(outcome == Outcome::NotShown),
            },
            Counts::Tests | Counts::Answers
                if outcome == Outcome::Failed || tests == Totals::default() =>
            {
                Totals { failed: tests.failed.max(1), ..tests }
            }
            Counts::Tests | Counts::Answers => tests,
        }
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

/// A section that is over.
struct Ended {
    name: &'static str,
    totals: Totals,
    taken: Duration,
    /// Why it was skipped, if it was.
    skipped: Option<String>,
}

/// Runs the sections that are asked for, all of them by default, and adds up.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    #[cfg(windows)]
    make_room()?;
    let names = arguments.get_many::<String>("sections").unwrap_or_default();
    let wanted = |section: &&Section| names.len() == 0 || names.clone().any(|n| n == section.name);
    let mut ended = Vec::new();
    for section in SECTIONS.iter().filter(wanted) {
        ended.push(run_section(section, arguments.get_flag("fast"))?);
    }
    summarise(&ended);
    let mut totals = Totals::default();
    ended.iter().for_each(|section| totals.add(section.totals));
    println!("{totals}");
    Ok(if totals.failed == 0 { Outcome::Passed } else { Outcome::Failed })
}

/// Runs a section between its name and its result. On GitHub, the lines between can be folded.
fn run_section(section: &Section, fast: bool) -> Result<Ended> {
    let folds = std::env::var_os("GITHUB_ACTIONS").is_some();
    let name = section.name;
    if folds {
        println!("::group::{name}");
    } else {
        anstream::println!("\n{BOLD}{name}{BOLD:#}");
    }
    let began = Instant::now();
    let skipped = reason_to_skip(section, fast)?;
    let totals = match skipped {
        None => run_calls(section)?,
        Some(_) => Totals { skipped: 1, ..Totals::default() },
    };
    if folds {
        println!("::endgroup::");
    }
    let ended = Ended { name, totals, taken: began.elapsed(), skipped };
    anstream::println!("{name} {}", ended.result());
    Ok(ended)
}

fn reason_to_skip(section: &Section, fast: bool) -> Result<Option<String>> {
    if fast && section.slow {
        return Ok(Some("--fast".to_owned()));
    }
    let Some(component) = section.component else { return Ok(None) };
    let mut cargo = cargo();
    let answer = cargo.args([section.cargo[0], "--version"]).output().context(NO_CARGO)?;
    let missing = || format!("this toolchain lacks it: `rustup component add {component}`");
    Ok((!answer.status.success()).then(missing))
}

const NO_CARGO: &str = "cargo could not be started";

/// Makes a section's calls, all of them, and counts.
fn run_calls(section: &Section) -> Result<Totals> {
    let mut tests = Totals::default();
    let mut outcome = Outcome::Passed;
    for further in (section.each)() {
        let call = [section.cargo, &further].concat();
        anstream::println!("{DIM}$ cargo {}{DIM:#}", call.join(" "));
        let mut cargo = cargo();
        cargo.args(call).envs(section.environment.iter().copied());
        if section.counts != Counts::Itself {
            cargo.stdout(Stdio::piped());
        }
        let mut child = cargo.spawn().context(NO_CARGO)?;
        if let Some(output) = child.stdout.take() {
            tests.add(pass_on(BufReader::new(output), io::stdout())?);
        }
        outcome = outcome.and(match child.wait()?.code() {
            Some(0) => Outcome::Passed,
            // What this machine could not show has not failed.
            Some(3) if section.counts != Counts::Tests => Outcome::NotShown,
            _ => Outcome::Failed,
        });
    }
    Ok(Totals::of_section(section.counts, outcome, tests))
}

/// Passes on what tests print, or answers, as it comes, and counts them.
fn pass_on(mut output: impl BufRead, mut to: impl Write) -> Result<Totals> {
    let mut totals = Totals::default();
    let mut line = Vec::new();
    while output.read_until(b'\n', &mut line)? > 0 {
        to.write_all(&line)?;
        let counted = Totals::of_line(&String::from_utf8_lossy(&line));
        totals.add(counted.unwrap_or_default());
        line.clear();
    }
    Ok(totals)
}

impl Ended {
    /// How it ended, in colour.
    fn result(&self) -> String {
        let Totals { passed, failed, .. } = self.totals;
        let result = match (&self.skipped, failed, passed) {
            (Some(reason), ..) => return format!("{} ({reason})", paint(UNSURE, "skipped")),
            (None, 0, 0) => paint(UNSURE, "not shown on this machine"),
            (None, 0, _) => paint(GOOD, "passed"),
            (None, ..) => paint(BAD, "failed"),
        };
        let counts = if passed + failed > 1 { format!(", {}", self.totals) } else { String::new() };
        format!("{result} in {}{counts}", duration(self.taken))
    }
}

fn summarise(ended: &[Ended]) {
    println!();
    for section in ended {
        anstream::println!("{:16}{}", section.name, section.result());
    }
}

/// Gives this program's file another name. Windows keeps cargo from replacing the file of a program
/// that is running, as the sections may have to, but lets it be renamed.
#[cfg(windows)]
fn make_room() -> Result<()> {
    let program = std::env::current_exe()?;
    let aside = program.with_extension("old.exe");
    // What an earlier run has left there; if that still runs, renaming says so.
    let _ = std::fs::remove_file(&aside);
    std::fs::rename(&program, &aside).with_context(|| format!("{} is in use", program.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_counts_of_a_test_program_are_read() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; \
                    0 filtered out; finished in 0.13s\n";
        assert_eq!(Totals::of_line(line), Some(Totals { passed: 12, failed: 3, skipped: 1 }));
        let short = "test result: ok. 1 passed; 0 failed; 0 ignored\n";
        assert_eq!(Totals::of_line(short), Some(Totals { passed: 1, failed: 0, skipped: 0 }));
        let answers = "answers: 231 passed; 2 failed; 3 not shown";
        let counted = Totals { passed: 231, failed: 2, skipped: 3 };
        assert_eq!(Totals::of_line(answers), Some(counted));
        assert_eq!(Totals::of_line("test result of another kind"), None);
        assert_eq!(Totals::of_line("running 3 tests"), None);
    }

    #[test]
    fn what_tests_print_is_passed_on_and_counted_over_all_programs() {
        let output = "running 1 test\ntest result: ok. 1 passed; 0 failed; 0 ignored\n\
                      words\ntest result: ok. 2 passed; 0 failed; 1 ignored; 0 measured\n";
        let mut passed_on = Vec::new();
        let totals = pass_on(output.as_bytes(), &mut passed_on).unwrap();
        assert_eq!(passed_on, output.as_bytes());
        assert_eq!(totals, Totals { passed: 3, failed: 0, skipped: 1 });
    }

    #[test]
    fn a_section_counts_itself_or_its_tests() {
        let tests = Totals { passed: 5, failed: 0, skipped: 2 };
        let failed = Totals { failed: 2, ..tests };
        let of = Totals::of_section;
        let itself = |outcome| of(Counts::Itself, outcome, Totals::default()).to_string();
        assert_eq!(itself(Outcome::Passed), "1 passed, 0 failed");
        assert_eq!(itself(Outcome::Failed), "0 passed, 1 failed");
        assert_eq!(itself(Outcome::NotShown), "0 passed, 0 failed, 1 skipped");
        let of_tests = |outcome, tests| of(Counts::Tests, outcome, tests).to_string();
        assert_eq!(of_tests(Outcome::Passed, tests), "5 passed, 0 failed, 2 skipped");
        assert_eq!(of_tests(Outcome::Failed, failed), "5 passed, 2 failed, 2 skipped");
        let of_answers = |outcome, answers| of(Counts::Answers, outcome, answers).to_string();
        assert_eq!(of_answers(Outcome::NotShown, tests), "5 passed, 0 failed, 2 skipped");
        assert_eq!(of_answers(Outcome::Failed, failed), "5 passed, 2 failed, 2 skipped");
    }

    #[test]
    fn tests_that_do_not_run_are_a_failure() {
        let of = Totals::of_section;
        for counts in [Counts::Tests, Counts::Answers] {
            for outcome in [Outcome::Passed, Outcome::Failed] {
                let totals = of(counts, outcome, Totals::default());
                assert_eq!(totals.to_string(), "0 passed, 1 failed");
            }
        }
    }
}
