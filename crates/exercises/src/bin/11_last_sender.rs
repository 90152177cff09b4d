//! 11: the loop that never ends.
//!
//! Each task has a thread of its own, which sends what it finds. `main` receives in a loop, and adds up. When
//! all have sent and ended, the loop should end.
//!
//! Predict: in how many of three runs does it end?
//!
//! Then change `solve`, so that it ends once everything was received, and not sooner, however many tasks
//! there are and however late one is.
//!
//! You are judged by this: a page comes when nothing else goes on any more. If nothing goes on and nothing is
//! left to come, the program hangs, and the judge can tell.
//!
//! Judge it: cargo xtask exercise 11

use std::process::ExitCode;
use std::thread;

use classroom::Work;
use crossbeam_channel::unbounded;

fn main() -> ExitCode {
    classroom::run(solve)
}

/// The sum of what all tasks find.
fn solve(work: &Work) -> u64 {
    let (sender, finds) = unbounded();
    for task in work.tasks() {
        let sender = sender.clone();
        thread::spawn(move || sender.send(task.fetch().compute()));
    }
    let mut sum = 0;
    for found in finds {
        sum += found;
    }
    sum
}
