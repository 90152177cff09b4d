//! `web-crawler` as a person calls it.

use std::net::TcpListener;
use std::process::{Command, Output};

fn crawler(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_web-crawler"));
    command.args(arguments).env_remove("LAB_TRACE");
    command
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

/// The figure of this name, as a person reads it.
fn figure(output: &Output, name: &str) -> f64 {
    let errors = errors(output);
    let line = errors.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
    let number = line.and_then(|line| line.split(' ').next()?.parse().ok());
    number.unwrap_or_else(|| panic!("no {name} in {errors}"))
}

#[test]
fn all_ways_come_to_the_same_report_and_are_polite() {
    let folder = tempfile::tempdir().expect("a folder");
    let reports = ["a-thread-a-core", "concurrent-only", "both"].map(|way| {
        let file = folder.path().join(way);
        let output = crawler(&["--as", way, "--out"]).arg(&file).output().expect("it runs");
        assert!(output.status.success(), "{}", errors(&output));
        assert!(figure(&output, "most at once") <= 8.0);
        assert_eq!((figure(&output, "twice"), figure(&output, "forbidden")), (0.0, 0.0));
        // What `cargo doc` wrote may be written anew meanwhile.
        let report = std::fs::read_to_string(file).expect("a report");
        report.lines().filter(|line| !line.starts_with("docs.test")).map(str::to_owned).collect()
    });
    let reports: [Vec<String>; 3] = reports;
    assert!(reports.iter().all(|report| *report == reports[0]));
    for line in [
        "garden.test/twin/b - A twin in the garden, 0 links, the same text as garden.test/twin/a",
        "library.test/round/2 - moved to library.test/round/1",
        "museum.test/staff/keys - forbidden by robots.txt",
    ] {
        assert!(reports[0].iter().any(|other| other == line), "{line}");
    }
}

#[test]
fn a_taken_port_is_told_in_a_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port().to_string();
    let output = crawler(&["--as", "both", "--port", &port]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let errors = errors(&output);
    assert!(errors.contains(&format!("port {port} cannot be listened on")), "{errors}");
}

/// A disk that is full after so many blocks, as far as the crawler can tell.
#[cfg(unix)]
#[test]
fn a_full_disk_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("report.txt");
    let script = "trap '' XFSZ; ulimit -f 1; exec \"$0\" --as both --out \"$1\"";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, env!("CARGO_BIN_EXE_web-crawler")]).arg(&file);
    let output = shell.env_remove("LAB_TRACE").output().expect("a shell");
    let errors = errors(&output);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(errors.contains("report.txt cannot be written"), "{errors}");
    assert!(!errors.contains("panicked"), "{errors}");
}

#[cfg(unix)]
#[test]
fn who_presses_ctrl_c_is_told_what_was_found_until_then() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let mut command = crawler(&["--as", "neither"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.expect("it runs");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    lines.next().expect("a first line").expect("text");
    let process = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(process, rustix::process::Signal::INT).expect("it is there");
    let last = lines.last().expect("a report").expect("text");
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130), "{}", errors(&output));
    assert!(last.starts_with("Report - ") && !last.contains(" 138 "), "{last}");
}
