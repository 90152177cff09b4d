//! One forecast after the other, and all cores at its rows.
//!
//! The first forecast is soonest done in this way. But a step has three stages, and after each of them all
//! cores wait for the last one: some twenty thousand times.

use crate::forecast::{Forecast, Making};
use crate::scheme::Crew;

/// Makes all forecasts.
#[must_use]
pub fn run() -> Vec<Forecast> {
    in_turn(&Making::with(Crew::Cores(stage::cores())))
}

/// Makes one forecast after the other, on one of the threads that compute: `rayon::scope` goes there. Another
/// one would have to be woken after each stage, which takes as long as the stage itself.
pub(crate) fn in_turn(making: &Making) -> Vec<Forecast> {
    rayon::scope(|_| making.in_turn())
}
