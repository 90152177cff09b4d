//! What a trace is: the recorded events of a run, and the file that holds them.
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
//! This crate is what the two sides have to agree on, and no more: `lab` writes traces, and
//! `evidence` reads them.
//!
//! 1. [`event`]: what can happen, and what is noted down of it;
//! 2. [`layout`]: the file, word by word.

pub mod event;
pub mod layout;

pub use event::{Event, Happening, Quantity, Sample};

/// The environment variable that names the file to record into.
///
/// If the file exists already its length is kept, so that who asks for the
/// trace decides how much fits in: 16 to 48 bytes an event, 4 KiB for the
/// header, and 16 KiB at least for each thread.
/// Any other trace is 64 MiB long, of which only what is written takes room.
pub const VARIABLE: &str = "LAB_TRACE";

/// A thread that does not come to its next tick for so many nanoseconds was most likely taken off
/// its core.
pub const GAP: u64 = 100_000;
