//! 13: not too far ahead.
//!
//! One thread computes tasks and sends what it finds. `main` receives it and says it. Saying can be slow: a
//! line may go to a printer, or to a friend on another continent.
//!
//! Predict: twelve tasks. How many are computed by the time that the first line is said?
//!
//! Then change `solve`, so that no more than four finds wait to be said, however slow that is. No find is
//! lost, and something is computed while a line is said.
//!
//! You are judged by this: no line is done until nothing else goes on any more. By then more were
//! computed than are said, but no more than four wait. (One more can be in the hand of whoever computes, who
//! waits to get rid of it.)
//!
//! Judge it: cargo xtask exercise 13

use std::process::ExitCode;
use std::thread;

use classroom::Work;
// SOLUTION BEGIN
use crossbeam_channel::bounded;
// START: use crossbeam_channel::unbounded;
// SOLUTION END

fn main() -> ExitCode {
    classroom::tasks(12).stage("solve", solve).run()
}

/// Says what all tasks find, and returns the sum.
fn solve(work: &Work) -> u64 {
    // SOLUTION BEGIN
    let (sender, finds) = bounded(4);
    // START: let (sender, finds) = unbounded();
    // SOLUTION END
    let tasks = work.tasks();
    thread::spawn(move || {
        for task in tasks {
            sender.send(task.compute()).expect("a receiver");
        }
    });
    let mut sum = 0;
    for found in finds {
        work.say(found);
        sum += found;
    }
    sum
}
