//! 10: lose an update, in every run. Then repair it.
//!
//! Two threads share a counter. Each adds what its tasks find: it loads the counter, and stores what it
//! has made of it. Mostly that goes well. `Counter` is an `AtomicU64` that the judge keeps.
//!
//! Predict: of 20 runs of this program as it stands, how many will lose something?
//!
//! First, in `lose`: put `work.delay()` where a thread must not be disturbed, so that an update is lost in
//! *every* run. A delayed thread stands still until another one has changed the counter, or none is able to.
//!
//! Then, in `keep`: change how a find is added, so that nothing is lost however threads are delayed. Both
//! threads have to compute at once.
//!
//! You are judged by this: `lose` adds by a load and a store, on a machine that lets each be undisturbed, and
//! still something is gone; in `keep` threads are delayed where it hurts most, and nothing is.
//!
//! Judge it: cargo xtask exercise 10

use std::process::ExitCode;
use std::sync::atomic::Ordering::SeqCst;
use std::thread;

use classroom::{Task, Work};

fn main() -> ExitCode {
    classroom::tasks(8).stage("lose", lose).stage("keep", keep).run()
}

/// Loses an update in every run.
fn lose(work: &Work) {
    on_two_threads(work, |task| {
        let counter = work.counter();
        let found = task.compute();
        let before = counter.load(SeqCst);
        // SOLUTION BEGIN
        work.delay();
        // SOLUTION END
        counter.store(before + found, SeqCst);
    });
}

/// Loses nothing, in no run.
fn keep(work: &Work) {
    on_two_threads(work, |task| {
        let counter = work.counter();
        let found = task.compute();
        // SOLUTION BEGIN
        counter.fetch_add(found, SeqCst);
        // START: let before = counter.load(SeqCst);
        // START: counter.store(before + found, SeqCst);
        // SOLUTION END
    });
}

/// Hands half of the tasks to each of two threads.
fn on_two_threads(work: &Work, add: impl Fn(&Task) + Sync) {
    let tasks = work.tasks();
    let (left, right) = tasks.split_at(tasks.len() / 2);
    thread::scope(|scope| {
        scope.spawn(|| left.iter().for_each(&add));
        scope.spawn(|| right.iter().for_each(&add));
    });
}
