//! One loop by hand, on one thread: keys, physics, picture, sound, and again.

use crate::by_hand;
use crate::game::{Game, Played};
use crate::split::Split;

/// Plays the game to its end.
#[must_use]
pub fn run(game: Game) -> Played {
    by_hand::play(game, Split::Whole)
}
