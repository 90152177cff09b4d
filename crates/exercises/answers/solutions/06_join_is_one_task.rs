//! 06: joined, on eight workers.
//!
//! Four tasks that have nothing to wait for: they compute. `join!` has them all in progress at once, and the
//! runtime has eight workers. Still one core works, and the others look on.
//!
//! Predict: on how many threads are the four tasks computed?
//!
//! Then change `solve`, so that several workers compute at once.
//!
//! You are judged by this: no task is computed until a second one is about to be, and the kernel sees both
//! execute. In a second run one task takes until nothing else goes on any more.
//!
//! Judge it: cargo xtask exercise 06

use std::process::ExitCode;

use classroom::{Task, Work};
use tokio::runtime::Builder;
// SOLUTION BEGIN
use tokio::spawn;
// SOLUTION END

fn main() -> ExitCode {
    classroom::tasks(4).stage("solve", solve).run()
}

/// The sum of what all tasks find.
fn solve(work: &Work) -> u64 {
    let eight_workers = Builder::new_multi_thread().worker_threads(8).build().expect("a runtime");
    eight_workers.block_on(async {
        let [a, b, c, d] = work.tasks().try_into().expect("four tasks");
        // SOLUTION BEGIN
        let spawned =
            tokio::try_join!(spawn(find(a)), spawn(find(b)), spawn(find(c)), spawn(find(d)));
        let (a, b, c, d) = spawned.expect("finished tasks");
        // START: let (a, b, c, d) = tokio::join!(find(a), find(b), find(c), find(d));
        // SOLUTION END
        a + b + c + d
    })
}

/// Computes what is hidden in the task.
async fn find(task: Task) -> u64 {
    task.compute()
}
