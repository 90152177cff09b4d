//! `chat` as a person calls it.

use std::net::TcpListener;
use std::process::{Command, Output};

fn chat(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_chat"));
    command.args(arguments).env_remove("LAB_TRACE");
    command
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn all_hear_all_in_one_order() {
    let output = chat(&["--as", "both"]).output().expect("it runs");
    let errors = errors(&output);
    assert!(output.status.success(), "{errors}");
    for figure in ["lost: 0.0", "twice: 0.0", "orders: 1.0", "deliveries: 6090.0"] {
        assert!(errors.lines().any(|line| line == figure), "`{figure}` is missing in {errors}");
    }
    assert_eq!(String::from_utf8_lossy(&output.stdout).lines().count(), 90);
}

#[test]
fn a_taken_port_is_told_in_a_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port().to_string();
    let output = chat(&["--as", "both", "--port", &port]).output().expect("it runs");
    let errors = errors(&output);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains(&format!("port {port} cannot be listened on")), "{errors}");
}

#[test]
fn one_evening_after_another_may_have_the_same_port() {
    let free = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = free.local_addr().expect("its address").port().to_string();
    drop(free);
    for _ in 0..2 {
        let output = chat(&["--as", "both", "--port", &port]).output().expect("it runs");
        assert!(output.status.success(), "{}", errors(&output));
    }
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_in_a_sentence() {
    let output = chat(&["--as", "both", "--out", "/dev/full"]).output().expect("it runs");
    let errors = errors(&output);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("/dev/full cannot be written: No space left on device"), "{errors}");
}

#[cfg(unix)]
#[test]
fn who_presses_ctrl_c_is_told_what_was_heard_until_then() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let mut command = chat(&["--as", "in-turn"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.expect("it runs");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    lines.next().expect("a first line").expect("text");
    let process = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(process, rustix::process::Signal::INT).expect("it is there");
    let printed = 1 + lines.count();
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130), "{}", errors(&output));
    assert!(errors(&output).contains("stopped early"), "{}", errors(&output));
    assert!(errors(&output).contains("twice: 0.0"), "{}", errors(&output));
    assert!(printed < 90, "it went on to the end");
}
