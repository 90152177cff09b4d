//! One executor thread keeps three tasks in progress; the pool behind `unblock` computes.
//!
//! Predict: what happens to the other two tasks if one computes on the executor's thread?
//!
//! Change: `primes += compute(task, step).await;` to `primes += task.compute(step);`
//!
//! Then: *concurrent only*. The tasks still take turns on the executor's only thread, but now
//! they compute there, and while one computes, no other can even look at its timer.

use lab::prelude::*;
use smol::{Timer, block_on, spawn, unblock};

/// Spawns three tasks.
pub fn run() {
    block_on(async {
        for task in work::TASKS.map(|name| spawn(task(name))) {
            task.await;
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
