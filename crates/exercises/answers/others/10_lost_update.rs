//! Other answers to 10: honest ones first, then wrong ones, each with the mistake that it makes.

use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::Ordering::{Relaxed, SeqCst};
use std::thread;
use std::time::Duration;

use answers::choose;
use classroom::{Task, Work};
use rayon::prelude::*;

fn main() -> ExitCode {
    choose(&[
        ("lock-around-the-update", || run(lose, lock_around_the_update)),
        ("compare-and-exchange", || run(lose, compare_and_exchange)),
        ("sum-of-each-thread", || run(lose, sum_of_each_thread)),
        ("joined-sum", || run(lose, joined_sum)),
        ("rayon", || run(lose, on_rayon)),
        ("delay-in-one-thread", || run(delay_in_one_thread, fetch_add)),
        ("delay-at-the-first", || run(delay_at_the_first, fetch_add)),
        ("thread-each", || run(thread_each, fetch_add)),
        ("start", || run(no_delay, load_and_store)),
        ("sleep", || run(sleep, fetch_add)),
        ("yield", || run(yields, fetch_add)),
        ("delay-before-the-load", || run(delay_before_the_load, fetch_add)),
        ("delay-after-the-store", || run(delay_after_the_store, fetch_add)),
        ("delay-at-the-last", || run(delay_at_the_last, fetch_add)),
        ("delay-where-odd", || run(|work| delay_where(work, 1), fetch_add)),
        ("delay-where-even", || run(|work| delay_where(work, 0), fetch_add)),
        ("no-store", || run(no_store, fetch_add)),
        ("store-nothing", || run(store_nothing, fetch_add)),
        ("unchanged", || run(lose, load_and_store)),
        ("still-delayed", || run(lose, still_delayed)),
        ("delay-moved-away", || run(lose, delay_moved_away)),
        ("relaxed", || run(lose, relaxed)),
        ("two-locks", || run(lose, two_locks)),
        ("exchange-once", || run(lose, exchange_once)),
        ("stores-where-refused", || run(lose, stores_where_refused)),
        ("lock-around-the-loop", || run(lose, lock_around_the_loop)),
        ("lock-around-the-compute", || run(lose, lock_around_the_compute)),
        ("one-thread", || run(lose, one_thread)),
        ("join-in-the-loop", || run(lose, join_in_the_loop)),
        ("sum-never-added", || run(lose, sum_never_added)),
        ("added-twice", || run(lose, added_twice)),
        ("spins-beside", || run(lose, spins_beside)),
    ])
}

fn run(lose: fn(&Work), keep: fn(&Work)) -> ExitCode {
    classroom::tasks(8).stage("lose", lose).stage("keep", keep).run()
}

fn on_two_threads(work: &Work, add: impl Fn(&Task) + Sync) {
    let tasks = work.tasks();
    let (left, right) = tasks.split_at(tasks.len() / 2);
    thread::scope(|scope| {
        scope.spawn(|| left.iter().for_each(&add));
        scope.spawn(|| right.iter().for_each(&add));
    });
}

/// Updates by load and store, with something in between.
fn between(work: &Work, disturb: impl Fn() + Sync) {
    on_two_threads(work, |task| {
        let found = task.compute();
        let before = work.counter().load(SeqCst);
        disturb();
        work.counter().store(before + found, SeqCst);
    });
}

fn lose(work: &Work) {
    between(work, || work.delay());
}

/// In one operation.
fn add(work: &Work, task: &Task) {
    work.counter().fetch_add(task.compute(), SeqCst);
}

fn fetch_add(work: &Work) {
    on_two_threads(work, |task| add(work, task));
}

// Honest.

fn lock_around_the_update(work: &Work) {
    let lock = Mutex::new(());
    on_two_threads(work, |task| {
        let found = task.compute();
        let _guard = lock.lock().expect("no panic");
        let before = work.counter().load(SeqCst);
        work.delay();
        work.counter().store(before + found, SeqCst);
    });
}

