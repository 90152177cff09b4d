//! Three tasks share one thread, joined.
//!
//! Predict: each of nine steps waits 20 ms, and computes about as long. How long does the run take?
//! - 1 wait + 9 computes
//! - 3 waits + 3 computes
//! - 9 waits + 9 computes
//!
//! Change: `Builder::new_current_thread()` to `Builder::new_multi_thread()`

use lab::prelude::*;
use tokio::runtime::Builder;
use tokio::time::sleep;

/// Polls three tasks as one future.
pub fn run() {
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async { tokio::join!(task("A"), task("B"), task("C")) });
}

async fn task(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        sleep(work::wait()).await; // the thread is free for the other tasks
        primes += task.compute(step); // now it is ours
    }
    task.finish(primes);
}

// Answer, by the clock: 1 wait + 9 computes. While one task waits, another may compute. Only the
// first waits of the three cost time, and they overlap; after that somebody always computes.
//
// Then: *concurrent only* all the same. `join!` makes one future of three, and one future is polled
// by one thread at a time, however many the runtime has. Its workers had nothing to do. Only what is
// spawned is handed to them, as in `both/tokio-workers`.
