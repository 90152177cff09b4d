//! `video-game` as a person calls it.

use std::fs::{self, File};
use std::io::BufReader;
use std::path::Path;

use stage::trial::Call;

const WAYS: [&str; 5] = ["neither", "single-threaded", "concurrent-only", "parallel-only", "both"];

fn game(arguments: &[&str]) -> Call {
    Call::of(env!("CARGO_BIN_EXE_video-game"), arguments)
}

/// A short game in a file.
fn short_game(folder: &Path) -> String {
    let file = folder.join("short.txt");
    fs::write(&file, "0 left\n3 up\n8 end\n").expect("room for some keys");
    file.into_os_string().into_string().expect("a path of letters")
}

/// The pictures of an animated PNG, each as its bytes.
fn pictures(file: &Path) -> Vec<Vec<u8>> {
    let file = BufReader::new(File::open(file).expect("a film"));
    let mut reader = png::Decoder::new(file).read_info().expect("an animated PNG");
    let count = reader.info().animation_control().expect("it is animated").num_frames;
    let size = reader.output_buffer_size().expect("a size");
    let mut picture = || {
        let mut bytes = vec![0; size];
        reader.next_frame(&mut bytes).expect("a picture that is whole");
        bytes
    };
    (0..count).map(|_| picture()).collect()
}

#[test]
fn the_same_game_has_the_same_end_film_and_sound_in_all_ways() {
    let folder = tempfile::tempdir().expect("a folder");
    let recording = short_game(folder.path());
    let played = WAYS.map(|way| {
        let film = folder.path().join(format!("{way}.png"));
        let call = game(&["--as", way, "--replay", &recording, "--out"]).with(&film);
        let lines = call.answer().succeeded().lines;
        let sound = fs::read(film.with_extension("wav")).expect("a sound");
        (lines, fs::read(&film).expect("a film"), sound)
    });
    let end = played[0].0.iter().find(|line| line.contains("caught: state "));
    assert!(end.is_some(), "{:?}", played[0].0);
    for (way, other) in WAYS.iter().zip(&played).skip(1) {
        assert_eq!(played[0].0, other.0, "{way}");
        assert!(played[0].1 == other.1, "{way} has another film");
        assert!(played[0].2 == other.2, "{way} has another sound");
    }
}

/// The end of a game, as its lines tell it: its state, its pictures and its sound.
#[cfg(unix)]
fn end(lines: &[String]) -> &[String] {
    let end = lines.iter().position(|line| line.contains("caught: state ")).expect("an end");
    &lines[end..]
}

#[cfg(unix)]
#[test]
fn what_is_heard_live_is_the_sound_beside_the_film_and_the_game_is_the_same() {
    let folder = tempfile::tempdir().expect("a folder");
    let (film, heard) = (folder.path().join("film.png"), folder.path().join("heard"));
    let recording = short_game(folder.path());
    for way in WAYS {
        let call = || game(&["--as", way, "--replay", &recording]);
        let live = call().with("--live").with("--out").with(&film);
        let live = live.with_player("heard").with_variable("HEARD", &heard);
        let live = live.answer().succeeded();
        assert_eq!(end(&live.lines), end(&call().answer().succeeded().lines), "{way}");
        let sound = hound::WavReader::open(film.with_extension("wav")).expect("a sound");
        let sound: Result<Vec<i16>, _> = sound.into_samples().collect();
        let heard = fs::read(&heard).expect("what was played");
        let heard: Vec<_> = heard.as_chunks().0.iter().copied().map(i16::from_le_bytes).collect();
        assert_eq!(heard.len(), 9 * 1_600);
        assert!(heard == sound.expect("all samples"), "{way} is heard otherwise");
    }
}

#[cfg(unix)]
#[test]
fn where_no_sound_can_be_played_no_game_is_begun() {
    let answer = game(&["--as", "both", "--live"]).with_player("none").answer();
    let answer = answer.failed(3, "install one; leave out --live");
    assert!(answer.says("not shown: what it sounds like: none of paplay, "), "{}", answer.errors);
    assert!(answer.lines.is_empty(), "{:?}", answer.lines);
}

