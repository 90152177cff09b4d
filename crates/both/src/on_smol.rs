//! An executor for tasks, and the pool behind `unblock` for their parts.
//!
//! Predict: the executor has one thread. How many tasks are in progress at once?
//! - 1
//! - 2
//! - 3
//!
//! Change: `primes += compute(task, step).await;` to `primes += task.compute(step);`

use lab::prelude::*;
use smol::{Timer, block_on, spawn, unblock};

/// Spawns three tasks.
pub fn run() {
    block_on(async {
        for handle in work::TASKS.map(|name| spawn(task(name))) {
            handle.await;
        }
    });
}

async fn task(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        Timer::after(work::wait()).await;
        primes += compute(task, step).await;
    }
    task.finish(primes);
}

/// Computes a step's parts on the pool of blocking threads.
async fn compute(task: Task, step: usize) -> usize {
    let parts = work::parts(step).into_iter();
    let parts: Vec<_> = parts.map(|part| unblock(move || task.compute_part(part))).collect();
    let mut primes = 0;
    for part in parts {
        primes += part.await;
    }
    primes
}

// Answer, by the tasks at once: 3. One executor thread is enough to keep them in progress, since it
// does not compute. If they computed there, the run would take 1 wait + 9 computes, as in
// *concurrent only*.
//
// Then: *concurrent only*. The tasks still take turns on the executor's only thread, but now they
// compute there, and while one computes, no other can even look at its timer. (`SMOL_THREADS` would
// give it more threads.)
