//! Two threads with a channel between them, and still one thing at a time: one worker empties a queue.
//!
//! Predict: the queue has room for all three tasks. How many of them are in progress at once?
//!
//! Change: `const WORKERS: usize = 1;` to `const WORKERS: usize = 3;`
//!
//! Then: *both*. The channel stays as it is: what a queue's tasks do at once is decided by who
//! takes them out.

use std::thread;

use crossbeam_channel::{after, unbounded};
use lab::prelude::*;

const WORKERS: usize = 1;

/// Sends three tasks to one worker.
pub fn run() {
    let (sender, receiver) = unbounded();
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| receiver.iter().for_each(task));
        }
        for name in work::TASKS {
            sender.send(name).expect("a worker");
        }
        drop(sender); // the workers' loops end when the queue is empty and closed
    });
}

fn task(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        after(work::wait()).recv().expect("a timer's message");
        primes += task.compute(step);
    }
    task.finish(primes);
}
