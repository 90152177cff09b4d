//! Two threads with a channel between them, a queue: one puts tasks in, the other takes them out and
//! works. It is *unbounded*: to put something in never waits. (A channel may have several receivers
//! here; each message goes to one of them.)
//!
//! Predict: the queue takes all three tasks at once, and a thread of its own does them. How long does
//! that take beside `neither/std`?
//! - shorter
//! - as long
//! - longer
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

// Answer, by the time of `neither/std`: as long. A task that lies in a queue has not begun: it is in
// progress from when somebody takes it out, and the one worker takes the next when it is done with the one
// before. The main thread only fills the queue, and waits. (So a long queue is no sign of concurrency.)
//
// Then: *both*. The channel stays as it is: what a queue's tasks do at once is decided by who takes
// them out.
