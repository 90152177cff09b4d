//! All connections on one thread: while one line is slow, the thread attends to the others.
//!
//! Thumbnails are made one after the other all the same, and whoever wants the title page waits for those
//! that were there before.

use stage::runtime::one_thread;

use crate::compute::Compute;
use crate::day::Day;
use crate::server::Connections;

/// Serves the whole day.
///
/// # Errors
///
/// Whatever keeps the server from serving, in a sentence.
pub fn run<S: Send + 'static>(day: Day<S>) -> Result<S, String> {
    stage::one_core()?;
    day.serve(one_thread()?, Connections::AllAtOnce, Compute::Here)
}
