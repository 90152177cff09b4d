//! Other answers to 15: honest ones first, then wrong ones, each with the mistake that it makes.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::thread::{self, available_parallelism};
use std::time::Duration;

use answers::choose;
use classroom::{Task, Work};
use rayon::prelude::*;
use tokio::runtime::Builder;
use tokio::sync::{Semaphore, oneshot};
use tokio::task::{JoinHandle, spawn_blocking, yield_now};

fn main() -> ExitCode {
    choose(&[
        ("permits", || run(|work| beside_heart(work, permits(work, cores())))),
        ("queue", || run(|work| beside_heart(work, queue(work, cores())))),
        ("few-blocking", || run(|work| beside_heart(work, few_blocking(work)))),
        ("smol", || run(on_smol)),
        ("in-turn", || run(|work| beside_heart(work, async { sum(&work.tasks()) }))),
        ("installed", || run(|work| beside_heart(work, async { on_rayon(work.tasks()) }))),
        ("received", || run(|work| beside_heart(work, received(work)))),
        ("spawned", || run(|work| beside_heart(work, spawned(work)))),
        ("one-worker-each", || run(one_worker_each)),
        ("yields", || run(|work| beside_heart(work, yields(work)))),
        ("heart-cut-out", || run(|work| on_rayon(work.tasks()))),
        ("thread-each", || run(|work| beside_heart(work, thread_each(work)))),
        ("many-workers", || run(|work| beside_heart(work, queue(work, 64)))),
        ("permit-given-back", || run(|work| beside_heart(work, permit_given_back(work)))),
        ("one-blocking", || run(|work| beside_heart(work, one_blocking(work)))),
        ("blocking-in-turn", || run(|work| beside_heart(work, blocking_in_turn(work)))),
        ("one-permit", || run(|work| beside_heart(work, permits(work, 1)))),
        ("hard-coded", || run(|work| beside_heart(work, hard_coded(work)))),
        ("sleeps-for-the-end", || run(|work| beside_heart(work, sleeps_for_the_end(work)))),
    ])
}

fn run(solve: fn(&Work) -> u64) -> ExitCode {
    classroom::tasks(8).stage("solve", solve).run()
}

fn cores() -> usize {
    available_parallelism().map_or(1, usize::from)
}

async fn heart(work: &Work) {
    loop {
        work.beat().await;
    }
}

/// The outcome of one future, with a heart beside it, on one thread.
fn beside_heart(work: &Work, compute_all: impl Future<Output = u64>) -> u64 {
    Builder::new_current_thread().enable_time().build().expect("a runtime").block_on(async {
        tokio::select! {
            sum = compute_all => sum,
            () = heart(work) => 0,
        }
    })
}

fn sum(tasks: &[Task]) -> u64 {
    tasks.iter().map(Task::compute).sum()
}

fn on_rayon(tasks: Vec<Task>) -> u64 {
    tasks.into_par_iter().with_max_len(1).map(|task| task.compute()).sum()
}

async fn sum_of(handles: Vec<JoinHandle<u64>>) -> u64 {
    let mut sum = 0;
    for handle in handles {
        sum += handle.await.expect("a find");
    }
    sum
}

// Honest.

/// A permit is taken before a task goes to a thread, and given back once it is computed.
async fn permits(work: &Work, number: usize) -> u64 {
    let permits = Arc::new(Semaphore::new(number));
    let mut handles = Vec::new();
    for task in work.tasks() {
        let permit = Arc::clone(&permits).acquire_owned().await.expect("a permit");
        handles.push(spawn_blocking(move || {
            let found = task.compute();
            drop(permit);
            found
        }));
    }
    sum_of(handles).await
}

/// So many threads that take tasks from a queue.
async fn queue(work: &Work, threads: usize) -> u64 {
    let (give, jobs) = crossbeam_channel::unbounded();
    work.tasks().into_iter().for_each(|task| give.send(task).expect("a receiver"));
    drop(give);
    let (sender, mut sums) = tokio::sync::mpsc::unbounded_channel();
    for _ in 0..threads {
        let (jobs, sender) = (jobs.clone(), sender.clone());
        thread::spawn(move || {
            let sum: u64 = jobs.iter().map(|task: Task| task.compute()).sum();
            sender.send(sum).expect("a receiver");
        });
    }
    drop(sender);
    let mut all = 0;
    while let Some(sum) = sums.recv().await {
        all += sum;
    }
    all
}

