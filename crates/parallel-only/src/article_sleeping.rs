//! The article's second program, in Rust: four numbers go to a pool of four, and the work of each
//! is a sleep.
//!
//! (The article's second is 200 ms here; `--slow 5` gives it back. The article shows the four lines
//! in order. Nothing promises that. rayon halves a list for whoever is free, so that 1 and 3 come
//! first most often: see `cargo xtask census parallel-only/article-sleeping`.)
//!
//! Predict: one task, split into four parts, on four threads. In which quadrant is the run?
//! - neither
//! - concurrent only
//! - parallel only
//! - both
//!
//! Change: `.map(|number| process(squares, number))` to
//! `.map(|number| { let own = Task::start("own"); let n = process(own, number); own.end(); n })`

use std::thread::sleep;
use std::time::Duration;

use lab::prelude::*;
use rayon::ThreadPoolBuilder;
use rayon::prelude::*;

const SIMULATED_WORK: Duration = Duration::from_millis(200);

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
    sleep(SIMULATED_WORK * work::slowdown()); // to "simulate CPU work"
    number * number
}

/// The four numbers in any order, and the results after all of them: 24 legal orders.
#[must_use]
pub fn order() -> Order {
    let numbers = [1, 2, 3, 4].map(|n| line(format!("Processing {n}")).label(format!("P{n}")));
    seq([par(numbers), line("Results: [1, 4, 9, 16]").label("R")])
}

// Answer, by the verdict: neither. It takes a quarter of the time that four sleeps take in turn,
// and the article calls that parallel. But nobody worked: four threads slept, which needs no core.
// There is one task, and no two threads execute at once. On a single core it takes no longer:
// `cargo xtask demo parallel-only/article-sleeping --cores 1`.
//
// Then: *concurrent only*. Call each number a task, and five are in progress at once: the whole and
// its numbers. The time that was gained was concurrency's all along. What a sleep hides,
// `parallel-only/article-computing` shows.
