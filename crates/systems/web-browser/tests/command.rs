//! `web-browser` as a person calls it.

use std::fs::File;
use std::io::BufReader;
use std::net::TcpListener;
use std::path::Path;
use std::process::{Command, Output};

fn browser(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_web-browser"));
    command.args(arguments).env_remove("LAB_TRACE");
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The last moment of a film strip: its lower right corner, without the time below it.
fn last_moment(film: &Path) -> Vec<Vec<u8>> {
    let file = BufReader::new(File::open(film).expect("a film strip"));
    let mut reader = png::Decoder::new(file).read_info().expect("a PNG file");
    let (width, height) = (reader.info().width as usize, reader.info().height as usize);
    assert_eq!((width, height), (1_600, 724), "eight moments, in two rows");
    let mut pixels = vec![0; reader.output_buffer_size().expect("a size")];
    reader.next_frame(&mut pixels).expect("a picture that is whole");
    let rows = pixels.chunks(width * 3).skip(362).take(340);
    rows.map(|row| row[1_200 * 3..].to_vec()).collect()
}

#[test]
fn the_page_looks_the_same_in_the_end_whoever_has_drawn_it() {
    let folder = tempfile::tempdir().expect("a folder");
    let ways = ["neither", "concurrent-only", "both"];
    let seen = ways.map(|way| {
        let film = folder.path().join(format!("{way}.png"));
        let output = browser(&["--as", way, "--out"]).arg(&film).output().expect("it runs");
        let Output { status, stdout, stderr } = output;
        assert!(status.success(), "{way}: {}", text(&stderr));
        let mut lines: Vec<String> = text(&stdout).lines().map(str::to_owned).collect();
        lines.sort();
        (lines, last_moment(&film))
    });
    for expected in
        ["Picture 13 - is none", "Picture 17 - did not come", "Loaded - 18 of 20 pictures"]
    {
        assert!(seen[0].0.iter().any(|line| line == expected), "{expected}: {:?}", seen[0].0);
    }
    for (way, other) in ways.iter().zip(&seen).skip(1) {
        assert_eq!(seen[0].0, other.0, "{way}");
        assert!(seen[0].1 == other.1, "{way} has drawn another page");
    }
    let colours: std::collections::BTreeSet<&[u8]> =
        seen[0].1.iter().flat_map(|row| row.chunks(3)).collect();
    assert!(colours.len() > 1_000, "there is hardly anything on it: {} colours", colours.len());
}

#[test]
fn a_taken_port_is_told_in_a_sentence() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("its address").port().to_string();
    let output = browser(&["--as", "both", "--port", &port]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(1));
    let errors = text(&output.stderr);
    assert!(errors.contains(&format!("port {port} cannot be listened on")), "{errors}");
    assert_eq!(errors.lines().count(), 1, "{errors}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_in_a_sentence() {
    let output = browser(&["--as", "both", "--out", "/dev/full"]).output().expect("it runs");
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    let last = errors.lines().last().expect("a sentence");
    assert!(last.contains("/dev/full cannot be written: No space left"), "{errors}");
    assert!(text(&output.stdout).contains("Loaded - 18 of 20"), "all of the page was loaded");
}

#[cfg(unix)]
#[test]
fn who_presses_ctrl_c_sees_the_page_until_then() {
    use std::io::BufRead;
    use std::process::Stdio;

    let mut command = browser(&["--as", "neither"]);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.expect("it runs");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    lines.next().expect("a first line").expect("text");
    let process = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(process, rustix::process::Signal::INT).expect("it is there");
    let rest: Vec<String> = lines.map(|line| line.expect("text")).collect();
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("stopped early"), "{}", text(&output.stderr));
    assert!(!rest.iter().any(|line| line.starts_with("Picture 20")), "it went on: {rest:?}");
    assert!(rest.iter().any(|line| line.starts_with("Loaded - ")), "{rest:?}");
}
