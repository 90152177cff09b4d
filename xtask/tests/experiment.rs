//! `cargo xtask experiment` as a whole, with as few runs as show its structure.

use std::process::Command;

use command::envelope;
use serde_json::{Value, json};

fn experiment(arguments: &[&str]) -> (Option<i32>, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["experiment", "--time-limit", "60", "--format", "json"])
        .args(arguments)
        .output()
        .expect("the task runner runs");
    let answer = envelope::read(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), answer.unwrap_or_else(|error| panic!("{error}: {errors}")))
}

#[test]
fn a_lesson_is_run_beside_neither_on_all_cores_and_on_one() {
    let (code, answer) = experiment(&["both/std", "--runs", "1"]);
    assert_eq!(code, Some(0), "{answer:#}");
    let lessons = answer["lessons"].as_array().expect("a list of lessons");
    let ids = lessons.iter().map(|lesson| [&lesson["quadrant"], &lesson["name"]]);
    assert_eq!(
        ids.collect::<Vec<_>>(),
        [[&json!("neither"), &json!("std")], [&json!("both"), &json!("std")]]
    );
    for lesson in lessons {
        assert_eq!(lesson["all_cores"]["sound_runs"], 1);
        assert!(lesson["all_cores"]["taken"]["median_ms"].is_f64());
        assert!(lesson["all_cores"]["predicted_ms"].is_f64());
        // What the system does not do is said, and not measured.
        assert_eq!(lesson["one_core"].is_null(), answer["hindrance"].is_string());
    }
}

#[test]
fn nothing_is_parallel_on_one_core() {
    let (_, answer) = experiment(&["parallel-only/std", "both/std", "--runs", "1"]);
    for lesson in answer["lessons"].as_array().expect("a list of lessons") {
        let on_one = &lesson["one_core"];
        assert!(on_one.is_null() || on_one["parallel"]["proven"] == 0, "{on_one:#}");
    }
}

#[test]
fn one_run_shows_nothing_of_the_gain() {
    let (_, answer) = experiment(&["concurrent-only/std", "--runs", "1"]);
    let finding = &answer["findings"][0];
    assert_eq!(finding["lesson"], "concurrent-only/std");
    assert_eq!(finding["gain_on_one_core"], "inconclusive");
    let conclusion = answer["conclusion"].as_str().expect("a sentence");
    assert!(conclusion.starts_with("Whether the gain of concurrency"), "{conclusion}");
}

#[test]
fn a_system_is_run_on_all_cores_and_on_one_beside_no_lesson() {
    let (code, answer) = experiment(&["--system", "training/both", "--runs", "1"]);
    assert_eq!(code, Some(0), "{answer:#}");
    let ways = answer["lessons"].as_array().expect("a list of ways");
    assert_eq!(ways.len(), 1, "{answer:#}");
    assert_eq!(ways[0]["all_cores"]["sound_runs"], 1, "{answer:#}");
    assert_eq!(answer["findings"][0]["lesson"], "training/both");
    // There is no lesson to say anything of in general.
    assert_eq!(answer["conclusion"], Value::Null);
}

#[test]
fn a_run_that_fails_is_named_and_not_measured() {
    let misbehave = ["--program", env!("CARGO_BIN_EXE_misbehave"), "--runs", "2"];
    let (code, answer) = experiment(&[&misbehave[..], &["neither/fail"]].concat());
    assert_eq!((code, &answer["passed"]), (Some(1), &json!(false)));
    let sample = &answer["lessons"][0]["all_cores"];
    assert_eq!((&sample["runs"], &sample["sound_runs"]), (&json!(2), &json!(0)));
    assert_eq!(sample["taken"], Value::Null);
    assert_eq!(sample["faults"][0], "exited with code 3: the dog ate it (in 2 of 2 runs)");
}
