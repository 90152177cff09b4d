//! One thread waits for the server and for clicks, and computes hardly anything: it reads the page, and draws
//! the bar. Pictures are decoded and tiles drawn on all cores.

use crate::compute::Compute;
use crate::visit::{Visit, Visited};

/// Loads the page, and answers the clicks.
///
/// # Errors
///
/// Whatever keeps the page from being loaded, in a sentence.
pub fn run(visit: Visit) -> Result<Visited, String> {
    visit.all_at_once(Compute::Elsewhere)
}
