//! The clock: thirty frames a second, of four ticks each.

use std::thread;
use std::time::{Duration, Instant};

/// How many ticks a frame has, and so how many there are a second: 120.
pub const TICKS_A_FRAME: u32 = 4;

/// How many frames are shown a second.
pub const FRAMES_A_SECOND: u32 = 30;

/// What the clock saw.
#[derive(Clone, Debug, Default)]
pub struct Times {
    /// How long each frame took, without the wait for the next one.
    pub frames: Vec<Duration>,
    /// For how long the game stood still, because a frame was not ready when the next one was due.
    pub lost: Duration,
}

impl Times {
    /// How many ticks there should have been by the clock on the wall, and were not.
    #[must_use]
    pub fn missed_ticks(&self) -> f64 {
        self.lost.as_secs_f64() * f64::from(TICKS_A_FRAME * FRAMES_A_SECOND)
    }
}

/// Has a frame computed each time that one is due, until one says that it was the last.
///
/// A frame that takes too long makes the game slower, and not its ticks fewer: so the game is the same on
/// any machine.
pub fn run(mut frame: impl FnMut(u32) -> Next) -> Times {
    let period = Duration::from_secs(1) / FRAMES_A_SECOND;
    let mut times = Times::default();
    let mut due = Instant::now();
    for number in 0.. {
        thread::sleep(due.saturating_duration_since(Instant::now()));
        let began = Instant::now();
        let next = frame(number);
        let end = Instant::now();
        times.frames.push(end - began);
        due += period;
        times.lost += end.saturating_duration_since(due);
        due = due.max(end);
        if next == Next::Nothing {
            break;
        }
    }
    times
}

/// What comes after a frame.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Another one.
    Frame,
    /// The end of the game.
    Nothing,
}
