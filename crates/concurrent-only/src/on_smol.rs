//! An executor for one thread: a task's turn ends at an `await` that has to wait.
//!
//! Predict: the handles are awaited one after the other. Which line of the output is the third?
//! - `Task A - Step 3`
//! - `Task B - Step 1`
//! - `Task C - Step 1`
//!
//! Change: `Timer::after(work::wait()).await;` to `std::thread::sleep(work::wait());`

use lab::prelude::*;
use smol::{LocalExecutor, Timer, block_on};

/// Spawns three tasks on one thread: `executor.run` polls them, `block_on` polls all of it.
pub fn run() {
    let executor = LocalExecutor::new();
    let handles = work::TASKS.map(|name| executor.spawn(task(name)));
    block_on(executor.run(async {
        for handle in handles {
            handle.await;
        }
    }));
}

async fn task(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        Timer::after(work::wait()).await;
        primes += task.compute(step);
    }
    task.finish(primes);
}

// Answer, by line 3: `Task C - Step 1`. All three are spawned before the first is awaited: they begin when
// `executor.run` polls them, A, B and C before A's wait is over, and take turns: while one of them waits,
// the thread is another's. Who awaits a handle waits for a result, and keeps nobody else from going on.
// What happens if a task waits without `await`? Try.
//
// Then: *neither*. The code still spawns three tasks, but a wait that blocks the thread lets nobody
// else have it: no turn ends before its task does. A long computation holds an executor's thread just
// so, until the next `await` that has to wait. (Where there are several threads, others go on beside it,
// until as many tasks block as there are threads. Go's runtime would start another; none here does.)
