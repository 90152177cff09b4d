//! A worker pool in one line, as many have written it: three threads share the receiving end of a
//! queue. `recv` waits for a message. A lock is held by one thread at a time; the others wait for it.
//!
//! Predict: three workers, three tasks. How long does the run take?
//! - 3 waits + 3 computes
//! - 1 wait + 9 computes
//! - 9 waits + 9 computes
//!
//! Change: `while let Ok(name) = inbox.lock().expect("a lock").recv() {` to
//! `while let Ok(name) = { let next = inbox.lock().expect("a lock").recv(); next } {`

use std::sync::{Mutex, mpsc};
use std::thread;

use lab::prelude::*;

const WORKERS: usize = work::TASKS.len();

/// Sends three tasks to three workers.
pub fn run() {
    let (outbox, inbox) = mpsc::channel();
    work::TASKS.into_iter().for_each(|name| outbox.send(name).expect("a receiver"));
    drop(outbox); // the workers' loops end when the queue is empty and closed
    let inbox = Mutex::new(inbox);
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                while let Ok(name) = inbox.lock().expect("a lock").recv() {
                    task(name);
                }
            });
        }
    });
}

fn task(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        thread::sleep(work::wait());
        primes += task.compute(step);
    }
    task.finish(primes);
}

// Answer, by the clock: 9 waits + 9 computes. The lock around the receiver is taken for `recv`; but what
// `while let` looks at lives until the end of the loop's body. So does what `lock` returned, a *guard*,
// and the lock is held while that lives: a worker that has a task keeps all others from even waiting
// for theirs. (Whoever does nothing has no lane in the picture.)
//
// Then: *both*. With a statement of its own the guard is dropped at its semicolon. Now the workers
// only take turns at taking.
