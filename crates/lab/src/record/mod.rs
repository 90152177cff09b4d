//! The writing side of a [`trace`]: what every task calls, and what costs next to nothing where
//! nobody asked for a trace.
//!
//! 1. `recorder`: what a task calls;
//! 2. `process`: what the process records with, which may be a copy of another one (`home`);
//! 3. `place`: the file, `writer`: who takes it (`lineage`), and what its header says, and `pen`: where
//!    each thread writes;
//! 4. `clock`, `system` and `map`: the clocks, what else the system tells, and
//!    the few lines that lift the ban on `unsafe`.

mod clock;
mod home;
mod lineage;
mod map;
mod pen;
mod place;
mod process;
mod recorder;
mod system;
mod writer;

pub use ::trace::Workload;
pub(crate) use recorder::{
    Computing, Waiting, end_task, note_wait, print, print_line, start_task, task_fact,
};
pub use recorder::{describe, fact, open};
