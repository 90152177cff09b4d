//! As many threads as cores, and all do everything. It is *both*, and soon done; but when every one
//! of them computes, nobody looks who has come in.

use stage::runtime::a_thread_a_core;

use crate::compute::Compute;
use crate::day::Day;
use crate::server::Connections;

/// Serves the whole day.
///
/// # Errors
///
/// Whatever keeps the server from serving, in a sentence.
pub fn run<S: Send + 'static>(day: Day<S>) -> Result<S, String> {
    day.serve(a_thread_a_core()?, Connections::AllAtOnce, Compute::Here)
}
