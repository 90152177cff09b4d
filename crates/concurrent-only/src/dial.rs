//! The dial: how much of its time a task waits. In most lessons it stands in the middle, at 20 ms of
//! waiting for about as much compute. Here tasks hardly wait at all.
//!
//! Predict: three tasks of three steps share one thread, joined, and each step waits for 1 ms. How long
//! does the run take?
//! - 3 computes
//! - 9 computes / cores
//! - 9 computes
//!
//! Change: `Duration::from_millis(1)` to `Duration::from_millis(180)`. How long does it take
//! then?
//! - 180 ms + 9 computes
//! - 540 ms + 5 computes
//! - 1620 ms + 9 computes

use std::time::Duration;

use lab::prelude::*;
use tokio::runtime::Builder;
use tokio::time::sleep;

const WAIT: Duration = Duration::from_millis(1);

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
        sleep(work::wait_of(WAIT)).await;
        primes += task.compute(step);
    }
    task.finish(primes);
}

// Answer, by the clock: 9 computes. That is as long as one after the other: who hardly waits has
// nothing that could overlap. Concurrency gains what is waited, and parallelism what is
// computed; which of them is the better depends on where the dial stands. `cargo xtask dial` turns it, in
// all four quadrants.
//
// Then, by the clock: 540 ms + 5 computes. *Concurrent only*, and nearly three times as fast as one after
// the other, on one core: so faster does not mean parallel. Each task has 3 waits and 3 computes. After the
// first wait all three are ready at once, and the one that comes last waits for 2 computes of the others:
// 3 waits and 3 + 2 computes. From then on they are out of step, as those 2 fit into one wait.
