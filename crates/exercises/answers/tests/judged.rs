//! Judges known answers: each solution and one honest alternative pass, and one wrong answer for each reason is
//! rejected for it. That is about one in three of all, so that it takes less than a minute. (All of them, and
//! the starts, which are of another package: `cargo xtask exercise check`.)

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use judge::check::{self, Entry, Kept};
use judge::witness::Kernel;
use judge::{Exercise, Manifest, Program, Run, Seed, judge};

fn main() -> ExitCode {
    supervise::keep_if_asked();
    // Whoever lists tests gets none: this is one, and has no name.
    if std::env::args().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let manifest = Manifest::read(&folder).unwrap_or_else(|error| panic!("{error}"));
    let mut faults = check::files(&manifest);
    // A student's own work is no fault of the exercises.
    match folder.join("progress.txt").exists() {
        true => println!(
            "Somebody works on the exercises: their files are not held against the starts."
        ),
        false => faults.extend(check::starts(&manifest)),
    }
    for exercise in &manifest.exercises {
        faults.extend(check::answers(exercise, &listed(exercise)));
        let entries = check::one_of_each(check::entries(exercise)).into_iter();
        let entries = entries.filter(|entry| entry.package == "answers");
        faults.extend(entries.filter_map(|entry| fault(exercise, &entry)));
    }
    faults.iter().for_each(|fault| println!("{fault}"));
    println!("{} faults", faults.len());
    ExitCode::from(u8::from(!faults.is_empty()))
}

/// What an exercise's other answers are called, as their program has it.
fn listed(exercise: &Exercise) -> String {
    let program = beside(&format!("{}-others", exercise.file()));
    let listed = Command::new(&program).arg("--list").output();
    let listed = listed.unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    String::from_utf8_lossy(&listed.stdout).into_owned()
}

/// What is wrong with what came of an answer.
fn fault(exercise: &Exercise, entry: &Entry) -> Option<String> {
    let mut program = Program::new(beside(&entry.program));
    program.arguments.extend(entry.argument.clone());
    let seed = Seed::fresh();
    let runs = judge(exercise, &program, seed, &mut Kernel::default(), &mut |_| ());
    let runs = runs.unwrap_or_else(|error| panic!("{}: {error}", entry.name()));
    match entry.kept(&runs) {
        Kept::Kept => None,
        Kept::NotShown => {
            println!("NOT SHOWN on this machine: {}", entry.name());
            None
        }
        Kept::Broken => {
            let found = runs.last().and_then(Run::finding).map(ToString::to_string);
            let found = found.unwrap_or("passed".to_owned());
            Some(format!("{}, --seed {seed}: {found}", entry.name()))
        }
    }
}

/// A program of this package.
fn beside(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a path of this test");
    let folder = test.parent().and_then(Path::parent).expect("the target folder");
    folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
