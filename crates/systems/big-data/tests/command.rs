//! `big-data` as a person calls it.

use stage::trial::Call;

fn counter(arguments: &[&str]) -> Call {
    Call::of(env!("CARGO_BIN_EXE_big-data"), arguments)
}

#[test]
fn all_ways_come_to_the_same_pairs() {
    let folder = tempfile::tempdir().expect("a folder");
    let pairs = ["plain", "one-worker", "workers", "processes"].map(|way| {
        let file = folder.path().join(way);
        let lines = counter(&["--as", way, "--out"]).with(&file).answer().succeeded().lines;
        assert_eq!(lines.last().map(String::as_str), Some("Pairs - the same again"), "{lines:?}");
        std::fs::read_to_string(file).expect("pairs")
    });
    assert_eq!(pairs[0].lines().count(), 10, "{}", pairs[0]);
    assert!(pairs.iter().all(|other| *other == pairs[0]));
}

#[cfg(unix)]
#[test]
fn a_full_disk_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let call = counter(&["--as", "plain", "--out"]).with(folder.path().join("pairs.txt"));
    call.with_room_for(0).answer().failed(1, "pairs.txt cannot be written");
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
    use rustix::process::{Pid, Signal, kill_process, test_kill_process};

    let mut other = None;
    let answer = counter(&["--as", "processes"]).disturbed(|child| {
        let both = loop {
            if let [one, two] = children(child.id())[..] {
                break [one, two].map(|number| Pid::from_raw(number).expect("a number"));
            }
            std::thread::yield_now();
        };
        kill_process(both[1], Signal::KILL).expect("it is there");
        other = Some(both[0]);
    });
    let answer = answer.failed(1, "there is no answer");
    assert!(answer.says("did not come to its end"), "{}", answer.errors);
    assert!(!answer.lines.iter().any(|line| line.contains("again")), "{:?}", answer.lines);
    let other = other.expect("there were two");
    assert!(test_kill_process(other).is_err(), "the other one is ended as well");
}
