//! Other answers to 08: honest ones first, then wrong ones, each with the mistake that it makes.

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::thread;

use answers::choose;
use classroom::{Task, Work};
use rayon::prelude::*;

fn main() -> ExitCode {
    choose(&[
        ("queue", || run(queue, in_turn)),
        ("next-number", || run(next_number, in_turn)),
        ("scope-of-the-pool", || run(scope_of_the_pool, in_turn)),
        ("thread-each", || run(thread_each, in_turn)),
        ("halves", || run(halves, in_turn)),
        ("quarters", || run(quarters, in_turn)),
        ("interleaved", || run(interleaved, in_turn)),
        ("shortest-pieces", || run(shortest_pieces, in_turn)),
        ("rounds", || run(rounds, in_turn)),
        ("one-thread", || run(in_turn, in_turn)),
        ("long-one-last", || run(long_one_last, in_turn)),
        ("queue-behind-a-guard", || run(queue_behind_a_guard, in_turn)),
        ("parallel-when-tiny", || run(next_number, on_rayon)),
        ("tiny-with-a-spinner", || run(next_number, beside_a_spinner)),
        ("tiny-on-threads", || run(next_number, thread_each)),
        ("one-left-out", || run(one_left_out, in_turn)),
        ("last-takes-the-rest", || run(last_takes_the_rest, in_turn)),
    ])
}

fn run(uneven: fn(&Work) -> u64, tiny: fn(&Work) -> u64) -> ExitCode {
    classroom::tasks(8).stage("uneven", uneven).stage("tiny", tiny).run()
}

fn sum(tasks: &[Task]) -> u64 {
    tasks.iter().map(Task::compute).sum()
}

fn in_turn(work: &Work) -> u64 {
    sum(&work.tasks())
}

/// The sum of what two threads of this kind find.
fn on_two(find: impl Fn() -> u64 + Sync) -> u64 {
    thread::scope(|scope| {
        let two = [scope.spawn(&find), scope.spawn(&find)];
        two.into_iter().map(|it| it.join().expect("a sum")).sum()
    })
}

/// A thread for each of these parts, whoever computes them.
fn on_threads(parts: &[&[Task]]) -> u64 {
    thread::scope(|scope| {
        let spawn = |part| scope.spawn(move || sum(part));
        let threads: Vec<_> = parts.iter().copied().map(spawn).collect();
        threads.into_iter().map(|it| it.join().expect("a sum")).sum()
    })
}

// Honest.

fn queue(work: &Work) -> u64 {
    let left = Mutex::new(work.tasks());
    on_two(|| {
        let next = || left.lock().expect("no panic").pop();
        std::iter::from_fn(next).map(|task| task.compute()).sum()
    })
}

fn next_number(work: &Work) -> u64 {
    let (tasks, next) = (work.tasks(), AtomicUsize::new(0));
    on_two(|| {
        let next = || tasks.get(next.fetch_add(1, SeqCst));
        std::iter::from_fn(next).map(Task::compute).sum()
    })
}

fn scope_of_the_pool(work: &Work) -> u64 {
    let (tasks, sum) = (work.tasks(), AtomicU64::new(0));
    rayon::scope(|scope| {
        for task in &tasks {
            scope.spawn(|_| {
                sum.fetch_add(task.compute(), SeqCst);
            });
        }
    });
    sum.into_inner()
}

fn thread_each(work: &Work) -> u64 {
    let tasks = work.tasks();
    on_threads(&tasks.chunks(1).collect::<Vec<_>>())
}

// Wrong: it is decided beforehand who does what.

fn halves(work: &Work) -> u64 {
    let tasks = work.tasks();
    let (left, right) = tasks.split_at(tasks.len() / 2);
    let (left, right) = rayon::join(|| sum(left), || sum(right));
    left + right
}

fn quarters(work: &Work) -> u64 {
    let tasks = work.tasks();
    on_threads(&tasks.chunks(2).collect::<Vec<_>>())
}

fn interleaved(work: &Work) -> u64 {
    let (even, odd): (Vec<Task>, Vec<Task>) =
        work.tasks().into_iter().partition(|task| task.number() % 2 == 0);
    on_threads(&[&even, &odd])
}

fn shortest_pieces(work: &Work) -> u64 {
    work.tasks().par_iter().with_min_len(4).map(Task::compute).sum()
}

fn rounds(work: &Work) -> u64 {
    work.tasks().chunks(2).map(|two| on_threads(&two.chunks(1).collect::<Vec<_>>())).sum()
}

/// What was seen once need not be so the next time.
fn long_one_last(work: &Work) -> u64 {
    let mut tasks = work.tasks();
    tasks.reverse();
    on_threads(&[&tasks[..4], &tasks[4..7], &tasks[7..]])
}

fn queue_behind_a_guard(work: &Work) -> u64 {
    let left = Mutex::new(work.tasks());
    on_two(|| {
        let mut sum = 0;
        while let Some(task) = left.lock().expect("no panic").pop() {
            sum += task.compute();
        }
        sum
    })
}

// Wrong: too much for too little.

/// Two threads, for what one does sooner.
fn on_rayon(work: &Work) -> u64 {
    work.tasks().par_iter().map(Task::compute).sum()
}

/// One thread computes, and another one keeps a core warm for it.
fn beside_a_spinner(work: &Work) -> u64 {
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_done.load(SeqCst) {
                std::hint::spin_loop();
            }
        });
        let sum = in_turn(work);
        is_done.store(true, SeqCst);
        sum
    })
}

// Wrong: not all of it.

fn one_left_out(work: &Work) -> u64 {
    let (tasks, next) = (work.tasks(), AtomicUsize::new(0));
    on_two(|| {
        let next = || tasks.get(next.fetch_add(1, SeqCst) + 1);
        std::iter::from_fn(next).map(Task::compute).sum()
    })
}

fn last_takes_the_rest(work: &Work) -> u64 {
    let mut tasks = work.tasks();
    let rest = tasks.split_off(tasks.len() - 2);
    let pairs = tasks.into_iter().map(|task| vec![task]).chain([rest]);
    let pairs: Vec<_> = pairs.collect();
    pairs.par_iter().with_max_len(1).map(|some| some.iter().map(Task::compute).sum::<u64>()).sum()
}
