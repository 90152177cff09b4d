//! The same loop by hand, in which all cores compute each tick and draw each picture together.

use crate::by_hand;
use crate::game::{Game, Played};
use crate::split::Split;

/// Plays the game to its end.
#[must_use]
pub fn run(game: Game) -> Played {
    by_hand::play(game, Split::AllCores) // and this is all that differs
}
