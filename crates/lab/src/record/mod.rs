//! The writing side of a [`trace`]: what every task calls, and what costs next to nothing where
//! nobody asked for a trace.
//!
//! 1. `recorder`: what a task calls;
//! 2. `place`: the file that it goes into, and `writer`: who takes it, and what its header says;
//! 3. `pen`: where each thread writes;
//! 4. `home`: what a process does that finds itself a copy of another one;
//! 5. `clock`, `system` and `map`: the clocks, what else the system tells, and
//!    the few lines that lift the ban on `unsafe`.

mod clock;
mod home;
mod map;
mod pen;
mod place;
mod recorder;
mod system;
mod writer;

pub use ::trace::Workload;
pub(crate) use recorder::{
    Computing, Waiting, end_task, note_wait, print_line, start_task, task_fact,
};
pub use recorder::{describe, fact, open};
