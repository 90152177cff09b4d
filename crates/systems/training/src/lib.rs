//! **Learning to read.** Four networks learn to tell handwritten digits apart. The work can be shared out;
//! what comes of it has to be added up, again and again.
//!
//! A network is a list of numbers, its *weights*. It multiplies a picture's pixels by weights and adds them
//! up, which makes a *hidden layer* of numbers (what is below 0 becomes 0), and does so once more with these:
//! then it has, for each of the ten digits, how likely it holds that one to be. It learns from a *batch* of
//! pictures at a time. On each of them one can compute, for each weight, in which direction it errs; the
//! errors on the whole batch are added up, and each weight is changed a little. Only then can the next batch
//! begin. All batches once are an *epoch*.
//!
//! 1. [`digits`]: 1,797 pictures, of which every fifth is kept for the test;
//! 2. [`network`]: a network with one hidden layer, and in which direction it errs;
//! 3. [`descent`]: how it learns, and who has which share of a batch;
//! 4. [`school`]: several networks, and their test; [`strokes`]: a film of what one of them learns.
//!
//! The ways differ in what is shared out:
//!
//! 1. [`neither`]: one network after the other, on one core;
//! 2. [`concurrent_only`]: all networks at once, on one core;
//! 3. [`parallel_only`]: one network after the other, all cores at each batch;
//! 4. [`both`]: all networks at once, a core each;
//! 5. [`by_worker`]: as [`parallel_only`], and each worker adds up what it has. **This one fails.**
//! 6. [`small_batches`]: as [`parallel_only`], with batches of eight pictures.
//!
//! Predict: which is soonest done with all networks? In which of them do the weights depend on how many
//! workers there were? What do small batches cost?
//!
//! Change: in [`small_batches`], `8` to `256`.
//!
//! Then: the cores are better used than in [`parallel_only`], for things are added up a quarter as often.
//! (The networks read about as well. With batches that are much larger they would learn too seldom.)
//!
//! Answer: `both`, for there nobody waits for anybody; but four networks keep no fifth core busy. In
//! `parallel_only` all wait for the sum. As it is made in an order that does not depend on who was first, one
//! worker or eight come to the same weights, bit by bit; in `by_worker` they do not, for sums of floating
//! point numbers are rounded, and (a + b) + c is not a + (b + c). A batch of 64 is done in a quarter of a
//! millisecond, and to share it out costs about half of that; small batches take longer on all cores than
//! large ones do on one.

use std::time::Duration;

use stage::{Options, System, Way};

pub mod both;
pub mod by_worker;
pub mod concurrent_only;
pub mod descent;
pub mod digits;
pub mod neither;
pub mod network;
pub mod parallel_only;
pub mod school;
pub mod small_batches;
pub mod strokes;

use school::{Pupil, School};

/// The system, for its command line.
pub const SYSTEM: System<How> = System {
    name: "training",
    summary: "Networks that learn to read digits: what do more workers bring, and do they learn the same?",
    ways: &[
        Way::new(How::Neither, "neither", "one network after the other, on one core"),
        Way::new(How::ConcurrentOnly, "concurrent-only", "all networks at once, on one core"),
        Way::new(
            How::ParallelOnly,
            "parallel-only",
            "one network at a time, its batches on all cores",
        ),
        Way::new(How::Both, "both", "all networks at once, a core each"),
        Way::new(
            How::ByWorker,
            "by-worker",
            "as parallel-only, and each worker adds up what it has",
        ),
        Way::new(How::SmallBatches, "small-batches", "as parallel-only, with batches of eight"),
    ],
    leaves: "the film",
    listens: false,
    run,
    extras: &[],
};

/// How networks are taught.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// One after the other, on one core.
    Neither,
    /// All at once, on one core.
    ConcurrentOnly,
    /// One after the other, on all cores.
    ParallelOnly,
    /// All at once, on all cores.
    Both,
    /// One after the other, on all cores, with a share a worker.
    ByWorker,
    /// One after the other, on all cores, by small batches.
    SmallBatches,
}

fn run(how: How, options: &Options) -> Result<(), String> {
    let (school, pupils) = match how {
        How::Neither => neither::run()?,
        How::ConcurrentOnly => concurrent_only::run()?,
        How::ParallelOnly => parallel_only::run(),
        How::Both => both::run(),
        How::ByWorker => by_worker::run(),
        How::SmallBatches => small_batches::run(),
    };
    tell(&school, &pupils);
    match (&options.out, pupils.first()) {
        (Some(file), Some(first)) => strokes::write(&first.weights, file),
        _ => Ok(()),
    }
}

/// Tells what those felt who waited for the networks.
fn tell(school: &School, pupils: &[Pupil]) {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    let done = || pupils.iter().map(|pupil| milliseconds(pupil.done));
    stage::figure("all trained", done().fold(0.0, f64::max), "ms");
    stage::figure("first trained", done().fold(f64::INFINITY, f64::min), "ms");
    let adding = pupils.iter().map(|pupil| pupil.adding).sum();
    stage::figure("adding up", milliseconds(adding), "ms");
    stage::figure("answers", school.different() as f64, "");
    let (worst, together) = school.test(pupils);
    stage::figure("worst network", worst, "% wrong");
    stage::figure("all together", together, "% wrong");
}
