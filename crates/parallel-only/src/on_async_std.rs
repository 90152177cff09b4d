//! A step's parts go to the blocking pool, and are awaited.
//!
//! (async-std is discontinued, RUSTSEC-2025-0052; its named successor is smol. It is taught here
//! because programs still use it.)
//!
//! Predict: a step's eight parts are made before the first is awaited, and the main thread awaits them. How
//! many of all 72 parts does it compute?
//! - 0
//! - 9
//! - 72
//!
//! Change: `spawn_blocking(move || task.compute_part(part))` to
//! `async move { task.compute_part(part) }`

use async_std::task::{block_on, sleep, spawn_blocking};
use lab::prelude::*;

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

// Answer, by the parts on the thread that prints: 0. Each is computed by a thread of the pool, as soon as a
// core is free. That is why parts go to the blocking pool. An async block would not do: it is no thread,
// and does not begin by itself.
//
// Then: *neither*. An async block computes when it is polled, on the thread that awaits it, and the
// eighth is polled last.
