//! All forecasts at once, on one core: each is a thread, and none is sooner done for it.

use std::thread;

use crate::forecast::{Forecast, MEMBERS, Making};
use crate::scheme::Crew;

/// Makes all forecasts.
///
/// # Errors
///
/// A sentence, where the system does not let us keep to one core.
///
/// # Panics
///
/// If making one does.
pub fn run() -> Result<Vec<Forecast>, String> {
    stage::one_core()?;
    let making = Making::with(Crew::Alone);
    let making = &making;
    let forecasts = thread::scope(|scope| {
        let all: Vec<_> =
            (0..MEMBERS).map(|member| scope.spawn(move || making.forecast(member))).collect();
        all.into_iter().map(|one| one.join().expect("a forecast")).collect()
    });
    Ok(forecasts)
}
