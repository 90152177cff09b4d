//! `chat` as a person calls it.

use std::net::TcpListener;

use stage::trial::Call;

/// How many lines there are: of each message the room and three people tell its place, and which one it is.
const LINES: usize = 19 * (1 + 3) * 2;

fn chat(arguments: &[&str]) -> Call {
    Call::of(env!("CARGO_BIN_EXE_chat"), arguments)
}

#[test]
fn all_hear_all_in_one_order() {
    let answer = chat(&["--as", "both"]).answer().succeeded();
    let errors = &answer.errors;
    for figure in ["lost: 0.0", "twice: 0.0", "orders: 1.0", "deliveries: 3857.0"] {
        assert!(errors.lines().any(|line| line == figure), "`{figure}` is missing in {errors}");
    }
    assert_eq!(answer.lines.len(), LINES);
}

#[test]
fn a_taken_port_is_told_in_a_sentence() {
    chat(&["--as", "both"]).refused_its_port();
}

#[test]
fn one_evening_after_another_may_have_the_same_port() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("its address").port().to_string();
    drop(free);
    for _ in 0..2 {
        chat(&["--as", "both", "--port", &port]).answer().succeeded();
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_in_a_sentence() {
    let answer = chat(&["--as", "both", "--out", "/dev/full"]).answer();
    answer.failed(1, "/dev/full cannot be written: No space left on device");
}

#[cfg(unix)]
#[test]
fn who_presses_ctrl_c_is_told_what_was_heard_until_then() {
    let answer = chat(&["--as", "in-turn"]).interrupted();
    assert!(answer.says("twice: 0.0"), "{}", answer.errors);
    assert!(answer.lines.len() < LINES, "it went on to the end");
}
