//! 05: six threads that wait, and one that works.
//!
//! Six tasks. Each has a thread that waits for its page, and all wait at once: six waits take as long as one.
//! Is the program parallel?
//!
//! Predict: how many tasks are computed at once, at most?
//!
//! Then change `solve`, so that tasks are computed at once as well, by as many threads as the machine has
//! cores for.
//!
//! You are judged by this: all six pages are waited for at once; no task is computed until a second one is
//! about to be; and the kernel sees both execute. (A machine with one core cannot show that, and says so.) In a
//! second run one page comes when nothing else goes on any more.
//!
//! Judge it: cargo xtask exercise 05

use std::process::ExitCode;
use std::thread;

use classroom::{Task, Work};

fn main() -> ExitCode {
    classroom::tasks(6).stage("solve", solve).run()
}

/// The sum of what all tasks find.
fn solve(work: &Work) -> u64 {
    let spawn = |task: Task| thread::spawn(move || task.fetch());
    let handles: Vec<_> = work.tasks().into_iter().map(spawn).collect();
    let mut sum = 0;
    for handle in handles {
        let page = handle.join().expect("a page");
        sum += page.compute();
    }
    sum
}
