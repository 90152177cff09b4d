//! Three jobs for a pool: threads that are kept ready, and take jobs. This pool has one thread.
//!
//! Predict: all three jobs are spawned at once. Which line of the output is the second?
//! - `Task A - Step 2`
//! - `Task B - Step 1`
//! - either, it depends
//!
//! Change: `.num_threads(1)` to `.num_threads(3)`

use std::thread::sleep;

use lab::prelude::*;
use rayon::ThreadPoolBuilder;

/// Spawns three jobs into a pool that has one thread.
pub fn run() {
    let pool = ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
    pool.scope_fifo(|scope| {
        for name in work::TASKS {
            scope.spawn_fifo(move |_| task(name));
        }
    });
}

fn task(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        sleep(work::wait()); // the pool's only thread is taken meanwhile
        primes += task.compute(step);
    }
    task.finish(primes);
}

// Answer, by line 2: `Task A - Step 2`. The other jobs queue, first in, first out, while the first
// waits: what looks concurrent in the code runs in turn. (That is what `_fifo` is for: with plain
// `scope` and `spawn` the newest job would go first.)
//
// Then: *both*. How much of a program runs in parallel is not written in the code that spawns.
