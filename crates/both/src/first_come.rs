//! First come, first served beats fair shares: a few workers finish one task's step before they begin
//! the next.
//!
//! In [`on_crossbeam_channel`](crate::on_crossbeam_channel) eight workers share two cores, say, and the
//! system is fair to all of them. So the three tasks keep in step: they compute together, finish
//! together, and then they wait together, with every core idle. Here there are no more workers than
//! cores, and the parts of A are done before those of B. While B's are computed, A waits already for
//! its next step.
//!
//! Predict: the same work on the same cores, with fewer workers. Does it take longer?
//!
//! Change: `let workers = thread::available_parallelism().map_or(1, usize::from);` to
//! `let workers = work::PARTS;`
//!
//! Then: *both*, and slower where there are fewer than eight cores.
//!
//! Answer: no: on two cores some 125 ms where eight workers take 145. The least possible is 110.

use std::thread;

use crossbeam_channel::{Sender, after, unbounded};
use lab::prelude::*;

/// A part to compute, and where its number goes.
type Job = (Task, work::Part, Sender<usize>);

/// A thread for every task, and a worker for every core.
pub fn run() {
    let (jobs, inbox) = unbounded::<Job>();
    let workers = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        for _ in 0..workers {
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
