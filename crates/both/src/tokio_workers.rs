//! Tokio is not single-threaded: it has as many workers as you give it. Here a heart beside the
//! tasks would like to beat every 5 ms, and says in the end, on the standard error, by how much its
//! worst beat was late.
//!
//! Predict: three workers, three tasks that compute a step at a time. How late is the worst beat?
//! - 1 ms
//! - 5 ms
//! - 1 compute
//!
//! Change: `.worker_threads(work::TASKS.len())` to `.worker_threads(1)`

use std::time::{Duration, Instant};

use lab::prelude::*;
use tokio::runtime::Builder;
use tokio::time::sleep;

const BEAT: Duration = Duration::from_millis(5);

/// Spawns three tasks, and a heart that beats for about as long.
pub fn run() {
    let runtime =
        Builder::new_multi_thread().worker_threads(work::TASKS.len()).enable_time().build();
    runtime.expect("a runtime").block_on(async {
        let heart = tokio::spawn(heart(Instant::now() + 3 * work::wait()));
        for handle in work::TASKS.map(|name| tokio::spawn(task(name))) {
            handle.await.expect("a finished task");
        }
        eprintln!("late by {} ms", heart.await.expect("a heart at rest").as_millis());
    });
}

async fn task(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        sleep(work::wait()).await;
        primes += task.compute(step); // on the worker that polls us, and nobody else
    }
    task.finish(primes);
}

/// By how much the worst beat was late.
async fn heart(until: Instant) -> Duration {
    let mut worst = Duration::ZERO;
    while Instant::now() < until {
        let due = Instant::now() + BEAT;
        sleep(BEAT).await;
        worst = worst.max(due.elapsed());
    }
    worst
}

// Answer, by what it tells: 1 compute. It may be more. A worker that computes polls nobody, and now
// and then all three compute at once: then nobody polls the heart until one of them is done, which
// takes the longer the fewer cores there are. Tokio is not single-threaded: spawned tasks compute
// on all of its workers. But the heart is a fourth task for three workers.
//
// Then: *concurrent only*. One worker, one core, and a heart that stops for as long as all three
// tasks compute in turn.
