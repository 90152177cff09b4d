//! An executor, and a task spawned on it for each name. `LocalExecutor` has no pool.
//!
//! Predict: three tasks are spawned, and three awaited. The first line is A's first step. Which is the
//! second?
//! - `Task A - Step 2`
//! - `Task B - Step 1`
//! - `Task C - Step 1`
//!
//! Change: `work::TASKS.into_iter().map` to `work::TASKS.map`

use lab::prelude::*;
use smol::{LocalExecutor, Timer, block_on};

/// Spawns three tasks, and awaits them. `executor.run` polls the block and what is spawned, `block_on`
/// polls all of that, on this thread.
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

// Answer, by line 2: `Task A - Step 2`. An iterator is as lazy as a future: it does nothing until it is
// asked. The loop asks it for one task, which is spawned only now, awaits that, and asks for the next.
// (Whoever joins each thread before the next is spawned has them one after the other, too.)
//
// Then: *concurrent only*. An array's `map` spawns all three at once. A `LocalExecutor` polls its tasks on
// the thread that runs it, here this one; the lesson before had a pool. They begin when that thread is
// free to poll them, at the first `await`.
