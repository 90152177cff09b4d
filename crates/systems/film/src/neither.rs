//! One frame after the other, on one core.

use crate::studio::{Film, Shot};

/// Shoots the film.
///
/// # Errors
///
/// A sentence, where the film cannot be written, or the system does not let us keep to one core.
pub fn run(film: &mut Film) -> Result<(), String> {
    stage::one_core()?;
    film.shoot_in_turn(Shot::render)
}
