//! Ten thousand tasks share one thread, and a `Barrier`, which lets nobody pass before all have come. (An
//! `Arc` is what they share it by. Only the first and the last are recorded: all would take longer.)
//!
//! Predict: each of 10,000 tasks waits for 20 ms. How long does the run take?
//! - 1 wait
//! - 1,000 waits
//! - 10,000 waits
//!
//! Change: `CROWD: usize = 10_000` to `CROWD: usize = 100_000`. How much more memory is that?
//! - 4 MiB
//! - 60 MiB
//! - 900 MiB

use std::sync::Arc;

use lab::prelude::*;
use tokio::runtime::Builder;
use tokio::sync::Barrier;
use tokio::time::sleep;

const CROWD: usize = 10_000;

/// Spawns them all, and awaits them.
pub fn run() {
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        let all_are_here = Arc::new(Barrier::new(CROWD));
        let tasks = (1..=CROWD).map(|number| tokio::spawn(task(number, all_are_here.clone())));
        for handle in tasks.collect::<Vec<_>>() {
            handle.await.expect("a finished task");
        }
    });
}

async fn task(number: usize, all_are_here: Arc<Barrier>) {
    let task = match number {
        1 => Some(Task::start("first")),
        CROWD => Some(Task::start("last")),
        _ => None,
    };
    task.iter().for_each(|task| task.step(1)); // whoever is recorded
    all_are_here.wait().await;
    sleep(work::wait()).await;
    if let Some(task) = task {
        task.step(2);
        task.end();
    }
}

/// The first and the last have both begun before either goes on.
#[must_use]
pub fn order() -> Order {
    let step = |step| {
        par([("first", "F"), ("last", "L")].map(|(name, label)| {
            line(format!("Task {name} - Step {step}")).label(format!("{label}{step}"))
        }))
    };
    seq([step(1), step(2)])
}

// Answer, by the clock: 1 wait. All wait at the same time. What comes on top is to begin and to end a
// task, ten thousand times, in a build that is not optimised; while a task waits it is no more than a few
// hundred bytes, and an entry in the runtime's list of timers.
//
// Then, by the memory before: 60 MiB. (*Concurrent only*, still.) That is 90,000 more tasks, of some 700
// bytes each in a build that is not optimised: nobody has a stack of its own. They all wait at the same
// time, and it takes longer all the same: it is still one wait, but to begin and end so many takes longer
// than they wait. Optimised, on two cores of a virtual machine, a task that waits took 460 bytes on tokio,
// 250 on smol, 40 by hand, and 1,400 in Python's asyncio; a thread 9,800 (in use: its stack reserves far
// more). A million that wait for a second were done after 1.7 s on tokio and 54 s on asyncio. Measure yours:
// `cargo run --release -p concurrent-only --example waiting`
