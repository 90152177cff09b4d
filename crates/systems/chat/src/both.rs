//! A thread a core, and a queue for each client. The room is one task all the same: an order has to be
//! given by somebody.

use stage::runtime::a_thread_a_core;

use crate::evening::Evening;
use crate::people::Heard;
use crate::room::Delivery;

/// Serves the whole evening.
///
/// # Errors
///
/// Whatever keeps the server from serving, in a sentence.
pub fn run(evening: Evening) -> Result<Heard, String> {
    evening.serve(&a_thread_a_core()?, Delivery::OrDrop)
}
