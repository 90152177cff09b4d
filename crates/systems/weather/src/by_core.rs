//! The same as *parallel only*, and each core adds up the energy of its own rows: **this one fails**.
//!
//! The sea is the same, bit by bit. Its energy is not: it depends on how many cores there were. A forecast
//! that uses such a sum in its next step (many solve for the pressure by adding up all cells) is another
//! forecast on another machine.

use crate::forecast::{Forecast, Making};
use crate::parallel_only::in_turn;
use crate::scheme::Crew;
use crate::sum::Order;

/// Makes all forecasts.
#[must_use]
pub fn run() -> Vec<Forecast> {
    let making = Making::with(Crew::Cores(stage::cores()));
    in_turn(&Making { order: Order::ByCore, ..making }) // and this is all that differs
}
