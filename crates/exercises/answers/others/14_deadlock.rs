//! Other answers to 14: honest ones first, then wrong ones, each with the mistake that it makes.

use std::process::ExitCode;
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::Duration;

use answers::choose;
use classroom::{Task, Work};

fn main() -> ExitCode {
    choose(&[
        ("sorted-accounts", || run(stop, sorted_accounts)),
        ("higher-first", || run(stop, higher_first)),
        ("lock-of-the-pair", || run(stop, lock_of_the_pair)),
        ("thread-of-the-pair", || run(stop, thread_of_the_pair)),
        ("delay-in-one-thread", || run(delay_in_one_thread, higher_first)),
        ("start", || run(no_delay, higher_first)),
        ("sleep", || run(sleep, higher_first)),
        ("barrier-between-the-locks", || run(barrier_between, higher_first)),
        ("barrier-and-delay-elsewhere", || run(barrier_and_delay, higher_first)),
        ("delay-before-the-locks", || run(delay_before_the_locks, higher_first)),
        ("delay-after-the-locks", || run(delay_after_the_locks, higher_first)),
        ("first-guard-dropped", || run(first_guard_dropped, higher_first)),
        ("one-thread-stops", || run(one_thread_stops, higher_first)),
        ("parked", || run(parked, higher_first)),
        ("unchanged", || run(stop, no_delay)),
        ("still-delayed", || run(stop, stop)),
        ("sleeps-by-number", || run(stop, sleeps_by_number)),
        ("ordered-by-role", || run(stop, ordered_by_role)),
        ("one-pair-repaired", || run(stop, one_pair_repaired)),
        ("every-other-one-repaired", || run(stop, every_other_one_repaired)),
        ("one-lock-for-all", || run(stop, one_lock_for_all)),
        ("always-account-0", || run(stop, always_account_0)),
        ("one-thread", || run(stop, one_thread)),
        ("one-lock-at-a-time", || run(stop, one_lock_at_a_time)),
        ("second-lock-left-out", || run(stop, second_lock_left_out)),
        ("locks-of-its-own", || run(stop, locks_of_its_own)),
        ("gives-up", || run(stop, gives_up)),
        ("moved-twice", || run(stop, moved_twice)),
    ])
}

fn run(stop: fn(&Work), finish: fn(&Work)) -> ExitCode {
    classroom::tasks(8).stage("stop", stop).stage("finish", finish).run()
}

const PAIRS: [(usize, usize); 4] = [(0, 1), (1, 0), (2, 3), (3, 2)];

fn on_four_threads(work: &Work, transfer: impl Fn(&Task, usize, usize) + Sync) {
    let (tasks, transfer) = (work.tasks(), &transfer);
    thread::scope(|scope| {
        for (quarter, (from, to)) in tasks.chunks(2).zip(PAIRS) {
            scope.spawn(move || quarter.iter().for_each(|task| transfer(task, from, to)));
        }
    });
}

/// With both locks, in their own order, and something in between.
fn between(work: &Work, disturb: impl Fn() + Sync) {
    on_four_threads(work, |task, from, to| {
        let amount = task.compute();
        let _from = work.lock(from);
        disturb();
        let _to = work.lock(to);
        work.transfer(from, to, amount);
    });
}

/// With the locks of these two accounts, in this order.
fn with_locks(work: &Work, order: fn(usize, usize) -> (usize, usize)) {
    on_four_threads(work, |task, from, to| {
        let amount = task.compute();
        let (first, second) = order(from, to);
        let _first = work.lock(first);
        let _second = work.lock(second);
        work.transfer(from, to, amount);
    });
}

fn stop(work: &Work) {
    between(work, || work.delay());
}

// Honest.

fn sorted_accounts(work: &Work) {
    on_four_threads(work, |task, from, to| {
        let amount = task.compute();
        let mut accounts = [from, to];
        accounts.sort_unstable();
        let _locks = accounts.map(|account| work.lock(account));
        work.delay();
        work.transfer(from, to, amount);
    });
}

fn higher_first(work: &Work) {
    with_locks(work, |from, to| (from.max(to), from.min(to)));
}

fn lock_of_the_pair(work: &Work) {
    let pairs = [Mutex::new(()), Mutex::new(())];
    on_four_threads(work, |task, from, to| {
        let amount = task.compute();
        let _pair = pairs[from / 2].lock().expect("no panic");
        let _from = work.lock(from);
        let _to = work.lock(to);
        work.transfer(from, to, amount);
    });
}

/// Nobody else needs the two locks, so that they can be taken in any order.
fn thread_of_the_pair(work: &Work) {
    let tasks = work.tasks();
    thread::scope(|scope| {
        for (pair, tasks) in PAIRS.chunks(2).zip(tasks.chunks(4)) {
            scope.spawn(move || {
                for (task, (from, to)) in tasks.iter().zip([pair[0], pair[0], pair[1], pair[1]]) {
                    let amount = task.compute();
                    let _from = work.lock(from);
                    let _to = work.lock(to);
                    work.transfer(from, to, amount);
                }
            });
        }
    });
}

fn delay_in_one_thread(work: &Work) {
    on_four_threads(work, |task, from, to| {
        let amount = task.compute();
        let _from = work.lock(from);
        if from == 0 {
            work.delay();
        }
        let _to = work.lock(to);
        work.transfer(from, to, amount);
    });
}

// Wrong: nobody stops, or not by two locks.

fn no_delay(work: &Work) {
    between(work, || ());
}

