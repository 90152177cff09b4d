//! **Neither concurrent nor parallel**: one task at a time, one core at a time.
//!
//! All chapters have one program, in many versions. Three tasks, A, B and C, have three steps each.
//! A step prints a line, *waits* 20 ms for a timer, and *computes* about as long: it counts primes.
//! At its end a task prints how many it found. So a task prints four lines, and the program twelve.
//! (`Task` and `work` come from `crates/lab`. A `Task` prints, counts and leaves evidence; it is
//! `Copy`, no more than a name and a number.)
//!
//! Every other chapter is measured against this one. A task starts when the one before it has
//! finished, so nothing overlaps: not two tasks, not two threads that compute. Waits are paid in
//! full, one after the other, and so is compute.
//!
//! What it guarantees about order is everything: [`order`], its contract, says which line must
//! come before which, and here that is one long chain with one legal order. It also costs the
//! most: with three tasks of three steps that wait `w` and compute `c`, no run takes less than
//! 9·(w + c). (The order proves no single core: *parallel only* has the same one, on several.)
//!
//! Six programs, one result. The surprise is how concurrent or parallel some of them look:
//! futures, spawned tasks, a pool and a channel do not overlap anything by themselves.
//!
//! New to futures? An `async fn` returns a *future*, which does nothing until somebody polls it: to
//! *poll* it is to run it until it is finished, or has to wait. `.await` polls one future as a part
//! of another; while the inner one has to wait, so has the outer one, and the thread goes back to
//! whoever polled that. At the bottom stands a *runtime* or *executor*, which a *waker* tells that a
//! wait is over, and whom to poll again. `block_on` polls a future on this thread until it is finished;
//! `spawn` hands an executor one to poll, and returns a handle: whoever awaits that has its result;
//! `join!` and `zip` make one future of several. The first five lessons need none of this; how a
//! runtime is written by hand stands in *concurrent only*, once some were used.

use lab::lesson::{Chapter, Lesson, Runtime};
use lab::prelude::*;
use lab::quadrant::Quadrant;

pub mod joined;
#[cfg(feature = "async-std")]
pub mod on_async_std;
#[cfg(feature = "crossbeam-channel")]
pub mod on_crossbeam_channel;
#[cfg(feature = "rayon")]
pub mod on_rayon;
#[cfg(feature = "smol")]
pub mod on_smol;
pub mod on_std;
#[cfg(feature = "tokio")]
pub mod on_tokio;
pub mod worker_pool;

/// One task after the other, each with its lines in order.
#[must_use]
pub fn order() -> Order {
    seq(work::TASKS.map(work::lines))
}

/// This quadrant.
pub const CHAPTER: Chapter =
    Chapter { quadrant: Quadrant::Neither, order, lessons: LESSONS, gaps: &[] };

/// Its lessons, in reading order.
pub const LESSONS: &[Lesson] = &[
    Lesson::new(Runtime::Std, "one thread does one task after the other", on_std::run),
    Lesson::new(Runtime::Std, "a thread for every task, joined where it is spawned", joined::run)
        .named("joined"),
    #[cfg(feature = "rayon")]
    Lesson::new(Runtime::Rayon, "a pool of one thread is a queue", on_rayon::run),
    #[cfg(feature = "crossbeam-channel")]
    Lesson::new(Runtime::CrossbeamChannel, "one worker empties a queue", on_crossbeam_channel::run),
    Lesson::new(Runtime::Std, "three workers, and one of them works", worker_pool::run)
        .named("worker-pool"),
    #[cfg(feature = "tokio")]
    Lesson::new(Runtime::Tokio, "awaiting one after the other is sequential", on_tokio::run),
    #[cfg(feature = "async-std")]
    Lesson::new(Runtime::AsyncStd, "a future does nothing until it is polled", on_async_std::run),
    #[cfg(feature = "smol")]
    Lesson::new(Runtime::Smol, "spawn, await, spawn, await: still in turn", on_smol::run),
];
