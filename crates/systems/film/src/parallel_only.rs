//! One frame at a time, and all cores at it: each has a band of it, and all bands are equally high.
//!
//! The first frame is soonest done in this way. But the sky is sooner rendered than the floor: who has it
//! waits for the others, frame by frame. And nobody renders while a frame is written.

use crate::studio::{Film, Shot};

/// Shoots the film.
///
/// # Errors
///
/// A sentence, where the film cannot be written.
pub fn run(film: &mut Film) -> Result<(), String> {
    film.shoot_in_turn(|number| Shot::render_in_bands(number, stage::cores()))
}
