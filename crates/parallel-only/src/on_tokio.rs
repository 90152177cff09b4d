//! A step's parts go to the runtime's blocking pool.
//!
//! Predict: a step has eight parts, and the pool may have eight threads. How long does the run take?
//! - 9 waits + 9 computes
//! - 9 waits + 9 computes / cores
//! - 9 waits + 9 computes / 8 threads
//!
//! Change: `.max_blocking_threads(work::PARTS)` to `.max_blocking_threads(1)`

use lab::prelude::*;
use tokio::runtime::Builder;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

/// Awaits one task after the other.
pub fn run() {
    let runtime = Builder::new_current_thread()
        .enable_time()
        .max_blocking_threads(work::PARTS)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
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
        primes += part.await.expect("a number of primes");
    }
    primes
}

// Answer, by the clock: 9 waits + 9 computes / cores. The cores come in within a step: its parts compute
// side by side. It is cores that compute, though: more threads than there are cores take turns. (The pool
// is meant for calls that block, and has up to 512 threads. If you compute on it, limit it, as here, or
// use rayon.)
//
// Then: *neither*. The parts queue up for the pool's only thread.
