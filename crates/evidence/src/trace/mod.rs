//! Traces as they are read: events put together into processes, threads, tasks, parts and chunks.
//!
//! 1. [`model`]: a [`Trace`] and what it is made of, and `chunks`: the many of which it has most;
//! 2. [`fault`]: what can be wrong with it;
//! 3. `file`: from the bytes of a file to events;
//! 4. `assembly`: what the events tell of, put together, and `horizon`: what happens if that is
//!    too much;
//! 5. [`folder`]: the traces of several processes, read as one, and `watch`: what was among them.

mod assembly;
mod chunks;
pub mod fault;
mod file;
pub mod folder;
mod horizon;
pub mod model;
mod watch;

pub use ::trace::{Event, Happening, Quantity, Sample, VARIABLE, Workload};
pub use chunks::{Chunk, Chunks, Executing};
pub use fault::{Fault, Problem, ReadError};
pub use folder::{Folder, MOST_MEMORY, events};
pub use model::{Cut, Fact, Line, Names, Part, Place, Process, Reading, Task, Thread, Trace, Wait};