fn compare_and_exchange(work: &Work) {
    on_two_threads(work, |task| {
        let found = task.compute();
        let mut before = work.counter().load(SeqCst);
        while let Err(now) = work.counter().compare_exchange(before, before + found, SeqCst, SeqCst)
        {
            before = now;
        }
    });
}

/// Nothing is shared but the last addition of each thread.
fn sum_of_each_thread(work: &Work) {
    let tasks = work.tasks();
    thread::scope(|scope| {
        for half in tasks.chunks(4) {
            scope.spawn(|| {
                let sum = half.iter().map(Task::compute).sum();
                work.counter().fetch_add(sum, SeqCst);
            });
        }
    });
}

/// Nothing is shared at all, and one thread stores the result.
fn joined_sum(work: &Work) {
    let tasks = work.tasks();
    let sum = thread::scope(|scope| {
        let spawn = |half: &'static str, tasks| {
            let thread = thread::Builder::new().name(half.to_owned());
            let compute = move |tasks: &[Task]| tasks.iter().map(Task::compute).sum::<u64>();
            thread.spawn_scoped(scope, move || compute(tasks)).expect("a thread")
        };
        let (left, right) = tasks.split_at(4);
        let halves = [spawn("left", left), spawn("right", right)];
        halves.into_iter().map(|half| half.join().expect("a sum")).sum()
    });
    work.counter().store(sum, SeqCst);
}

fn on_rayon(work: &Work) {
    work.tasks().into_par_iter().with_max_len(1).for_each(|task| {
        work.counter().fetch_add(task.compute(), SeqCst);
    });
}

/// Updates by load and store, delayed where this holds of a task and its find.
fn delay_if(work: &Work, holds: impl Fn(usize, u64) -> bool + Sync) {
    on_two_threads(work, |task| {
        let found = task.compute();
        let before = work.counter().load(SeqCst);
        if holds(task.number(), found) {
            work.delay();
        }
        work.counter().store(before + found, SeqCst);
    });
}

/// One thread that stands still is enough.
fn delay_in_one_thread(work: &Work) {
    delay_if(work, |task, _| task < 4);
}

/// The other thread has others to make when this one begins.
fn delay_at_the_first(work: &Work) {
    work.counter().store(0, SeqCst);
    delay_if(work, |task, _| task == 0);
    println!("{} in the end", work.counter().load(SeqCst));
}

fn thread_each(work: &Work) {
    thread::scope(|scope| {
        for task in work.tasks() {
            scope.spawn(move || {
                let found = task.compute();
                let before = work.counter().load(SeqCst);
                work.delay();
                work.counter().store(before + found, SeqCst);
            });
        }
    });
}

// Wrong: nothing is lost, or not in every run, or not by an update.

fn no_delay(work: &Work) {
    between(work, || ());
}

/// Likely is not certain: the judge has the other thread come later.
fn sleep(work: &Work) {
    between(work, || thread::sleep(Duration::from_millis(20)));
}

fn yields(work: &Work) {
    between(work, thread::yield_now);
}

fn delay_before_the_load(work: &Work) {
    on_two_threads(work, |task| {
        let found = task.compute();
        work.delay();
        let before = work.counter().load(SeqCst);
        work.counter().store(before + found, SeqCst);
    });
}

fn delay_after_the_store(work: &Work) {
    on_two_threads(work, |task| {
        let found = task.compute();
        let before = work.counter().load(SeqCst);
        work.counter().store(before + found, SeqCst);
        work.delay();
    });
}

/// Whoever is the last to add can delay nobody but himself.
fn delay_at_the_last(work: &Work) {
    delay_if(work, |task, _| task == 7);
}

/// All finds of a run may be even, or odd.
fn delay_where(work: &Work, parity: u64) {
    delay_if(work, |_, found| found % 2 == parity);
}

/// What is never stored is missing too, but nobody has lost it.
fn no_store(work: &Work) {
    on_two_threads(work, |task| {
        let found = task.compute();
        let before = work.counter().load(SeqCst);
        work.delay();
        if task.number() > 0 {
            work.counter().store(before + found, SeqCst);
        }
    });
}