async fn few_blocking(work: &Work) -> u64 {
    let tasks = work.tasks();
    let share = tasks.chunks(tasks.len().div_ceil(cores()));
    let spawn = |tasks: &[Task]| {
        let tasks = tasks.to_vec();
        spawn_blocking(move || sum(&tasks))
    };
    sum_of(share.map(spawn).collect()).await
}

fn on_smol(work: &Work) -> u64 {
    let (sender, all) = smol::channel::bounded(1);
    let tasks = work.tasks();
    rayon::spawn(move || sender.try_send(on_rayon(tasks)).expect("a receiver"));
    smol::block_on(smol::future::or(async { all.recv().await.expect("a sum") }, async {
        heart(work).await;
        0
    }))
}

// Wrong: the heart's thread computes, or waits.

/// As a thread receives: whoever waits like this does not give its thread away.
async fn received(work: &Work) -> u64 {
    let (sender, all) = std::sync::mpsc::channel();
    let tasks = work.tasks();
    rayon::spawn(move || sender.send(on_rayon(tasks)).expect("a receiver"));
    all.recv().expect("a sum")
}

async fn spawned(work: &Work) -> u64 {
    let spawn = |task: Task| tokio::spawn(async move { task.compute() });
    sum_of(work.tasks().into_iter().map(spawn).collect()).await
}

/// All cores compute, and none is left for the heart.
fn one_worker_each(work: &Work) -> u64 {
    let runtime = Builder::new_multi_thread().worker_threads(cores()).build().expect("a runtime");
    let (sender, all) = oneshot::channel();
    let tasks = work.tasks();
    runtime.block_on(async {
        tokio::spawn(async move {
            let spawn = |task: Task| tokio::spawn(async move { task.compute() });
            let sum = sum_of(tasks.into_iter().map(spawn).collect()).await;
            sender.send(sum).expect("a receiver");
        });
        // It beats on this thread, for a while; then it waits for the sum as well.
        work.beat().await;
        all.await.expect("a sum")
    })
}

async fn yields(work: &Work) -> u64 {
    let mut sum = 0;
    for task in work.tasks() {
        sum += task.compute();
        yield_now().await;
    }
    sum
}

// Wrong: more threads than cores.

async fn thread_each(work: &Work) -> u64 {
    let (sender, mut finds) = tokio::sync::mpsc::unbounded_channel();
    for task in work.tasks() {
        let sender = sender.clone();
        thread::spawn(move || sender.send(task.compute()).expect("a receiver"));
    }
    drop(sender);
    let mut sum = 0;
    while let Some(found) = finds.recv().await {
        sum += found;
    }
    sum
}

/// The permit is there while the task is sent to its thread, and not while it is computed.
async fn permit_given_back(work: &Work) -> u64 {
    let permits = Semaphore::new(cores());
    let mut handles = Vec::new();
    for task in work.tasks() {
        let _permit = permits.acquire().await.expect("a permit");
        handles.push(spawn_blocking(move || task.compute()));
    }
    sum_of(handles).await
}

// Wrong: one core only.

async fn one_blocking(work: &Work) -> u64 {
    let tasks = work.tasks();
    spawn_blocking(move || sum(&tasks)).await.expect("a sum")
}

async fn blocking_in_turn(work: &Work) -> u64 {
    let mut sum = 0;
    for task in work.tasks() {
        sum += spawn_blocking(move || task.compute()).await.expect("a find");
    }
    sum
}

// Wrong: another number.

async fn hard_coded(work: &Work) -> u64 {
    queue(work, cores()).await;
    20_190_412_301_822
}

async fn sleeps_for_the_end(work: &Work) -> u64 {
    let (sum, tasks) = (Arc::new(AtomicU64::new(0)), work.tasks());
    let theirs = Arc::clone(&sum);
    rayon::spawn(move || {
        tasks.into_par_iter().with_max_len(1).for_each(|task| {
            theirs.fetch_add(task.compute(), SeqCst);
        });
    });
    tokio::time::sleep(Duration::from_millis(1500)).await;
    sum.load(SeqCst)
}
