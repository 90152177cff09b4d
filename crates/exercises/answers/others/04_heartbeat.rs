//! Other answers to 04: honest ones first, then wrong ones, each with the mistake that it makes.

use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use answers::choose;
use classroom::{Task, Work, run};
use rayon::prelude::*;
use smol::future::{or, yield_now, zip};
use smol::{Executor, LocalExecutor, Timer, unblock};

fn main() -> ExitCode {
    choose(&[
        ("thread-and-channel", || run(thread_and_channel)),
        ("heart-on-a-thread", || run(heart_on_a_thread)),
        ("tokio", || run(on_tokio)),
        ("rayon", || run(on_rayon)),
        ("one-executor-each", || run(one_executor_each)),
        ("yields", || run(yields)),
        ("async-block", || run(async_block)),
        ("beats-in-between", || run(beats_in_between)),
        ("caught-up", || run(caught_up)),
        ("more-threads", || run(more_threads)),
        ("joined-thread", || run(joined_thread)),
        ("heart-first", || run(heart_first)),
        ("timer", || run(timer)),
        ("heart-cut-out", || run(heart_cut_out)),
        ("work-cut-out", || run(work_cut_out)),
        ("last-one-lost", || run(last_one_lost)),
        ("heart-never-ends", || run(heart_never_ends)),
        ("sleeps-for-the-end", || run(sleeps_for_the_end)),
        ("thirty-beats", || run(thirty_beats)),
    ])
}

async fn heart(work: &Work) -> u64 {
    loop {
        work.beat().await;
    }
}

/// The outcome of one future, with a heart beside it.
fn beside_heart(work: &Work, compute_all: impl Future<Output = u64>) -> u64 {
    smol::block_on(or(compute_all, heart(work)))
}

fn sum(tasks: &[Task]) -> u64 {
    tasks.iter().map(Task::compute).sum()
}

// Honest.

fn thread_and_channel(work: &Work) -> u64 {
    let (sender, all) = smol::channel::bounded(1);
    let tasks = work.tasks();
    thread::spawn(move || sender.send_blocking(sum(&tasks)));
    beside_heart(work, async { all.recv().await.expect("a sum") })
}

fn heart_on_a_thread(work: &Work) -> u64 {
    let (stop, stopped) = smol::channel::bounded::<u64>(1);
    thread::scope(|scope| {
        scope
            .spawn(|| smol::block_on(or(async { stopped.recv().await.unwrap_or(0) }, heart(work))));
        let sum = sum(&work.tasks());
        drop(stop);
        sum
    })
}

fn on_tokio(work: &Work) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let tasks = work.tasks();
        let all = tokio::task::spawn_blocking(move || sum(&tasks));
        tokio::select! {
            sum = all => sum.expect("a sum"),
            _ = heart(work) => 0,
        }
    })
}

fn on_rayon(work: &Work) -> u64 {
    let (sender, all) = smol::channel::bounded(1);
    let tasks = work.tasks();
    rayon::spawn(move || {
        let sum = tasks.into_par_iter().map(|task| task.compute()).sum();
        sender.try_send(sum).expect("a receiver");
    });
    beside_heart(work, async { all.recv().await.expect("a sum") })
}

fn one_executor_each(work: &Work) -> u64 {
    let executor = Executor::new();
    let tasks = work.tasks();
    let all = executor.spawn(async move { sum(&tasks) });
    let (stop, stopped) = smol::channel::bounded::<()>(1);
    thread::scope(|scope| {
        scope.spawn(|| smol::block_on(executor.run(stopped.recv())));
        let sum = beside_heart(work, all);
        drop(stop);
        sum
    })
}

// Wrong: the heart's thread computes, or waits.

fn yields(work: &Work) -> u64 {
    beside_heart(work, async {
        let mut sum = 0;
        for task in work.tasks() {
            yield_now().await;
            sum += task.compute();
        }
        sum
    })
}

