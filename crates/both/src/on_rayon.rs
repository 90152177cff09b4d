//! In rayon a job that waits keeps its thread, so the waiting is left to others: three threads of
//! our own wait, and rayon's pool, with a thread for every core, does nothing but compute.
//!
//! Predict: in how many orders can the twelve lines of the output come?
//! - 1
//! - 6
//! - 34,650
//!
//! Change: `work::parts(step).into_par_iter()` to `work::parts(step).into_iter()`

use std::thread;

use lab::prelude::*;
use rayon::prelude::*;

/// A thread for every task.
pub fn run() {
    thread::scope(|scope| {
        for name in work::TASKS {
            scope.spawn(move || task(name));
        }
    });
}

fn task(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        thread::sleep(work::wait()); // on a thread of our own, never on rayon's
        let parts = work::parts(step).into_par_iter();
        primes += parts.map(|part| task.compute_part(part)).sum::<usize>();
    }
    task.finish(primes);
}

// Answer, by the contract: 34,650. Each task's own four lines are in order, and the lines of three
// tasks may mix in every way: 12! / (4!)³.
//
// Then: *both* all the same. Three threads that compute for themselves use up to three cores. What
// rayon adds is that one task can use up to eight, one for each part.
