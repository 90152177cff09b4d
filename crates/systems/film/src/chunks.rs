//! A thread a core, and each has a share of the film: as many frames as the others, in one piece.
//!
//! They are dealt out before anybody knows what each of them costs. Whoever has the cheap ones is done early,
//! and helps nobody. And as on two cores one begins in the middle, there must be room for half a film; on
//! more cores, for more of it. So there is room for all of it here, and nobody waits for a place.

use std::thread;

use crate::frame::FRAMES;
use crate::studio::Film;

/// Shoots the film.
///
/// # Errors
///
/// A sentence, where the film cannot be written.
pub fn run(film: &mut Film) -> Result<(), String> {
    let cores = stage::cores();
    film.shoot(FRAMES, |frame| {
        thread::scope(|scope| {
            for share in 0..cores {
                let mut share = FRAMES * share / cores..FRAMES * (share + 1) / cores;
                scope.spawn(move || share.all(frame));
            }
        });
    })
}
