//! Three tasks share one thread: while one waits, another may compute.
//!
//! Predict: a step waits 20 ms and computes about as long. Which of the nine waits cost time?
//!
//! Change: `Builder::new_current_thread()` to `Builder::new_multi_thread()`
//!
//! Then: *concurrent only* all the same. `join!` makes one future of three, and one future is
//! polled by one thread at a time, however many the runtime has.
//!
//! Answer: each task's first, and these three overlap; after that somebody always computes. So the
//! run takes w + 9·c. (Look at the second round, too: `join!` asks A first when it is polled for the
//! first time, B first the second time, C first the third.)

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
