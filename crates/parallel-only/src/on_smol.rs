//! Two ways to hand work over lead to different places: `unblock` to a pool of threads, `spawn` to
//! an executor.
//!
//! Predict: `unblock` has a thread for every part, if need be; smol's executor has one for all. How
//! long would the run take with `spawn` instead of `unblock`?
//!
//! Change: `unblock(move || task.compute_part(part))` to
//! `smol::spawn(async move { task.compute_part(part) })`
//!
//! Then: *neither*. All parts are spawned, and smol's one executor thread computes them in turn
//! (unless the environment variable `SMOL_THREADS` gives it more).
//!
//! Answer: as long as in *neither*.

use lab::prelude::*;
use smol::{Timer, block_on, unblock};

/// Awaits one task after the other.
pub fn run() {
    block_on(async {
        for name in work::TASKS {
            task(name).await;
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
