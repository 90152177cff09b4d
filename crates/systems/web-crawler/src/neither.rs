//! One address after the other, on one core: whoever waits for a host does nothing else.

use stage::runtime::one_thread;

use crate::crawl::{Crawl, Crawled, Workers};
use crate::page::Reading;

/// How many addresses are asked for at once.
const WORKERS: Workers = Workers::Tasks(1);

/// Crawls the whole site.
///
/// # Errors
///
/// Whatever keeps the crawler from crawling, in a sentence.
pub fn run(crawl: Crawl) -> Result<Crawled, String> {
    stage::one_core()?;
    crawl.go(&one_thread()?, WORKERS, Reading::Here)
}
