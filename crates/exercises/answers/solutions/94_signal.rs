//! 94, optional: the signal that nobody heard.
//!
//! Two tasks. B's thread puts what it found into a slot and gives a signal; `main` computes A, and then waits for
//! that signal. `work.lock(0)` takes a lock, its guard's `wait` lets go of it and sleeps until there is a signal,
//! and `work.notify(0)` gives one: a `Mutex` and a `Condvar`, but that the judge keeps both.
//!
//! Predict: A's page comes last of all. In how many of three runs does `main` wait for ever?
//!
//! Then change `solve`, so that it ends in every run, with both finds, whichever page is late and whoever gets the
//! lock first. `wait` may wake without any signal, as the real one may; and `main` does not ask again and again.
//!
//! You are judged by this: whoever waits falls asleep as late as can be, and wakes a few times for nothing.
//!
//! Judge it: cargo xtask exercise 94

use std::process::ExitCode;
use std::sync::OnceLock;
use std::thread;

use classroom::Work;

fn main() -> ExitCode {
    classroom::tasks(2).stage("solve", solve).run()
}

/// The sum of what both tasks find.
fn solve(work: &Work) -> u64 {
    let (tasks, slot) = (work.tasks(), OnceLock::new());
    thread::scope(|scope| {
        scope.spawn(|| {
            let found = tasks[1].fetch().compute();
            // SOLUTION BEGIN
            let _lock = work.lock(0);
            // SOLUTION END
            slot.set(found).expect("an empty slot");
            work.notify(0);
        });
        let found = tasks[0].fetch().compute();
        let mut lock = work.lock(0);
        // SOLUTION BEGIN
        while slot.get().is_none() {
            lock.wait();
        }
        // START: lock.wait();
        // SOLUTION END
        found + slot.get().expect("a find")
    })
}
