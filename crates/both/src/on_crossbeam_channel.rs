//! Threads and channels: three tasks send their parts to one pool of workers, and get numbers back.
//!
//! Predict: parts of three tasks mix in one channel, and their numbers come back in any order. How
//! does a number find its task?
//! - it comes back in the order of the parts
//! - it carries the name of its task
//! - its job carries the task's own channel
//!
//! Change: `const WORKERS: usize = work::PARTS;` to `const WORKERS: usize = 1;`

use std::thread;

use crossbeam_channel::{Sender, after, unbounded};
use lab::prelude::*;

const WORKERS: usize = work::PARTS;

/// A part to compute, and where its number goes.
type Job = (Task, work::Part, Sender<usize>);

/// A thread for every task, and a pool of workers for all of them.
pub fn run() {
    let (jobs, inbox) = unbounded::<Job>();
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                for (task, part, outbox) in &inbox {
                    outbox.send(task.compute_part(part)).expect("a task that waits");
                }
            });
        }
        for name in work::TASKS {
            let jobs = jobs.clone();
            scope.spawn(move || task(name, &jobs));
        }
        drop(jobs); // the workers' loops end when the last task has dropped its sender
    });
}

fn task(name: &'static str, jobs: &Sender<Job>) {
    let task = Task::start(name);
    let (outbox, numbers) = unbounded();
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        after(work::wait()).recv().expect("a timer's message");
        for part in work::parts(step) {
            jobs.send((task, part, outbox.clone())).expect("the receiver is in scope");
        }
        primes += numbers.iter().take(work::PARTS).sum::<usize>();
    }
    task.finish(primes);
}

// Answer: its job carries the task's own channel. That is the `Sender` in a `Job`: each task waits
// on a channel for its numbers alone.
//
// Then: *concurrent only*. The tasks still wait at the same time, and one worker computes for all
// of them.
