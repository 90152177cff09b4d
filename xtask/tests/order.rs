//! `cargo xtask order`, from outside.

use std::io::Write;
use std::process::{Command, Output, Stdio};

use command::envelope;
use serde_json::{Value, json};

fn order(arguments: &[&str]) -> Output {
    order_with_input(arguments, b"")
}

fn order_with_input(arguments: &[&str], input: &[u8]) -> Output {
    let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
        .arg("order")
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program under test");
    // A program that does not read its input may have closed it already.
    let _ = child.stdin.take().expect("a pipe").write_all(input);
    child.wait_with_output().expect("an end")
}

fn stdout(output: &Output) -> &str {
    std::str::from_utf8(&output.stdout).expect("UTF-8")
}

fn stderr(output: &Output) -> &str {
    std::str::from_utf8(&output.stderr).expect("UTF-8")
}

fn json(output: &Output) -> Value {
    envelope::read(&output.stdout).expect("JSON and nothing else on standard output")
}

#[test]
fn count_prints_the_number_and_nothing_else() {
    let output = order(&["(a ; b) || (c ; d) || (e ; f)", "--count"]);
    assert_eq!((stdout(&output), stderr(&output)), ("90\n", ""));
}

#[test]
fn count_prints_all_digits_of_a_large_number() {
    let lines: Vec<String> = (0..100).map(|n| n.to_string()).collect();
    let output = order(&[&lines.join("||"), "--count"]);
    assert_eq!(stdout(&output).trim().len(), 158, "the digits of 100!");
}

#[test]
fn a_legal_order_on_standard_input_ends_with_exit_code_0() {
    let output = order_with_input(&["a ; b || c", "--check", "-"], b"a\nc\nb\n");
    assert_eq!((output.status.code(), stdout(&output)), (Some(0), "legal order 2 of 3\n"));
}

#[test]
fn a_violation_ends_with_exit_code_1_and_its_sentence() {
    let output = order_with_input(&["a ; b", "--check", "-"], b"b\na\n");
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("came too early"), "{output:?}");
}

#[test]
fn line_ends_may_be_of_either_kind_and_the_last_may_be_missing() {
    let output = order_with_input(&["a ; b ; c", "--check", "-"], b"a\r\nb\nc");
    assert_eq!(stdout(&output), "the only legal order\n");
}

#[test]
fn bytes_that_are_no_text_are_an_unknown_line_and_no_crash() {
    let output = order_with_input(&["a", "--check", "-"], b"a\n\xff\xfe\n");
    assert_eq!(output.status.code(), Some(1));
    assert!(stdout(&output).contains("line 2"), "{output:?}");
}

#[test]
fn a_bad_contract_ends_with_exit_code_2_and_points_at_its_place() {
    let output = order(&["a ; ; b"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).ends_with("    a ; ; b\n        ^\n"), "{output:?}");
}

