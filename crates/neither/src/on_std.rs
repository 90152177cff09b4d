//! One thread does one task after the other. (In the change, `scope.spawn` starts a thread, and
//! `thread::scope` waits for all that were started in it.)
//!
//! Predict: each of nine steps waits 20 ms, and computes about as long. How long does the run take?
//! - 1 wait + 9 computes
//! - 3 waits + 9 computes
//! - 9 waits + 9 computes
//!
//! Change: `work::TASKS.into_iter().for_each(task);` to
//! `thread::scope(|scope| { for name in work::TASKS { scope.spawn(move || task(name)); } });`

use std::thread;

use lab::prelude::*;

/// One task after the other.
pub fn run() {
    work::TASKS.into_iter().for_each(task);
}

fn task(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        thread::sleep(work::wait()); // the thread can do nothing else meanwhile
        primes += task.compute(step);
    }
    task.finish(primes);
}

// Answer, by the clock: 9 waits + 9 computes. Nothing overlaps, so every wait is paid in full. And
// none of the twelve lines can ever change places.
//
// Then: *both*. Three threads that compute, each for itself, bring concurrency and parallelism in one
// stroke, which is why the two are so often taken for one thing. Later lessons take them apart: threads
// alone are not enough for either.
