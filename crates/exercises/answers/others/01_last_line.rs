//! Other answers to 01: honest ones first, then wrong ones, each with the mistake that it makes.

use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};
use std::sync::mpsc::channel;
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::Duration;

use answers::choose;
use classroom::{Task, Work, run};
use tokio::runtime::Builder;

fn main() -> ExitCode {
    choose(&[
        ("after-the-scope", || run(after_the_scope)),
        ("message", || run(message)),
        ("last-thread-speaks", || run(last_thread_speaks)),
        ("barrier", || run(barrier)),
        ("tokio", || run(on_tokio)),
        ("sleep", || run(sleep)),
        ("joins-the-first", || run(joins_the_first)),
        ("joins-the-last", || run(joins_the_last)),
        ("message-before-the-line", || run(message_before_the_line)),
        ("goodbye", || run(goodbye)),
        ("each-says-all-done", || run(each_says_all_done)),
        ("thread-of-its-own", || run(thread_of_its_own)),
        ("yields", || run(yields)),
        ("main-says-all", || run(main_says_all)),
        ("joins-in-the-loop", || run(joins_in_the_loop)),
        ("spins", || run(spins)),
        ("printed", || run(printed)),
        ("known-numbers", || run(known_numbers)),
        ("no-last-line", || run(no_last_line)),
        ("work-left-out", || run(work_left_out)),
        ("two-workers", || run(two_workers)),
        ("pages-in-order", || run(pages_in_order)),
    ])
}

fn report(work: &Work, task: &Task) {
    say(work, task, task.fetch().compute());
}

fn say(work: &Work, task: &Task, found: u64) {
    work.say(format!("{} found {found}.", task.name()));
}

/// A thread for each task; meanwhile `main` does something else.
fn beside(work: &Work, report: impl Fn(&Task) + Sync, meanwhile: impl FnOnce()) {
    let tasks = work.tasks();
    thread::scope(|scope| {
        for task in &tasks {
            scope.spawn(|| report(task));
        }
        meanwhile();
    });
}

// Honest.

fn after_the_scope(work: &Work) {
    beside(work, |task| report(work, task), || ());
    work.say("All done.");
}

fn message(work: &Work) {
    let (sender, finished) = channel();
    let report_and_send = |task: &Task| {
        report(work, task);
        sender.send(()).expect("a receiver");
    };
    let await_all = || {
        finished.iter().take(work.tasks().len()).for_each(drop);
        work.say("All done.");
    };
    beside(work, report_and_send, await_all);
}

/// Nobody waits. The last one knows that it is.
fn last_thread_speaks(work: &Work) {
    let left = AtomicUsize::new(work.tasks().len());
    let report_and_count = |task: &Task| {
        report(work, task);
        if left.fetch_sub(1, SeqCst) == 1 {
            work.say("All done.");
        }
    };
    beside(work, report_and_count, || ());
}

fn barrier(work: &Work) {
    let all = Barrier::new(work.tasks().len() + 1);
    let report_and_meet = |task: &Task| {
        report(work, task);
        all.wait();
    };
    let meet = || {
        all.wait();
        work.say("All done.");
    };
    beside(work, report_and_meet, meet);
}

fn on_tokio(work: &Work) {
    let report = async |task: &Task| say(work, task, task.fetch_async().await.compute());
    let [a, b, c] = &work.tasks()[..] else { panic!("three tasks") };
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async { tokio::join!(report(a), report(b), report(c)) });
    work.say("All done.");
}

// Wrong: it waits for something else.

/// However long one sleeps, a page may be later.
fn sleep(work: &Work) {
    let meanwhile = || {
        thread::sleep(Duration::from_millis(100));
        work.say("All done.");
    };
    beside(work, |task| report(work, task), meanwhile);
}

fn join_one(work: &Work, which: usize) {
    let tasks = work.tasks();
    thread::scope(|scope| {
        let spawn = |task| scope.spawn(move || report(work, task));
        let mut handles: Vec<_> = tasks.iter().map(spawn).collect();
        handles.remove(which).join().expect("a finished task");
        work.say("All done.");
    });
}

