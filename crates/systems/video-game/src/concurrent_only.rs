//! The same schedule and as many threads, on one core.

use crate::both;
use crate::game::{Game, Played};

/// Plays the game to its end.
///
/// # Errors
///
/// A sentence, where the system does not let us keep to one core.
pub fn run(game: Game) -> Result<Played, String> {
    stage::one_core()?; // and this is all that differs
    Ok(both::run(game))
}
