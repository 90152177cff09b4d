//! What `cargo xtask check` says of programs that promise what they do not do.
//!
//! What is forged must not pass, on whatever machine: it fails where that can be shown. What is honest must not
//! fail.
#![cfg(unix)]

use std::process::Command;

use command::envelope;
use serde_json::Value;

/// Each forgery, and what must be said of it.
const FORGERIES: &[(&str, &str)] = &[
    ("print-only", "0 of 9 steps were announced by a task on record"),
    ("known-number", "nothing was computed in it: 9 of 9 steps"),
    ("known-number-in-rounds", "nothing was computed in it: 9 of 9 steps"),
    ("a-step-left-out", "nothing was computed in it: 3 of 9 steps"),
    ("some-compute", "where the same work takes"),
    ("begun-together", "the tasks were done one after the other"),
    ("goes-on-as-another-program", "the tasks were done one after the other"),
    ("work-beside-on-two-cores", "nothing was computed in it: 9 of 9 steps"),
    ("spun-a-little", "nothing was computed in it: 6 of 9 steps"),
    ("parts-without-end", "where the same work takes"),
    ("remove-the-trace", "It removed its trace"),
    ("empty-the-trace", "It emptied its trace"),
    ("damage-the-trace", "trace"),
    ("replace-the-trace", "It put something else in the place of its trace"),
    ("pipe-for-a-trace", "It put something else in the place of its trace"),
];

/// Forgeries that only the kernel's own record can tell for certain, and what must be said of them.
const SEEN_BY_THE_KERNEL: &[(&str, &str)] = &[
    ("shift-the-trace", "The trace is not to be believed"),
    ("work-beside", "It was parallel, and should not be"),
    ("in-turn-and-spinning", "Who waited for a turn executed as well"),
];

const HONEST: &[&str] =
    &["honest", "honest-threads", "honest-pinned-threads", "honest-threads-and-another-program"];

fn check(arguments: &[&str]) -> (Option<i32>, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["check", "--program", env!("CARGO_BIN_EXE_forge"), "--format", "json"])
        .args(arguments)
        .output()
        .expect("the task runner runs");
    let answer = envelope::read(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), answer.unwrap_or_else(|error| panic!("{error}: {errors}")))
}

/// The only lesson that was checked, with the exit code.
fn check_one(name: &str) -> (Option<i32>, Value) {
    let (code, answer) = check(&[&format!("both/{name}")]);
    (code, answer["lessons"][0].clone())
}

#[test]
fn every_forgery_fails_for_its_reason() {
    for (name, expected) in FORGERIES {
        let (code, lesson) = check_one(name);
        let faults = lesson["faults"].to_string();
        assert_eq!((code, &lesson["outcome"]), (Some(1), &"failed".into()), "{name}: {lesson:#}");
        assert!(faults.contains(expected), "{name}: {faults}");
    }
}

#[test]
fn what_the_kernel_did_not_see_was_not_done() {
    for (name, expected) in SEEN_BY_THE_KERNEL {
        let (code, lesson) = check_one(name);
        let claims = lesson["parallel"]["claims"].as_array().expect("claims");
        if !claims.iter().any(|claim| claim["source"] == "switches") {
            println!("skipped: the kernel's own record is not to be had here");
            return;
        }
        // On a busy machine work beside work may never come about.
        let faults = lesson["faults"].to_string();
        let is_alone = *name != "shift-the-trace" && lesson["parallel"]["verdict"] != "proven";
        assert!(is_alone || code == Some(1), "{name}: {lesson:#}");
        assert!(is_alone || faults.contains(expected), "{name}: {faults}");
    }
}

#[test]
fn whoever_is_honest_in_another_way_does_not_fail() {
    for name in HONEST {
        let (code, lesson) = check_one(name);
        assert_ne!(code, Some(1), "{name}: {lesson:#}");
        assert_eq!(lesson["faults"].to_string(), "[]", "{name}");
    }
}

#[test]
fn a_contract_of_its_own_is_kept_by_whoever_prints_anything() {
    let (code, lesson) = check_one("own-contract");
    assert_ne!(code, Some(0), "{lesson:#}");
}

#[test]
fn a_contract_that_somebody_else_has_written_is_one_to_keep() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("contract");
    std::fs::write(&file, "\"43 is the answer\"").expect("a contract");
    let file = file.to_str().expect("a path in UTF-8");
    let (code, answer) = check(&["both/own-contract", "--contract", file, "--quadrant", "neither"]);
    let faults = answer["lessons"][0]["faults"].to_string();
    assert_eq!(code, Some(1), "{faults}");
    assert!(faults.contains("is not in the contract"), "{faults}");
}

/// Its keeper is out of its reach, or it is found out; in either case the next one is run.
#[test]
fn whoever_ends_its_keeper_harms_itself_alone() {
    let (code, answer) = check(&["both/end-the-keeper", "both/honest"]);
    let [first, second] = [0, 1].map(|place| &answer["lessons"][place]);
    assert_ne!(second["outcome"], "failed", "{second:#}");
    assert_eq!(code == Some(1), first["outcome"] == "failed", "{first:#}");
}

#[test]
fn one_forgery_keeps_no_other_from_being_told() {
    let (code, answer) = check(&["both/pipe-for-a-trace", "both/honest", "both/remove-the-trace"]);
    let outcomes: Vec<&Value> =
        answer["lessons"].as_array().expect("lessons").iter().map(|it| &it["outcome"]).collect();
    assert_eq!((code, outcomes.len()), (Some(1), 3));
}
