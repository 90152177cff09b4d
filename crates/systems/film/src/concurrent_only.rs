//! Four frames in progress on one core: it renders a little of each, and is no sooner done with any.

use crate::both;
use crate::studio::Film;

/// How many frames are rendered at a time.
pub const AT_A_TIME: usize = 4;

/// Shoots the film.
///
/// # Errors
///
/// A sentence, where the film cannot be written, or the system does not let us keep to one core.
pub fn run(film: &mut Film) -> Result<(), String> {
    stage::one_core()?;
    both::on_threads(film, AT_A_TIME)
}
