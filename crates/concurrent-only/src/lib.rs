//! **Concurrent only**: several tasks in progress, on one core. (Where there are several threads, they
//! take turns: never do two cores compute at once.)
//!
//! All three tasks have started and none has finished, and one thread attends to them in turn.
//! While a task waits, the thread may serve another. So waits overlap, with each other and with
//! compute, and compute never overlaps with compute: no run takes less than the larger of
//! 3·(w + c), one task's own chain, and w + 9·c, all the compute after the first wait.
//!
//! What every lesson here guarantees about order is each task's own chain. [`order`] has three
//! chains of four lines, which can be interleaved in 12! ÷ (4!)³ = 34,650 ways. Lines that mix prove
//! that tasks were concurrent, and no second core: here one was enough. On an idle machine
//! some lessons show the same one for ever. That is a habit, not a promise: it depends on timers,
//! and on how a runtime picks among tasks that are ready. `zip` asks A first each time; tokio's
//! `join!` asks A first, then B first, then C; and crossbeam's `select!` draws lots, the same ones in
//! every run.
//!
//! Every runtime here is a loop that asks *who can go on?* First use some; then see how such a loop is
//! written by hand, which is [`on_std`]. rayon has none, and is the gap in this chapter.

use lab::lesson::{Chapter, Gap, Lesson, Runtime};
use lab::prelude::*;
use lab::quadrant::Quadrant;

#[cfg(feature = "tokio")]
pub mod article;
pub mod counter;
#[cfg(feature = "tokio")]
pub mod crowd;
#[cfg(feature = "tokio")]
pub mod dial;
pub mod lock;
#[cfg(feature = "async-std")]
pub mod on_async_std;
#[cfg(feature = "crossbeam-channel")]
pub mod on_crossbeam_channel;
#[cfg(feature = "smol")]
pub mod on_smol;
pub mod on_std;
#[cfg(feature = "tokio")]
pub mod on_tokio;
#[cfg(feature = "tokio")]
pub mod select;

/// Each task's lines in order, and the tasks in any interleaving.
#[must_use]
pub fn order() -> Order {
    par(work::TASKS.map(work::lines))
}

/// This quadrant.
pub const CHAPTER: Chapter =
    Chapter { quadrant: Quadrant::ConcurrentOnly, order, lessons: LESSONS, gaps: GAPS };

/// Its lessons, in reading order.
pub const LESSONS: &[Lesson] = &[
    #[cfg(feature = "tokio")]
    Lesson::new(Runtime::Tokio, "three tasks joined on one thread", on_tokio::run),
    #[cfg(feature = "async-std")]
    Lesson::new(Runtime::AsyncStd, "joined futures stay on one thread", on_async_std::run),
    #[cfg(feature = "smol")]
    Lesson::new(Runtime::Smol, "an executor for one thread", on_smol::run),
    #[cfg(feature = "crossbeam-channel")]
    Lesson::new(
        Runtime::CrossbeamChannel,
        "an event loop of timers and select!",
        on_crossbeam_channel::run,
    ),
    Lesson::new(Runtime::Std, "a runtime by hand: poll every task in turn", on_std::run),
    #[cfg(feature = "tokio")]
    Lesson::new(Runtime::Tokio, "the article's three tasks of three steps", article::run)
        .named("article")
        .keeps(article::order),
    #[cfg(feature = "tokio")]
    Lesson::new(Runtime::Tokio, "the same tasks, which hardly wait", dial::run).named("dial"),
    #[cfg(feature = "tokio")]
    Lesson::new(Runtime::Tokio, "ten thousand tasks that wait on one thread", crowd::run)
        .named("crowd")
        .keeps(crowd::order),
    #[cfg(feature = "tokio")]
    Lesson::new(Runtime::Tokio, "a task that is dropped where it waits", select::run)
        .named("select")
        .keeps(select::order),
    Lesson::new(Runtime::Std, "three threads, and a lock around the work", lock::run).named("lock"),
    Lesson::new(Runtime::Std, "two tasks add one to the same number", counter::run)
        .named("counter")
        .keeps(counter::order),
];

/// The runtime that cannot be here.
pub const GAPS: &[Gap] = &[Gap {
    runtime: Runtime::Rayon,
    reason: "in rayon a closure that waits keeps its worker thread, and one worker executes one \
             closure at a time (inside `yield_now` it may execute another, but has to finish that \
             before the first can go on)",
}];
