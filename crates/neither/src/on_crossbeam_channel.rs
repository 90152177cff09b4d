//! Two threads with a channel between them, and still one thing at a time: one worker empties a
//! queue. (A channel may have several receivers here; each message goes to one of them.)
//!
//! Predict: the queue takes all three tasks at once. What would it need for two of them to be in
//! progress?
//!
//! Change: `const WORKERS: usize = 1;` to `const WORKERS: usize = 3;`
//!
//! Then: *both*. The channel stays as it is: what a queue's tasks do at once is decided by who
//! takes them out.
//!
//! Answer: a second worker.

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
            sender.send(name).expect("the receiver is in scope");
        }
        drop(sender); // the workers' loops end when the queue is empty and closed
    });
}

fn task(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        after(work::wait()).recv().expect("a timer's message"); // a channel with one message, later
        primes += task.compute(step);
    }
    task.finish(primes);
}
