//! Three futures, joined into one, beside a pool of threads.
//!
//! (async-std is discontinued, RUSTSEC-2025-0052; its named successor is smol. It is taught here
//! because programs still use it.)
//!
//! Predict: the runtime keeps a thread for every core. How many threads compute?
//! - 1
//! - 2
//! - 3
//!
//! Change: `let [a, b, c] = work::TASKS.map(task);` to
//! `let [a, b, c] = work::TASKS.map(|name| async_std::task::spawn(task(name)));`

use async_std::task::{block_on, sleep};
use futures_lite::future::zip;
use lab::prelude::*;

/// Polls three tasks as one future.
pub fn run() {
    let [a, b, c] = work::TASKS.map(task);
    block_on(zip(a, zip(b, c))); // one future of three, ready when all of them are
}

async fn task(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        sleep(work::wait()).await;
        primes += task.compute(step);
    }
    task.finish(primes);
}

// Answer, by the threads that compute: 1. The main thread awaits all three futures, and computes
// for all three: joined futures are polled by whoever awaits them, one at a time. Only spawned ones
// go to the pool.
//
// Then: *both*. Still joined, but spawned first: whichever thread of the pool is free polls a task.
