//! **A video game.** Keys, physics, pictures and music, thirty times a second. What does not get ready in
//! time?
//!
//! You fly a lantern over a meadow at night, and catch fireflies. The [arena] computes 120 ticks a second,
//! four a frame, in each of which every firefly looks at all others. Once a frame a [picture] is drawn of the
//! [scene], light by light. [sound] is a tune in step with the ticks, and a bell for each firefly. [keys]
//! come from a recorded game, or from your keyboard: `cargo run -p video-game -- --as both --play`.
//!
//! With `--live` a [loudspeaker](stage::loudspeaker) plays the music meanwhile, a tenth of a second later.
//! Where no program is there that could, this is said, and no game begins: under its screen nobody would read
//! it, and without `--live` you can play all the same. One that stops in the middle does not stop the game; the
//! sound was *not shown*, then, and why is the last thing that is said.
//!
//! A frame's work is done by five *systems*, as game engines call them: [`mod@game`] has them, and how they
//! hang together. A task here is what one of them does in one frame: it never waits, and once begun it
//! computes to its end. (Were all of the music one task, every way would be concurrent: it is in progress all
//! the time.)
//!
//! [`clock`] says when a frame is due. One that is late makes the game slower, and leaves out no tick: ticks
//! are *missed* for as long as the game stands still because a frame is not ready.
//!
//! The ways differ in who decides what is done when, and in who computes:
//!
//! 1. [`neither`]: one loop [by hand](by_hand);
//! 2. [`single_threaded`]: instead of the loop a [`schedule`], which only says what has to come before what,
//!    and one thread: *neither*, too;
//! 3. [`concurrent_only`]: the schedule, and several threads on **one core**;
//! 4. [`parallel_only`]: the loop by hand; all cores compute each tick and draw each picture together;
//! 5. [`both`]: the schedule, and several threads on all cores: one draws while another computes.
//!
//! Whichever it is, the same recorded game ends in the same state, to the last bit, with the same pictures
//! and the same sound; the lines say so, and are held against it.
//!
//! Predict: with music while one writes code, several threads on one core were enough for no gap.
//! Are they enough here for no missed tick? And which of the last two is faster on two cores, which on
//! sixteen?
//!
//! Change: in [`schedule`], `((keys, physics).chain(), picture, sound)` to
//! `(keys, physics, picture, sound).chain()`.
//!
//! Then: `both` is *neither*, with as many threads as before. Where all is ordered, nothing can be done at
//! once.
//!
//! Answer: on one core, threads miss as many ticks as the loop does. In a frame nobody waits for anything, so
//! there is nothing that somebody else could use meanwhile: only more cores help. On two, the last two are
//! about as fast as each other. A schedule never takes less than its longest chain, which is the picture
//! here; two cores are enough for that, and sixteen make it no faster. What is split goes on becoming faster.

use std::io::{self, Write};
use std::path::Path;

use stage::files::place_for;
use stage::{Extra, Options, System, Trouble, Way};

pub mod arena;
pub mod both;
pub mod by_hand;
pub mod clock;
pub mod concurrent_only;
pub mod film;
pub mod game;
pub mod keys;
pub mod meadow;
pub mod neither;
pub mod parallel_only;
pub mod picture;
pub mod scene;
pub mod schedule;
pub mod screen;
pub mod single_threaded;
pub mod sound;
pub mod split;
pub mod terminal;

use clock::Times;
use game::{Game, Played};
use keys::{Keys, Recording};
use screen::Screen;
use sound::Speaker;
use terminal::Terminal;

/// The system, for its command line.
pub const SYSTEM: System<How, Trouble> = System {
    name: "video-game",
    summary: "A video game: keys, physics, pictures and music, thirty times a second",
    ways: &[
        Way::new(How::Neither, "neither", "one loop by hand, on one thread"),
        Way::new(How::SingleThreaded, "single-threaded", "a schedule, on one thread"),
        Way::new(How::ConcurrentOnly, "concurrent-only", "a schedule, threads on one core"),
        Way::new(How::ParallelOnly, "parallel-only", "one loop by hand, each system on all cores"),
        Way::new(How::Both, "both", "a schedule, threads on all cores"),
    ],
    leaves: "the film",
    listens: false,
    extras: &[
        Extra { name: PLAY, value: None, summary: "lets you play, in the terminal" },
        Extra { name: LIVE, value: None, summary: "plays the music as it is made" },
        Extra { name: RECORD, value: Some("FILE"), summary: "keeps the keys that were pressed" },
        Extra { name: REPLAY, value: Some("FILE"), summary: "presses the keys that were kept" },
    ],
    run,
};

