//! One forecast after the other, on one core.

use crate::forecast::{Forecast, Making};
use crate::scheme::Crew;

/// Makes all forecasts.
///
/// # Errors
///
/// A sentence, where the system does not let us keep to one core.
pub fn run() -> Result<Vec<Forecast>, String> {
    stage::one_core()?;
    Ok(Making::with(Crew::Alone).in_turn())
}
