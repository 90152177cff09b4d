//! That the task runner passes on what is the tutor's business, and ends as the tutor does.

use std::process::{Command, Output};

fn xtask(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_xtask")).args(arguments).output().expect("it runs")
}

#[test]
fn wrong_usage_is_the_tutors_to_tell() {
    for command in ["exercise", "watch"] {
        let output = xtask(&[command, "no-such-exercise"]);
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(2), "{errors}");
        assert!(errors.contains("no exercise is called `no-such-exercise`"), "{errors}");
    }
}

#[test]
fn help_is_the_tutors_too() {
    for (arguments, part) in [
        (["exercise", "--help"], "predict"),
        (["watch", "--help"], "Ctrl-C"),
        (["grade", "--help"], "--unconfined"),
    ] {
        let output = xtask(&arguments);
        let help = String::from_utf8_lossy(&output.stdout);
        assert!(output.status.success() && help.contains(part), "{help}");
    }
}
