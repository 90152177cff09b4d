//! An event loop without futures: a task is a state, a wait is a message that a timer will send.
//!
//! `select!` waits until a message has come, takes it, and does what stands behind its `=>`. `after`
//! returns at once: it gives a receiver, to which a message comes when the time is up.
//!
//! Predict: the loop handles nine messages. Who decides their order?
//! - `select!` does: A before B before C
//! - the timers do, and nobody else
//! - the timers do, and where several have rung, chance
//!
//! Change: `self.timer = after(work::wait());` to
//! `std::thread::sleep(work::wait()); self.timer = after(std::time::Duration::ZERO);`

use std::time::Instant;

use crossbeam_channel::{Receiver, after, never, select};
use lab::prelude::*;

/// Serves the timers of three tasks until each has had its three steps.
pub fn run() {
    let [mut a, mut b, mut c] = work::TASKS.map(Running::start);
    for _message in 0..work::TASKS.len() * work::STEPS.count() {
        select! {
            recv(a.timer) -> _ => a.resume(),
            recv(b.timer) -> _ => b.resume(),
            recv(c.timer) -> _ => c.resume(),
        }
    }
}

/// A task between two messages.
struct Running {
    task: Task,
    step: usize,
    primes: usize,
    timer: Receiver<Instant>, // one message comes to each; to the first one, never
}

impl Running {
    fn start(name: &'static str) -> Running {
        let mut running = Running { task: Task::start(name), step: 0, primes: 0, timer: never() };
        running.next_step();
        running
    }

    fn next_step(&mut self) {
        self.step += 1;
        self.task.step(self.step);
        self.timer = after(work::wait());
    }

    fn resume(&mut self) {
        self.primes += self.task.compute(self.step);
        if self.step < work::STEPS.count() {
            self.next_step();
        } else {
            self.task.finish(self.primes);
        }
    }
}

// Answer: the timers do, and where several have rung, chance. Several ring while the loop computes. Then
// `select!` takes one of them by random-looking numbers, which begin alike in each run: on an idle machine
// most runs look the same. It never prefers what stands first, as `match` does.
//
// Then: *concurrent only*, but as slow as one after the other. The loop sits out every wait itself: three
// tasks are in progress, since `resume` returns to the loop after each wait, and none of the waits overlap.
// (On smol the same sleep made it *neither*: there a task gave up the thread only at an `.await` that had to
// wait, and no `.await` had to any more.)
