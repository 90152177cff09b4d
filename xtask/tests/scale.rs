//! `cargo xtask scale` as a person and as a program would use it.
//!
//! A trace that is there makes the same curve on any machine; of runs on real cores nothing is asserted
//! but what holds on a busy one.

use std::path::Path;
use std::process::{Command, Output};

use command::envelope;
use serde_json::Value;

fn scale(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("scale").args(arguments).env_remove("CLICOLOR_FORCE");
    command.output().expect("the task runner runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Has a program of ours record a trace, and returns its path.
fn recorded(folder: &Path) -> String {
    let trace = folder.join("x.trace");
    let mut program = Command::new(env!("CARGO_BIN_EXE_random"));
    let output = program.arg("3").env("LAB_TRACE", &trace).output().expect("it runs");
    assert!(trace.exists(), "{}", text(&output.stderr));
    trace.to_str().expect("a path of letters").to_owned()
}

#[test]
fn a_recorded_run_is_laid_on_a_thousand_cores() {
    let folder = tempfile::tempdir().expect("a folder");
    let trace = recorded(folder.path());
    let output = scale(&["--trace", &trace, "--format", "json"]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let answer: Value = envelope::read(&output.stdout).expect("an answer");
    assert_eq!((&answer["command"], &answer["outcome"]), (&"scale".into(), &"passed".into()));
    let program = &answer["programs"][0];
    let schedules = program["schedules"].as_array().expect("a list");
    assert_eq!(schedules.len(), 11);
    assert_eq!(schedules[10]["cores"], 1024);
    for schedule in schedules {
        let [time, least, most] =
            ["time_ms", "at_least_ms", "at_most_ms"].map(|key| schedule[key].as_f64());
        assert!(least <= time.map(|it| it + 1e-6), "{schedule:#}");
        assert!(time <= most.map(|it| it + 1e-6), "{schedule:#}");
    }
}

#[test]
fn the_curves_are_drawn_and_stand_on_a_page() {
    let folder = tempfile::tempdir().expect("a folder");
    let trace = recorded(folder.path());
    let [svg, page] = ["x.svg", "x.html"].map(|name| folder.path().join(name));
    let [svg, page] = [&svg, &page].map(|path| path.to_str().expect("a path of letters"));
    let output = scale(&["--trace", &trace, "--svg", svg, "--report", page]);
    assert_eq!(output.status.code(), Some(0), "{}", text(&output.stderr));
    let shown = text(&output.stdout);
    for part in ["work ", "span ", "1,024", "Amdahl"] {
        assert!(shown.contains(part), "`{part}` is missing in {shown}");
    }
    let picture = std::fs::read_to_string(svg).expect("a picture");
    assert!(roxmltree::Document::parse(&picture).is_ok());
    assert!(std::fs::read_to_string(page).expect("a page").contains("data:image/svg+xml"));
}

#[test]
fn what_is_not_there_is_wrong_usage() {
    for (arguments, expected) in [
        (&["--trace", "nothing.trace"][..], "there is no file `nothing.trace`"),
        (&["--system", "musik"], "no system is called `musik`; the nearest is `music`"),
        (&["--system", "music", "both"], "cannot be used with"),
    ] {
        let output = scale(arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        assert!(text(&output.stderr).contains(expected), "{}", text(&output.stderr));
    }
}
