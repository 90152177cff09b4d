//! Threads for the tasks and threads for their parts: the operating system does the rest.
//!
//! Predict: three tasks, eight parts a step. How many threads are there at most?
//! - 4
//! - 12
//! - 28
//!
//! Change: `scope.spawn(move || task(name));` to
//! `scope.spawn(move || task(name)).join().expect("a finished task");`

use std::thread;

use lab::prelude::*;

/// A thread for every task.
pub fn run() {
    thread::scope(|scope| {
        for name in work::TASKS {
            scope.spawn(move || task(name));
        }
    });
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

// Answer: 28. The main thread, three tasks, 24 parts. Of the 24 that compute, as many execute at
// once as there are cores.
//
// Then: *parallel only*. Whoever joins a thread right after spawning it does one task at a time;
// the parts still run on several cores.
