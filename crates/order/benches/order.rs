//! How long checking takes *per line*, which must not depend on how many lines there are.
//!
//! One iteration checks one line of an output; with the last line it also
//! makes the report and begins anew, so that the *mean* of a million
//! iterations has everything in it that checking costs.

use divan::{Bencher, black_box};
use order::{Checker, Poset, line, par, seq};

fn main() {
    divan::main();
}

const LINES: [usize; 3] = [10_000, 100_000, 1_000_000];

/// So many tasks are in progress at once.
const TASKS: usize = 100;

/// A task's lines in series, and the tasks in parallel.
fn contract(lines: usize) -> Poset {
    let steps = lines / TASKS;
    let task = |task| seq((1..=steps).map(move |step| line(format!("Task {task} - Step {step}"))));
    par((1..=TASKS).map(task)).compile().expect("a sound contract")
}

#[divan::bench(args = LINES, sample_count = 100, sample_size = 10_000)]
fn tasks_that_go_round_by_round(bencher: Bencher<'_, '_>, lines: usize) {
    let contract = contract(lines);
    let steps = lines / TASKS;
    let rounds = (0..steps).flat_map(|step| (0..TASKS).map(move |task| task * steps + step));
    time_per_line(bencher, &contract, &rounds.collect::<Vec<_>>());
}

#[divan::bench(args = LINES, sample_count = 100, sample_size = 10_000)]
fn tasks_in_a_drawn_order(bencher: Bencher<'_, '_>, lines: usize) {
    let contract = contract(lines);
    let mut random = fastrand::Rng::with_seed(1);
    let drawn = contract.sample(&mut random).expect("chains are easy to interleave");
    time_per_line(bencher, &contract, &drawn);
}

fn time_per_line(bencher: Bencher<'_, '_>, contract: &Poset, sequence: &[usize]) {
    let output: Vec<String> = contract.texts(sequence).into_iter().map(str::to_owned).collect();
    let mut checker = Checker::new(contract);
    let mut next = 0;
    bencher.bench_local(|| {
        checker.line(black_box(&output[next]));
        next += 1;
        if next == output.len() {
            let finished = std::mem::replace(&mut checker, Checker::new(contract));
            assert!(finished.finish().is_legal());
            next = 0;
        }
    });
}
