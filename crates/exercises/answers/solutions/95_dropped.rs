//! 95, optional: what nobody holds is cancelled.
//!
//! Three tasks, as in 03, on one thread, with smol. Each is spawned, and sends what it found. It was written by
//! somebody who knows tokio, where a task goes on when nobody holds its handle any longer.
//!
//! Predict: how many of the three tasks are computed?
//!
//! Then change `solve`, so that all three are, and their waits overlap. It stays one thread.
//!
//! You are judged by this: no fetch returns until all three are in progress, and the kernel sees one thread work.
//! In a second run one page comes when nothing else goes on any more.
//!
//! Judge it: cargo xtask exercise 95

use std::process::ExitCode;

use classroom::Work;
use smol::LocalExecutor;
use smol::channel::unbounded;

fn main() -> ExitCode {
    classroom::run(solve)
}

/// The sum of what all tasks find.
fn solve(work: &Work) -> u64 {
    let (sender, finds) = unbounded();
    let here = LocalExecutor::new();
    // SOLUTION BEGIN
    let mut spawned = Vec::new();
    // SOLUTION END
    for task in work.tasks() {
        let sender = sender.clone();
        let find = here.spawn(async move {
            let found = task.fetch_async().await.compute();
            sender.send(found).await
        });
        // SOLUTION BEGIN
        spawned.push(find);
        // START: drop(find);
        // SOLUTION END
    }
    drop(sender);
    smol::block_on(here.run(async {
        let mut sum = 0;
        while let Ok(found) = finds.recv().await {
            sum += found;
        }
        sum
    }))
}
