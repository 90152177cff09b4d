//! 03: async, and still one after the other.
//!
//! Three tasks, as before, and one thread. Each task is an async function: it gives its thread away while
//! it waits for its page.
//!
//! Predict: how many of the three fetches are in progress at once, at most?
//!
//! Then change `solve`, so that all three are in progress at once. It stays one thread.
//!
//! You are judged by this: no fetch returns until all three are in progress, and the kernel sees one thread
//! work. In a second run one page comes when nothing else goes on any more.
//!
//! Judge it: cargo xtask exercise 03

use std::process::ExitCode;

use classroom::{Task, Work};
use tokio::runtime::Builder;

fn main() -> ExitCode {
    classroom::run(solve)
}

/// The sum of what all tasks find.
fn solve(work: &Work) -> u64 {
    let one_thread = Builder::new_current_thread().build().expect("a runtime");
    one_thread.block_on(async {
        let mut sum = 0;
        for task in work.tasks() {
            sum += find(task).await;
        }
        sum
    })
}

/// Waits for the task's page, without the thread; then computes what is hidden in it.
async fn find(task: Task) -> u64 {
    task.fetch_async().await.compute()
}
