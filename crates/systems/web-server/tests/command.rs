//! `web-server` as a person calls it.

use std::net::TcpListener;
use std::process::{Command, Output};

fn server(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_web-server"));
    command.args(arguments).env_remove("LAB_TRACE");
    command
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn every_upload_is_answered_and_kept() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("thumbnails.redb");
    let output = server(&["--as", "both", "--out"]).arg(&file).output().expect("it runs");
    assert!(output.status.success(), "{}", errors(&output));
    assert_eq!(output.stdout.split(|&byte| byte == b'\n').count(), 2 * 32 + 1);
    let store = web_server::store::Store::open(Some(&file)).expect("a database");
    assert_eq!(store.count(), Ok(32));
}

#[test]
fn a_taken_port_is_told_in_a_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port().to_string();
    let output = server(&["--as", "both", "--port", &port]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let errors = errors(&output);
    assert!(errors.contains(&format!("port {port} cannot be listened on")), "{errors}");
    assert_eq!(errors.lines().count(), 1, "{errors}");
}

/// A disk that is full after so many blocks, as far as the server can tell.
#[cfg(unix)]
#[test]
fn a_full_disk_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("thumbnails.redb");
    let script = "trap '' XFSZ; ulimit -f 64; exec \"$0\" --as both --out \"$1\"";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_web-server")]).arg(&file);
    let output = shell.env_remove("LAB_TRACE").output().expect("a shell");
    let errors = errors(&output);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("thumbnails.redb cannot be"), "{errors}");
    assert!(!errors.contains("panicked"), "{errors}");
}

#[cfg(unix)]
#[test]
fn who_presses_ctrl_c_is_told_what_was_done_until_then() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let mut command = server(&["--as", "neither"]);
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
    assert!(
        printed < 64 && printed.is_multiple_of(2),
        "{printed} lines: what was begun is answered"
    );
}
