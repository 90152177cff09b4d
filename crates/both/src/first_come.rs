//! First come, first served: no more workers than cores, so that one task's step is finished before
//! the next begins.
//!
//! Predict: as many workers as cores do what eight workers do in `both/crossbeam-channel`, on the same
//! cores. How long does it take beside that?
//! - shorter
//! - as long
//! - longer
//!
//! Change: `let workers = thread::available_parallelism().map_or(1, usize::from);` to
//! `let workers = work::PARTS;`. How long does it take beside the run before?
//! - shorter
//! - as long
//! - longer

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

// Answer, by the time of `both/crossbeam-channel`: shorter. On two cores it takes some 128 ms where
// eight workers take 154; the least possible is 110. The system is fair to eight workers: the tasks
// compute together, finish together, and then wait together, with every core idle. Here A's parts
// are done before B's, and A waits already while B's are computed. (Rayon has a thread for each
// core, and takes 167 all the same: a worker that waits for the rest of a task begins another
// meanwhile, and finishes that first. Pools for blocking calls leave it to the system to be fair.)
//
// Then, by the time before: longer. *Both*, as before, with eight workers, and slower where there are
// fewer than eight cores. The tasks' waits overlap with one another again, and no more with the
// others' compute.
