//! Other answers to 03: honest ones first, then wrong ones, each with the mistake that it makes.

use std::future::poll_fn;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::task::Poll;
use std::thread;
use std::time::Duration;

use answers::choose;
use classroom::{Task, Work, run};
use tokio::runtime::Builder;
use tokio::task::{JoinHandle, JoinSet, LocalSet};

fn main() -> ExitCode {
    choose(&[
        ("join", || run(join)),
        ("join-set", || run(join_set)),
        ("local-set", || run(local_set)),
        ("smol", || run(on_smol)),
        ("polled-by-hand", || run(polled_by_hand)),
        ("collected", || run(collected)),
        ("boxed", || run(boxed)),
        ("spawned-and-awaited", || run(spawned_and_awaited)),
        ("block-on-each", || run(block_on_each)),
        ("blocking-fetch", || run(blocking_fetch)),
        ("yields", || run(yields)),
        ("paused-clock", || run(paused_clock)),
        ("timeout-on-a-paused-clock", || run(timeout_on_a_paused_clock)),
        ("blocking-on-workers", || run(blocking_on_workers)),
        ("spawn-blocking", || run(spawn_blocking)),
        ("three-runtimes", || run(three_runtimes)),
        ("select", || run(select)),
        ("never-awaited", || run(never_awaited)),
        ("detached", || run(detached)),
        ("hard-coded", || run(hard_coded)),
        ("threads-that-wait", || run(threads_that_wait)),
        ("sleeps-for-the-end", || run(sleeps_for_the_end)),
    ])
}

async fn find(task: Task) -> u64 {
    task.fetch_async().await.compute()
}

/// On one thread.
fn on_one<F: Future>(future: F) -> F::Output {
    Builder::new_current_thread().enable_time().build().expect("a runtime").block_on(future)
}

async fn sum_of(handles: Vec<JoinHandle<u64>>) -> u64 {
    let mut sum = 0;
    for handle in handles {
        sum += handle.await.expect("a finished task");
    }
    sum
}

// Honest.

fn join(work: &Work) -> u64 {
    let [a, b, c] = work.tasks().try_into().expect("three tasks");
    let (a, b, c) = on_one(async { tokio::join!(find(a), find(b), find(c)) });
    a + b + c
}

fn join_set(work: &Work) -> u64 {
    on_one(async {
        let set: JoinSet<u64> = work.tasks().into_iter().map(find).collect();
        set.join_all().await.into_iter().sum()
    })
}

fn local_set(work: &Work) -> u64 {
    let set = LocalSet::new();
    let handles = work.tasks().into_iter().map(|task| set.spawn_local(find(task))).collect();
    on_one(set.run_until(sum_of(handles)))
}

fn on_smol(work: &Work) -> u64 {
    let executor = smol::LocalExecutor::new();
    let handles: Vec<_> = work.tasks().into_iter().map(|task| executor.spawn(find(task))).collect();
    smol::block_on(executor.run(async {
        let mut sum = 0;
        for handle in handles {
            sum += handle.await;
        }
        sum
    }))
}

fn polled_by_hand(work: &Work) -> u64 {
    let mut left: Vec<Pin<Box<dyn Future<Output = u64>>>> = Vec::new();
    left.extend(work.tasks().into_iter().map(|task| Box::pin(find(task)) as Pin<Box<_>>));
    let mut sum = 0;
    on_one(poll_fn(|context| {
        left.retain_mut(|future| match future.as_mut().poll(context) {
            Poll::Ready(found) => {
                sum += found;
                false
            }
            Poll::Pending => true,
        });
        if left.is_empty() { Poll::Ready(sum) } else { Poll::Pending }
    }))
}

// Wrong: one after the other.

fn collected(work: &Work) -> u64 {
    on_one(async {
        let finds: Vec<_> = work.tasks().into_iter().map(find).collect();
        let mut sum = 0;
        for found in finds {
            sum += found.await;
        }
        sum
    })
}

fn boxed(work: &Work) -> u64 {
    on_one(async {
        let finds: Vec<_> = work.tasks().into_iter().map(|task| Box::pin(find(task))).collect();
        let mut sum = 0;
        for found in finds {
            sum += found.await;
        }
        sum
    })
}

