//! One thread does one task after the other: nothing overlaps, so every wait is paid in full.
//!
//! Predict: nine steps wait 20 ms each and compute about as long. How long does the run take, and
//! which of its twelve lines could ever change places?
//!
//! Change: `work::TASKS.into_iter().for_each(task);` to
//! `thread::scope(|scope| for name in work::TASKS { scope.spawn(move || task(name)); });`
//!
//! Then: *both*. Three threads bring concurrency and parallelism in one stroke, which is why the
//! two are so often taken for one thing. The other chapters take them apart.
//!
//! Answer: nine times a wait and a step's compute, some 360 ms; and none of them.

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
