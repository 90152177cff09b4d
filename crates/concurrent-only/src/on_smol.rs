//! An executor for one thread: a task's turn ends at an `await` that has to wait.
//!
//! Predict: three tasks on one thread. In which quadrant is the run?
//! - neither
//! - concurrent only
//! - parallel only
//! - both
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

// Answer, by the verdict: concurrent only. The tasks begin when `executor.run` polls them, and take
// turns: while one of them waits, the thread is another's. What happens if one waits without `await`? Try.
//
// Then: *neither*. The code still spawns three tasks, but a wait that blocks the thread lets nobody
// else have it: no turn ends before its task does. A long computation holds an executor's thread just
// so, until the next `await` that has to wait. (Where there are several threads, others go on beside it,
// until as many tasks block as there are threads. Go's runtime would start another; none here does.)