fn store_nothing(work: &Work) {
    on_two_threads(work, |task| {
        let _found = task.compute();
        let _before = work.counter().load(SeqCst);
        work.delay();
        work.counter().store(0, SeqCst);
    });
}

// Wrong: something is still lost.

fn load_and_store(work: &Work) {
    between(work, || ());
}

fn still_delayed(work: &Work) {
    between(work, || work.delay());
}

/// The delay was where the mistake was seen, so it was put somewhere else.
fn delay_moved_away(work: &Work) {
    on_two_threads(work, |task| {
        work.delay();
        let found = task.compute();
        let before = work.counter().load(SeqCst);
        work.counter().store(before + found, SeqCst);
    });
}

/// No memory order makes three operations one. (All here were as strict as can be; these are not.)
fn relaxed(work: &Work) {
    on_two_threads(work, |task| {
        let found = task.compute();
        let before = work.counter().load(Relaxed);
        work.counter().store(before + found, Relaxed);
    });
}

/// A lock for each thread locks nobody out.
fn two_locks(work: &Work) {
    let locks = [Mutex::new(()), Mutex::new(())];
    on_two_threads(work, |task| {
        let found = task.compute();
        let _guard = locks[task.number() / 4].lock().expect("no panic");
        let before = work.counter().load(SeqCst);
        work.counter().store(before + found, SeqCst);
    });
}

/// Whether it was exchanged is not looked at.
fn exchange_once(work: &Work) {
    on_two_threads(work, |task| {
        let found = task.compute();
        let before = work.counter().load(SeqCst);
        let _ = work.counter().compare_exchange(before, before + found, SeqCst, SeqCst);
    });
}

/// What it is told is old by the time that it stores.
fn stores_where_refused(work: &Work) {
    on_two_threads(work, |task| {
        let (counter, found) = (work.counter(), task.compute());
        let before = counter.load(SeqCst);
        if let Err(now) = counter.compare_exchange(before, before + found, SeqCst, SeqCst) {
            counter.store(now + found, SeqCst);
        }
    });
}

// Wrong: nothing is lost, and nothing is parallel.

fn lock_around_the_loop(work: &Work) {
    let lock = Mutex::new(());
    let tasks = work.tasks();
    thread::scope(|scope| {
        for half in tasks.chunks(4) {
            scope.spawn(|| {
                let _guard = lock.lock().expect("no panic");
                half.iter().for_each(|task| add(work, task));
            });
        }
    });
}

fn lock_around_the_compute(work: &Work) {
    let lock = Mutex::new(());
    on_two_threads(work, |task| {
        let _guard = lock.lock().expect("no panic");
        work.counter().fetch_add(task.compute(), SeqCst);
    });
}

fn one_thread(work: &Work) {
    for task in work.tasks() {
        work.counter().fetch_add(task.compute(), SeqCst);
    }
}

fn join_in_the_loop(work: &Work) {
    for half in work.tasks().chunks(4) {
        thread::scope(|scope| {
            scope.spawn(|| {
                half.iter().for_each(|task| add(work, task));
            });
        });
    }
}

/// One thread does all that was set, and another one spins beside it.
fn spins_beside(work: &Work) {
    use std::sync::atomic::AtomicBool;
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !is_done.load(Relaxed) {
                std::hint::spin_loop();
            }
        });
        one_thread(work);
        is_done.store(true, Relaxed);
    });
}

// Wrong: the counter says something else.

fn sum_never_added(work: &Work) {
    let tasks = work.tasks();
    thread::scope(|scope| {
        for half in tasks.chunks(4) {
            scope.spawn(|| half.iter().map(Task::compute).sum::<u64>());
        }
    });
}

fn added_twice(work: &Work) {
    on_two_threads(work, |task| {
        let found = task.compute();
        work.counter().fetch_add(found, SeqCst);
        work.counter().fetch_add(found, SeqCst);
    });
}
