//! What `cargo xtask check` says of lessons with every bad habit, run one after the other.

use std::process::Command;

use command::envelope;
use serde_json::Value;

/// Each habit, and what must be said of it; nothing of the one that behaves.
const EXPECTED: &[(&str, &str)] = &[
    ("behave", ""),
    ("swap-two-lines", "line 2, \"three\", came too early: it must wait for \"two\""),
    ("print-an-unknown-line", "line 3, \"tree\", is not in the contract"),
    ("leave-a-line-out", "\"two\" never came"),
    ("print-a-line-twice", "line 3, \"two\", came already as line 2"),
    ("fail", "exited with code 3: the dog ate it"),
    ("panic", "panicked at"),
    ("panic-in-a-thread", "nobody looks at me"),
    ("abort", "aborted"),
    ("hang", "did not end within 1"),
    ("deadlock", "as in a deadlock"),
    ("print-half-a-line", "ends in the middle of line 2"),
    ("print-broken-utf-8", "not UTF-8"),
    #[cfg(unix)]
    ("segfault", "killed by SIGSEGV"),
    #[cfg(unix)]
    ("leave-a-daemon", "left a process behind"),
    #[cfg(unix)]
    ("hang-with-twenty", "did not end within 1"),
];

fn check(arguments: &[&str]) -> (Option<i32>, Value) {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["check", "--program", env!("CARGO_BIN_EXE_misbehave")])
        .args(["--format", "json"])
        .args(arguments)
        .output()
        .expect("the task runner runs");
    let answer = envelope::read(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    (output.status.code(), answer.unwrap_or_else(|error| panic!("{error}: {errors}")))
}

#[test]
fn each_bad_habit_is_named_and_keeps_no_other_lesson_from_running() {
    let names: Vec<_> = EXPECTED.iter().map(|(name, _)| format!("neither/{name}")).collect();
    let names = names.iter().map(String::as_str).chain(["--time-limit", "1"]);
    let (code, answer) = check(&names.collect::<Vec<_>>());
    assert_eq!(code, Some(1));
    let lessons = answer["lessons"].as_array().expect("a list of lessons");
    assert_eq!(lessons.len(), EXPECTED.len());
    for (name, expected) in EXPECTED {
        let lesson = lessons.iter().find(|lesson| lesson["name"] == *name);
        let lesson = lesson.unwrap_or_else(|| panic!("{name} was not run"));
        let faults = lesson["faults"].to_string().replace("\\\"", "\"");
        if expected.is_empty() {
            assert_eq!(faults, "[]", "{name}");
        } else {
            assert!(faults.contains(expected), "{name}: {faults}");
            assert_eq!(lesson["outcome"], "failed", "{name}");
        }
    }
}

#[test]
fn a_flood_is_counted_and_its_beginning_kept() {
    let (code, answer) = check(&["neither/print-a-gigabyte", "--time-limit", "600"]);
    assert_eq!(code, Some(1));
    let faults = answer["lessons"][0]["faults"].to_string();
    assert!(faults.contains("printed 1.0 GiB"), "{faults}");
}

#[test]
fn who_behaves_by_a_contract_of_its_own_has_shown_nothing() {
    let (code, answer) = check(&["neither/behave"]);
    assert_eq!((code, &answer["outcome"]), (Some(3), &"not-shown".into()));
    let doubts = answer["lessons"][0]["doubts"].to_string();
    assert!(doubts.contains("Nobody but the program itself says what it promises"), "{doubts}");
}
