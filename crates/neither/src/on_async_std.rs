//! Three futures are made, and then awaited. async-std has a pool with a thread for every core.
//!
//! (async-std is discontinued, RUSTSEC-2025-0052; its named successor is smol. It is taught here
//! because programs still use it.)
//!
//! Predict: all three futures are made before the first is awaited. Which line of the output is the
//! fifth?
//! - `Task A - Step 2`
//! - `Task B - Step 1`
//! - `Task B - Step 2`
//!
//! Change: `work::TASKS.map(task);` to
//! `work::TASKS.map(|name| async_std::task::spawn(task(name)));`

use async_std::task::{block_on, sleep};
use lab::prelude::*;

/// Makes all tasks, and awaits them.
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

// Answer, by line 5: `Task B - Step 1`. It comes after the last line of A: a future is *lazy*, it does
// nothing until it is polled, so that three of them existed and only one had begun. The run takes as
// long as on std.
//
// Then: *both*. async-std's `spawn` hands a future to the pool. It begins as soon as a thread is
// free to poll it, awaited or not.
