//! What tokio and smol do, by hand. A runtime is a loop: poll the tasks, then sleep until the first
//! wait is over. `poll` answers `Ready`, or `Pending`: not yet.
//!
//! A future that was polled must not be moved any more, since it may point into itself: `Box::pin`
//! puts it where it stays, and `as_mut` lends it to `poll` without moving it. `poll` is handed a
//! `Context`, in which is a `Waker`. A future that has to wait leaves the waker with a timer, say. When
//! that rings, the waker has the runtime poll again. The one here does nothing: the loop polls everybody.
//! (`retain_mut` keeps those that answer `Pending`; `pop_if` polls the last one alone. `poll_fn` makes a
//! future of a function that answers in its place. What several may set, on one thread, is a `Cell`.)
//!
//! Predict: one thread, three tasks. The first line is A's first step. Which is the second?
//! - `Task A - Step 2`
//! - `Task B - Step 1`
//! - `Task C - Step 1`
//!
//! Change: `tasks.retain_mut(|task| task.as_mut().poll(&mut context).is_pending());` to
//! `tasks.pop_if(|task| task.as_mut().poll(&mut context).is_ready());`

use std::cell::Cell;
use std::future::poll_fn;
use std::task::{Context, Poll, Waker};
use std::thread::sleep;
use std::time::Instant;

use lab::prelude::*;

/// Polls three tasks in turn until all are finished.
pub fn run() {
    let alarm = Cell::new(Instant::now());
    let mut context = Context::from_waker(Waker::noop());
    let mut tasks = Vec::from(work::TASKS.map(|name| Box::pin(task(name, &alarm))));
    while !tasks.is_empty() {
        sleep(alarm.get().saturating_duration_since(Instant::now()));
        alarm.set(Instant::now() + 2 * work::wait()); // each wait that ends sooner brings it forward
        tasks.retain_mut(|task| task.as_mut().poll(&mut context).is_pending());
    }
}

async fn task(name: &'static str, alarm: &Cell<Instant>) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        wait(alarm).await;
        primes += task.compute(step);
    }
    task.finish(primes);
}

/// Is pending until the wait is over, and sets the loop's alarm to that moment if it comes first.
async fn wait(alarm: &Cell<Instant>) {
    let end = Instant::now() + work::wait();
    poll_fn(|_| {
        alarm.set(alarm.get().min(end));
        if Instant::now() < end { Poll::Pending } else { Poll::Ready(()) }
    })
    .await;
}

// Answer, by line 2: `Task B - Step 1`. The loop polls A, B and C before it sleeps, unless the
// system takes the thread away for a whole wait. The second round mostly comes in the same order, and not
// always: whoever is polled a moment too early comes a round later.
//
// Then: *neither*, C first. `pop_if` polls the last task alone, and takes it out once it is finished.
// Nobody uses the thread while it waits.
