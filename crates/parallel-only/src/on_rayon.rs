//! Rayon in one line: `into_par_iter` over the parts of a step.
//!
//! Predict: the program differs from *neither* on std in how a step computes. Which line of its
//! output is the fourth?
//! - `Task A - 78498 primes`
//! - `Task B - Step 1`
//! - either, it depends
//!
//! Change: `work::parts(step).into_par_iter()` to `work::parts(step).into_iter()`

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

// Answer, by line 4: `Task A - 78498 primes`. The output does not differ at all: rayon spreads the
// parts of a step over the cores, and the rest of the program does not notice.
//
// Then: *neither*, in its lines and in its time.
