//! Threads for the tasks and threads for their parts: the operating system does the rest.
//!
//! Predict: three tasks of three steps of eight parts. How many threads compute, in the whole run?
//! - 3
//! - 24
//! - 72
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

// Answer, by the threads that compute: 72. Every part has a thread of its own, which ends when the part is
// computed: nobody keeps it for the next. At most 28 are there at once, the main thread, three tasks, 24
// parts; and of those, as many execute at once as there are cores.
//
// Then: *parallel only*. Whoever joins a thread right after spawning it does one task at a time;
// the parts still run on several cores.
