//! What is known of a run, and the verdict that it leads to.
//!
//! 1. [`trace`]: the recorded events of a run, read and put together;
//! 2. [`verdict`]: which quadrant a run was in, as far as its trace can prove it.

pub mod trace;
pub mod verdict;
