//! Judges one exercise, or all that is known of it. For authors, until `cargo xtask exercise` does it.
//!
//! ```console
//! $ cargo run -p judge -- 02                 # judges what stands in crates/exercises/src/bin
//! $ cargo run -p judge -- predict 02         # measures what the prediction is about
//! $ cargo run -p judge -- cut 02             # cuts the start from the solution
//! $ cargo run -p judge -- check 02           # start, solution, honest and wrong answers
//! $ cargo run -p judge -- check              # all exercises
//! ```

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Instant;

use judge::check::{self, Entry, Kept};
use judge::run::{built, measure};
use judge::witness::Kernel;
use judge::{Exercise, Manifest, Program, Run, Seed, judge};
use words::{Outcome, Time};

const USAGE: &str = "usage: judge [check | predict | cut] [EXERCISE] [--seed SEED] [--times NUMBER] [--only ANSWER]";

fn main() -> ExitCode {
    supervise::keep_if_asked();
    match Arguments::read(std::env::args().skip(1)).and_then(|arguments| arguments.run()) {
        Ok(outcome) => ExitCode::from(outcome.exit_code()),
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

/// The command line.
#[derive(Default)]
struct Arguments {
    words: Vec<String>,
    seed: Option<Seed>,
    times: Option<usize>,
    only: Option<String>,
}

impl Arguments {
    fn read(mut words: impl Iterator<Item = String>) -> Result<Arguments, String> {
        let mut arguments = Arguments::default();
        while let Some(word) = words.next() {
            let mut value = || words.next().ok_or_else(|| USAGE.to_owned());
            match word.as_str() {
                "--seed" => arguments.seed = Some(value()?.parse()?),
                "--times" => arguments.times = Some(value()?.parse().map_err(|_| USAGE)?),
                "--only" => arguments.only = Some(value()?),
                option if option.starts_with('-') => return Err(USAGE.to_owned()),
                _ => arguments.words.push(word),
            }
        }
        Ok(arguments)
    }

    fn run(&self) -> Result<Outcome, String> {
        let manifest = Manifest::read(&root().join("crates/exercises"))?;
        let words: Vec<&str> = self.words.iter().map(String::as_str).collect();
        match words[..] {
            ["check"] => self.check(&manifest, &manifest.exercises),
            ["check", wanted] => self.check(&manifest, &[manifest.find(wanted)?.clone()]),
            ["predict", wanted] => self.predict(manifest.find(wanted)?),
            ["cut", wanted] => cut(&manifest, manifest.find(wanted)?),
            [wanted] => self.one(manifest.find(wanted)?),
            _ => Err(USAGE.to_owned()),
        }
    }

    fn seed(&self) -> Seed {
        self.seed.unwrap_or_else(Seed::fresh)
    }

    fn one(&self, exercise: &Exercise) -> Result<Outcome, String> {
        build("exercises", &exercise.file())?;
        let program = Program::new(built(&target(), &exercise.file()));
        let seed = self.seed();
        let print = &mut |line: &supervise::Line| println!("  | {}", line.text);
        let runs = judge(exercise, &program, seed, &mut Kernel::default(), print)?;
        Ok(tell(exercise, &runs, seed))
    }

    fn predict(&self, exercise: &Exercise) -> Result<Outcome, String> {
        build("exercises", &exercise.file())?;
        let program = Program::new(built(&target(), &exercise.file()));
        let predict = &exercise.predict;
        let measured = measure(predict, &program, self.seed(), &mut Kernel::default())?;
        println!("{}", predict.question);
        for choice in &predict.choices {
            let is_right = (choice.from..=choice.to).contains(&measured);
            println!(" {} {}", if is_right { "*" } else { " " }, choice.text);
        }
        println!("Measured on this machine: {measured}.");
        Ok(Outcome::Passed)
    }

    fn check(&self, manifest: &Manifest, exercises: &[Exercise]) -> Result<Outcome, String> {
        let mut outcome = Outcome::Passed;
        for fault in check::files(manifest) {
            println!("{fault}");
            outcome = Outcome::Failed;
        }
        for exercise in exercises {
            outcome = outcome.and(self.check_one(exercise)?);
        }
        Ok(outcome)
    }

    fn check_one(&self, exercise: &Exercise) -> Result<Outcome, String> {
        let file = exercise.file();
        for (package, program) in [
            ("exercises", file.clone()),
            ("answers", format!("{file}-solution")),
            ("answers", format!("{file}-others")),
        ] {
            build(package, &program)?;
        }
        let listed =
            Command::new(built(&target(), &format!("{file}-others"))).arg("--list").output();
        let listed = String::from_utf8_lossy(&listed.map_err(|error| error.to_string())?.stdout)
            .into_owned();
        let faults = check::answers(exercise, &listed);
        faults.iter().for_each(|fault| println!("{fault}"));
        let mut outcome = if faults.is_empty() { Outcome::Passed } else { Outcome::Failed };
        for _ in 0..self.times.unwrap_or(1) {
            for entry in check::entries(exercise).iter().filter(|entry| self.is_wanted(entry)) {
                outcome = outcome.and(self.check_entry(exercise, entry)?);
            }
        }
        Ok(outcome)
    }

    fn is_wanted(&self, entry: &Entry) -> bool {
        self.only.as_ref().is_none_or(|only| entry.name().ends_with(only.as_str()))
    }

    fn check_entry(&self, exercise: &Exercise, entry: &Entry) -> Result<Outcome, String> {
        let mut program = Program::new(built(&target(), &entry.program));
        program.arguments.extend(entry.argument.clone());
        let (seed, began) = (self.seed(), Instant::now());
        let runs = judge(exercise, &program, seed, &mut Kernel::default(), &mut |_| ())?;
        let kept = entry.kept(&runs);
        let expected = entry.reason.as_deref().unwrap_or("passed");
        let found = runs.last().and_then(Run::finding).map_or("passed", |finding| finding.name());
        println!("{kept:?}: {}: {expected}, {found} ({})", entry.name(), Time(began.elapsed()));
        if kept != Kept::Kept || self.only.is_some() {
            tell(exercise, &runs, seed);
        }
        Ok(match kept {
            Kept::Kept => Outcome::Passed,
            Kept::NotShown => Outcome::NotShown,
            Kept::Broken => Outcome::Failed,
        })
    }
}

/// Tells what was found.
fn tell(exercise: &Exercise, runs: &[Run], seed: Seed) -> Outcome {
    let outcome = runs.iter().map(Run::outcome).collect();
    println!("{:02} {}: {outcome}", exercise.number, exercise.title);
    for run in runs {
        for finding in &run.findings {
            println!("  [{}] {finding}", finding.name());
        }
    }
    if outcome != Outcome::Passed {
        println!("  To have the same run again: --seed {seed}");
    }
    outcome
}

fn cut(manifest: &Manifest, exercise: &Exercise) -> Result<Outcome, String> {
    let start = check::start_of(manifest, exercise)?;
    let path = manifest.folder.join(format!("src/bin/{}.rs", exercise.file()));
    std::fs::write(&path, start).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(Outcome::Passed)
}

fn build(package: &str, program: &str) -> Result<(), String> {
    let mut cargo = Command::new("cargo");
    cargo.args(["build", "--quiet", "--package", package, "--bin", program]).current_dir(root());
    match cargo.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(format!("{program} does not compile")),
        Err(error) => Err(format!("cargo cannot be run: {error}")),
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}
