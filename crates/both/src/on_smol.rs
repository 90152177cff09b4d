//! One executor thread keeps three tasks in progress; the pool behind `unblock` computes.
//!
//! Predict: how long would the run take if the tasks computed on the executor's thread?
//!
//! Change: `primes += compute(task, step).await;` to `primes += task.compute(step);`
//!
//! Then: *concurrent only*. The tasks still take turns on the executor's only thread, but now they
//! compute there, and while one computes, no other can even look at its timer. (`SMOL_THREADS`
//! would give it more threads.)
//!
//! Answer: w + 9·c, as in *concurrent only*.

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
