//! 04: keep the heart beating.
//!
//! A service computes, and beside it a heart beats, so that others see that it is alive. Both are futures that
//! one thread polls in turn.
//!
//! Predict: three tasks are computed, for some twenty milliseconds each. How many beats are there meanwhile,
//! if there should be one every five?
//!
//! Then change `compute_all`, so that the heart beats while each task is computed.
//!
//! You are judged by this: who asks to compute is let do so once the heart has beaten *after* that. A program
//! that cannot do both stands still then, and is told so. In a last run one task takes until nothing
//! else goes on any more.
//!
//! Judge it: cargo xtask exercise 04

use std::process::ExitCode;

use classroom::Work;
use smol::future;

fn main() -> ExitCode {
    classroom::run(solve)
}

/// The sum of what all tasks find, while the heart beats.
fn solve(work: &Work) -> u64 {
    smol::block_on(future::or(compute_all(work), heart(work)))
}

/// The sum of what all tasks find.
async fn compute_all(work: &Work) -> u64 {
    let mut sum = 0;
    for task in work.tasks() {
        // SOLUTION BEGIN
        sum += smol::unblock(move || task.compute()).await;
        // START: sum += task.compute();
        // SOLUTION END
    }
    sum
}

/// Beats for ever. Each beat returns when the next one is wanted.
async fn heart(work: &Work) -> u64 {
    loop {
        work.beat().await;
    }
}
