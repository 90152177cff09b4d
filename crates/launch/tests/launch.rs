//! What is built and run in which order, with a script in cargo's place.

#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use tempfile::TempDir;

/// Stands in for cargo.
const CARGO: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/cargo.sh");

/// A folder that nothing was built into but the launcher.
struct Clone(TempDir);

impl Clone {
    fn fresh() -> Clone {
        // Linked, and not copied: where a file was just written, it may not be possible to run it yet.
        let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
        fs::hard_link(env!("CARGO_BIN_EXE_launch"), folder.path().join("launch")).expect("a link");
        Clone(folder)
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn launch(&self, broken: &str, arguments: &[&str]) -> Output {
        Command::new(self.path().join("launch"))
            .args(arguments)
            .env("CARGO", CARGO)
            .env("PROGRAMS", self.path())
            .env("BROKEN", broken)
            .output()
            .expect("the launcher starts")
    }
}

/// What was built and run, in this order.
fn events(output: &Output) -> Vec<String> {
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    let is_event = |line: &&str| line.starts_with("cargo ") || line.contains(" runs:");
    shown.lines().filter(is_event).map(str::to_owned).collect()
}

const RUNNER: &str = "cargo build --package xtask --bin xtask";
const LESSON: &str = "cargo build --package neither --no-default-features";

#[test]
fn the_first_demo_shows_the_first_lesson_before_its_judge_is_built() {
    let clone = Clone::fresh();
    let first = clone.launch("", &["demo"]);
    assert_eq!(events(&first), [LESSON, "neither runs: <std>", RUNNER, "xtask runs: <demo>"]);
    assert_eq!(first.status.code(), Some(3), "as the task runner says");
    let second = clone.launch("", &["demo"]);
    assert_eq!(events(&second), [RUNNER, "xtask runs: <demo>"]);
}

#[test]
fn whoever_asks_for_something_else_gets_it_and_to_the_letter() {
    let clone = Clone::fresh();
    let output = clone.launch("", &["check", "both/std", "a  b", "--repeat=2"]);
    assert_eq!(events(&output), [RUNNER, "xtask runs: <check> <both/std> <a  b> <--repeat=2>"]);
}

#[test]
fn a_first_lesson_that_cannot_be_built_stops_nobody() {
    let output = Clone::fresh().launch("neither", &["demo"]);
    assert_eq!(events(&output), [LESSON, RUNNER, "xtask runs: <demo>"]);
}

#[test]
fn without_a_task_runner_nothing_runs() {
    let output = Clone::fresh().launch("xtask", &["check"]);
    assert_eq!(events(&output), [RUNNER]);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said, "error: the task runner could not be built\n");
}
