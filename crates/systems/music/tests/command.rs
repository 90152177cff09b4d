//! `music` as a person calls it.

use std::path::Path;
use std::process::{Command, Output};

fn music() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_music"));
    command.env_remove("LAB_TRACE");
    command
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// A figure that was told on the standard error.
fn figure(output: &Output, name: &str) -> f64 {
    let errors = text(&output.stderr);
    let told = errors.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
    let number = told.and_then(|told| told.split(' ').next()?.parse().ok());
    number.unwrap_or_else(|| panic!("no {name} in {errors}"))
}

/// How long each silence in a WAV file lasts, in milliseconds, as far as one could hear it.
fn silences(file: &Path) -> Vec<f64> {
    const AUDIBLE: f64 = 1.0;
    let reader = hound::WavReader::open(file).expect("a WAV file that is whole");
    let a_millisecond = f64::from(reader.spec().sample_rate) / 1e3;
    let samples: Vec<i16> = reader.into_samples().collect::<Result<_, _>>().expect("all samples");
    let silent = samples.split(|&sample| sample != 0).map(|run| run.len() as f64 / a_millisecond);
    silent.filter(|&milliseconds| milliseconds > AUDIBLE).collect()
}

#[test]
fn the_gaps_that_are_told_can_be_heard() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("music.wav");
    let output =
        music().args(["--as", "one-thread", "--out"]).arg(&file).output().expect("it runs");
    assert!(output.status.success(), "{}", text(&output.stderr));
    // The card begins with a buffer of silence, and a gap may be too short to be heard.
    let heard = silences(&file);
    assert!(heard.len() as f64 - 1.0 <= figure(&output, "gaps"), "{heard:?}");
    let silence = heard.iter().sum::<f64>() - heard[0];
    let told = figure(&output, "silence");
    assert!((silence - told).abs() < 5.0, "{silence} ms are heard of {told}: {heard:?}");
    assert!(told > 0.0, "the compiler keeps the thread for longer than the card lasts");
}

#[cfg(unix)]
#[test]
fn who_presses_ctrl_c_keeps_what_was_played() {
    use std::io::{BufRead, BufReader};
    use std::process::Stdio;

    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("music.wav");
    let mut command = music();
    command.args(["--as", "both", "--out"]).arg(&file);
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
    let mut child = child.expect("it runs");
    let mut lines = BufReader::new(child.stdout.take().expect("a pipe")).lines();
    lines.next().expect("a first line").expect("text");
    let process = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(process, rustix::process::Signal::INT).expect("it is there");
    let printed = 1 + lines.count();
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(output.status.code(), Some(130), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("stopped early"), "{}", text(&output.stderr));
    assert!(printed < 42, "it went on to the end");
    assert!(!silences(&file).is_empty(), "what was played begins with the card's silence");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_in_a_sentence() {
    let output = music().args(["--as", "yielding", "--out", "/dev/full"]).output();
    let output = output.expect("it runs");
    let errors = text(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{errors}");
    let last = errors.lines().last().expect("a sentence");
    assert!(last.contains("/dev/full cannot be written: No space left on device"), "{errors}");
    assert_eq!(text(&output.stdout).lines().count(), 42, "all of the work was done");
}

#[test]
fn a_way_that_is_not_there_is_wrong_usage() {
    let output = music().args(["--as", "bot"]).output().expect("it runs");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).contains("the nearest is `both`"), "{}", text(&output.stderr));
}
