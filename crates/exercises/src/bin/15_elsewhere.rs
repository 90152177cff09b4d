//! 15: compute elsewhere, on as many threads as there are cores.
//!
//! The heart has to beat, so tasks are computed on other threads. `spawn_blocking` has some. It has as many as
//! one asks for.
//!
//! Predict: 64 tasks are computed like that. How many of them are computed at once, at most?
//!
//! Then change `compute_all`: the heart beats, all cores compute, and no more threads want to compute at once
//! than there are cores. rayon has a pool of that size. Do not wait for it with the heart's thread.
//!
//! You are judged by this: whoever asks to compute has to wait until the heart has beaten after that. Then
//! it is counted how many compute at once. Then no task is computed until a second one is about to be;
//! and then one takes until nothing else goes on any more.
//!
//! Judge it: cargo xtask exercise 15

use std::process::ExitCode;

use classroom::Work;
use tokio::runtime::Builder;
use tokio::task::spawn_blocking;

fn main() -> ExitCode {
    classroom::tasks(8).stage("solve", solve).run()
}

/// The sum of what all tasks find, while the heart beats.
fn solve(work: &Work) -> u64 {
    let one_thread = Builder::new_current_thread().build().expect("a runtime");
    one_thread.block_on(async {
        tokio::select! {
            sum = compute_all(work) => sum,
            () = heart(work) => 0,
        }
    })
}

/// The sum of what all tasks find.
async fn compute_all(work: &Work) -> u64 {
    let spawn = |task: classroom::Task| spawn_blocking(move || task.compute());
    let handles: Vec<_> = work.tasks().into_iter().map(spawn).collect();
    let mut sum = 0;
    for handle in handles {
        sum += handle.await.expect("a find");
    }
    sum
}

/// Beats for ever. Each beat returns when the next one is wanted.
async fn heart(work: &Work) {
    loop {
        work.beat().await;
    }
}
