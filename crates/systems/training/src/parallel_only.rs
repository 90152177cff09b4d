//! One network after the other, and all cores at each of its batches.
//!
//! The first network has soonest learned in this way. But what the workers found has to be added up before
//! the next batch can begin: meanwhile all but one are idle.

use crate::descent::Crew;
use crate::school::{Pupil, School};

/// Opens a school, and teaches all networks.
#[must_use]
pub fn run() -> (School, Vec<Pupil>) {
    in_turn(School::with(Crew::Workers(stage::cores())))
}

/// Teaches one network after the other, on one of the threads that compute: `rayon::scope` goes there.
/// Another one would have to be woken after each batch.
pub(crate) fn in_turn(school: School) -> (School, Vec<Pupil>) {
    let pupils = rayon::scope(|_| school.in_turn());
    (school, pupils)
}
