//! `training` as a person calls it.

use std::fs::File;
use std::path::Path;

use stage::trial::{Answer, Call};
use training::school::{EPOCHS, NETWORKS};

fn training(arguments: &[&str]) -> Call {
    Call::of(env!("CARGO_BIN_EXE_training"), arguments)
}

/// What each network's weights come to, by network.
fn weights(answer: &Answer) -> Vec<&String> {
    let mut all: Vec<_> = answer.lines.iter().filter(|line| line.contains(" - weights ")).collect();
    all.sort_unstable();
    all
}

/// How many frames an animated PNG has, by somebody else's word.
fn frames(path: &Path) -> usize {
    let file = std::io::BufReader::new(File::open(path).expect("a file"));
    let reader = png::Decoder::new(file).read_info().expect("PNG");
    reader.info().animation_control().expect("an animated PNG").num_frames as usize
}

#[test]
fn however_it_is_shared_out_the_networks_learn_the_same() {
    let answers = ["neither", "concurrent-only", "parallel-only", "both"].map(|way| {
        let answer = training(&["--as", way]).answer().succeeded();
        assert!(answer.figure("worst network") <= 3.0, "{way}: {}", answer.errors);
        assert_eq!(answer.figure("answers"), 1.0, "{way}: {}", answer.errors);
        answer
    });
    let all = answers.each_ref().map(weights);
    assert_eq!(all[0].len(), NETWORKS);
    assert!(all.iter().all(|weights| *weights == all[0]), "{all:#?}");
}

#[test]
fn with_a_share_a_worker_they_do_not_and_with_small_batches_they_do() {
    for (way, is_one) in [("by-worker", false), ("small-batches", true)] {
        let answer = training(&["--as", way]).answer().succeeded();
        assert_eq!(answer.figure("answers") == 1.0, is_one, "{way}: {}", answer.errors);
        assert!(answer.figure("worst network") <= 3.0, "{way}: {}", answer.errors);
    }
}

#[cfg(unix)]
#[test]
fn who_presses_ctrl_c_has_a_film_of_what_was_learned_until_then() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("training.png");
    let answer = training(&["--as", "neither", "--out"]).with(&path).interrupted();
    let frames = frames(&path);
    assert!(frames > 2 && frames <= 2 * (EPOCHS + 1), "{frames} frames");
    assert!(weights(&answer).len() < NETWORKS, "it went on to the end");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_told_in_a_sentence() {
    let answer = training(&["--as", "both", "--out", "/dev/full"]).answer();
    let error = "training: /dev/full cannot be written: No space left on device";
    let answer = answer.failed(1, error);
    assert_eq!(weights(&answer).len(), NETWORKS, "all of the work was done");
}
