//! 08: uneven work, and work that is too small.
//!
//! In `uneven`, two threads share eight tasks, four each. That is fair, if all take as long. One of them takes
//! longer than all others together, and nobody knows which. In `tiny`, each task takes less time than
//! it takes to hand it over.
//!
//! Predict: task A is the long one. How many of the other seven are done by the time that it is?
//!
//! Then change `uneven`, so that whoever has nothing to do takes what is left; and `tiny`, so that it costs no
//! more than the work is worth.
//!
//! You are judged by this: one task computes until nothing else goes on any more; then all others have to
//! be done. What is uneven is computed on several cores, and what is tiny by one thread.
//!
//! Judge it: cargo xtask exercise 08

use std::process::ExitCode;

use classroom::{Task, Work};
use rayon::prelude::*;

fn main() -> ExitCode {
    classroom::tasks(8).stage("uneven", uneven).stage("tiny", tiny).run()
}

/// The sum of what all tasks find, of which one takes much longer than the others.
fn uneven(work: &Work) -> u64 {
    let tasks = work.tasks();
    let half = tasks.len() / 2;
    tasks.par_chunks(half).map(|half| half.iter().map(Task::compute).sum::<u64>()).sum()
}

/// The sum of what all tasks find, of which each takes less than a microsecond.
fn tiny(work: &Work) -> u64 {
    let tasks = work.tasks();
    tasks.par_iter().map(Task::compute).sum()
}
