//! **Both concurrent and parallel**: several tasks in progress, their parts on several cores.
//!
//! All three tasks can wait at the same time, and whichever can go on has its parts executed on
//! several cores. Waits overlap and compute is divided: with P cores no run takes less than the
//! larger of 3·(w + c/P), one task's own chain (where eight parts use eight cores at most), and
//! w + 9·c/P, all the compute after the first wait.
//!
//! What it guarantees about order is what *concurrent only* guarantees: [`order`] has three
//! chains, and 34,650 legal orders. Lines of two tasks that mix prove concurrency; lines in turn
//! prove nothing; and no order proves parallelism.
//!
//! The lessons share one idea. Waiting and computing want different threads: few for tasks that
//! wait, ideally as many as there are cores for parts that compute (rayon's pool has just that;
//! the others have a fixed number, or leave it to the system), and something that carries work
//! from one to the other.

use lab::lesson::{Chapter, Lesson, Runtime};
use lab::prelude::*;
use lab::quadrant::Quadrant;

#[cfg(feature = "crossbeam-channel")]
pub mod first_come;
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
#[cfg(feature = "tokio")]
pub mod tokio_workers;

/// Each task's lines in order, and the tasks in any interleaving.
#[must_use]
pub fn order() -> Order {
    par(work::TASKS.map(work::lines))
}

/// This quadrant.
pub const CHAPTER: Chapter =
    Chapter { quadrant: Quadrant::Both, order, lessons: LESSONS, gaps: &[] };

/// Its lessons, in reading order.
pub const LESSONS: &[Lesson] = &[
    Lesson::new(Runtime::Std, "threads for tasks, threads for parts", on_std::run),
    #[cfg(feature = "tokio")]
    Lesson::new(Runtime::Tokio, "tokio waits, rayon computes", on_tokio::run),
    #[cfg(feature = "async-std")]
    Lesson::new(Runtime::AsyncStd, "spawned tasks, parts on the blocking pool", on_async_std::run),
    #[cfg(feature = "smol")]
    Lesson::new(Runtime::Smol, "one executor thread, a pool behind unblock", on_smol::run),
    #[cfg(feature = "rayon")]
    Lesson::new(Runtime::Rayon, "threads wait, rayon computes", on_rayon::run),
    #[cfg(feature = "crossbeam-channel")]
    Lesson::new(
        Runtime::CrossbeamChannel,
        "task threads and workers, joined by channels",
        on_crossbeam_channel::run,
    ),
    #[cfg(feature = "tokio")]
    Lesson::new(Runtime::Tokio, "tokio's workers compute, and nobody polls", tokio_workers::run)
        .named("tokio-workers"),
    #[cfg(feature = "crossbeam-channel")]
    Lesson::new(Runtime::CrossbeamChannel, "first come, first served", first_come::run)
        .named("first-come"),
];
