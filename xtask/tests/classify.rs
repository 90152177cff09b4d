//! What `cargo xtask classify` says of programs of which it is known what they are.
//!
//! A verdict is about a run, and a busy machine keeps a parallel program from
//! being parallel. So a test says which verdicts would be *wrong*, and a program
//! that does not let go of its core must be found out only where it has one to itself.

use std::process::{Command, Output};

use command::envelope;
use serde_json::Value;

const MISBEHAVE: &str = env!("CARGO_BIN_EXE_misbehave");

fn xtask() -> Command {
    Command::new(env!("CARGO_BIN_EXE_xtask"))
}

fn classify(arguments: &[&str]) -> Output {
    xtask().args(["classify", "--time-limit", "60"]).args(arguments).output().expect("it runs")
}

fn report(arguments: &[&str]) -> Value {
    let output = classify(&[&["--format", "json"], arguments].concat());
    let report = envelope::read(&output.stdout);
    report.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn verdicts(report: &Value) -> [&str; 2] {
    ["concurrent", "parallel"].map(|axis| report[axis]["verdict"].as_str().expect("a verdict"))
}

#[test]
fn the_output_is_passed_through() {
    let output = classify(&["--", MISBEHAVE, "alternate"]);
    assert_eq!(output.stdout, b"output 1\noutput 2\noutput 3\n");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(errors.contains("error 1\n") && errors.contains("concurrent: "), "{errors}");
}

#[test]
fn in_json_the_output_is_out_of_the_way() {
    let output = classify(&["--format", "json", "--", MISBEHAVE, "behave"]);
    envelope::read(&output.stdout).expect("nothing but the report");
    assert_eq!(output.stderr, b"one\ntwo\nthree\n");
}

#[test]
fn the_exit_code_is_the_programs_in_the_report_and_ours_at_the_end() {
    let output = classify(&["--format", "json", "--", MISBEHAVE, "fail"]);
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(envelope::read(&output.stdout).expect("a report")["exit"], 3);
}

#[test]
fn what_is_no_program_and_what_is_no_pattern_are_wrong_usage() {
    assert_eq!(classify(&["--", "no-such-program"]).status.code(), Some(2));
    assert_eq!(classify(&["--task", "(", "--", MISBEHAVE, "behave"]).status.code(), Some(2));
    assert_eq!(classify(&["--time-limit=-1", "--", MISBEHAVE, "behave"]).status.code(), Some(2));
    assert_eq!(classify(&[]).status.code(), Some(2));
}

#[test]
fn a_program_that_prints_nothing_is_left_open() {
    let report = report(&["--", MISBEHAVE, "compute-together"]);
    assert_eq!(verdicts(&report)[0], "inconclusive");
    assert_eq!(report["exit"], 0);
}

#[test]
fn a_program_that_hangs_is_ended_and_classified() {
    let report = report(&["--time-limit", "0.5", "--", MISBEHAVE, "hang"]);
    assert_eq!(report["ending"], "ended after its time limit");
    assert_eq!(report["exit"], Value::Null);
    assert_eq!(report["findings"][0]["name"], "hung");
    if cfg!(target_os = "linux") {
        assert_eq!(verdicts(&report)[1], "ruled-out", "{report:#}");
    }
}

#[test]
fn the_pattern_says_what_a_task_is() {
    let report = report(&["--task", r"^(\w+) \d", "--", MISBEHAVE, "alternate"]);
    let concurrent = &report["concurrent"];
    assert_eq!(concurrent["evidence"]["tasks"][0]["name"], "output");
    assert_eq!(concurrent["verdict"], "ruled-out", "there is one task: {concurrent:#}");
}

#[test]
fn tasks_may_be_named_on_standard_error() {
    let report = report(&["--task", r"^(error) \d", "--", MISBEHAVE, "alternate"]);
    let evidence = &report["concurrent"]["evidence"];
    assert_eq!((&evidence["stream"], &evidence["task_count"]), (&"stderr".into(), &1.into()));
}

/// Who said something about *concurrent*.
fn sources(report: &Value) -> Vec<&str> {
    let claims = report["concurrent"]["claims"].as_array().expect("a list");
    claims.iter().filter_map(|claim| claim["source"].as_str()).collect()
}

#[cfg(unix)]
#[test]
fn what_a_program_records_of_itself_is_taken_up() {
    const FORGE: &str = env!("CARGO_BIN_EXE_forge");
    assert_eq!(sources(&report(&["--", FORGE, "honest-threads"])), ["recorder", "lines"]);
    // It may have been told where to record, and keeps its trace there.
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("own.trace");
    for expected in [&["recorder", "lines"][..], &["lines"]] {
        let program = if expected.len() == 2 { FORGE } else { MISBEHAVE };
        let output = xtask()
            .args(["classify", "--format", "json", "--", program])
            .arg(if program == FORGE { "honest-threads" } else { "behave" })
            .env("LAB_TRACE", &path)
            .output()
            .expect("it runs");
        let report: Value = envelope::read(&output.stdout).expect("a report");
        // What another run left there is not of this one.
        assert_eq!(sources(&report), expected);
        assert!(path.exists());
    }
    let damaged = report(&["--", FORGE, "damage-the-trace"]);
    assert!(
        damaged["missing"].as_str().is_some_and(|why| why.contains("Its trace")),
        "{damaged:#}"
    );
}

/// What a file holds that `classify` wrote.
fn pictured(option: &str, name: &str, command: &[&str]) -> (Output, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join(name);
    let arguments = [&[option, path.to_str().expect("it is text"), "--"], command].concat();
    let output = classify(&arguments);
    (output, std::fs::read_to_string(&path).expect("it was written"))
}

#[test]
fn any_program_has_a_picture() {
    let (output, svg) = pictured("--svg", "run.svg", &[MISBEHAVE, "alternate"]);
    assert_eq!(output.status.code(), Some(0));
    let document = roxmltree::Document::parse(&svg).expect("it is XML");
    let texts: Vec<&str> = document.descendants().filter_map(|node| node.text()).collect();
    let has = |what: &str| texts.iter().any(|text| text.contains(what));
    assert!(has("alternate"), "its title is the command");
    let errors = String::from_utf8_lossy(&output.stderr);
    if !errors.contains("is not to be had") {
        assert!(has("core ") && has("misbehave"), "lanes of cores and of threads: {texts:?}");
    }
}

#[test]
fn lines_are_marks_and_tasks_have_lanes_in_other_programs_as_well() {
    let task = ["--task", r"^(\w+) \d", "--"];
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("run.json");
    let arguments = ["--perfetto", path.to_str().expect("it is text")];
    classify(&[&arguments, &task[..], &[MISBEHAVE, "alternate"]].concat());
    let text = std::fs::read_to_string(&path).expect("it was written");
    let document: Value = serde_json::from_str(&text).expect("it is JSON");
    let events = document["traceEvents"].as_array().expect("a list");
    let lines = events.iter().filter(|event| event["cat"] == "line");
    let lines: Vec<&str> = lines.filter_map(|event| event["name"].as_str()).collect();
    assert_eq!(lines, ["output 1", "output 2", "output 3"]);
    assert!(events.iter().any(|event| event["args"]["name"] == "a output"), "{events:?}");
}

#[test]
fn a_page_shows_all_that_was_printed_and_no_markup_of_it() {
    let (_, page) = pictured("--report", "run.html", &[MISBEHAVE, "alternate"]);
    assert!(page.contains("output 3") && page.contains("error 1"), "both outputs are there");
    assert!(page.contains("exited with code 0"));
}

#[test]
fn a_picture_overwrites_nothing_that_is_not_ours() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("notes.svg");
    std::fs::write(&path, "my notes").expect("there is space");
    let output =
        classify(&["--svg", path.to_str().expect("it is text"), "--", MISBEHAVE, "behave"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty(), "nothing was run");
    assert_eq!(std::fs::read_to_string(&path).expect("it is there"), "my notes");
}

#[cfg(unix)]
mod unix {
    use std::fs;
    use std::io::{BufRead, BufReader};
    use std::process::{Child, ChildStderr, Stdio};

    use rustix::process::{Pid, Signal, kill_process};

    use super::*;

    /// Starts to classify a program that hangs, and waits until it does.
    fn classify_hanging() -> (Child, BufReader<ChildStderr>, String) {
        let mut classify = xtask()
            .args(["classify", "--format", "json", "--", MISBEHAVE, "hang-with-a-daemon"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("it runs");
        let mut output = BufReader::new(classify.stderr.take().expect("it is a pipe"));
        let (mut daemon, mut program) = (String::new(), String::new());
        output.read_line(&mut daemon).expect("the daemon gives its number");
        output.read_line(&mut program).expect("the program gives its number");
        (classify, output, daemon.trim().replace("pid ", "/proc/"))
    }

    fn signal(child: &Child, signal: Signal) {
        let pid = Pid::from_raw(i32::try_from(child.id()).expect("it is a number")).expect("not 0");
        kill_process(pid, signal).expect("it is our child");
    }

    #[test]
    fn an_interrupt_ends_the_program_and_still_gives_a_report() {
        let (classify, _output, daemon) = classify_hanging();
        signal(&classify, Signal::INT);
        let output = classify.wait_with_output().expect("it is our child");
        assert_eq!(output.status.code(), Some(130));
        let report: Value = envelope::read(&output.stdout).expect("a report");
        assert_eq!(report["ending"], "interrupted");
        assert!(!fs::exists(&daemon).unwrap_or(true), "{daemon} is still there");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_program_does_not_outlive_whoever_classifies_it() {
        let (mut classify, _output, daemon) = classify_hanging();
        signal(&classify, Signal::KILL);
        classify.wait().expect("it is our child");
        while fs::exists(&daemon).unwrap_or(false) {
            std::thread::yield_now();
        }
    }

    #[test]
    fn a_daemon_is_ended_and_reported() {
        let report = report(&["--", MISBEHAVE, "leave-a-daemon"]);
        assert_eq!(report["exit"], 0);
        if cfg!(target_os = "linux") {
            assert_eq!(report["findings"][0]["name"], "left-behind");
        }
    }
}

#[cfg(target_os = "linux")]
mod linux {
    use super::*;

    #[test]
    fn on_one_core_nothing_is_parallel() {
        let report = report(&["--cores", "1", "--", MISBEHAVE, "compute-together"]);
        assert_eq!(verdicts(&report)[1], "ruled-out", "{report:#}");
        assert_eq!(report["restricted_to_cores"], 1);
    }

    #[test]
    fn one_thread_is_not_parallel() {
        let report = report(&["--time-limit", "0.5", "--", MISBEHAVE, "spin"]);
        assert_eq!(verdicts(&report)[1], "ruled-out", "{report:#}");
    }

    #[test]
    fn threads_that_wake_each_other_are_not_parallel() {
        let report = report(&["--", MISBEHAVE, "hand-over"]);
        assert_ne!(verdicts(&report)[1], "proven", "{report:#}");
    }

    #[test]
    fn an_account_without_children_rules_nothing_out() {
        let ignore =
            ["--evidence", "accounts", "--", "env", "--ignore-signal=CHLD", "sleep", "0.2"];
        let report = report(&ignore);
        assert_eq!(report["exit"], 0, "{report:#}");
        assert_eq!(verdicts(&report)[1], "inconclusive", "{report:#}");
    }
}
