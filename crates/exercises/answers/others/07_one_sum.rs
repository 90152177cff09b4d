//! Other answers to 07: honest ones first, then wrong ones, each with the mistake that it makes.

use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use answers::{cheats, choose};
use classroom::wire::{Reply, Stream, VARIABLE};
use classroom::{Task, Work};
use rayon::prelude::*;

fn main() -> ExitCode {
    choose(&[
        ("join", || run(join)),
        ("fold", || run(fold)),
        ("lock-around-the-addition", || run(lock_around_the_addition)),
        ("atomic", || run(atomic)),
        ("threads", || run(threads)),
        ("bridge", || run(bridge)),
        ("lock-around-the-compute", || run(lock_around_the_compute)),
        ("one-item", || run(one_item)),
        ("bridge-behind-the-compute", || run(bridge_behind_the_compute)),
        ("kept-to-one-core", || run(kept_to_one_core)),
        ("one-thread-pool", || run(one_thread_pool)),
        ("longest-pieces", || run(longest_pieces)),
        ("join-of-all-and-nothing", || run(join_of_all_and_nothing)),
        ("installed-in-turn", || run(installed_in_turn)),
        ("claims-two-threads", || run(claims_two_threads)),
        ("no-consumer", || run(no_consumer)),
        ("half", || run(half)),
        ("once-more-for-safety", || run(once_more_for_safety)),
        ("wrong-identity", || run(wrong_identity)),
        ("floats", || run(floats)),
        ("greatest", || run(greatest)),
        ("hard-coded", || run(hard_coded)),
        ("sleeps-for-the-end", || run(sleeps_for_the_end)),
    ])
}

fn run(solve: fn(&Work) -> u64) -> ExitCode {
    classroom::tasks(8).stage("solve", solve).run()
}

fn sum(tasks: &[Task]) -> u64 {
    tasks.iter().map(Task::compute).sum()
}

fn finds(work: &Work) -> impl ParallelIterator<Item = u64> {
    work.tasks().into_par_iter().map(|task| task.compute())
}

// Honest.

fn join(work: &Work) -> u64 {
    let tasks = work.tasks();
    let (left, right) = tasks.split_at(tasks.len() / 2);
    let (left, right) = rayon::join(|| sum(left), || sum(right));
    left + right
}

fn fold(work: &Work) -> u64 {
    finds(work).fold(|| 0, |sum, found| sum + found).reduce(|| 0, |left, right| left + right)
}

fn lock_around_the_addition(work: &Work) -> u64 {
    let sum = Mutex::new(0);
    finds(work).for_each(|found| *sum.lock().expect("no panic") += found);
    sum.into_inner().expect("no panic")
}

fn atomic(work: &Work) -> u64 {
    let sum = AtomicU64::new(0);
    finds(work).for_each(|found| {
        sum.fetch_add(found, SeqCst);
    });
    sum.into_inner()
}

fn threads(work: &Work) -> u64 {
    let tasks = work.tasks();
    thread::scope(|scope| {
        let halves: Vec<_> = tasks.chunks(4).map(|half| scope.spawn(|| sum(half))).collect();
        halves.into_iter().map(|half| half.join().expect("a sum")).sum()
    })
}

/// The bridge's lock is held while a task is taken, and not while it computes.
fn bridge(work: &Work) -> u64 {
    work.tasks().into_iter().par_bridge().map(|task| task.compute()).sum()
}

// Wrong: parallel by name.

fn lock_around_the_compute(work: &Work) -> u64 {
    let sum = Mutex::new(0);
    work.tasks().into_par_iter().for_each(|task| {
        let mut sum = sum.lock().expect("no panic");
        *sum += task.compute();
    });
    sum.into_inner().expect("no panic")
}

fn one_item(work: &Work) -> u64 {
    vec![work.tasks()].into_par_iter().map(|tasks| sum(&tasks)).sum()
}

