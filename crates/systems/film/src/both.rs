//! A thread a core, and whoever is free renders the next frame.
//!
//! Frames are done nearly in order, so that two a core have room enough; and at the end nobody waits for
//! longer than one frame takes.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use crate::studio::Film;

/// Shoots the film.
///
/// # Errors
///
/// A sentence, where the film cannot be written.
pub fn run(film: &mut Film) -> Result<(), String> {
    on_threads(film, stage::cores())
}

/// Shoots the film on so many threads.
pub(crate) fn on_threads(film: &mut Film, threads: usize) -> Result<(), String> {
    let next = AtomicUsize::new(0);
    film.shoot(2 * threads, |frame| {
        let whoever_is_free = || while frame(next.fetch_add(1, Ordering::Relaxed)) {};
        thread::scope(|scope| (0..threads).for_each(|_| drop(scope.spawn(whoever_is_free))));
    })
}
