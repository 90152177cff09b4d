//! 12: in the order of input, and as soon as can be.
//!
//! Two workers take tasks from a queue, and send what they find, with the task's number. `main` says it as
//! it comes.
//!
//! Predict: the first task takes longer than all others. How many lines come before its line?
//!
//! Then change `say_in_order`, so that lines come in the order of the tasks. Each has to come as soon as it
//! can: the first is not to wait until the last is computed. And the workers wait for nobody.
//!
//! You are judged by this: one task computes until nothing else goes on any more, once the first and once the
//! last. By then all others have to be computed, and all lines said that can be.
//!
//! Judge it: cargo xtask exercise 12

// SOLUTION BEGIN
use std::collections::BTreeMap;
// SOLUTION END
use std::process::ExitCode;
use std::thread;

use classroom::{Task, Work};
use crossbeam_channel::{Receiver, Sender, unbounded};

fn main() -> ExitCode {
    classroom::tasks(6).stage("solve", solve).run()
}

/// Says what all tasks find, in their order.
fn solve(work: &Work) {
    let (give, jobs) = unbounded();
    let (sender, finds) = unbounded();
    work.tasks().into_iter().for_each(|task| give.send(task).expect("a receiver"));
    drop(give);
    thread::scope(|scope| {
        for sender in [sender.clone(), sender] {
            scope.spawn(|| do_jobs(&jobs, sender));
        }
        say_in_order(work, &finds);
    });
}

/// Computes tasks as long as there are any, and sends each one's number and find.
fn do_jobs(jobs: &Receiver<Task>, sender: Sender<(usize, u64)>) {
    for task in jobs {
        sender.send((task.number(), task.compute())).expect("a receiver");
    }
}

/// Says all finds, in the order of their numbers.
fn say_in_order(work: &Work, finds: &Receiver<(usize, u64)>) {
    // SOLUTION BEGIN
    let mut next = 0;
    let mut early = BTreeMap::new();
    for (number, found) in finds {
        early.insert(number, found);
        while let Some(found) = early.remove(&next) {
            work.say(format!("{next}: {found}"));
            next += 1;
        }
    }
    // START: for (number, found) in finds {
    // START:     work.say(format!("{number}: {found}"));
    // START: }
    // SOLUTION END
}
