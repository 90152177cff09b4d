//! What is asked of programs with the mistakes that people make most often.

use std::process::Command;

use command::envelope;
use serde_json::Value;

/// What the command says of a mistake, in one line of text.
fn said(command: &str, mistake: &str, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .args([command, "--program", env!("CARGO_BIN_EXE_mistaken"), mistake, "--time-limit", "5"])
        .args(arguments)
        .output()
        .expect("the task runner runs");
    assert_eq!(output.status.code(), Some(1), "{mistake}: {output:?}");
    let shown = String::from_utf8_lossy(&output.stdout).into_owned();
    if arguments.is_empty() {
        shown.split_whitespace().collect::<Vec<_>>().join(" ")
    } else {
        shown
    }
}

#[test]
fn each_mistake_leads_to_a_question() {
    for (mistake, expected) in [
        ("both/detached", &[" were in progress: who waits for them?"][..]),
        ("both/unpolled", &["ask B never began: who polls that future"]),
        (
            "both/endless",
            &[
                "Task B was still at it in step 2; its last line, after ",
                ": Task B - Step 2. Which loop does not end?",
            ],
        ),
        ("both/endless-compute", &["Task B was still at it, computing in step 1; its last line"]),
        (
            "both/deadlock",
            &[
                "A waits for lock 1 (its last line",
                "B waits for lock 0 (its last line",
                "Who is to go on first",
            ],
        ),
    ] {
        let shown = said("demo", mistake, &[]);
        for part in expected {
            assert!(shown.contains(part), "{mistake}: `{part}` is missing in: {shown}");
        }
    }
}

#[test]
fn a_task_that_did_not_end_is_drawn_until_the_run_was_ended() {
    // It was at it for most of the second, of which it recorded next to nothing.
    let shown = said("demo", "both/endless", &[]);
    let (_, lane) = shown.split_once(" task B ").expect("a lane");
    let (lane, _) = lane.split_once(" tasks at once ").expect("a count");
    assert!(["─", "-"].iter().any(|quiet| lane.contains(&quiet.repeat(20))), "{shown}");
}

#[test]
fn a_program_reads_the_questions_too() {
    let answer: Value =
        envelope::read(said("check", "both/unpolled", &["--format", "json"])).expect("JSON");
    let questions = answer["lessons"][0]["questions"].to_string();
    assert!(questions.contains("B never began"), "{answer:#}");
}
