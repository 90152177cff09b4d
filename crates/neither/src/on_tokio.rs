//! Three asynchronous tasks on one thread, each with an `await` of its own. (`enable_time` gives the
//! runtime timers.)
//!
//! Predict: every `await` of a wait gives the thread back to the runtime. How long does the run take?
//! - 1 wait + 9 computes
//! - 3 waits + 9 computes
//! - 9 waits + 9 computes
//!
//! Change: `(task("A").await, task("B").await, task("C").await)` to
//! `tokio::join!(task("A"), task("B"), task("C"))`

use lab::prelude::*;
use tokio::runtime::Builder;
use tokio::time::sleep;

/// Awaits one task after the other.
pub fn run() {
    let one_thread = Builder::new_current_thread().enable_time().build().expect("a runtime");
    one_thread.block_on(async { (task("A").await, task("B").await, task("C").await) });
}

async fn task(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        sleep(work::wait()).await; // the thread is free meanwhile
        primes += task.compute(step);
    }
    task.finish(primes);
}

// Answer, by the clock: 9 waits + 9 computes. Nobody uses the thread meanwhile: the second task does not
// exist yet. To await one task after the other is sequential, however asynchronous its functions are.
//
// Then: *concurrent only*. The same functions on the same thread; now there is somebody to use it
// while one of them waits.
