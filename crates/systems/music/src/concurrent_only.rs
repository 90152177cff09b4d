//! A thread each, on one core: the kernel takes the core from the compiler when somebody else is due.

use std::time::Instant;

use crate::{Evening, both};

/// Does all three on one core.
///
/// # Errors
///
/// A sentence, where the system does not let us keep to one core.
pub fn run(start: Instant) -> Result<Evening, String> {
    stage::one_core()?; // and this is all that differs
    Ok(both::run(start))
}
