//! Two pools, for two kinds of work: `spawn` hands a task to an executor of as many threads as there
//! are cores, and `spawn_blocking` a part to a pool that grows with what it is given.
//!
//! (async-std is discontinued, RUSTSEC-2025-0052; its named successor is smol. It is taught here
//! because programs still use it.)
//!
//! Predict: `spawn` alone would use several cores, too. What is the other one for?
//! - it makes the waits shorter
//! - it lets one task use several cores
//! - it lets several tasks wait at once
//!
//! Change: `work::TASKS.map(|name| spawn(task(name)))` to `work::TASKS.map(task)`

use async_std::task::{block_on, sleep, spawn, spawn_blocking};
use lab::prelude::*;

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
        sleep(work::wait()).await;
        primes += compute(task, step).await;
    }
    task.finish(primes);
}

/// Computes a step's parts on the blocking pool.
async fn compute(task: Task, step: usize) -> usize {
    let parts = work::parts(step).into_iter();
    let parts: Vec<_> = parts.map(|part| spawn_blocking(move || task.compute_part(part))).collect();
    let mut primes = 0;
    for part in parts {
        primes += part.await;
    }
    primes
}

// Answer: it lets one task use several cores. And it keeps compute off the threads that poll.
//
// Then: *parallel only*. Tasks that are not spawned begin when they are awaited, one after the
// other; their parts still run on several cores.
