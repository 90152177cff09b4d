//! Manifest, starts, solutions and other answers agree, both ways. Nothing is judged here: `cargo xtask exercise
//! check` does that, and `cargo xtask ci` has it do so.

use std::path::{Path, PathBuf};
use std::process::Command;

use judge::{Exercise, Manifest, check};

fn manifest() -> Manifest {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    Manifest::read(&folder).unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn the_manifest_agrees_with_the_files_and_has_answers_enough() {
    assert_eq!(check::files(&manifest()), Vec::<String>::new());
}

#[test]
fn starts_are_what_is_cut_from_their_solutions() {
    let manifest = manifest();
    // A student's own work is no fault of the exercises.
    if manifest.folder.join("progress.txt").exists() {
        println!("Somebody works on the exercises: they are not held against their solutions.");
        return;
    }
    assert_eq!(check::starts(&manifest), Vec::<String>::new());
}

#[test]
fn the_manifest_tells_of_all_other_answers() {
    let exercises = manifest().exercises;
    let faults = exercises.iter().flat_map(|exercise| check::answers(exercise, &listed(exercise)));
    assert_eq!(faults.collect::<Vec<_>>(), Vec::<String>::new());
}

/// What an exercise's other answers are called, as their program has it.
fn listed(exercise: &Exercise) -> String {
    let program = beside(&format!("{}-others", exercise.file()));
    let listed = Command::new(&program).arg("--list").output();
    let listed = listed.unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    String::from_utf8_lossy(&listed.stdout).into_owned()
}

/// A program of this package.
fn beside(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a path of this test");
    let folder = test.parent().and_then(Path::parent).expect("the target folder");
    folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