const PLAY: &str = "play";
const LIVE: &str = "live";
const RECORD: &str = "record";
const REPLAY: &str = "replay";

/// How the systems of a frame are done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// By one loop.
    Neither,
    /// As a schedule, by one thread.
    SingleThreaded,
    /// As a schedule, by threads on one core.
    ConcurrentOnly,
    /// By one loop, each system by all cores.
    ParallelOnly,
    /// As a schedule, by threads on all cores.
    Both,
}

fn run(how: How, options: &Options) -> Result<(), Trouble> {
    options.file(RECORD).map_or(Ok(()), place_for)?;
    let game = game(options)?;
    let mut played = match how {
        How::Neither => neither::run(game),
        How::SingleThreaded => single_threaded::run(game),
        How::ConcurrentOnly => concurrent_only::run(game)?,
        How::ParallelOnly => parallel_only::run(game),
        How::Both => both::run(game),
    };
    played.game.screen.close();
    played.game.tell_end();
    tell(&played.times);
    let kept = keep(&played, options);
    let heard = played.game.speaker.close();
    kept?;
    heard.map_err(|why| not_heard(&why, "--out FILE keeps the sound"))
}

/// Says that somebody who wanted to hear the game did not, and what there is instead.
fn not_heard(why: &str, instead: &str) -> Trouble {
    Trouble::NotShown(format!("what it sounds like: {why}; {instead}"))
}

/// The game that somebody asks for.
fn game(options: &Options) -> Result<Game, Trouble> {
    let plays = options.asks_for(PLAY);
    if plays && options.asks_for(REPLAY) {
        let why = "you play, or a recording is played again: leave out one of --play, --replay";
        return Err(Trouble::Misused(why.to_owned()));
    }
    let keys = if plays { Keys::live() } else { Keys::recorded(recording(options.file(REPLAY))?) };
    let live = options.asks_for(LIVE).then(Speaker::live).transpose();
    let live = live.map_err(|why| not_heard(&why, "leave out --live, and play all the same"))?;
    let terminal = plays.then(Terminal::take).transpose()?;
    let screen = Screen::new(options.out.is_some(), terminal);
    Ok(Game::new(keys, screen, live.unwrap_or_default(), !plays))
}

/// The game that was recorded in this file, if any.
fn recording(file: Option<&Path>) -> Result<Recording, String> {
    let Some(file) = file else { return Ok(Recording::built_in()) };
    let cannot = |error: &dyn std::fmt::Display| {
        format!("{} cannot be played again: {error}", file.display())
    };
    let text = std::fs::read_to_string(file).map_err(|error| cannot(&error))?;
    text.parse().map_err(|error: String| cannot(&error))
}

/// Tells what the player felt.
fn tell(times: &Times) {
    let frames: stage::Times = times.frames.iter().copied().collect();
    stage::figure("missed ticks", times.missed_ticks(), "");
    stage::figure("mean frame", frames.mean(), "ms");
    stage::figure("99th percentile", frames.quantile(0.99), "ms");
}

/// Writes what somebody wants to keep: each file, also where there is no room for another one.
fn keep(played: &Played, options: &Options) -> Result<(), String> {
    let Played { game: Game { keys, screen, speaker, .. }, times } = played;
    let recorded = options.file(RECORD).map_or(Ok(()), |file| {
        std::fs::write(file, keys.recording().to_string())
            .map_err(|error| film::cannot(file, error))
    });
    let Some((file, film)) = options.out.as_deref().zip(screen.film.as_deref()) else {
        return recorded;
    };
    if let Some(left_out) = film::left_out(times.frames.len()) {
        // Where nobody reads it there is still the film.
        let _unread = writeln!(io::stderr(), "{left_out}");
    }
    let (filmed, sounded) = (film::write(file, film), film::write_sound(file, &speaker.samples));
    recorded.and(filmed).and(sounded)
}
