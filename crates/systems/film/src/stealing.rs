//! The same shares, and whoever is done with one takes frames away from the others (rayon).
//!
//! Nobody is idle while there is anything to do, whatever frames cost. But there must still be room for half
//! a film, or more. (`with_max_len(1)`: single frames can be taken, and not only several at once.)

use rayon::prelude::*;

use crate::frame::FRAMES;
use crate::studio::Film;

/// Shoots the film.
///
/// # Errors
///
/// A sentence, where the film cannot be written.
pub fn run(film: &mut Film) -> Result<(), String> {
    film.shoot(FRAMES, |frame| {
        let _all_are_done = (0..FRAMES).into_par_iter().with_max_len(1).all(frame);
    })
}
