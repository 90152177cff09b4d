//! Two threads with a channel between them: one fills a queue with tasks, the other works. (A
//! channel may have several receivers here; each message goes to one of them.)
//!
//! Predict: the queue takes all three tasks at once. In which quadrant is the run?
//! - neither
//! - concurrent only
//! - parallel only
//! - both
//!
//! Change: `const WORKERS: usize = 1;` to `const WORKERS: usize = 3;`

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

// Answer, by the verdict: neither. One worker empties the queue, one task after the other, though
// there are two threads. For two tasks to be in progress it would need a second worker.
//
// Then: *both*. The channel stays as it is: what a queue's tasks do at once is decided by who takes
// them out.
