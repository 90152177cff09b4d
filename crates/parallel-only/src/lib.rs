//! placeholder

use lab::lesson::{Chapter, Lesson, Runtime};
use lab::prelude::*;
use lab::quadrant::Quadrant;

pub mod on_std;

/// The chapter.
pub const CHAPTER: Chapter = Chapter {
    quadrant: Quadrant::ParallelOnly,
    order,
    lessons: LESSONS,
    gaps: &[],
};

/// The lessons.
pub const LESSONS: &[Lesson] = &[Lesson::new(Runtime::Std, "one thread", on_std::run)];

/// The contract.
pub fn order() -> Order {
    seq(work::TASKS.map(work::lines))
}
