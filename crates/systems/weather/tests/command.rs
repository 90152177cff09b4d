//! `weather` as a person calls it.

use std::fs::File;
use std::path::Path;

use stage::trial::{Answer, Call};
use weather::forecast::{DAYS, MEMBERS, PICTURES_A_DAY};

fn weather(arguments: &[&str]) -> Call {
    Call::of(env!("CARGO_BIN_EXE_weather"), arguments)
}

/// What each forecast's sea comes to, by member.
fn seas(answer: &Answer) -> Vec<&String> {
    let mut seas: Vec<_> = answer.lines.iter().filter(|line| line.contains(" - sea ")).collect();
    seas.sort_unstable();
    seas
}

/// How many frames an animated PNG has, by somebody else's word.
fn frames(path: &Path) -> usize {
    let file = std::io::BufReader::new(File::open(path).expect("a file"));
    let reader = png::Decoder::new(file).read_info().expect("PNG");
    reader.info().animation_control().expect("an animated PNG").num_frames as usize
}

#[test]
fn whoever_computed_it_the_sea_is_the_same_bit_by_bit() {
    let answers: Vec<_> = weather::SYSTEM
        .ways
        .iter()
        .map(|way| {
            let answer = weather(&["--as", way.name]).answer().succeeded();
            assert!(answer.figure("water lost") <= 1.0, "{}: {}", way.name, answer.errors);
            assert!(answer.figure("wait a stage") >= 0.0, "the model needs it: {}", answer.errors);
            let is_one = answer.figure("answers") == 1.0;
            assert_eq!(is_one, way.name != "by-core", "{}: {}", way.name, answer.errors);
            answer
        })
        .collect();
    let all: Vec<_> = answers.iter().map(seas).collect();
    assert_eq!(all[0].len(), MEMBERS);
    assert!(all.iter().all(|seas| *seas == all[0]), "{all:#?}");
}

#[cfg(unix)]
#[test]
fn who_presses_ctrl_c_has_a_film_of_the_days_until_then() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("weather.png");
    weather(&["--as", "concurrent-only", "--out"]).with(&path).interrupted();
    let frames = frames(&path);
    assert!(frames % PICTURES_A_DAY == 1, "whole days, and the beginning: {frames}");
    assert!(frames < DAYS * PICTURES_A_DAY, "it went on to the end");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_in_a_sentence() {
    let answer = weather(&["--as", "both", "--out", "/dev/full"]).answer();
    let error = "weather: /dev/full cannot be written: No space left on device";
    let answer = answer.failed(1, error);
    assert_eq!(seas(&answer).len(), MEMBERS, "all of the work was done");
}
