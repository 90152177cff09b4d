//! The same as *parallel only*, and a batch has eight pictures and not sixty-four: sharing does not pay.
//!
//! As much is learned from each picture, and eight times as often everything is added up, changed, and
//! waited for.

use crate::descent::Crew;
use crate::parallel_only::in_turn;
use crate::school::{Pupil, School};

/// Opens a school, and teaches all networks.
#[must_use]
pub fn run() -> (School, Vec<Pupil>) {
    let mut school = School::with(Crew::Workers(stage::cores()));
    school.course.batch = 8; // and this is all that differs
    in_turn(school)
}
