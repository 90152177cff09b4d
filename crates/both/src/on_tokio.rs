//! Runtimes: tokio, rayon. Tokio's worker keeps the tasks, rayon's pool executes their parts, and a
//! oneshot channel, which is for a single message, carries the result back.
//!
//! Predict: three tasks of three steps of eight parts, and a runtime with a single worker thread. How many
//! of the 72 parts does it compute?
//! - 0
//! - 9
//! - 72
//!
//! Change: `primes += compute(task, step).await;` to `primes += task.compute(step);`

use lab::prelude::*;
use rayon::prelude::*;
use tokio::runtime::Builder;
use tokio::sync::oneshot;
use tokio::time::sleep;

/// Spawns three tasks.
pub fn run() {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_time().build();
    runtime.expect("a runtime").block_on(async {
        for handle in work::TASKS.map(|name| tokio::spawn(task(name))) {
            handle.await.expect("a finished task");
        }
    });
}

async fn task(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        sleep(work::wait()).await;
        primes += compute(task, step).await;
    }
    task.finish(primes);
}

/// Computes a step's parts on rayon's pool.
async fn compute(task: Task, step: usize) -> usize {
    let (sender, receiver) = oneshot::channel();
    rayon::spawn(move || {
        let parts = work::parts(step).into_par_iter();
        let primes = parts.map(|part| task.compute_part(part)).sum::<usize>();
        sender.send(primes).expect("a task that waits for its primes");
    });
    receiver.await.expect("a number of primes")
}

// Answer, by the parts on the thread that prints: 0. The worker polls the tasks, prints their steps, hands
// over and waits, and one is enough for that. A worker that computes cannot poll: compute belongs on
// threads that poll no tasks. So all cores are busy, with a single worker: *both*.
//
// Then: *concurrent only*. Compute is back on the only worker, and all other cores are idle. More
// workers would use more cores, until more tasks compute than there are workers, and then tasks
// wait again that could go on.
