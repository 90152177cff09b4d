//! A thread for every task, and each is joined where it is spawned. (`spawn` returns a handle; `join` waits
//! until its thread has ended. At its end, a scope waits for all threads that have not.)
//!
//! Predict: three threads, and each waits and computes for its own task. How long does the run take?
//! - 3 waits + 3 computes
//! - 3 waits + 9 computes
//! - 9 waits + 9 computes
//!
//! Change: `scope.spawn(move || task(name)).join().expect("a finished task");` to
//! `scope.spawn(move || task(name));`

use std::thread;

use lab::prelude::*;

/// A thread for every task.
pub fn run() {
    thread::scope(|scope| {
        for name in work::TASKS {
            scope.spawn(move || task(name)).join().expect("a finished task");
        }
    });
}

fn task(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        thread::sleep(work::wait());
        primes += task.compute(step);
    }
    task.finish(primes);
}

// Answer, by the clock: 9 waits + 9 computes. Whoever joins waits: B's thread is spawned when A's has ended,
// and C's when B's has. So there are three threads in all, on whichever cores the system gave them, and never
// two at a time that wait or compute. Lines in strict order do not tell of one thread, nor of one core.
//
// Then: *both*. All three threads are spawned before anybody waits for one of them: the scope does that at
// its end. Where you keep handles, collect them all, and then join. (A `map` that spawns, and is not
// collected, spawns each thread when the loop comes to join it.) Whoever waits spawns nothing meanwhile.
