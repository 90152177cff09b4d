//! A schedule instead of the loop, and an executor with one thread: an order is still chosen, by somebody
//! else.

use bevy_ecs::schedule::SingleThreadedExecutor;

use crate::game::{Game, Played};
use crate::schedule;

/// Plays the game to its end.
#[must_use]
pub fn run(game: Game) -> Played {
    schedule::play(game, SingleThreadedExecutor::new())
}
