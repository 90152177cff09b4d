//! 93, optional: a graceful end.
//!
//! Two workers take tasks from a queue, one after the other. Then somebody presses Ctrl-C: `work.ctrl_c()` is where
//! `main` waits for that. Here it makes no difference.
//!
//! Predict: when Ctrl-C is pressed, two of nine tasks have been computed, and two are being computed. How many are
//! computed in the end?
//!
//! Then change `solve`, so that after Ctrl-C no task begins, and those that have begun are finished and counted.
//!
//! You are judged by this: Ctrl-C is pressed while both workers compute, and neither is done before nothing else
//! goes on any more: by then they can have been told.
//!
//! Judge it: cargo xtask exercise 93

use std::process::ExitCode;
use std::sync::Mutex;
use std::thread;

use classroom::{Task, Work};

fn main() -> ExitCode {
    classroom::tasks(9).stage("solve", solve).run()
}

/// The sum of what was found by the time that all ended.
fn solve(work: &Work) -> u64 {
    let queue = Mutex::new(work.tasks());
    let next = || next(&queue);
    thread::scope(|scope| {
        let worker = || std::iter::from_fn(next).map(|task| task.compute()).sum::<u64>();
        let workers = [scope.spawn(worker), scope.spawn(worker)];
        work.ctrl_c();
        workers.into_iter().map(|worker| worker.join().expect("a worker")).sum()
    })
}

/// The next task, which nobody else gets.
fn next(queue: &Mutex<Vec<Task>>) -> Option<Task> {
    queue.lock().expect("a queue").pop()
}
