//! The article's second program with the sleep replaced by work: each number now needs a core.
//!
//! Predict: a number is some 60 ms of work: 3 computes. There are four, and four threads. How long does the
//! run take?
//! - 3 computes
//! - 12 computes / cores
//! - 12 computes
//!
//! Change: `.num_threads(4)` to `.num_threads(1)`

use lab::prelude::*;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

/// Squares four numbers in a pool of four threads.
pub fn run() {
    let pool = ThreadPoolBuilder::new().num_threads(4).build().expect("a pool");
    let squares = Task::start("squares");
    let numbers = [1, 2, 3, 4].into_par_iter();
    let results: Vec<_> = pool.install(|| numbers.map(|number| process(squares, number)).collect());
    squares.say(format_args!("Results: {results:?}"));
    squares.end();
}

fn process(task: Task, number: u32) -> u32 {
    task.say(format_args!("Processing {number}"));
    let primes: usize = work::STEPS.map(|step| task.compute(step)).sum(); // needs a core
    assert_eq!(primes, work::PRIMES);
    number * number
}

/// The four numbers in any order, and the results after all of them: 24 legal orders, as if it slept.
#[must_use]
pub fn order() -> Order {
    let numbers = [1, 2, 3, 4].map(|n| line(format!("Processing {n}")).label(format!("P{n}")));
    seq([par(numbers), line("Results: [1, 4, 9, 16]").label("R")])
}

// Answer, by the clock: 12 computes / cores. This is what the article meant: four parts of one task
// compute at once, as far as there are cores. It takes four times 60 ms, divided by the number of
// cores up to four: `cargo xtask demo parallel-only/article-computing --cores 1` takes the whole
// 240 ms. The output tells nothing of it: lay it beside that of the sleeping program.
//
// Then: *neither*. One thread does four threads' work. (The sleeping program would suffer as much
// from this; it is cores that tell the two apart, not threads.)
