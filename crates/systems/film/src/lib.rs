//! **A film.** Its frames can be rendered in any order. It has to be written in one.
//!
//! Forty-eight frames of a lantern of lace above a wet floor are computed ray by ray. None needs another,
//! so that several cores may be at them: there is hardly a kinder problem. Still some ways of sharing it
//! out leave cores idle, and some need much more memory than others.
//!
//! 1. [`scene`]: what there is to see, and how light goes through it; [`vector`]: the numbers behind it;
//! 2. [`frame`]: its rows of pixels;
//! 3. [`studio`]: frames on their way into the film, through a bounded buffer that puts them in order
//!    ([`reel`]). Whoever has rendered a frame compresses it, too: little is left to be done in order.
//!
//! The ways differ in who renders which frame:
//!
//! 1. [`neither`]: one frame after the other, on one core;
//! 2. [`concurrent_only`]: four frames at a time, on one core;
//! 3. [`parallel_only`]: one frame at a time, a band of it a core;
//! 4. [`chunks`]: a share of the film a core, dealt out beforehand;
//! 5. [`stealing`]: the same, and who is done takes frames away from the others;
//! 6. [`both`]: whoever is free renders the next frame.
//!
//! Predict: which is soonest done with the film, and which with its first frame? How many frames are held at
//! most, because they are being rendered, or it is not their turn to be written?
//!
//! Change: in [`both`], `2 * threads` to `1`.
//!
//! Then: *neither*: who would render a frame waits until the one before is written.
//!
//! Answer: `both` and `stealing` are about as soon done, but `stealing` begins in the middle too (on two
//! cores), and must have room for half of the film. `both` holds two frames a core. `parallel_only` has the
//! first frame soonest; but whoever has the cheapest band of a frame waits for whoever has the dearest.
//! `concurrent_only` gains nothing: who computes cannot overlap anything but compute, and for that one needs
//! another core.
//!
//! All have the same pixels, whoever rendered them: a frame depends on its number and on nothing else. The
//! last line has a number that all of them come to.

use stage::{Options, System, Way};

pub mod both;
pub mod chunks;
pub mod concurrent_only;
pub mod frame;
pub mod neither;
pub mod parallel_only;
pub mod scene;
pub mod stealing;
pub mod studio;
pub mod vector;

use studio::Film;

/// The system, for its command line.
pub const SYSTEM: System<How> = System {
    name: "film",
    summary: "A film, rendered frame by frame and written in order: what do more cores bring?",
    ways: &[
        Way::new(How::Neither, "neither", "one frame after the other, on one core"),
        Way::new(How::ConcurrentOnly, "concurrent-only", "four frames at a time, on one core"),
        Way::new(How::ParallelOnly, "parallel-only", "one frame at a time, a band of it a core"),
        Way::new(How::Chunks, "chunks", "a share of the film a core, dealt out beforehand"),
        Way::new(How::Stealing, "stealing", "the same, and who is done takes from the others"),
        Way::new(How::Both, "both", "whoever is free renders the next frame"),
    ],
    leaves: "the film",
    listens: false,
    run,
    extras: &[],
};

/// How the film is shot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// One frame after the other, on one core.
    Neither,
    /// Several frames at a time, on one core.
    ConcurrentOnly,
    /// One frame at a time, in bands.
    ParallelOnly,
    /// In shares, dealt out beforehand.
    Chunks,
    /// In shares of which others may take.
    Stealing,
    /// By whoever is free.
    Both,
}

fn run(how: How, options: &Options) -> Result<(), String> {
    let mut film = Film::begin(options.out.as_deref())?;
    match how {
        How::Neither => neither::run(&mut film),
        How::ConcurrentOnly => concurrent_only::run(&mut film),
        How::ParallelOnly => parallel_only::run(&mut film),
        How::Chunks => chunks::run(&mut film),
        How::Stealing => stealing::run(&mut film),
        How::Both => both::run(&mut film),
    }?;
    film.finish()
}
