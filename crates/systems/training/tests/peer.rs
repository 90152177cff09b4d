//! What teaches the other one's network, with a scikit-learn that is none: its program is read by nobody else
//! where there is no real one.

use std::fs;
use std::process::{Command, Output};

/// A module of this name that has what the program asks for, and reads all pictures but one right.
const STUB: &str = "
__version__ = '0.0'

class MLPClassifier:
    def __init__(self, layers, max_iter, **others):
        self.n_iter_ = max_iter

    def fit(self, pixels, kinds):
        assert (len(pixels), len(kinds)) == (1437, 1437)

    def score(self, pixels, kinds):
        assert {len(picture) for picture in pixels} == {64}
        return 1 - 1 / len(kinds)
";

/// Runs the program with modules from this folder; nothing where there is no Python.
fn peer(modules: &std::path::Path) -> Option<Output> {
    let digits = concat!(env!("CARGO_MANIFEST_DIR"), "/data/digits.txt");
    let mut python = Command::new("python3");
    python.args([
        "-S",
        "-c",
        include_str!("../examples/peer.py"),
        "192",
        "64",
        "48",
        "0.05",
        digits,
    ]);
    let output = python.env("PYTHONPATH", modules).output();
    output.inspect_err(|error| eprintln!("skipped: there is no python3 ({error})")).ok()
}

#[test]
fn whoever_has_the_library_is_taught_and_tested() {
    let folder = tempfile::tempdir().expect("a folder");
    let package = folder.path().join("sklearn");
    fs::create_dir(&package).expect("a folder");
    fs::write(package.join("__init__.py"), STUB).expect("room");
    fs::write(package.join("neural_network.py"), STUB).expect("room");
    let Some(output) = peer(folder.path()) else { return };
    let errors = String::from_utf8_lossy(&output.stderr);
    let answer = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{errors}");
    let words: Vec<_> = answer.split_whitespace().collect();
    let [version, _took, wrong] = words[..] else { panic!("three words, and not {answer}") };
    assert_eq!(version, "0.0");
    let wrong: f64 = wrong.parse().expect("a number");
    assert!((wrong - 100.0 / 360.0).abs() < 1e-9, "{wrong}");
}

#[test]
fn who_has_no_library_is_told_from_who_has_failed() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(output) = peer(folder.path()) else { return };
    assert_eq!(output.status.code(), Some(3), "{}", String::from_utf8_lossy(&output.stderr));
}
