//! Everything at once on one thread and one core: it asks for all pictures, and answers clicks meanwhile.
//!
//! While it waits, that is. While it decodes a picture it does nothing else.

use crate::compute::Compute;
use crate::visit::{Visit, Visited};

/// Loads the page, and answers the clicks.
///
/// # Errors
///
/// Whatever keeps the page from being loaded, in a sentence.
pub fn run(visit: Visit) -> Result<Visited, String> {
    stage::one_core()?;
    visit.all_at_once(Compute::Here)
}
