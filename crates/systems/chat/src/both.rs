//! A thread a core, and a queue for each client. The room is one task all the same: an order has to be
//! given by somebody.

use stage::runtime::a_thread_a_core;

use crate::room::Delivery;
use crate::server::House;

/// Who serves.
///
/// # Errors
///
/// Whatever keeps the server from serving, in a sentence.
pub fn house() -> Result<House, String> {
    Ok(House { threads: a_thread_a_core()?, delivery: Delivery::OrDrop })
}
