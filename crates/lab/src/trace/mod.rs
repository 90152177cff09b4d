//! The recorded events of a run.
//!
//! A trace is a flight recorder: fixed-size events in a memory-mapped file. What
//! a killed, hung or panicking program did is still there to read, and a
//! watcher can read it while the program runs. Whoever starts a program asks
//! for a trace by naming a file in the environment variable [`VARIABLE`]:
//!
//! ```text
//! LAB_TRACE=/dev/shm/one.trace cargo run -p both -- tokio
//! ```
//!
//! Read in this order:
//!
//! 1. [`event`]: what can happen, and what is noted down of it;
//! 2. `layout`: the file, word by word;
//! 3. `recorder`: the writing side, which every task calls; `writer` is its end of the file;
//! 4. [`read`]: the reading side, a [`Trace`]; `file` reads its events, and `assembly` puts
//!    together what they tell of (`merge` brings those of all threads in order);
//! 5. `clock`, `system` and `map`: the clocks, what else the system tells, and
//!    the few lines that lift the ban on `unsafe`.

mod assembly;
mod clock;
pub mod event;
mod file;
mod layout;
mod map;
mod merge;
pub mod read;
mod recorder;
mod system;
mod writer;

pub use event::{Event, Happening, Quantity, Sample};
pub use file::ReadError;
pub use read::{Chunk, Executing, Part, Reading, Task, Thread, Trace};
pub use recorder::open;
pub(crate) use recorder::{Computing, end_task, note_wait, print_line, start_task};

/// The environment variable that names the file to record into.
///
/// If the file exists already its length is kept, so that who asks for the
/// trace decides how much fits in: 16 to 48 bytes an event, 4 KiB for the
/// header, and 16 KiB at least for each thread.
/// Any other trace is 64 MiB long, of which only what is written takes room.
pub const VARIABLE: &str = "LAB_TRACE";
