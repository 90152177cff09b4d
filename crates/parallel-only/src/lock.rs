//! Every part has a thread of its own, and all add to one sum, behind a lock.
//!
//! Predict: eight threads share one lock. How long does the run take beside `parallel-only/std`, whose
//! threads share nothing?
//! - shorter
//! - as long
//! - longer
//!
//! Change: `*sum.lock().expect("a lock") += task.compute_part(part);` to
//! `let mut sum = sum.lock().expect("a lock"); *sum += task.compute_part(part);`

use std::sync::Mutex;
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

/// Computes a step's parts on a thread each, and adds up behind a lock.
fn compute(task: Task, step: usize) -> usize {
    let sum = &Mutex::new(0);
    thread::scope(|scope| {
        for part in work::parts(step) {
            scope.spawn(move || {
                *sum.lock().expect("a lock") += task.compute_part(part);
            });
        }
    });
    *sum.lock().expect("a lock")
}

// Answer, by the time of `parallel-only/std`: as long. A thread has the lock for as long as an addition
// takes: an assignment like `*sum.lock() += …` works out its right side first, so that the part is
// computed without the lock. What is locked briefly costs next to nothing.
//
// Then: *neither*. The lock is taken first, and held while the part is computed. The parts take
// turns, on however many cores.
