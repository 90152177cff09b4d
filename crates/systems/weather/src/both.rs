//! All forecasts at once, a core each, as long as there are cores: nobody waits for anybody, until the end.
//!
//! (`with_max_len(1)`: to rayon each forecast is a piece of its own, whichever thread takes it.)

use rayon::prelude::*;

use crate::forecast::{Forecast, MEMBERS, Making};
use crate::scheme::Crew;

/// Makes all forecasts.
#[must_use]
pub fn run() -> Vec<Forecast> {
    let making = Making::with(Crew::Alone);
    let members = (0..MEMBERS).into_par_iter().with_max_len(1);
    members.map(|member| making.forecast(member)).collect()
}
