//! One thread on one core, and the room waits for each client in turn: when one sleeps, nobody hears
//! anything until the room gives up.

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
    Ok(House { threads: one_thread()?, delivery: Delivery::InTurn })
}
