//! Three futures exist at once and none of them has begun: a future does nothing until it is
//! polled.
//!
//! (async-std is discontinued, RUSTSEC-2025-0052; its named successor is smol. It is taught here
//! because programs still use it.)
//!
//! Predict: all three futures are made before the first is awaited. Which line is the fifth, and
//! how long does the run take?
//!
//! Change: `work::TASKS.map(task);` to
//! `work::TASKS.map(|name| async_std::task::spawn(task(name)));`
//!
//! Then: *both*. Spawning hands a future to a pool of threads, one for every core, and whichever
//! is free polls it, awaited or not.
//!
//! Answer: the first of B, after the last of A; and as long as on std.

use async_std::task::{block_on, sleep};
use lab::prelude::*;

/// Makes all tasks, then awaits one after the other.
pub fn run() {
    let futures = work::TASKS.map(task);
    block_on(async {
        for future in futures {
            future.await;
        }
    });
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
