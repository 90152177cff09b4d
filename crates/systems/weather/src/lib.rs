//! **A forecast.** A sea flows on a plane that turns, and one asks how it will in six days. Nobody knows
//! exactly how it does today: so there are four forecasts, of four beginnings (an *ensemble* of four
//! members).
//!
//! The plane is cut into cells, and a cell has three numbers: how deep the sea is there, and how fast it
//! flows to the east and to the north. Time goes on in steps, a step in three *stages*, and a stage makes all
//! cells anew from what they and their neighbours were in the stage before. In the end the energy of all
//! cells is added up: that one number is the *answer* below.
//!
//! 1. [`sea`]: what is known of the sea; [`scheme`]: how it moves, in steps, and who computes which rows;
//! 2. [`forecast`]: two currents that break up into vortices;
//! 3. [`sum`]: what it all comes to, and in which order that is added up;
//! 4. [`memory`]: how fast the memory is that all of it passes through; [`waits`]: what it costs that cores
//!    wait for each other; [`vortices`]: the film.
//!
//! The ways differ in what is shared out:
//!
//! 1. [`neither`]: one forecast after the other, on one core;
//! 2. [`concurrent_only`]: all forecasts at once, on one core;
//! 3. [`parallel_only`]: one forecast after the other, and all cores at its rows;
//! 4. [`both`]: all forecasts at once, a core each;
//! 5. [`by_core`]: as [`parallel_only`], and each core adds up its own rows. **This one fails.**
//!
//! Predict: which is soonest done with the first forecast, which with all? In which of the five does the
//! answer depend on how many cores there were?
//!
//! Change: in [`by_core`], `Order::ByCore` to `|_| Order::ByRow`.
//!
//! Then: one answer, on any number of cores: that is [`parallel_only`].
//!
//! Answer: `parallel_only` has the first forecast soonest; `both` has all of them soonest, for its cores wait
//! for each other once, and not after each of some twenty thousand stages; but four forecasts keep no fifth
//! core busy. The sea itself is the same in all ways, bit by bit. Only what is *added up* can differ: in
//! `by_core` the energy does, in its last digits: sums are rounded, and (a + b) + c is not a + (b + c).

use std::time::Duration;

use stage::{Options, System, Way};

pub mod both;
pub mod by_core;
pub mod concurrent_only;
pub mod forecast;
pub mod memory;
pub mod neither;
pub mod parallel_only;
pub mod scheme;
pub mod sea;
pub mod sum;
pub mod vortices;
pub mod waits;

use forecast::{ALL_STEPS, CORES, Forecast, PLANE};

/// The system, for its command line.
pub const SYSTEM: System<How> = System {
    name: "weather",
    summary: "Forecasts of a sea that turns: what is shared out, and is the answer the same?",
    ways: &[
        Way::new(How::Neither, "neither", "one forecast after the other, on one core"),
        Way::new(How::ConcurrentOnly, "concurrent-only", "all forecasts at once, on one core"),
        Way::new(
            How::ParallelOnly,
            "parallel-only",
            "one forecast at a time, its rows on all cores",
        ),
        Way::new(How::Both, "both", "all forecasts at once, a core each"),
        Way::new(How::ByCore, "by-core", "as parallel-only, and each core adds up its own rows"),
    ],
    leaves: "the film",
    listens: false,
    run,
    extras: &[],
};

/// How forecasts are made.
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
    /// One after the other, on all cores, each of which adds up what it has.
    ByCore,
}

fn run(how: How, options: &Options) -> Result<(), String> {
    let forecasts = match how {
        How::Neither => neither::run()?,
        How::ConcurrentOnly => concurrent_only::run()?,
        How::ParallelOnly => parallel_only::run(),
        How::Both => both::run(),
        How::ByCore => by_core::run(),
    };
    tell(&forecasts);
    options.out.as_deref().map_or(Ok(()), |file| vortices::write(&forecasts, file))
}

/// Tells what those felt who waited for the forecasts.
fn tell(forecasts: &[Forecast]) {
    let milliseconds = |time: Option<Duration>| time.unwrap_or_default().as_secs_f64() * 1e3;
    let all = milliseconds(forecasts.iter().map(|it| it.done).max());
    stage::figure("all forecasts", all, "ms");
    stage::figure("first forecast", milliseconds(forecasts.iter().map(|it| it.done).min()), "ms");
    let lost = forecasts.iter().map(|it| it.lost.abs()).fold(0.0, f64::max);
    stage::figure("water lost", lost * 1e12, "in 10¹²");
    let answers = forecasts.iter().map(|it| sum::different(&it.energies)).max();
    stage::figure("answers", answers.unwrap_or_default() as f64, "");
    if let Some(first) = forecasts.first() {
        for (cores, energy) in CORES.iter().zip(first.energies) {
            eprintln!("  the first one's energy, as {cores} cores add it up: {energy:e} m⁴/s²");
        }
    }
    let cells = (forecasts.len() * ALL_STEPS * PLANE.width * PLANE.height) as f64;
    let a_second = cells / (all / 1e3);
    stage::figure("cells a second", a_second / 1e6, "million");
    let memory = memory::bytes_a_second(stage::cores());
    stage::figure("memory", memory / 1e9, "GB a second");
    stage::figure("memory asked", a_second * scheme::BYTES_A_CELL / memory * 100.0, "%");
    stage::figure("wait a stage", waits::of_a_stage(stage::cores()).as_secs_f64() * 1e6, "µs");
}