fn spawned_and_awaited(work: &Work) -> u64 {
    on_one(async {
        let mut sum = 0;
        for task in work.tasks() {
            sum += tokio::spawn(find(task)).await.expect("a finished task");
        }
        sum
    })
}

fn block_on_each(work: &Work) -> u64 {
    work.tasks().into_iter().map(|task| on_one(find(task))).sum()
}

/// The thread waits, and the other tasks with it.
fn blocking_fetch(work: &Work) -> u64 {
    let find = |task: Task| tokio::spawn(async move { task.fetch().compute() });
    on_one(async { sum_of(work.tasks().into_iter().map(find).collect()).await })
}

fn yields(work: &Work) -> u64 {
    on_one(async {
        let mut sum = 0;
        for task in work.tasks() {
            tokio::task::yield_now().await;
            sum += find(task).await;
        }
        sum
    })
}

/// A runtime whose clock stands still, and jumps to the next event whenever nobody has anything to do.
fn on_a_paused_clock<F: Future>(future: F) -> F::Output {
    let mut runtime = Builder::new_current_thread();
    runtime.enable_time().start_paused(true).build().expect("a runtime").block_on(future)
}

fn paused_clock(work: &Work) -> u64 {
    on_a_paused_clock(async {
        let mut sum = 0;
        for task in work.tasks() {
            tokio::time::sleep(Duration::from_secs(3600)).await;
            sum += find(task).await;
        }
        sum
    })
}

fn timeout_on_a_paused_clock(work: &Work) -> u64 {
    on_a_paused_clock(async {
        let mut sum = 0;
        for task in work.tasks() {
            let found = tokio::time::timeout(Duration::from_secs(3600), find(task)).await;
            sum += found.unwrap_or(0);
        }
        sum
    })
}

// Wrong: on several threads.

fn blocking_on_workers(work: &Work) -> u64 {
    let runtime = Builder::new_multi_thread().worker_threads(3).build().expect("a runtime");
    let find = |task: Task| runtime.spawn(async move { task.fetch().compute() });
    let handles = work.tasks().into_iter().map(find).collect();
    runtime.block_on(sum_of(handles))
}

fn spawn_blocking(work: &Work) -> u64 {
    let find = |task: Task| tokio::task::spawn_blocking(move || task.fetch().compute());
    on_one(async { sum_of(work.tasks().into_iter().map(find).collect()).await })
}

fn three_runtimes(work: &Work) -> u64 {
    let spawn = |task: Task| thread::spawn(move || on_one(find(task)));
    let handles: Vec<_> = work.tasks().into_iter().map(spawn).collect();
    handles.into_iter().map(|handle| handle.join().expect("a finished task")).sum()
}

// Wrong: not all of it.

fn select(work: &Work) -> u64 {
    let [a, b, c] = work.tasks().try_into().expect("three tasks");
    on_one(async {
        tokio::select! {
            found = find(a) => found,
            found = find(b) => found,
            found = find(c) => found,
        }
    })
}

fn never_awaited(work: &Work) -> u64 {
    on_one(async {
        work.tasks().into_iter().map(find).for_each(drop);
        0
    })
}

fn detached(work: &Work) -> u64 {
    on_one(async {
        work.tasks().into_iter().for_each(|task| drop(tokio::spawn(find(task))));
        0
    })
}

fn hard_coded(work: &Work) -> u64 {
    join(work);
    20_190_412_301_822
}

fn threads_that_wait(work: &Work) -> u64 {
    let fetch = |task: Task| thread::spawn(move || task.fetch());
    let handles: Vec<_> = work.tasks().into_iter().map(fetch).collect();
    handles.into_iter().map(|handle| handle.join().expect("a page").compute()).sum()
}

fn sleeps_for_the_end(work: &Work) -> u64 {
    let sum = Arc::new(AtomicU64::new(0));
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        for task in work.tasks() {
            let sum = Arc::clone(&sum);
            tokio::spawn(async move { sum.fetch_add(find(task).await, SeqCst) });
        }
        tokio::time::sleep(Duration::from_millis(1500)).await;
    });
    sum.load(SeqCst)
}
