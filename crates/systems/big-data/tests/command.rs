//! `big-data` as a person calls it.

use std::process::{Command, Output};

fn counter(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_big-data"));
    command.args(arguments).env_remove("LAB_TRACE");
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

fn run(command: &mut Command) -> Output {
    command.output().expect("it runs")
}

#[test]
fn all_ways_come_to_the_same_pairs() {
    let folder = tempfile::tempdir().expect("a folder");
    let pairs = ["plain", "one-worker", "workers", "processes"].map(|way| {
        let file = folder.path().join(way);
        let output = run(counter(&["--as", way, "--out"]).arg(&file));
        assert!(output.status.success(), "{}", text(&output.stderr));
        let lines = text(&output.stdout);
        assert_eq!(lines.lines().last(), Some("Pairs - the same again"), "{lines}");
        std::fs::read_to_string(file).expect("pairs")
    });
    assert_eq!(pairs[0].lines().count(), 10, "{}", pairs[0]);
    assert!(pairs.iter().all(|other| *other == pairs[0]));
}

/// A disk that is full after so many blocks, as far as the program can tell.
#[cfg(unix)]
#[test]
fn a_full_disk_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("pairs.txt");
    let script = "trap '' XFSZ; ulimit -f 0; exec \"$0\" --as plain --out \"$1\"";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_big-data")]).arg(&file).env_remove("LAB_TRACE");
    let output = run(&mut shell);
    assert_eq!(output.status.code(), Some(1), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("pairs.txt cannot be written"));
}

/// The processes that a process has started and that are still there.
#[cfg(target_os = "linux")]
fn children(process: u32) -> Vec<i32> {
    let list = std::fs::read_to_string(format!("/proc/{process}/task/{process}/children"));
    list.unwrap_or_default().split_whitespace().filter_map(|number| number.parse().ok()).collect()
}

#[cfg(target_os = "linux")]
#[test]
fn a_process_that_is_killed_in_the_middle_leaves_no_half_answer_and_nobody_behind() {
    use std::process::Stdio;

    use rustix::process::{Pid, Signal, kill_process, test_kill_process};

    let mut command = counter(&["--as", "processes"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it runs");
    let both = loop {
        let found = children(child.id());
        if found.len() == 2 {
            break found.into_iter().map(|number| Pid::from_raw(number).expect("a number"));
        }
        std::thread::yield_now();
    };
    let both: Vec<Pid> = both.collect();
    kill_process(both[1], Signal::KILL).expect("it is there");
    let output = child.wait_with_output().expect("it ends");
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("did not come to its end") && errors.contains("there is no answer"));
    assert!(!text(&output.stdout).contains("again"), "{}", text(&output.stdout));
    assert!(test_kill_process(both[0]).is_err(), "the other one is ended as well");
}
