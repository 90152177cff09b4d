//! What a trace is: the recorded events of a run, and the files that hold them.
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
//! or a folder that is there, into which each process of the run puts a file of its own:
//!
//! ```text
//! mkdir /dev/shm/traces
//! LAB_TRACE=/dev/shm/traces my-program-of-many-processes
//! ```
//!
//! All processes of a machine share one monotonic clock, so that their files can be read as one trace.
//!
//! This crate is what the two sides have to agree on, and no more: `lab` writes traces, and
//! `evidence` reads them.
//!
//! 1. [`event`]: what can happen, and what is noted down of it;
//! 2. [`workload`]: what a program says of its own workload;
//! 3. [`layout`]: the file, word by word.

pub mod event;
pub mod layout;
pub mod workload;

pub use event::{Event, Happening, Quantity, Sample};
pub use workload::Workload;

/// The environment variable that names the file to record into, or the folder in which each process
/// makes a file of its own.
///
/// Into a file that is named, one process records: the first that wants to. If the file exists already
/// its length is kept, so that who asks for the trace decides how much fits in: 16 to 48 bytes an
/// event, 4 KiB for the header, and 16 KiB at least for each thread.
/// Any other trace is 64 MiB long, of which only what is written takes room; less where a process may
/// not make files that long.
pub const VARIABLE: &str = "LAB_TRACE";

/// A thread that does not come to its next tick for so many nanoseconds was most likely taken off
/// its core.
pub const GAP: u64 = 100_000;
