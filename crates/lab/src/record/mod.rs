//! The writing side of a [`trace`]: what every task calls, and what costs next to nothing where
//! nobody asked for a trace.
//!
//! 1. `recorder`: what a task calls; `writer` is its end of the file;
//! 2. `clock`, `system` and `map`: the clocks, what else the system tells, and
//!    the few lines that lift the ban on `unsafe`.

mod clock;
mod map;
mod recorder;
mod system;
mod writer;

pub use recorder::open;
pub(crate) use recorder::{Computing, end_task, note_wait, print_line, start_task};
