//! One thread on one core, and a queue for each client: two hundred people wait at once, and none of them
//! for another.

use stage::runtime::one_thread;

use crate::room::Delivery;
use crate::server::House;

/// Who serves.
///
/// # Errors
///
/// Whatever keeps the server from serving, in a sentence.
pub fn house() -> Result<House, String> {
    stage::one_core()?;
    Ok(House { threads: one_thread()?, delivery: Delivery::OrDrop })
}
