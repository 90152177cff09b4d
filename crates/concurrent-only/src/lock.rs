//! A thread for every task, and one lock for all of them.
//!
//! Predict: three threads, and any number of cores. How long does the run take?
//! - 3 waits + 3 computes
//! - 1 wait + 9 computes
//! - 9 waits + 9 computes
//!
//! Change: `let _turn = TURN.lock().expect("a lock");` to `drop(TURN.lock().expect("a lock"));`

use std::sync::Mutex;
use std::thread;

use lab::prelude::*;

static TURN: Mutex<()> = Mutex::new(());

/// A thread for every task.
pub fn run() {
    thread::scope(|scope| {
        for name in work::TASKS {
            scope.spawn(move || task(name));
        }
    });
}

fn task(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        thread::sleep(work::wait());
        let _turn = TURN.lock().expect("a lock");
        primes += task.compute(step);
    }
    task.finish(primes);
}

// Answer, by the clock: 1 wait + 9 computes. Three threads look parallel, and with cores enough they
// could be. While one of them sleeps the others go on, so that the tasks are concurrent. But whoever
// computes holds the lock, and threads that wait for a lock are *blocked*: never are two cores busy
// at once, however many there are. CPython's interpreter lock (GIL) is such a lock around all Python code.
// It took as long as three futures on one thread of tokio's (`concurrent-only/tokio`): async is no faster
// than threads. A task that waits is cheaper than a thread that does; where few wait, nobody notices.
//
// Then: *both*. Whoever lets go of the lock before the work keeps nobody waiting, and protects no data
// either. (`let _ = TURN.lock()` would do the same, since `_` is no name and holds nothing: that is an
// error which the compiler knows.)
