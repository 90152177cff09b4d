//! **Parallel only**: one task at a time, its parts on several cores.
//!
//! A task starts when the one before it has finished, as in *neither*. But the compute of each
//! step is split into parts, and several threads execute them at the same moment, each on a core
//! of its own. Waits are paid in full; compute is divided: with P cores, at most one for each of
//! the eight parts, no run takes less than 9·(w + c/P). On one core nothing is left of the gain.
//!
//! What it guarantees about order is everything: [`order`] is the contract of *neither*, to the
//! letter. **The output is blind to parallelism.** That it took place shows in the time, and in
//! what the cores did.
//!
//! That is so because the parts print nothing. In the last two lessons, made from the article's
//! second program, they do print. Their lines come in any order, whether the parts sleep or compute:
//! there, too, the order tells nothing about parallelism.
//!
//! The lessons differ in who computes the parts: threads made for the purpose, a pool made for
//! blocking calls, a pool made for computing, or a pool made by hand. The article's own
//! "parallel" program stands at the end, twice: as it was, and as it should have been.

use lab::lesson::{Chapter, Lesson, Runtime};
use lab::prelude::*;
use lab::quadrant::Quadrant;

#[cfg(feature = "rayon")]
pub mod article_computing;
#[cfg(feature = "rayon")]
pub mod article_sleeping;
pub mod lock;
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

/// One task after the other, each with its lines in order.
#[must_use]
pub fn order() -> Order {
    seq(work::TASKS.map(work::lines))
}

/// This quadrant.
pub const CHAPTER: Chapter =
    Chapter { quadrant: Quadrant::ParallelOnly, order, lessons: LESSONS, gaps: &[] };

/// Its lessons, in reading order.
pub const LESSONS: &[Lesson] = &[
    Lesson::new(Runtime::Std, "a thread for every part", on_std::run),
    #[cfg(feature = "tokio")]
    Lesson::new(Runtime::Tokio, "parts on the blocking pool", on_tokio::run),
    #[cfg(feature = "async-std")]
    Lesson::new(Runtime::AsyncStd, "parts on the blocking pool", on_async_std::run),
    #[cfg(feature = "smol")]
    Lesson::new(Runtime::Smol, "parts on the pool behind unblock", on_smol::run),
    #[cfg(feature = "rayon")]
    Lesson::new(Runtime::Rayon, "a parallel iterator over the parts", on_rayon::run),
    #[cfg(feature = "crossbeam-channel")]
    Lesson::new(Runtime::CrossbeamChannel, "a worker pool by hand", on_crossbeam_channel::run),
    Lesson::new(Runtime::Std, "a lock around the addition, not the work", lock::run).named("lock"),
    #[cfg(feature = "rayon")]
    Lesson::new(Runtime::Rayon, "the article's program: four sleeps", article_sleeping::run)
        .named("article-sleeping")
        .keeps(article_sleeping::order)
        .shows(Quadrant::Neither),
    #[cfg(feature = "rayon")]
    Lesson::new(Runtime::Rayon, "the same with real work", article_computing::run)
        .named("article-computing")
        .keeps(article_computing::order),
];
