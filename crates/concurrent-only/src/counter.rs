//! Two tasks add one to the same number. It is *atomic*: nobody sees an operation on it half done. (A
//! `Barrier` lets nobody pass before both are there; `Relaxed` promises nothing about other memory.)
//!
//! Predict: two tasks add one each. What does the counter say in the end?
//! - `Counter - 2`
//! - `Counter - 1`
//! - either, it depends
//!
//! Change: `COUNTER.store(seen + 1, Relaxed);` to `COUNTER.fetch_add(1, Relaxed);`. What does
//! it say then?
//! - `Counter - 1`
//! - `Counter - 2`
//! - either, it depends

use std::sync::Barrier;
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};
use std::thread;

use lab::prelude::*;

static COUNTER: AtomicU32 = AtomicU32::new(0);

/// A thread for each of two tasks; then the counter.
pub fn run() {
    let both_have_seen = Barrier::new(2);
    thread::scope(|scope| {
        for name in ["A", "B"] {
            let both_have_seen = &both_have_seen;
            scope.spawn(move || add_one(name, both_have_seen));
        }
    });
    println!("Counter - {}", COUNTER.load(Relaxed));
}

fn add_one(name: &'static str, both_have_seen: &Barrier) {
    let task = Task::start(name);
    let seen = COUNTER.load(Relaxed);
    task.say(format_args!("Task {name} - saw {seen}"));
    both_have_seen.wait(); // in the place of bad luck, which may be long in coming
    COUNTER.store(seen + 1, Relaxed);
    task.end();
}

/// Both see the same number, in any order; then comes the counter.
#[must_use]
pub fn order() -> Order {
    let saw = |name| line(format!("Task {name} - saw 0")).label(name);
    seq([par(["A", "B"].map(saw)), line("Counter - 1").label("N")])
}

// Answer, by line 3: `Counter - 1`. An update is lost, in every run: to load, to add and to store are
// three operations, and each task has seen 0, and stored 1. Safe Rust has no *data races* (two threads at
// the same memory at once, one of them writing, and not atomically), but it has other races: this is one.
// Without the barrier mostly nobody comes between a load and a store, and the program is right a thousand
// times. With it both meet after they have loaded, and it is wrong every time. Nor is a second core
// needed: it is enough that a core turns to another thread between load and store, and a lock around the
// interpreter, such as CPython's, does not help. (The run was *concurrent only*: two threads, with hardly
// anything to execute at once.)
//
// Then, by line 3: `Counter - 2`. To load, add and store are one operation now, and nobody comes
// between, wherever they meet. (*Concurrent only*, as before.)
