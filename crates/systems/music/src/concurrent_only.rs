//! A thread each, on one core: the kernel takes the core from the compiler when somebody else is due.

use crate::{Desk, Evening, both};

/// Does all three on one core.
///
/// # Errors
///
/// A sentence, where the system does not let us keep to one core.
pub fn run(desk: Desk) -> Result<Evening, String> {
    stage::one_core()?; // and this is all that differs
    Ok(both::run(desk))
}
