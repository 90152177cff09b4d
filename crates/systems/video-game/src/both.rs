//! The same schedule, and an executor with many threads: while the physics computes this frame, the last
//! one is drawn.

use bevy_ecs::schedule::MultiThreadedExecutor;
use bevy_tasks::{ComputeTaskPool, TaskPoolBuilder};

use crate::game::{Game, Played};
use crate::schedule;

/// Plays the game to its end.
#[must_use]
pub fn run(game: Game) -> Played {
    // As many threads as there are systems that can be at work at once: physics, picture and sound.
    ComputeTaskPool::get_or_init(|| TaskPoolBuilder::new().num_threads(3).build());
    schedule::play(game, MultiThreadedExecutor::new())
}
