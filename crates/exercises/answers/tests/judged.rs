//! Judges every answer that is known: solutions and honest alternatives pass, and each wrong one is rejected for
//! its reason. (Starts are of another package: `cargo xtask exercise check` judges them, too.)

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use judge::check::{self, Entry, Kept};
use judge::witness::Kernel;
use judge::{Exercise, Manifest, Program, Run, Seed, judge};

/// How often an answer is judged that the machine did not let show what it is.
const TRIES: usize = 4;

fn main() -> ExitCode {
    supervise::keep_if_asked();
    // Whoever lists tests gets none: this is one, and has no name.
    if std::env::args().any(|argument| argument == "--list") {
        return ExitCode::SUCCESS;
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let manifest = Manifest::read(&folder).unwrap_or_else(|error| panic!("{error}"));
    let faults = check::files(&manifest);
    faults.iter().for_each(|fault| println!("{fault}"));
    let broken = manifest.exercises.iter().map(all_of).sum::<usize>() + faults.len();
    println!("{broken} faults");
    ExitCode::from(u8::from(broken > 0))
}

/// How many answers of an exercise came to something else than they have to.
fn all_of(exercise: &Exercise) -> usize {
    let entries = check::entries(exercise).into_iter();
    entries.filter(|entry| entry.package == "answers" && !is_kept(exercise, entry)).count()
}

fn is_kept(exercise: &Exercise, entry: &Entry) -> bool {
    let mut program = Program::new(beside(&entry.program));
    program.arguments.extend(entry.argument.clone());
    for _ in 0..TRIES {
        let seed = Seed::fresh();
        let runs = judge(exercise, &program, seed, &mut Kernel::default(), &mut |_| ());
        let runs = runs.unwrap_or_else(|error| panic!("{}: {error}", entry.name()));
        match entry.kept(&runs) {
            Kept::Kept => return true,
            Kept::NotShown => {}
            Kept::Broken => {
                let found = runs.last().and_then(Run::finding).map(ToString::to_string);
                println!(
                    "{}, --seed {seed}: {}",
                    entry.name(),
                    found.unwrap_or("passed".to_owned())
                );
                return false;
            }
        }
    }
    println!("NOT SHOWN on this machine, in {TRIES} runs: {}", entry.name());
    true
}

/// A program of this package.
fn beside(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("a path of this test");
    let folder = test.parent().and_then(Path::parent).expect("the target folder");
    folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}
