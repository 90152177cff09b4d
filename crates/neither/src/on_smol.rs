//! An executor, and a task spawned on it for each name.
//!
//! Predict: it reads as if three tasks were spawned and then three awaited. How many tasks are in
//! progress at once?
//! - 1
//! - 2
//! - 3
//!
//! Change: `work::TASKS.into_iter().map` to `work::TASKS.map`

use lab::prelude::*;
use smol::{LocalExecutor, Timer, block_on};

/// Spawns a task and awaits it before spawning the next. `executor.run` polls the block and what is
/// spawned, `block_on` polls all of that, on this thread.
pub fn run() {
    let executor = LocalExecutor::new();
    block_on(executor.run(async {
        let spawned = work::TASKS.into_iter().map(|name| executor.spawn(task(name)));
        for handle in spawned {
            handle.await;
        }
    }));
}

async fn task(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        Timer::after(work::wait()).await;
        primes += task.compute(step);
    }
    task.finish(primes);
}

// Answer, by the tasks at once: 1. Each is awaited before the next is spawned: the loop asks the
// iterator for one, awaits it, and asks for the next.
//
// Then: *concurrent only*. An iterator's `map` spawns a task when the loop asks for it; an array's
// `map` spawns all three at once.
