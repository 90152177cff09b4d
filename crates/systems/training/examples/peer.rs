//! The same lessons for scikit-learn's network, in the same run: who is sooner done, and who reads better?
//!
//! `cargo run --release -p training --example peer`, where `python3` has scikit-learn; the variable `PYTHON`
//! names another one. Without it, half of this is skipped, and said to be.

use std::process::Command;
use std::time::Instant;

use training::descent::Crew;
use training::digits::Digits;
use training::school::{BATCH, EPOCHS, School};

/// The other one's program: as many units, lessons and rounds; no help from several cores, as ours has none.
const PEER: &str = r"
import sys, time, warnings
from sklearn.neural_network import MLPClassifier
import sklearn
warnings.filterwarnings('ignore')
units, batch, epochs, rate = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), float(sys.argv[4])
rows = [line.split() for line in open(sys.argv[5]) if not line.startswith('#')]
pixels = [[int(letter, 17) / 16 for letter in ''.join(row[:8])] for row in rows]
kinds = [int(row[8]) for row in rows]
lessons = [number for number in range(len(rows)) if number % 5]
test = range(0, len(rows), 5)
network = MLPClassifier((units,), solver='sgd', alpha=0, batch_size=batch, max_iter=epochs, tol=0,
    learning_rate_init=rate, momentum=0.9, nesterovs_momentum=False, n_iter_no_change=epochs, random_state=0)
began = time.perf_counter()
network.fit([pixels[it] for it in lessons], [kinds[it] for it in lessons])
took = (time.perf_counter() - began) * 1000
wrong = 100 - network.score([pixels[it] for it in test], [kinds[it] for it in test]) * 100
print(f'scikit-learn {sklearn.__version__}: {took:.0f} ms, {right:.1f} % right, {network.n_iter_} epochs')
";

fn main() {
    let school = School::with(Crew::Alone);
    let began = Instant::now();
    let network = school.teach(0);
    let took = began.elapsed().as_secs_f64() * 1e3;
    let (wrong, _) = school.test(&[network]);
    println!("ours: {took:.0} ms, {wrong:.1} % wrong, {EPOCHS} epochs");

    // They take the mean error of a batch, and we the sum.
    let rate = training::descent::RATE * BATCH as f32;
    let units = training::network::UNITS;
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let numbers = [units.to_string(), BATCH.to_string(), EPOCHS.to_string(), rate.to_string()];
    let mut peer = Command::new(&python);
    for variable in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"] {
        peer.env(variable, "1");
    }
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/data/digits.txt");
    match peer.args(["-c", PEER]).args(numbers).arg(file).output() {
        Ok(output) if output.status.success() => {
            print!("{}", String::from_utf8_lossy(&output.stdout));
        }
        Ok(output) => {
            let errors = String::from_utf8_lossy(&output.stderr);
            println!(
                "skipped: {python} has no scikit-learn ({})",
                errors.lines().last().unwrap_or("")
            );
        }
        Err(error) => println!("skipped: there is no {python} ({error})"),
    }
    let pictures = Digits::ours();
    println!(
        "({} pictures to learn from, {} for the test)",
        pictures.lessons.len(),
        pictures.test.len()
    );
}