/// Likely is not certain: the judge has the other thread come later.
fn sleep(work: &Work) {
    between(work, || thread::sleep(Duration::from_millis(20)));
}

/// Two threads that wait for each other on purpose stop for ever, with or without a delay.
fn barrier_between(work: &Work) {
    barrier_after(work, || ());
}

fn barrier_and_delay(work: &Work) {
    barrier_after(work, || work.delay());
}

fn barrier_after(work: &Work, disturb: impl Fn() + Sync) {
    let met = [const { Barrier::new(2) }; 2];
    on_four_threads(work, |task, from, to| {
        let amount = task.compute();
        disturb();
        let _from = work.lock(from);
        met[from / 2].wait();
        let _to = work.lock(to);
        work.transfer(from, to, amount);
    });
}

fn delay_before_the_locks(work: &Work) {
    on_four_threads(work, |task, from, to| {
        let amount = task.compute();
        work.delay();
        let _from = work.lock(from);
        let _to = work.lock(to);
        work.transfer(from, to, amount);
    });
}

fn delay_after_the_locks(work: &Work) {
    on_four_threads(work, |task, from, to| {
        let amount = task.compute();
        let _from = work.lock(from);
        let _to = work.lock(to);
        work.delay();
        work.transfer(from, to, amount);
    });
}

/// What is assigned to `_` is not kept.
fn first_guard_dropped(work: &Work) {
    on_four_threads(work, |task, from, to| {
        let amount = task.compute();
        let _ = work.lock(from);
        work.delay();
        let _to = work.lock(to);
        work.transfer(from, to, amount);
    });
}

fn one_thread_stops(work: &Work) {
    on_four_threads(work, |_, from, _| {
        let _from = work.lock(from);
        work.delay();
        let _once_more = work.lock(from);
    });
}

fn parked(work: &Work) {
    between(work, thread::park);
}

// Wrong: they can still wait for each other.

fn sleeps_by_number(work: &Work) {
    on_four_threads(work, |task, from, to| {
        thread::sleep(Duration::from_millis(5 * from as u64));
        let amount = task.compute();
        let _from = work.lock(from);
        let _to = work.lock(to);
        work.transfer(from, to, amount);
    });
}

fn ordered_by_role(work: &Work) {
    with_locks(work, |from, to| (from, to));
}

fn one_pair_repaired(work: &Work) {
    with_locks(work, |from, to| if from < 2 { (0, 1) } else { (from, to) });
}

// Wrong: everybody waits for everybody.

/// The first task of each thread has its locks in order.
fn every_other_one_repaired(work: &Work) {
    on_four_threads(work, |task, from, to| {
        let amount = task.compute();
        let is_first = task.number() % 2 == 0;
        let (first, second) = if is_first { (from.min(to), from.max(to)) } else { (from, to) };
        let _first = work.lock(first);
        let _second = work.lock(second);
        work.transfer(from, to, amount);
    });
}

fn one_lock_for_all(work: &Work) {
    let all = Mutex::new(());
    on_four_threads(work, |task, from, to| {
        let amount = task.compute();
        let _all = all.lock().expect("no panic");
        let _from = work.lock(from);
        let _to = work.lock(to);
        work.transfer(from, to, amount);
    });
}

fn always_account_0(work: &Work) {
    on_four_threads(work, |task, from, to| {
        let amount = task.compute();
        let _zero = work.lock(0);
        let _others: Vec<_> =
            [from, to].into_iter().filter(|it| *it > 0).map(|it| work.lock(it)).collect();
        work.transfer(from, to, amount);
    });
}

fn one_thread(work: &Work) {
    for (task, (from, to)) in work.tasks().iter().zip(PAIRS.iter().flat_map(|pair| [pair; 2])) {
        let amount = task.compute();
        let _from = work.lock(*from);
        let _to = work.lock(*to);
        work.transfer(*from, *to, amount);
    }
}

// Wrong: it is not locked.

fn one_lock_at_a_time(work: &Work) {
    on_four_threads(work, |task, from, to| {
        let amount = task.compute();
        drop(work.lock(from));
        let _to = work.lock(to);
        work.transfer(from, to, amount);
    });
}

fn second_lock_left_out(work: &Work) {
    on_four_threads(work, |task, from, to| {
        let amount = task.compute();
        let _from = work.lock(from);
        work.transfer(from, to, amount);
    });
}

fn locks_of_its_own(work: &Work) {
    let locks = [const { Mutex::new(()) }; 4];
    on_four_threads(work, |task, from, to| {
        let amount = task.compute();
        let _lower = locks[from.min(to)].lock().expect("no panic");
        let _higher = locks[from.max(to)].lock().expect("no panic");
        work.transfer(from, to, amount);
    });
}

// Wrong: it is not moved, or too often.

fn gives_up(work: &Work) {
    let taken = Mutex::new(());
    on_four_threads(work, |task, from, to| {
        let amount = task.compute();
        // Whoever goes the other way may be at it.
        if from > to {
            return;
        }
        let _taken = taken.lock().expect("no panic");
        let _from = work.lock(from);
        let _to = work.lock(to);
        work.transfer(from, to, amount);
    });
}

fn moved_twice(work: &Work) {
    on_four_threads(work, |task, from, to| {
        let amount = task.compute();
        let _lower = work.lock(from.min(to));
        let _higher = work.lock(from.max(to));
        work.transfer(from, to, amount);
        work.transfer(from, to, amount);
    });
}
