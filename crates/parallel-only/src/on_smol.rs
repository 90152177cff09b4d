//! Two ways to hand work over lead to different places: `unblock` to a pool of threads, `spawn` to
//! an executor.
//!
//! Predict: `unblock` has a thread for every part, if need be. How long does the run take?
//! - 1 wait + 9 computes
//! - 9 waits + 9 computes
//! - 9 waits + 9 computes / cores
//!
//! Change: `unblock(move || task.compute_part(part))` to
//! `smol::spawn(async move { task.compute_part(part) })`

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

// Answer, by the clock: 9 waits + 9 computes / cores. The tasks go one after the other, the parts
// of a step side by side.
//
// Then: *neither*. All parts are spawned, and smol's one executor thread computes them in turn
// (unless the environment variable `SMOL_THREADS` gives it more).
