//! Other answers to 05: honest ones first, then wrong ones, each with the mistake that it makes.

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use answers::{cheats, choose};
use classroom::{Page, Task, Work};
use rayon::prelude::*;
use tokio::runtime::Builder;

fn main() -> ExitCode {
    choose(&[
        ("scope", || run(scope)),
        ("two-that-compute", || run(two_that_compute)),
        ("rayon-computes", || run(rayon_computes)),
        ("tokio", || run(on_tokio)),
        ("twice-the-threads", || run(twice_the_threads)),
        ("sleeps-as-well", || run(sleeps_as_well)),
        ("spins-as-well", || run(spins_as_well)),
        ("kept-to-one-core", || run(kept_to_one_core)),
        ("one-more-thread", || run(one_more_thread)),
        ("lock-around-the-compute", || run(lock_around_the_compute)),
        ("joined-at-once", || run(joined_at_once)),
        ("tokio-on-one-thread", || run(tokio_on_one_thread)),
        ("waits-in-turn", || run(waits_in_turn)),
        ("sleeps-instead", || run(sleeps_instead)),
        ("sleeps-for-the-end", || run(sleeps_for_the_end)),
    ])
}

fn run(solve: fn(&Work) -> u64) -> ExitCode {
    classroom::tasks(6).stage("solve", solve).run()
}

/// All pages, waited for at once.
fn pages(work: &Work) -> Vec<Page> {
    let spawn = |task: Task| thread::spawn(move || task.fetch());
    let handles: Vec<_> = work.tasks().into_iter().map(spawn).collect();
    handles.into_iter().map(|handle| handle.join().expect("a page")).collect()
}

fn sum(pages: Vec<Page>) -> u64 {
    pages.into_iter().map(Page::compute).sum()
}

// Honest.

fn scope(work: &Work) -> u64 {
    let tasks = work.tasks();
    thread::scope(|scope| {
        let handles: Vec<_> =
            tasks.iter().map(|task| scope.spawn(|| task.fetch().compute())).collect();
        handles.into_iter().map(|handle| handle.join().expect("a finished task")).sum()
    })
}

fn two_that_compute(work: &Work) -> u64 {
    let (sender, pages) = crossbeam_channel::unbounded();
    for task in work.tasks() {
        let sender = sender.clone();
        thread::spawn(move || sender.send(task.fetch()));
    }
    drop(sender);
    let compute = || {
        let pages = pages.clone();
        thread::spawn(move || pages.iter().map(Page::compute).sum::<u64>())
    };
    let two = [compute(), compute()];
    two.into_iter().map(|handle| handle.join().expect("a sum")).sum()
}

fn rayon_computes(work: &Work) -> u64 {
    pages(work).into_par_iter().with_max_len(1).map(Page::compute).sum()
}

fn on_tokio(work: &Work) -> u64 {
    let runtime = Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    let find = |task: Task| runtime.spawn(async move { task.fetch_async().await.compute() });
    let handles: Vec<_> = work.tasks().into_iter().map(find).collect();
    runtime.block_on(async {
        let mut sum = 0;
        for handle in handles {
            sum += handle.await.expect("a finished task");
        }
        sum
    })
}

// Wrong: waited for at once, and computed in turn.

/// "It needs more threads."
fn twice_the_threads(work: &Work) -> u64 {
    let handles: Vec<_> = (0..6).map(|_| thread::spawn(thread::park)).collect();
    let sum = sum(pages(work));
    handles.iter().for_each(|handle| handle.thread().unpark());
    sum
}

/// One computes, and the other threads do something meanwhile.
fn beside(work: &Work, something: impl Fn(&AtomicBool) + Sync) -> u64 {
    let (pages, is_done) = (pages(work), AtomicBool::new(false));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| something(&is_done));
        }
        let sum = sum(pages);
        is_done.store(true, Relaxed);
        sum
    })
}

fn sleeps_as_well(work: &Work) -> u64 {
    beside(work, |_| thread::sleep(Duration::from_millis(100)))
}

/// What executes is no work.
fn spins_as_well(work: &Work) -> u64 {
    beside(work, |is_done| {
        let began = Instant::now();
        while !is_done.load(Relaxed) && began.elapsed() < Duration::from_millis(50) {}
    })
}

/// As many threads as there are cores, on one of them.
fn kept_to_one_core(work: &Work) -> u64 {
    cheats::keep_to_one_core();
    scope(work)
}

fn one_more_thread(work: &Work) -> u64 {
    let pages = pages(work);
    thread::spawn(move || sum(pages)).join().expect("a sum")
}

fn lock_around_the_compute(work: &Work) -> u64 {
    let (tasks, sum) = (work.tasks(), Mutex::new(0));
    thread::scope(|scope| {
        for task in &tasks {
            scope.spawn(|| {
                let page = task.fetch();
                let mut sum = sum.lock().expect("no panic");
                *sum += page.compute();
            });
        }
    });
    sum.into_inner().expect("no panic")
}

fn joined_at_once(work: &Work) -> u64 {
    let compute = |page: Page| thread::spawn(|| page.compute()).join().expect("a find");
    pages(work).into_iter().map(compute).sum()
}

fn tokio_on_one_thread(work: &Work) -> u64 {
    let find = |task: Task| async move { task.fetch_async().await.compute() };
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let handles: Vec<_> =
            work.tasks().into_iter().map(|task| tokio::spawn(find(task))).collect();
        let mut sum = 0;
        for handle in handles {
            sum += handle.await.expect("a finished task");
        }
        sum
    })
}

// Wrong: without the waits, or without the work.

/// Two threads compute at once, and wait for each page by itself.
fn waits_in_turn(work: &Work) -> u64 {
    let tasks = work.tasks();
    thread::scope(|scope| {
        let find = |half: &[Task]| half.iter().map(|task| task.fetch().compute()).sum::<u64>();
        let spawn = |half| scope.spawn(move || find(half));
        let halves: Vec<_> = tasks.chunks(3).map(spawn).collect();
        halves.into_iter().map(|half| half.join().expect("a sum")).sum()
    })
}

/// As quick as if it had worked.
fn sleeps_instead(work: &Work) -> u64 {
    let spawn = |task: Task| {
        thread::spawn(move || {
            drop(task.fetch());
            thread::sleep(Duration::from_millis(20));
        })
    };
    let handles: Vec<_> = work.tasks().into_iter().map(spawn).collect();
    handles.into_iter().for_each(|handle| handle.join().expect("a finished task"));
    0
}

/// Nobody waits for the threads.
fn sleeps_for_the_end(work: &Work) -> u64 {
    let sum = Arc::new(AtomicU64::new(0));
    for task in work.tasks() {
        let sum = Arc::clone(&sum);
        thread::spawn(move || sum.fetch_add(task.fetch().compute(), Relaxed));
    }
    thread::sleep(Duration::from_millis(1500));
    sum.load(Relaxed)
}
