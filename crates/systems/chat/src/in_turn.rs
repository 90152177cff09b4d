//! One thread on one core, and the room waits for each client in turn: when one sleeps, nobody hears
//! anything until the room gives up.

use stage::runtime::one_thread;

use crate::evening::Evening;
use crate::people::Heard;
use crate::room::Delivery;

/// Serves the whole evening.
///
/// # Errors
///
/// Whatever keeps the server from serving, in a sentence.
pub fn run(evening: Evening) -> Result<Heard, String> {
    stage::one_core()?;
    evening.serve(&one_thread()?, Delivery::InTurn)
}
