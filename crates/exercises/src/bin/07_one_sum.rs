//! 07: one sum, on all cores.
//!
//! Eight tasks that compute. None needs what another one has found. One thread computes them, one after the
//! other, and adds up what they find.
//!
//! Predict: how many of the eight tasks are computed at once, at most?
//!
//! Then change `solve`, so that they are computed on all cores. rayon has parallel iterators: what can be
//! written with `into_iter`, `map` and `sum` can be written with `into_par_iter`.
//!
//! You are judged by this: no task is computed until a second one is about to be, and the kernel sees both
//! execute.
//!
//! Judge it: cargo xtask exercise 07

use std::process::ExitCode;

use classroom::Work;

fn main() -> ExitCode {
    classroom::tasks(8).stage("solve", solve).run()
}

/// The sum of what all tasks find.
fn solve(work: &Work) -> u64 {
    let mut sum = 0;
    for task in work.tasks() {
        sum += task.compute();
    }
    sum
}
