//! `cargo xtask dial` as a whole, with as few runs as show its structure.

use std::process::Command;

use command::envelope;
use serde_json::{Value, json};

#[test]
fn the_same_lessons_are_run_at_every_mark_and_wait_more_and_more() {
    let folder = tempfile::tempdir().expect("a folder");
    let svg = folder.path().join("dial.svg");
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args(["dial", "both", "--runs", "1", "--time-limit", "60", "--format", "json", "--svg"])
        .arg(&svg)
        .output()
        .expect("the task runner runs");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{errors}");
    let answer: Value = envelope::read(&output.stdout).expect("JSON");
    let lessons = answer["lessons"].as_array().expect("a list of lessons");
    let ids: Vec<_> = lessons.iter().map(|it| [&it["quadrant"], &it["name"]]).collect();
    assert_eq!(ids, [[&json!("neither"), &json!("std")], [&json!("both"), &json!("std")]]);
    for lesson in lessons {
        let marks = lesson["marks"].as_array().expect("a list of marks");
        let figures = |name: &str| -> Vec<f64> {
            marks.iter().map(|mark| mark[name].as_f64().expect("a number")).collect()
        };
        assert_eq!(figures("wait_ms"), [1.0, 7.0, 20.0, 60.0, 180.0]);
        assert!(figures("waiting_percent").is_sorted());
        assert!(figures("gain").iter().all(|gain| *gain > 0.0));
    }
    // What is measured against itself gains nothing.
    let neither = lessons[0]["marks"].as_array().expect("a list of marks");
    assert!(neither.iter().all(|mark| mark["gain"] == 1.0 && mark["gain_at_most"] == 1.0));
    let picture = std::fs::read_to_string(&svg).expect("a picture");
    // What is measured, what is possible, and a dot a mark.
    assert!(picture.contains("<title>both</title>"), "{picture}");
    assert!(picture.contains("<title>both, at most</title>"), "{picture}");
    assert_eq!(picture.matches("<circle").count(), 5);
}

#[test]
fn a_picture_takes_the_place_of_nothing_that_is_somebody_elses() {
    let folder = tempfile::tempdir().expect("a folder");
    let notes = folder.path().join("notes.svg");
    std::fs::write(&notes, "my notes").expect("a file");
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    let output =
        command.args(["dial", "--svg"]).arg(&notes).output().expect("the task runner runs");
    assert_eq!(output.status.code(), Some(2));
    assert_eq!(std::fs::read_to_string(&notes).expect("a file"), "my notes");
}

#[test]
fn a_lesson_waits_as_long_as_it_is_told_to() {
    let lesson = |wait: &str| {
        let mut command = Command::new(env!("CARGO"));
        command.args(["run", "--quiet", "--package", "neither", "--", "std", "--wait", wait]);
        command.output().expect("cargo runs")
    };
    assert_eq!(lesson("1").status.code(), Some(0));
    for wrong in ["0", "1001", "soon"] {
        assert_eq!(lesson(wrong).status.code(), Some(2), "{wrong}");
    }
}