#[test]
fn a_file_that_is_not_there_is_named() {
    let output = order(&["a", "--check", "nowhere.txt"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("nowhere.txt"), "{output:?}");
}

#[test]
fn a_program_that_is_not_there_is_named() {
    let output = order(&["a", "--", "no-such-program"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no-such-program"), "{output:?}");
}

#[test]
fn a_rank_out_of_range_is_told_with_the_range() {
    let output = order(&["a || b || c", "--nth", "7"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("from 1 to 6"), "{output:?}");
}

#[test]
fn one_seed_draws_the_same_orders_every_time() {
    let drawn = || order(&["(a ; b) || (c ; d) || (e ; f)", "--sample", "5", "--seed", "3"]);
    assert_eq!(drawn().stdout, drawn().stdout);
}

#[test]
fn what_was_drawn_without_a_seed_can_be_drawn_again() {
    let first = order(&["a || b || c || d || e", "--sample", "3"]);
    let seed = stderr(&first).trim().rsplit(' ').next().expect("a seed").to_owned();
    let second = order(&["a || b || c || d || e", "--sample", "3", "--seed", &seed]);
    assert_eq!(first.stdout, second.stdout);
}

#[test]
fn json_has_everything_that_was_asked_for() {
    let arguments = ["a ; b || c", "--count", "--enumerate", "1", "--nth", "3", "--check", "-"];
    let arguments = [&arguments[..], &["--format", "json"]].concat();
    let answer = json(&order_with_input(&arguments, b"a\nc\nb\n"));
    assert_eq!(answer["count"], json!({ "number": "3", "exact": true }));
    assert_eq!(answer["enumerate"], json!([["a", "b", "c"]]));
    assert_eq!(answer["nth"], json!(["c", "a", "b"]));
    assert_eq!((&answer["rank"], &answer["check"]["legal"]), (&json!("2"), &json!(true)));
}

#[cfg(unix)]
mod programs {
    use super::*;

    #[test]
    fn output_is_passed_through_as_it_is() {
        let output = order(&["a ; b", "--", "printf", "a\r\nb"]);
        assert_eq!((output.status.code(), stdout(&output)), (Some(0), "a\r\nb"));
        assert!(stderr(&output).ends_with("the only legal order\n"), "{output:?}");
    }

    #[test]
    fn json_stands_alone_on_standard_output() {
        let output = order(&["a ; b", "--format", "json", "--", "printf", "a\nb\n"]);
        assert_eq!(json(&output)["exit_code"], 0);
        assert_eq!(stderr(&output), "a\nb\n");
    }

    #[test]
    fn a_program_that_fails_is_a_failure_though_its_order_is_legal() {
        let output = order(&["a ; b", "--", "sh", "-c", "echo a; echo b; exit 3"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains("exited with code 3"), "{output:?}");
    }

    #[test]
    fn a_violation_of_a_program_ends_with_exit_code_1() {
        let output = order(&["a ; b", "--", "printf", "b\na\n"]);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains("came too early"), "{output:?}");
    }

    fn of_shell(contract: &str, arguments: &[&str], script: &str) -> Output {
        order(&[&[contract], arguments, &["--", "sh", "-c", script]].concat())
    }

    #[test]
    fn lines_that_are_ignored_may_come_anywhere() {
        let script = "echo INFO 1; echo a; echo INFO 2; echo b";
        assert_eq!(of_shell("a ; b", &[], script).status.code(), Some(1));
        let output = of_shell("a ; b", &["--ignore", "^INFO"], script);
        assert_eq!(output.status.code(), Some(0), "{}", stderr(&output));
        assert_eq!(stdout(&output), "INFO 1\na\nINFO 2\nb\n", "it is passed through all the same");
    }

    #[test]
    fn a_bad_ending_and_what_is_left_behind_are_told() {
        let output = of_shell("a", &[], "echo a; exit 4");
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains("exited with code 4"), "{}", stderr(&output));
        let output = of_shell("a", &[], "echo a; kill -SEGV $$");
        assert!(stderr(&output).contains("SIGSEGV"), "{}", stderr(&output));
        let output = of_shell("a", &["--format", "json"], "echo a; exit 4");
        assert_eq!(json(&output)["exit_code"], 4);
    }

    /// As many lines as anybody wants are read, and the program learns that nobody wants more.
    #[test]
    fn whoever_prints_for_ever_ends_with_its_reader() {
        let script = format!("{} order '/.*/' -- yes | head -3", env!("CARGO_BIN_EXE_xtask"));
        let output = Command::new("sh").args(["-c", &script]).output().expect("a shell");
        assert_eq!(stdout(&output), "y\ny\ny\n");
    }
}

#[test]
fn an_empty_command_does_not_pass() {
    let output = order(&["a ; b", "--"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[test]
fn a_folder_is_no_file_to_check() {
    let output = order(&["a ; b", "--check", env!("CARGO_MANIFEST_DIR")]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    use std::io::{BufRead, BufReader, Read};

    // Many times as much as fits into a pipe, in both forms.
    let orders = ["a||b||c||d||e||f||g||h", "--enumerate", "40000"];
    for format in ["text", "json"] {
        let mut child = Command::new(env!("CARGO_BIN_EXE_xtask"))
            .arg("order")
            .args(orders)
            .args(["--format", format])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program under test");
        let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
        output.read_line(&mut String::new()).expect("a line");
        drop(output);
        let mut said = String::new();
        child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
        assert_eq!(
            (child.wait().expect("an end").code(), said.as_str()),
            (Some(0), ""),
            "{format}"
        );
    }
}

#[test]
fn a_contract_may_stand_in_a_file_with_remarks() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("contract");
    std::fs::write(&file, "# First both, then the end.\n(a || b)\n; c\n").expect("a file");
    let file = file.to_str().expect("a path in UTF-8");
    let output = order_with_input(&["--contract", file, "--check", "-"], b"b\na\nc\n");
    assert_eq!(output.status.code(), Some(0), "{}", stdout(&output));
    std::fs::write(file, "# This is\n(a ||\n").expect("a file");
    let output = order(&["--contract", file]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains(file), "{}", stderr(&output));
    let output = order(&["--contract", "no such file"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("no such file"), "{}", stderr(&output));
}
