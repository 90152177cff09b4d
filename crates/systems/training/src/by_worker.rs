//! The same as *parallel only*, and each worker adds up what it has: **this one fails**.
//!
//! Whoever has another number of workers has other sums to round, and another network: it is not the work
//! that fails, but the promise that it is the same everywhere. The network reads digits as well as any. But
//! nobody can say any more whether a change of the program has changed what it learns.

use crate::descent::{Crew, Shares};
use crate::parallel_only::in_turn;
use crate::school::{Pupil, School};

/// Opens a school, and teaches all networks.
#[must_use]
pub fn run() -> (School, Vec<Pupil>) {
    let mut school = School::with(Crew::Workers(stage::cores()));
    school.course.shares = Shares::OneAWorker; // and this is all that differs
    in_turn(school)
}
