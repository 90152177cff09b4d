//! The first program of the article that this workspace grew from (Vincent Tommi, *Concurrency vs
//! Parallelism*, DEV Community): three tasks that print, and wait, three times.
//!
//! The article shows one output, in rounds: step 1 of A, B and C, then step 2 of A, B and C. (It waits
//! half a second each time, and this program 100 ms; with `--slow 5` it is half a second, too.)
//!
//! Predict: the article shows one order. Promised is that each task prints its own lines in order, and
//! nothing else. In how many orders may the nine lines come?
//! - 1
//! - 6
//! - 1,680
//!
//! Change: `sleep(work::wait_of(PAUSE)).await;` to `std::thread::sleep(work::wait_of(PAUSE));`

use std::time::Duration;

use lab::prelude::*;
use tokio::runtime::Builder;
use tokio::time::sleep;

const PAUSE: Duration = Duration::from_millis(100); // and as much longer as `--slow` says

/// Joins three tasks on one thread, as the article does with `gather`.
pub fn run() {
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async { tokio::join!(task("A"), task("B"), task("C")) });
}

async fn task(name: &'static str) {
    let task = Task::start(name);
    for step in 1..=3 {
        task.step(step);
        sleep(work::wait_of(PAUSE)).await; // stands for input and output
    }
    task.end();
}

/// Three chains of three lines, of whose orders the article shows one.
#[must_use]
pub fn order() -> Order {
    par(["A", "B", "C"].map(|name| {
        seq((1..=3)
            .map(|step| line(format!("Task {name} - Step {step}")).label(format!("{name}{step}"))))
    }))
}

// Answer, by the contract: 1,680. Nine lines have 9! orders, of which one in 3! is right for each of three
// tasks: 9! ÷ (3!)³. This program shows few of them. (And not the article's: `join!` polls A first when it
// is polled for the first time, and B first the second time, so that the second round mostly begins with
// B.) What was seen a hundred times is a habit; a program that relies on it will fail with another runtime,
// or when the machine is busy.
//
// Then: *neither*. A blocking sleep keeps the thread; now every pause is paid in full.
