//! One thread waits for all connections and makes no thumbnails; the threads that make them wait for nobody.

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
    day.serve(one_thread()?, Connections::AllAtOnce, Compute::Elsewhere)
}
