//! `music` as a person calls it.

use std::path::Path;

use music::score::RATE;
use stage::trial::Call;

fn music(arguments: &[&str]) -> Call {
    Call::of(env!("CARGO_BIN_EXE_music"), arguments)
}

/// What a WAV file has, whole.
fn samples(file: &Path) -> Vec<i16> {
    let reader = hound::WavReader::open(file).expect("a WAV file that is whole");
    reader.into_samples().collect::<Result<_, _>>().expect("all samples")
}

/// How long each silence in a WAV file lasts, in milliseconds, as far as one could hear it.
fn silences(file: &Path) -> Vec<f64> {
    const AUDIBLE: f64 = 1.0;
    let a_millisecond = f64::from(RATE) / 1e3;
    let samples = samples(file);
    let silent = samples.split(|&sample| sample != 0).map(|run| run.len() as f64 / a_millisecond);
    silent.filter(|&milliseconds| milliseconds > AUDIBLE).collect()
}

#[test]
fn the_gaps_that_are_told_can_be_heard() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("music.wav");
    let answer = music(&["--as", "one-thread", "--out"]).with(&file).answer().succeeded();
    // The card begins with a buffer of silence, and a gap may be too short to be heard.
    let heard = silences(&file);
    assert!(heard.len() as f64 - 1.0 <= answer.figure("gaps"), "{heard:?}");
    let silence = heard.iter().sum::<f64>() - heard[0];
    let told = answer.figure("silence");
    assert!((silence - told).abs() < 5.0, "{silence} ms are heard of {told}: {heard:?}");
    assert!(told > 0.0, "the compiler keeps the thread for longer than the card lasts");
}

#[cfg(unix)]
#[test]
fn what_is_heard_live_is_what_the_file_has_sample_by_sample() {
    let folder = tempfile::tempdir().expect("a folder");
    let (file, heard) = (folder.path().join("music.wav"), folder.path().join("heard"));
    let call = music(&["--as", "one-thread", "--live", "--out"]).with(&file);
    let call = call.with_player("heard").with_variable("HEARD", &heard);
    let answer = call.answer().succeeded();
    let heard = std::fs::read(heard).expect("what was played");
    let heard: Vec<i16> = heard.as_chunks().0.iter().copied().map(i16::from_le_bytes).collect();
    assert!(answer.figure("gaps") > 0.0);
    assert!(heard == samples(&file), "{} samples are others", heard.len());
}

#[cfg(unix)]
#[test]
fn what_cannot_be_heard_is_not_shown_and_the_file_is_there() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("music.wav");
    for (player, why) in [("deaf", "paplay says: Connection failure"), ("none", "install one")] {
        let call = music(&["--as", "yielding", "--live", "--out"]).with(&file);
        let answer = call.with_player(player).answer().failed(3, why);
        assert!(answer.says("not shown: what it sounds like"), "{}", answer.errors);
        assert_eq!(answer.lines.len(), 42, "all of the work was done");
        assert!(samples(&file).len() > RATE as usize);
        std::fs::remove_file(&file).expect("it was written");
    }
}

#[test]
fn without_a_terminal_nobody_can_type() {
    let answer = music(&["--as", "both", "--keyboard"]).answer();
    let answer = answer.failed(3, "not shown: there is no keyboard");
    assert!(answer.lines.is_empty(), "{:?}", answer.lines);
}

#[cfg(unix)]
#[test]
fn who_presses_ctrl_c_keeps_what_was_played() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("music.wav");
    let answer = music(&["--as", "both", "--out"]).with(&file).interrupted();
    assert!(answer.lines.len() < 42, "it went on to the end");
    assert!(!silences(&file).is_empty(), "what was played begins with the card's silence");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_in_a_sentence() {
    let answer = music(&["--as", "yielding", "--out", "/dev/full"]).answer();
    let answer = answer.failed(1, "/dev/full cannot be written: No space left on device");
    assert_eq!(answer.lines.len(), 42, "all of the work was done");
}

#[test]
fn a_way_that_is_not_there_is_wrong_usage() {
    music(&["--as", "bot"]).answer().failed(2, "the nearest is `both`");
}
