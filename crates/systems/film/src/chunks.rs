//! A thread a core, and each has a share of the film: as many frames as the others, in one piece.
//!
//! They are dealt out before anybody knows what each of them costs. Whoever has the cheap ones is done
//! early, and helps nobody. And as one begins in the middle, there must be room for half a film.

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