#[cfg(unix)]
#[test]
fn a_player_that_stops_does_not_stop_the_game() {
    let folder = tempfile::tempdir().expect("a folder");
    let recording = short_game(folder.path());
    let call = || game(&["--as", "both", "--replay", &recording]);
    let silent = call().answer().succeeded();
    for (player, why) in [("deaf", "Connection refused"), ("dying", "Connection terminated")] {
        let answer = call().with("--live").with_player(player).answer();
        let answer = answer.failed(3, &format!("{why}; --out FILE keeps the sound"));
        assert_eq!(end(&answer.lines), end(&silent.lines), "{player}");
    }
}

#[test]
fn the_film_has_moving_pictures_and_the_sound_is_as_long_as_the_game() {
    let folder = tempfile::tempdir().expect("a folder");
    let recording = short_game(folder.path());
    let film = folder.path().join("film.png");
    game(&["--as", "both", "--replay", &recording, "--out"]).with(&film).answer().succeeded();
    let pictures = pictures(&film);
    assert_eq!(pictures.len(), 3, "nine frames, of which each third is kept");
    assert!(pictures[0] != pictures[1] && pictures[1] != pictures[2]);
    let sound = hound::WavReader::open(film.with_extension("wav")).expect("a sound");
    assert_eq!(sound.duration(), 9 * 1_600);
    let loudest = sound.into_samples::<i16>().map(|sample| sample.expect("a sample")).max();
    assert!(loudest > Some(1_000), "one hears nothing: {loudest:?}");
}

#[test]
fn what_is_no_game_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("list.txt");
    for (content, expected) in [
        (Some("milk\n"), "line 1 is `milk`, and should be a number and one of left, right"),
        (Some("4 left\n"), "it does not end"),
        (None, "No such file"),
    ] {
        let _gone = fs::remove_file(&file);
        if let Some(content) = content {
            fs::write(&file, content).expect("room");
        }
        let answer = game(&["--as", "both", "--replay"]).with(&file).answer().failed(1, expected);
        let errors = answer.errors;
        assert!(errors.contains("list.txt cannot be played again: "), "{errors}");
        assert_eq!(errors.lines().count(), 1, "{errors}");
    }
}

#[test]
fn who_plays_and_has_a_game_played_again_is_asked_for_one_of_them() {
    let answer = game(&["--as", "both", "--play", "--replay", "keys.txt"]).answer();
    answer.failed(2, "leave out one of --play, --replay");
}

#[test]
fn what_cannot_be_kept_is_told_before_anything_is_done() {
    for extra in ["--out", "--record"] {
        let answer = game(&["--as", "neither", extra, "nowhere/x"]).answer();
        let answer = answer.failed(1, "nowhere/x cannot be written: there is no folder nowhere");
        assert!(answer.lines.is_empty(), "{:?}", answer.lines);
    }
}

#[test]
fn without_a_terminal_nobody_can_play() {
    let answer = game(&["--as", "both", "--play"]).answer();
    answer.failed(3, "not shown: there is no terminal to play in");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_in_a_sentence() {
    let folder = tempfile::tempdir().expect("a folder");
    let recording = short_game(folder.path());
    for extra in ["--out", "--record"] {
        let call = game(&["--as", "neither", "--replay", &recording, extra, "/dev/full"]);
        let answer = call.answer().failed(1, "/dev/full cannot be written: No space left");
        let end = answer.lines.iter().find(|line| line.contains("caught: state"));
        assert!(end.is_some(), "all of the game was played: {:?}", answer.lines);
    }
}

#[cfg(unix)]
#[test]
fn who_presses_ctrl_c_keeps_the_film_until_then() {
    let folder = tempfile::tempdir().expect("a folder");
    let film = folder.path().join("film.png");
    let lines = game(&["--as", "both", "--out"]).with(&film).interrupted().lines;
    assert!(!lines.iter().any(|line| line.starts_with("Frame 75")), "it went on: {lines:?}");
    assert!(lines.iter().any(|line| line.contains("caught: state")), "{lines:?}");
    assert!(pictures(&film).len() >= 5, "the fifteenth frame had been drawn");
}
