//! A pool of workers by hand: parts go into one channel, numbers come out of another.
//!
//! Predict: the numbers come out in any order. In how many orders can the lines of the output come?
//! - 1
//! - 6
//! - 40,320
//!
//! Change: `const WORKERS: usize = work::PARTS;` to `const WORKERS: usize = 1;`

use std::thread;

use crossbeam_channel::{Receiver, Sender, after, unbounded};
use lab::prelude::*;

const WORKERS: usize = work::PARTS;

/// One task after the other; its parts go to the workers.
pub fn run() {
    let (parts, inbox) = unbounded::<(Task, work::Part)>();
    let (outbox, numbers) = unbounded();
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            scope.spawn(|| {
                for (task, part) in &inbox {
                    outbox.send(task.compute_part(part)).expect("a receiver");
                }
            });
        }
        work::TASKS.into_iter().for_each(|name| task(name, &parts, &numbers));
        drop(parts); // the workers' loops end when the channel is empty and closed
    });
}

fn task(name: &'static str, parts: &Sender<(Task, work::Part)>, numbers: &Receiver<usize>) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        after(work::wait()).recv().expect("a timer's message");
        for part in work::parts(step) {
            parts.send((task, part)).expect("the receiver is in scope");
        }
        primes += numbers.iter().take(work::PARTS).sum::<usize>();
    }
    task.finish(primes);
}

// Answer, by the contract: 1. A sum does not depend on the order of its parts, and parts print
// nothing.
//
// Then: *neither*. Two threads are left, one that sends and one that computes, and each waits for
// the other.
