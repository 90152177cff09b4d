//! 14: first have every run stop for ever, then none.
//!
//! Four threads move money: from account 0 to 1, from 1 to 0, from 2 to 3 and from 3 to 2. Whoever moves
//! takes the locks of both accounts, one after the other. (A *kind* machine lets each thread go on undisturbed
//! from its first lock to its second.)
//!
//! Predict: of 10 runs of `stop`, as it stands, on a kind machine, how many will never end?
//!
//! First, in `stop`: put one `work.delay()` where it does most harm, so that threads wait for each
//! other's locks in *every* run. A delayed thread stands still until nothing else goes on.
//!
//! Then, in `finish`: change how the locks are taken, so that nobody waits for ever however threads are
//! delayed. Whoever moves has both locks; and one lock for all four accounts will not do: who moves between 2
//! and 3 does not wait for who moves between 0 and 1.
//!
//! You are judged by this: in `stop`, on a kind machine, threads wait for each other's locks for ever; in
//! `finish` they are delayed where it hurts most, and all money is moved.
//!
//! Judge it: cargo xtask exercise 14

use std::process::ExitCode;
use std::thread;

use classroom::{Task, Work};

fn main() -> ExitCode {
    classroom::tasks(8).stage("stop", stop).stage("finish", finish).run()
}

/// Ends in no run.
fn stop(work: &Work) {
    on_four_threads(work, |task, from, to| {
        let amount = task.compute();
        let _from = work.lock(from);
        let _to = work.lock(to);
        work.transfer(from, to, amount);
    });
}

/// Ends in every run.
fn finish(work: &Work) {
    on_four_threads(work, |task, from, to| {
        let amount = task.compute();
        let _from = work.lock(from);
        let _to = work.lock(to);
        work.transfer(from, to, amount);
    });
}

/// Hands a quarter of the tasks to each of four threads, with the accounts between which it moves.
fn on_four_threads(work: &Work, transfer: impl Fn(&Task, usize, usize) + Sync) {
    let (tasks, transfer) = (work.tasks(), &transfer);
    thread::scope(|scope| {
        let quarters = tasks.chunks(tasks.len().div_ceil(4));
        for (quarter, (from, to)) in quarters.zip([(0, 1), (1, 0), (2, 3), (3, 2)]) {
            scope.spawn(move || quarter.iter().for_each(|task| transfer(task, from, to)));
        }
    });
}
