//! `cargo xtask timeline`, as a whole command, on traces that these tests record.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::Barrier;
use std::thread;
use std::time::Instant;

use command::envelope;
use lab::prelude::*;
use serde_json::Value;
use tempfile::TempDir;

/// The environment variable that names the program to run: see [`recorded_program`].
const PROGRAM: &str = "RECORDED_PROGRAM";

/// Not a test: the programs whose traces the tests look at. Who needs a trace
/// starts this very test binary once more, with a file to record into.
#[test]
#[ignore = "is started by the tests that need a trace"]
fn recorded_program() {
    match std::env::var(PROGRAM).as_deref() {
        Ok("two") => two(),
        Ok("many") => many(5_000),
        Ok("million") => many(125_000),
        _ => {}
    }
}

/// Two tasks that are in progress at once for certain: each waits for the other's start.
fn two() {
    let both = Barrier::new(2);
    thread::scope(|scope| {
        for name in ["A", "B"] {
            let both = &both;
            scope.spawn(move || {
                let task = Task::start(name);
                both.wait();
                task.step(1);
                drop(task.begin_part(1, 0));
                both.wait();
                task.say(format_args!("<{name}> & done"));
                task.end();
            });
        }
    });
}

/// Four tasks on a thread each, with so many short parts: two events a part.
fn many(parts: usize) {
    thread::scope(|scope| {
        for name in ["A", "B", "C", "D"] {
            scope.spawn(move || {
                let task = Task::start(name);
                for number in 0..parts {
                    let part = task.begin_part(1, number);
                    let sum: usize = (0..300).inspect(|_| part.tick()).sum();
                    std::hint::black_box(sum);
                }
                task.end();
            });
        }
    });
}

/// A folder with the trace of a program.
struct Recorded {
    folder: TempDir,
}

impl Recorded {
    fn of(program: &str) -> Recorded {
        let recorded = Recorded { folder: tempfile::tempdir().expect("a folder") };
        let output = Command::new(std::env::current_exe().expect("this program"))
            .args(["--exact", "recorded_program", "--ignored"])
            .env(PROGRAM, program)
            .env(evidence::trace::VARIABLE, recorded.trace())
            .output()
            .expect("a run");
        assert!(output.status.success(), "{output:?}");
        recorded
    }

    fn trace(&self) -> PathBuf {
        self.folder.path().join("trace")
    }

    /// The trace as a timeline.
    fn timeline(&self, arguments: &[&str]) -> String {
        succeed(timeline(&self.trace()).args(arguments))
    }

    /// A file that the command writes, asked for with this option.
    fn written(&self, option: &str) -> String {
        let file = self.folder.path().join("written");
        let output = timeline(&self.trace()).arg(option).arg(&file).output().expect("a run");
        assert!(output.status.success() && output.stdout.is_empty(), "{output:?}");
        fs::read_to_string(file).expect("the file that was asked for")
    }
}

fn timeline(trace: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("timeline").arg(trace);
    for variable in ["NO_COLOR", "CLICOLOR_FORCE", "LC_ALL", "LC_CTYPE", "LANG"] {
        command.env_remove(variable);
    }
    command
}

