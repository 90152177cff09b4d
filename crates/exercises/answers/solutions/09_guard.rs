//! 09: two workers, and one lock.
//!
//! Two workers take tasks from one queue, and compute them. One receiver can serve both only behind a
//! lock. It is taken for as long as it takes to receive a task. Or is it?
//!
//! Predict: how many tasks are computed at once, at most?
//!
//! Then change `do_jobs`, so that both workers compute at once. The queue keeps its lock.
//!
//! You are judged by this: no task is computed until a second one is about to be, and the kernel sees both
//! execute.
//!
//! Judge it: cargo xtask exercise 09

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use classroom::{Task, Work};

fn main() -> ExitCode {
    classroom::tasks(6).stage("solve", solve).run()
}

/// The sum of what all tasks find.
fn solve(work: &Work) -> u64 {
    let (sender, jobs) = channel();
    work.tasks().into_iter().for_each(|task| sender.send(task).expect("a receiver"));
    drop(sender);
    let jobs = Mutex::new(jobs);
    thread::scope(|scope| {
        let workers = [scope.spawn(|| do_jobs(&jobs)), scope.spawn(|| do_jobs(&jobs))];
        workers.into_iter().map(|worker| worker.join().expect("a sum")).sum()
    })
}

/// Computes tasks as long as there are any: the sum of what they find.
fn do_jobs(jobs: &Mutex<Receiver<Task>>) -> u64 {
    let mut sum = 0;
    // SOLUTION BEGIN
    loop {
        let job = jobs.lock().expect("no panic").recv();
        let Ok(task) = job else { return sum };
        sum += task.compute();
    }
    // START: while let Ok(task) = jobs.lock().expect("no panic").recv() {
    // START:     sum += task.compute();
    // START: }
    // START: sum
    // SOLUTION END
}