fn bridge_behind_the_compute(work: &Work) -> u64 {
    work.tasks().into_iter().map(|task| task.compute()).par_bridge().sum()
}

/// All threads on one core, so that its cache stays warm.
fn kept_to_one_core(work: &Work) -> u64 {
    cheats::keep_to_one_core();
    threads(work)
}

fn one_thread_pool(work: &Work) -> u64 {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().expect("a pool");
    pool.install(|| finds(work).sum())
}

fn longest_pieces(work: &Work) -> u64 {
    work.tasks().into_par_iter().with_min_len(8).map(|task| task.compute()).sum()
}

fn join_of_all_and_nothing(work: &Work) -> u64 {
    rayon::join(|| sum(&work.tasks()), || ()).0
}

fn installed_in_turn(work: &Work) -> u64 {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(4).build().expect("a pool");
    work.tasks().into_iter().map(|task| pool.install(|| task.compute())).sum()
}

/// Speaks to the judge itself, in the names of two threads. One of them computes, the other one sleeps.
fn claims_two_threads(work: &Work) -> u64 {
    use std::io::{BufRead, BufReader, Write};
    let number =
        || std::fs::read_link("/proc/thread-self").ok()?.file_name()?.to_str()?.parse().ok();
    let (sender, numbers) = std::sync::mpsc::channel::<Option<u64>>();
    thread::spawn(move || {
        sender.send(number()).expect("a receiver");
        thread::park();
    });
    let names = [number(), numbers.recv().expect("a thread")].map(|number| number.unwrap_or(0));
    let (mut judge, secret) =
        Stream::connect(&std::env::var(VARIABLE).expect("a judge")).expect("a judge");
    let mut replies = BufReader::new(judge.again().expect("a connection")).lines();
    let mut next = || Reply::read(&replies.next().expect("a line").expect("a line"));
    writeln!(judge, "1 {} hello 1 {secret}", names[0]).expect("a judge");
    next();
    let mut sum = 0;
    for two in work.tasks().chunks(2) {
        for (task, name) in two.iter().zip(names) {
            writeln!(judge, "9 {name} compute {}", task.number()).expect("a judge");
        }
        for (task, name) in two.iter().zip(names) {
            let Some((_, Reply::Page(puzzle))) = next() else { return 0 };
            let found = puzzle.search();
            writeln!(judge, "0 {name} computed {} {found}", task.number()).expect("a judge");
            sum += found;
        }
    }
    sum
}

// Wrong: not all of it, or too much.

fn no_consumer(work: &Work) -> u64 {
    drop(finds(work));
    0
}

fn half(work: &Work) -> u64 {
    2 * work.tasks().into_par_iter().step_by(2).map(|task| task.compute()).sum::<u64>()
}

fn once_more_for_safety(work: &Work) -> u64 {
    let parallel: u64 = finds(work).sum();
    let in_turn = sum(&work.tasks());
    assert_eq!(parallel, in_turn);
    in_turn
}

// Wrong: another number.

fn wrong_identity(work: &Work) -> u64 {
    finds(work).reduce(|| 1, |left, right| left + right)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "the mistake")]
#[expect(clippy::cast_sign_loss, reason = "the mistake")]
fn floats(work: &Work) -> u64 {
    finds(work).map(|found| found as f32).sum::<f32>() as u64
}

fn greatest(work: &Work) -> u64 {
    finds(work).max().unwrap_or(0)
}

fn hard_coded(work: &Work) -> u64 {
    finds(work).sum::<u64>();
    20_190_412_301_822
}

fn sleeps_for_the_end(work: &Work) -> u64 {
    let sum = Arc::new(AtomicU64::new(0));
    for task in work.tasks() {
        let sum = Arc::clone(&sum);
        thread::spawn(move || sum.fetch_add(task.compute(), SeqCst));
    }
    thread::sleep(Duration::from_secs(3));
    sum.load(SeqCst)
}