fn async_block(work: &Work) -> u64 {
    let executor = LocalExecutor::new();
    let all = async {
        let mut sum = 0;
        for task in work.tasks() {
            sum += executor.spawn(async move { task.compute() }).await;
        }
        sum
    };
    beside_heart(work, executor.run(all))
}

/// Each task shows a sign of life, and none while it computes.
fn beats_in_between(work: &Work) -> u64 {
    smol::block_on(async {
        let mut sum = 0;
        for task in work.tasks() {
            work.beat().await;
            sum += task.compute();
        }
        sum
    })
}

fn caught_up(work: &Work) -> u64 {
    smol::block_on(async {
        let sum = sum(&work.tasks());
        for _ in 0..12 {
            work.beat().await;
        }
        sum
    })
}

/// As many may compute as there are threads, and then nobody is left for the heart.
fn more_threads(work: &Work) -> u64 {
    let executor = Executor::new();
    let spawn = |task: Task| executor.spawn(async move { task.compute() });
    let finds: Vec<_> = work.tasks().into_iter().map(spawn).collect();
    let beats = executor.spawn(heart(work));
    let (stop, stopped) = smol::channel::bounded::<()>(1);
    thread::scope(|scope| {
        scope.spawn(|| smol::block_on(executor.run(stopped.recv())));
        let sum = smol::block_on(executor.run(async {
            let mut sum = 0;
            for found in finds {
                sum += found.await;
            }
            sum
        }));
        drop((stop, beats));
        sum
    })
}

fn joined_thread(work: &Work) -> u64 {
    beside_heart(work, async {
        let tasks = work.tasks();
        thread::spawn(move || sum(&tasks)).join().expect("a sum")
    })
}

fn heart_first(work: &Work) -> u64 {
    smol::block_on(or(heart(work), async { sum(&work.tasks()) }))
}

fn timer(work: &Work) -> u64 {
    beside_heart(work, async {
        let mut sum = 0;
        for task in work.tasks() {
            Timer::after(Duration::from_millis(10)).await;
            sum += task.compute();
        }
        sum
    })
}

// Wrong: something is left out, or never ends.

fn heart_cut_out(work: &Work) -> u64 {
    smol::block_on(async {
        let mut sum = 0;
        for task in work.tasks() {
            sum += unblock(move || task.compute()).await;
        }
        sum
    })
}

fn work_cut_out(work: &Work) -> u64 {
    beside_heart(work, async {
        Timer::after(Duration::from_millis(60)).await;
        0
    })
}

fn last_one_lost(work: &Work) -> u64 {
    beside_heart(work, async {
        let mut sum = 0;
        for task in work.tasks() {
            let is_last = task.number() + 1 == work.tasks().len();
            let found = unblock(move || task.compute()).await;
            sum += if is_last { 0 } else { found };
        }
        sum
    })
}

fn heart_never_ends(work: &Work) -> u64 {
    let (sender, all) = smol::channel::bounded(1);
    let tasks = work.tasks();
    thread::spawn(move || sender.send_blocking(sum(&tasks)));
    let sum = async { all.recv().await.expect("a sum") };
    smol::block_on(zip(sum, heart(work))).0
}

fn sleeps_for_the_end(work: &Work) -> u64 {
    beside_heart(work, async {
        let sum = Arc::new(AtomicU64::new(0));
        for task in work.tasks() {
            let sum = Arc::clone(&sum);
            unblock(move || sum.fetch_add(task.compute(), SeqCst)).detach();
        }
        Timer::after(Duration::from_millis(1500)).await;
        sum.load(SeqCst)
    })
}

fn thirty_beats(work: &Work) -> u64 {
    let compute_all = async {
        let mut sum = 0;
        for task in work.tasks() {
            sum += unblock(move || task.compute()).await;
        }
        sum
    };
    let heart = async {
        for _ in 0..30 {
            work.beat().await;
        }
        smol::future::pending().await
    };
    smol::block_on(or(compute_all, heart))
}
