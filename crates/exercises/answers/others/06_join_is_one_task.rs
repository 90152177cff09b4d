//! Other answers to 06: honest ones first, then wrong ones, each with the mistake that it makes.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::time::Duration;

use answers::choose;
use classroom::{Task, Work};
use rayon::prelude::*;
use tokio::runtime::Builder;
use tokio::sync::{Mutex, Semaphore, oneshot};
use tokio::task::{JoinHandle, JoinSet, block_in_place, spawn_blocking, yield_now};

fn main() -> ExitCode {
    choose(&[
        ("spawned-in-a-loop", || run(spawned_in_a_loop)),
        ("join-set", || run(join_set)),
        ("spawn-blocking", || run(blocking)),
        ("rayon", || run(on_rayon)),
        ("two-tasks", || run(two_tasks)),
        ("more-workers", || run(more_workers)),
        ("spawned-and-awaited", || run(spawned_and_awaited)),
        ("block-in-place", || run(in_place)),
        ("blocking-and-awaited", || run(blocking_and_awaited)),
        ("yields", || run(yields)),
        ("one-task-that-joins", || run(one_task_that_joins)),
        ("current-thread", || run(current_thread)),
        ("async-lock", || run(async_lock)),
        ("one-permit", || run(one_permit)),
        ("select", || run(select)),
        ("hard-coded", || run(hard_coded)),
        ("sleeps-for-the-end", || run(sleeps_for_the_end)),
    ])
}

fn run(solve: fn(&Work) -> u64) -> ExitCode {
    classroom::tasks(4).stage("solve", solve).run()
}

fn on_workers<F: Future>(workers: usize, future: F) -> F::Output {
    let runtime = Builder::new_multi_thread().worker_threads(workers).enable_time().build();
    runtime.expect("a runtime").block_on(future)
}

async fn find(task: Task) -> u64 {
    task.compute()
}

async fn sum_of(handles: Vec<JoinHandle<u64>>) -> u64 {
    let mut sum = 0;
    for handle in handles {
        sum += handle.await.expect("a finished task");
    }
    sum
}

/// The sum of four tasks that are joined, each computed like this.
async fn join<F: Future<Output = u64>>(work: &Work, find: impl Fn(Task) -> F) -> u64 {
    let [a, b, c, d] = work.tasks().try_into().expect("four tasks");
    let (a, b, c, d) = tokio::join!(find(a), find(b), find(c), find(d));
    a + b + c + d
}

// Honest.

fn spawned_in_a_loop(work: &Work) -> u64 {
    let spawn = |task| tokio::spawn(find(task));
    on_workers(2, async { sum_of(work.tasks().into_iter().map(spawn).collect()).await })
}

fn join_set(work: &Work) -> u64 {
    on_workers(4, async {
        let set: JoinSet<u64> = work.tasks().into_iter().map(find).collect();
        set.join_all().await.into_iter().sum()
    })
}

fn blocking(work: &Work) -> u64 {
    let spawn = |task: Task| spawn_blocking(move || task.compute());
    on_workers(1, async { sum_of(work.tasks().into_iter().map(spawn).collect()).await })
}

fn on_rayon(work: &Work) -> u64 {
    let (sender, sum) = oneshot::channel();
    let tasks = work.tasks();
    rayon::spawn(move || {
        let sum: u64 = tasks.into_par_iter().with_max_len(1).map(|task| task.compute()).sum();
        sender.send(sum).expect("a receiver");
    });
    on_workers(1, sum).expect("a sum")
}

fn two_tasks(work: &Work) -> u64 {
    let two = |tasks: &[Task]| {
        let [one, other] = [0, 1].map(|place| tasks[place].clone());
        tokio::spawn(async move {
            let (one, other) = tokio::join!(find(one), find(other));
            one + other
        })
    };
    on_workers(8, async { sum_of(work.tasks().chunks(2).map(two).collect()).await })
}

// Wrong.

fn more_workers(work: &Work) -> u64 {
    on_workers(32, join(work, find))
}

fn spawned_and_awaited(work: &Work) -> u64 {
    on_workers(8, async {
        let mut sum = 0;
        for task in work.tasks() {
            sum += tokio::spawn(find(task)).await.expect("a finished task");
        }
        sum
    })
}

/// The runtime gives the worker's other tasks to another one. But it is one task.
fn in_place(work: &Work) -> u64 {
    on_workers(8, join(work, async |task: Task| block_in_place(|| task.compute())))
}

fn blocking_and_awaited(work: &Work) -> u64 {
    on_workers(8, async {
        let mut sum = 0;
        for task in work.tasks() {
            sum += spawn_blocking(move || task.compute()).await.expect("a find");
        }
        sum
    })
}

fn yields(work: &Work) -> u64 {
    let find = async |task: Task| {
        yield_now().await;
        task.compute()
    };
    on_workers(8, join(work, find))
}

fn one_task_that_joins(work: &Work) -> u64 {
    let [a, b, c, d] = work.tasks().try_into().expect("four tasks");
    on_workers(8, async {
        let all = tokio::spawn(async move {
            let (a, b, c, d) = tokio::join!(find(a), find(b), find(c), find(d));
            a + b + c + d
        });
        all.await.expect("a sum")
    })
}

fn current_thread(work: &Work) -> u64 {
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    let spawn = |task| runtime.spawn(find(task));
    runtime.block_on(sum_of(work.tasks().into_iter().map(spawn).collect()))
}

fn async_lock(work: &Work) -> u64 {
    let sum = Arc::new(Mutex::new(0));
    let add = |task: Task| {
        let sum = Arc::clone(&sum);
        tokio::spawn(async move {
            let mut sum = sum.lock().await;
            *sum += task.compute();
            0
        })
    };
    on_workers(8, async {
        sum_of(work.tasks().into_iter().map(add).collect()).await + *sum.lock().await
    })
}

fn one_permit(work: &Work) -> u64 {
    let permits = Arc::new(Semaphore::new(1));
    let find = |task: Task| {
        let permits = Arc::clone(&permits);
        tokio::spawn(async move {
            let _permit = permits.acquire().await.expect("a permit");
            task.compute()
        })
    };
    on_workers(8, async { sum_of(work.tasks().into_iter().map(find).collect()).await })
}

fn select(work: &Work) -> u64 {
    let [a, b, c, d] = work.tasks().try_into().expect("four tasks");
    on_workers(8, async {
        tokio::select! {
            found = find(a) => found,
            found = find(b) => found,
            found = find(c) => found,
            found = find(d) => found,
        }
    })
}

fn hard_coded(work: &Work) -> u64 {
    spawned_in_a_loop(work);
    20_190_412_301_822
}

fn sleeps_for_the_end(work: &Work) -> u64 {
    let sum = Arc::new(AtomicU64::new(0));
    on_workers(8, async {
        for task in work.tasks() {
            let sum = Arc::clone(&sum);
            tokio::spawn(async move { sum.fetch_add(task.compute(), SeqCst) });
        }
        tokio::time::sleep(Duration::from_millis(1500)).await;
        sum.load(SeqCst)
    })
}
