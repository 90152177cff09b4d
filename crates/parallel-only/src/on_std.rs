//! One task at a time; each step's compute is split into parts, and every part has a thread.
//!
//! Predict: nine waits, and nine steps to compute. How long does the run take?
//! - 1 wait + 9 computes
//! - 9 waits + 9 computes
//! - 9 waits + 9 computes / cores
//!
//! Change: `let parts: Vec<_> = parts.collect();` to `let parts = parts;`

use std::thread;

use lab::prelude::*;

/// One task after the other.
pub fn run() {
    work::TASKS.into_iter().for_each(task);
}

fn task(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        thread::sleep(work::wait());
        primes += compute(task, step);
    }
    task.finish(primes);
}

/// Computes a step's parts on a thread each.
fn compute(task: Task, step: usize) -> usize {
    thread::scope(|scope| {
        let parts = work::parts(step).into_iter();
        let parts = parts.map(|part| scope.spawn(move || task.compute_part(part)));
        let parts: Vec<_> = parts.collect();
        parts.into_iter().map(|part| part.join().expect("a number of primes")).sum()
    })
}

// Answer, by the clock: 9 waits + 9 computes / cores. The lines come in the same order as in
// *neither*, always. The time tells the two apart, and what the cores did.
//
// Then: *neither*. Without `collect` the iterator is lazy: a thread is spawned when the sum asks
// for it, and joined before the next is spawned. Eight threads, one after the other.