fn succeed(command: &mut Command) -> String {
    let output = command.output().expect("a run");
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

/// What the command says of this file, and its exit code.
fn fail(trace: &Path) -> (Option<i32>, String) {
    let Output { status, stdout, stderr } = timeline(trace).output().expect("a run");
    assert!(stdout.is_empty());
    (status.code(), String::from_utf8(stderr).expect("UTF-8"))
}

#[test]
fn a_trace_is_shown_with_its_lanes_and_its_verdict() {
    let shown = Recorded::of("two").timeline(&[]);
    for expected in ["task A", "task B", "tasks at once", "cores at once", "concurrent proven"] {
        assert!(shown.contains(expected), "{expected} in\n{shown}");
    }
}

#[test]
fn a_pipe_gets_neither_colour_nor_more_than_80_columns() {
    let shown = Recorded::of("two").timeline(&[]);
    assert!(!shown.contains('\u{1b}'), "{shown}");
    assert!(shown.lines().skip(1).all(|line| line.chars().count() <= 80), "{shown}");
}

#[test]
fn colour_comes_where_it_is_asked_for_and_goes_where_it_is_not_wanted() {
    let recorded = Recorded::of("two");
    let trace = recorded.trace();
    assert!(succeed(timeline(&trace).env("CLICOLOR_FORCE", "1")).contains('\u{1b}'));
    assert!(!succeed(timeline(&trace).env("NO_COLOR", "1")).contains('\u{1b}'));
}

#[test]
fn lanes_are_ascii_in_a_locale_without_more() {
    let recorded = Recorded::of("two");
    let shown = succeed(timeline(&recorded.trace()).env("LC_ALL", "C"));
    assert!(shown.is_ascii(), "{shown}");
}

#[test]
fn a_picture_is_as_wide_as_is_asked_for() {
    let recorded = Recorded::of("two");
    for width in [60, 200] {
        let shown = recorded.timeline(&["--width", &width.to_string()]);
        let lanes = shown.lines().skip(1).take_while(|line| !line.contains("computing"));
        let widest = lanes.map(|line| line.chars().count()).max().unwrap_or(0);
        // The last moments of a thread are no longer part of any count or task.
        assert!((width - 10..=width).contains(&widest), "{shown}");
    }
}

#[test]
fn a_program_reads_the_lanes_as_json() {
    let shown = Recorded::of("two").timeline(&["--format", "json"]);
    let lanes: Value = envelope::read(&shown).expect("JSON");
    let names: Vec<&Value> =
        lanes["tasks"].as_array().expect("tasks").iter().map(|t| &t["name"]).collect();
    assert_eq!(names.len(), 2);
    assert!(names.contains(&&Value::from("A")) && names.contains(&&Value::from("B")));
    assert_eq!(lanes["lines"].as_array().map(Vec::len), Some(4));
    assert_eq!(lanes["verdict"]["concurrent"]["verdict"], "proven");
    assert_eq!(lanes["highlights"][0]["axis"], "concurrent");
}

#[test]
fn pictures_and_pages_are_written_where_they_are_asked_for() {
    let recorded = Recorded::of("two");
    let picture = recorded.written("--svg");
    roxmltree::Document::parse(&picture).expect("XML");
    let events: Value = serde_json::from_str(&recorded.written("--perfetto")).expect("JSON");
    let lines = events["traceEvents"].as_array().expect("events").iter();
    assert!(lines.clone().any(|event| event["name"] == "<A> & done"));
    assert!(recorded.written("--report").starts_with("<!doctype html>"));
}

#[test]
fn a_file_that_is_not_there_is_wrong_usage() {
    let (code, said) = fail(Path::new("no-such.trace"));
    assert_eq!(code, Some(2));
    assert!(said.contains("there is no file `no-such.trace`; record one"), "{said}");
}

#[test]
fn a_file_that_cannot_be_read_is_named_with_the_reason() {
    let recorded = Recorded::of("two");
    let whole = fs::read(recorded.trace()).expect("a trace");
    let file = recorded.folder.path().join("bad.trace");
    for (content, reason) in [
        (&b""[..], "holds no trace"),
        (&b"#!/bin/sh\necho this is something else entirely"[..], "is not a trace"),
        (&whole[..5_000], "is cut short"),
    ] {
        fs::write(&file, content).expect("a file");
        let (code, said) = fail(&file);
        assert_eq!(code, Some(1), "{said}");
        assert!(said.contains("bad.trace") && said.contains(reason), "{said}");
    }
}

#[test]
fn a_folder_without_traces_is_told_of_once() {
    let (code, said) = fail(Path::new(env!("CARGO_MANIFEST_DIR")));
    assert_eq!(code, Some(1));
    assert_eq!(said.matches("holds no trace").count(), 1, "{said}");
    assert!(!said.contains("os error"), "{said}");
}

#[test]
fn a_trace_is_not_written_over() {
    let recorded = Recorded::of("two");
    let whole = fs::read(recorded.trace()).expect("a trace");
    let mut names = vec![recorded.trace(), recorded.folder.path().join(".").join("trace")];
    #[cfg(unix)]
    {
        let [link, other_name] = ["link", "other"].map(|name| recorded.folder.path().join(name));
        std::os::unix::fs::symlink(recorded.trace(), &link).expect("a link");
        fs::hard_link(recorded.trace(), &other_name).expect("another name");
        names.extend([link, other_name]);
    }
    for name in &names {
        for option in ["--svg", "--perfetto", "--report"] {
            let output = timeline(&recorded.trace()).arg(option).arg(name).output().expect("a run");
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(2), "{option} {}: {said}", name.display());
            assert!(said.contains("is the trace itself"), "{said}");
        }
    }
    assert!(fs::read(recorded.trace()).expect("a trace") == whole, "the trace is as it was");
}

#[test]
fn a_file_that_cannot_be_written_is_named() {
    let recorded = Recorded::of("two");
    let output = timeline(&recorded.trace()).args(["--svg", "no/such/folder.svg"]).output();
    let output = output.expect("a run");
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(1));
    assert!(said.contains("cannot write `no/such/folder.svg`"), "{said}");
}

#[test]
fn a_large_trace_is_a_small_picture() {
    let recorded = Recorded::of("many");
    let shown = recorded.timeline(&[]);
    // How much there is to say about the verdict depends on the machine.
    let picture = shown.lines().take_while(|line| !line.trim_start().starts_with("verdict"));
    assert!(picture.count() < 20, "{shown}");
    assert!(recorded.written("--svg").len() < 1 << 20);
}

/// Not a check, but a measurement, for `cargo test --release -p xtask --test
/// timeline -- --ignored --nocapture`.
#[test]
#[ignore = "takes long, and asserts nothing: prints what a million events take"]
fn measure_a_million_events() {
    let recorded = Recorded::of("million");
    for _ in 0..3 {
        let began = Instant::now();
        recorded.timeline(&[]);
        println!("in the terminal: {:?}", began.elapsed());
    }
    for option in ["--svg", "--perfetto", "--report"] {
        let began = Instant::now();
        let size = recorded.written(option).len();
        println!("{option}: {size} bytes, {:?}", began.elapsed());
    }
}
