//! One thing after the other, on one core: the page, its style, each picture; and then the clicks.

use stage::runtime::one_thread;

use crate::browser::Pictures;
use crate::compute::Compute;
use crate::visit::{Visit, Visited};

/// Loads the page, and answers the clicks.
///
/// # Errors
///
/// Whatever keeps the page from being loaded, in a sentence.
pub fn run(visit: Visit) -> Result<Visited, String> {
    stage::one_core()?;
    let open = visit.begin(Compute::Here)?;
    one_thread()?.block_on(async {
        open.browser.load(Pictures::InTurn).await?;
        open.browser.answer_clicks().await;
        Ok::<_, String>(())
    })?;
    Ok(open.close())
}
