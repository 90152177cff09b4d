//! Parallelism in one line: rayon spreads the parts of a step over the cores, and the rest of the
//! program does not notice.
//!
//! Predict: the program differs from *neither* on std in how a step computes. How does its output
//! differ?
//!
//! Change: `into_par_iter()` to `into_iter()`
//!
//! Then: *neither*, in its lines and in its time.
//!
//! Answer: not at all.

use std::thread::sleep;

use lab::prelude::*;
use rayon::prelude::*;

/// One task after the other.
pub fn run() {
    work::TASKS.into_iter().for_each(task);
}

fn task(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        sleep(work::wait());
        let parts = work::parts(step).into_par_iter();
        primes += parts.map(|part| task.compute_part(part)).sum::<usize>();
    }
    task.finish(primes);
}
