//! As many addresses at once as the hosts allow, on one thread, and what comes of them is read on all
//! cores.

use stage::runtime::one_thread;

use crate::crawl::{Crawl, Crawled, Workers};
use crate::page::Reading;

/// How many addresses are asked for at once: more than the hosts allow all together.
const WORKERS: Workers = Workers::Tasks(64);

/// Crawls the whole site.
///
/// # Errors
///
/// Whatever keeps the crawler from crawling, in a sentence.
pub fn run(crawl: Crawl) -> Result<Crawled, String> {
    crawl.go(&one_thread()?, WORKERS, Reading::Elsewhere)
}
