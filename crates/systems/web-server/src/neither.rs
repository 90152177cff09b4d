//! One connection at a time, on one core: a shop with one clerk, who does not look up until the customer
//! has gone.

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
    day.serve(one_thread()?, Connections::OneAtATime, Compute::Here)
}