fn joins_the_first(work: &Work) {
    join_one(work, 0);
}

/// Whoever was spawned last need not be the last to end.
fn joins_the_last(work: &Work) {
    join_one(work, 2);
}

/// The messages are waited for, and tell of something else than the lines.
fn message_before_the_line(work: &Work) {
    let (sender, finished) = channel();
    let send_and_report = |task: &Task| {
        sender.send(()).expect("a receiver");
        report(work, task);
    };
    let await_all = || {
        finished.iter().take(work.tasks().len()).for_each(drop);
        work.say("All done.");
    };
    beside(work, send_and_report, await_all);
}

fn goodbye(work: &Work) {
    beside(work, |task| report(work, task), || work.say("All done."));
    work.say("Goodbye.");
}

fn each_says_all_done(work: &Work) {
    let report_all = |task: &Task| {
        report(work, task);
        work.say("All done.");
    };
    beside(work, report_all, || ());
}

fn thread_of_its_own(work: &Work) {
    let last = || {
        thread::scope(|scope| {
            scope.spawn(|| work.say("All done."));
        });
    };
    beside(work, |task| report(work, task), last);
}

fn yields(work: &Work) {
    let meanwhile = || {
        thread::yield_now();
        work.say("All done.");
    };
    beside(work, |task| report(work, task), meanwhile);
}

// Wrong: the order is bought with what it should not cost.

/// The order is right, and every line is as late as the latest.
fn main_says_all(work: &Work) {
    let tasks = work.tasks();
    let finds: Vec<u64> = thread::scope(|scope| {
        let spawn = |task: &Task| {
            let task = task.clone();
            scope.spawn(move || task.fetch().compute())
        };
        let handles: Vec<_> = tasks.iter().map(spawn).collect();
        handles.into_iter().map(|it| it.join().expect("a finished task")).collect()
    });
    tasks.iter().zip(finds).for_each(|(task, found)| say(work, task, found));
    work.say("All done.");
}

fn joins_in_the_loop(work: &Work) {
    for task in work.tasks() {
        thread::scope(|scope| scope.spawn(|| report(work, &task)).join().expect("a finished task"));
    }
    work.say("All done.");
}

fn spins(work: &Work) {
    let left = AtomicUsize::new(work.tasks().len());
    let report_and_count = |task: &Task| {
        report(work, task);
        left.fetch_sub(1, SeqCst);
    };
    let ask = || {
        while left.load(SeqCst) > 0 {}
        work.say("All done.");
    };
    beside(work, report_and_count, ask);
}

// Wrong: lines alone.

/// What stands in the output is in the right order.
fn printed(work: &Work) {
    beside(work, |task| println!("{} found {}.", task.name(), task.fetch().compute()), || ());
    println!("All done.");
}

/// It looks as it did when it was right.
fn known_numbers(work: &Work) {
    beside(work, |task| say(work, task, 4_295_000_000 + task.fetch().compute() % 2), || ());
    work.say("All done.");
}

fn no_last_line(work: &Work) {
    beside(work, |task| report(work, task), || ());
}

/// Nothing can come after it.
fn work_left_out(work: &Work) {
    work.say("All done.");
}

fn two_workers(work: &Work) {
    let left = Mutex::new(work.tasks().into_iter());
    let next = || left.lock().expect("a list").next();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(task) = next() {
                    report(work, &task);
                }
            });
        }
    });
    work.say("All done.");
}

fn pages_in_order(work: &Work) {
    let fetch = |task: Task| thread::spawn(move || (task.fetch(), task));
    let handles: Vec<_> = work.tasks().into_iter().map(fetch).collect();
    for handle in handles {
        let (page, task) = handle.join().expect("a page");
        say(work, &task, page.compute());
    }
    work.say("All done.");
}
