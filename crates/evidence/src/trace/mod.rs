//! Traces as they are read: events put together into threads, tasks, parts and chunks.
//!
//! 1. [`read`]: a [`Trace`] and what it is made of;
//! 2. `file`: from the bytes of a file to events;
//! 3. `assembly`: what the events tell of, put together (`merge` brings those of all threads in
//!    order).

mod assembly;
mod file;
mod merge;
pub mod read;

pub use ::trace::{Event, Happening, Quantity, Sample, VARIABLE};
pub use file::ReadError;
pub use read::{Chunk, Executing, Part, Reading, Task, Thread, Trace};
