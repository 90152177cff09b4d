//! 02: spawned, but one after the other.
//!
//! Three tasks. Each first fetches a page, for which it has to wait, and then computes what is hidden in
//! it. Each gets a thread of its own, and still nothing overlaps.
//!
//! Predict: how many of the three fetches are in progress at once, at most?
//!
//! Then change `solve`, so that all three are in progress at once. The answer stays what it is: what the
//! three tasks find, added up.
//!
//! You are judged by this: no fetch returns until all three are in progress. (Try it.) In a second run one
//! page comes when nothing else goes on any more.
//!
//! Judge it: cargo xtask exercise 02

use std::process::ExitCode;
use std::thread;

use classroom::Work;

fn main() -> ExitCode {
    classroom::run(solve)
}

/// The sum of what all tasks find.
fn solve(work: &Work) -> u64 {
    let mut sum = 0;
    for task in work.tasks() {
        let handle = thread::spawn(move || task.fetch().compute());
        sum += handle.join().expect("a finished task");
    }
    sum
}
