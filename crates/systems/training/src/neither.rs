//! One network after the other, on one core.

use crate::descent::Crew;
use crate::school::{Pupil, School};

/// Opens a school, and teaches all networks.
///
/// # Errors
///
/// A sentence, where the system does not let us keep to one core.
pub fn run() -> Result<(School, Vec<Pupil>), String> {
    stage::one_core()?;
    let school = School::with(Crew::Alone);
    let pupils = school.in_turn();
    Ok((school, pupils))
}
