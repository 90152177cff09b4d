//! One connection at a time, and all cores at its thumbnail: each is made sooner, and all lines are
//! waited for in turn.

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
    day.serve(one_thread()?, Connections::OneAtATime, Compute::Split)
}
