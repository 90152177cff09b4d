//! `cargo xtask census` as a whole, on a lesson and on programs with bad habits.

use std::process::{Command, Output};

use command::envelope;
use serde_json::{Value, json};

fn census() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_xtask"));
    command.arg("census");
    command
}

/// A census of bad habits.
fn census_of_habits(habits: &[&str]) -> Command {
    let mut command = census();
    command.args(["--program", env!("CARGO_BIN_EXE_misbehave"), "--runs", "3"]);
    command.args(habits.iter().map(|habit| format!("neither/{habit}")));
    command
}

fn answer(output: &Output) -> Value {
    let answer = envelope::read(&output.stdout);
    answer.unwrap_or_else(|error| panic!("{error}: {}", String::from_utf8_lossy(&output.stderr)))
}

fn lines(output: &Output) -> Vec<String> {
    String::from_utf8_lossy(&output.stdout).lines().map(str::to_owned).collect()
}

#[test]
fn a_census_of_a_lesson_adds_up() {
    let arguments = ["both/std", "--runs", "3", "--busy", "--time-limit", "60"];
    let output =
        census().args(arguments).args(["--format", "json"]).output().expect("the task runner runs");
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(0), "{said}");
    let answer = answer(&output);
    assert_eq!((&answer["passed"], &answer["runs"]), (&json!(true), &json!(3)));
    assert!(answer["busy_threads"].as_u64().is_some_and(|threads| threads > 0));
    let lesson = &answer["lessons"][0];
    assert_eq!((&lesson["quadrant"], &lesson["name"]), (&json!("both"), &json!("std")));
    assert_eq!(lesson["legal_orders"], "34,650");
    for sample in [&lesson["idle"], &lesson["busy"]] {
        let orders = sample["orders"].as_array().expect("a list of orders");
        let runs = orders.iter().map(|order| order["runs"].as_u64().expect("a count"));
        assert_eq!(runs.sum::<u64>(), 3);
        assert!(
            orders.iter().all(|order| order["order"].as_array().is_some_and(|o| o.len() == 12))
        );
        assert_eq!(sample["orders_seen"], orders.len());
        assert_eq!(sample["curve"].as_array().map(Vec::len), Some(3), "1, 2 and 3 runs");
        assert_eq!(sample["curve"][2], json!({ "runs": 3, "orders": orders.len() }));
    }
    let only_busy = lesson["busy"]["orders"].as_array().expect("a list of orders");
    let only_busy = only_busy.iter().filter(|order| order["only_busy"] == true).count();
    assert_eq!(lesson["only_busy"], only_busy);
}

#[test]
fn runs_that_break_the_contract_are_named_and_left_out() {
    let mut command = census_of_habits(&["behave", "swap-two-lines", "fail"]);
    let output = command.args(["--format", "json"]).output().expect("the task runner runs");
    assert_eq!(output.status.code(), Some(1));
    let answer = answer(&output);
    assert_eq!(answer["passed"], false);
    let sample = |name: &str| {
        let lesson = answer["lessons"]
            .as_array()
            .and_then(|lessons| lessons.iter().find(|lesson| lesson["name"] == name).cloned());
        lesson.unwrap_or_else(|| panic!("{name} was not run"))["idle"].clone()
    };
    let behave = sample("behave");
    assert_eq!((&behave["runs"], &behave["left_out"]), (&json!(3), &json!(0)));
    assert_eq!(behave["orders"][0]["order"], json!(["\"one\"", "\"two\"", "\"three\""]));
    assert_eq!(behave["unseen"], Value::Null, "it is the only legal order");
    for (name, fault) in [("swap-two-lines", "came too early"), ("fail", "exited with code 3")] {
        let sample = sample(name);
        assert_eq!((&sample["runs"], &sample["left_out"]), (&json!(0), &json!(3)), "{name}");
        let faults = sample["faults"].as_object().expect("faults by their sentences");
        let (_, runs) = faults.iter().find(|(sentence, _)| sentence.contains(fault)).expect(fault);
        assert_eq!(runs, 3, "{name}");
    }
}

#[test]
fn the_report_names_each_lesson_and_fits_80_columns() {
    let output = census_of_habits(&["behave", "swap-two-lines"]).output();
    let output = output.expect("the task runner runs");
    assert_eq!(output.status.code(), Some(1));
    let lines = lines(&output);
    for expected in ["neither/behave", "1 order in 3 runs", "3 idle runs left out", "Side by side"]
    {
        assert!(lines.iter().any(|line| line.contains(expected)), "{expected}: {lines:#?}");
    }
    let widest = lines.iter().max_by_key(|line| line.chars().count()).expect("lines");
    assert!(widest.chars().count() <= 80, "{widest}");
}

#[test]
fn a_page_that_cannot_be_written_is_told_before_anything_runs() {
    let mut command = census_of_habits(&["behave"]);
    let output = command.args(["--report", "no/such/page.html"]).output();
    let output = output.expect("the task runner runs");
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty(), "{:?}", lines(&output));
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(said.contains("cannot write `no/such/page.html`"), "{said}");
}

#[cfg(unix)]
#[test]
fn ctrl_c_still_reports() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    use rustix::process::{Pid, Signal, kill_process};

    let mut command = census_of_habits(&["behave", "hang"]);
    let mut child = command.args(["--time-limit", "600"]).stdout(Stdio::piped()).spawn().unwrap();
    let output = BufReader::new(child.stdout.take().expect("a piped stdout"));
    let mut lines = output.lines().map(|line| line.expect("a line of text"));
    // Once something is reported of the first lesson, its runs are over.
    assert!(lines.any(|line| line.contains("1 order in 3 runs")), "the first lesson is reported");
    kill_process(Pid::from_child(&child), Signal::INT).expect("it is our child");
    let rest: Vec<_> = lines.collect();
    assert!(rest.iter().any(|line| line.contains("every order that came was legal")), "{rest:#?}");
    assert_eq!(child.wait().expect("it is our child").code(), Some(130));
}
