//! The same lessons for scikit-learn's network, in the same run: who is sooner done, and who reads better?
//!
//! `cargo run -p training --example peer`, where `python3` has scikit-learn; the variable `PYTHON`
//! names another one. Without it, half of this is skipped, and said to be. Both are taught five times, one
//! after the other, and of both is told the run in the middle.

use std::io::ErrorKind;
use std::process::{Command, ExitCode};
use std::time::Instant;

use training::descent::{Crew, RATE};
use training::digits::Digits;
use training::network::UNITS;
use training::school::{BATCH, EPOCHS, School};

/// How often each of the two is taught.
const RUNS: usize = 5;

/// The other one's program.
const PEER: &str = include_str!("peer.py");

/// What it ends with where Python has no scikit-learn.
const LACKING: i32 = 3;

/// A network that has learned.
struct Taught {
    /// Whose it is.
    who: String,
    /// How long that took, in milliseconds.
    took: f64,
    /// How many of a hundred pictures of the test it reads wrong.
    wrong: f64,
}

/// Why nothing came of the other one's lessons.
enum Trouble {
    /// It is not there.
    Skipped(String),
    /// It is, and failed.
    Failed(String),
}

fn main() -> ExitCode {
    let digits = Digits::ours();
    let [lessons, test] = [digits.lessons, digits.test].map(|some| some.len());
    println!("{lessons} pictures to learn from, {test} for the test, {EPOCHS} epochs\n");
    let (mut all, mut trouble) = ([Vec::new(), Vec::new()], None);
    for _ in 0..RUNS {
        all[0].push(ours());
        if trouble.is_none() {
            theirs().map_or_else(|why| trouble = Some(why), |taught| all[1].push(taught));
        }
    }
    all.into_iter().for_each(tell);
    match trouble {
        None => ExitCode::SUCCESS,
        Some(Trouble::Skipped(why)) => {
            println!("skipped: {why}");
            ExitCode::SUCCESS
        }
        Some(Trouble::Failed(why)) => {
            eprintln!("{why}");
            ExitCode::FAILURE
        }
    }
}

/// Teaches one of ours, on one core.
fn ours() -> Taught {
    let school = School::with(Crew::Alone);
    let began = Instant::now();
    let network = school.teach(0);
    let took = began.elapsed().as_secs_f64() * 1e3;
    let (wrong, _) = school.test(&[network]);
    Taught { who: "ours".to_owned(), took, wrong }
}

/// Has Python teach one of scikit-learn's, on one core.
fn theirs() -> Result<Taught, Trouble> {
    let named = std::env::var("PYTHON").ok();
    let is_named = named.is_some();
    let python = named.unwrap_or_else(|| "python3".to_owned());
    // They take the mean error of a batch, and we the sum.
    let rate = RATE * BATCH as f32;
    let numbers = [UNITS.to_string(), BATCH.to_string(), EPOCHS.to_string(), rate.to_string()];
    let mut peer = Command::new(&python);
    for variable in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"] {
        peer.env(variable, "1");
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/data/digits.txt");
    let output = peer.args(["-c", PEER]).args(numbers).arg(file).output();
    // Who names one wants that one.
    let output = output.map_err(|error| match error.kind() {
        ErrorKind::NotFound if !is_named => Trouble::Skipped(format!("there is no {python}")),
        _ => Trouble::Failed(format!("{python} cannot be started: {error}")),
    })?;
    let [answer, errors] =
        [output.stdout, output.stderr].map(|text| String::from_utf8_lossy(&text).into_owned());
    if output.status.code() == Some(LACKING) {
        return Err(Trouble::Skipped(format!("{python} has no scikit-learn: {}", errors.trim())));
    }
    let failed = || Trouble::Failed(format!("{python} has failed ({}): {errors}", output.status));
    taught(&answer).filter(|_| output.status.success()).ok_or_else(failed)
}

/// Reads what the other one's program says: its version, how long it took, and what is read wrong.
fn taught(answer: &str) -> Option<Taught> {
    let mut words = answer.split_whitespace();
    let who = format!("scikit-learn {}", words.next()?);
    let mut number = || words.next()?.parse().ok();
    Some(Taught { who, took: number()?, wrong: number()? })
}

/// Tells of the run in the middle.
fn tell(mut runs: Vec<Taught>) {
    runs.sort_by(|one, other| one.took.total_cmp(&other.took));
    let (Some(first), Some(last)) = (runs.first(), runs.last()) else { return };
    let Taught { who, took, wrong } = &runs[runs.len() / 2];
    println!("{who}: {took:.0} ms ({:.0} to {:.0}), {wrong:.1} % wrong", first.took, last.took);
}
