//! As many addresses at once as the hosts allow, on one thread and one core: all wait at the same time.

use stage::runtime::one_thread;

use crate::crawl::{Crawl, Crawled, Workers};
use crate::page::Reading;

/// How many addresses are asked for at once: more than the hosts, with eight each, allow all together.
const WORKERS: Workers = Workers::Tasks(64);

/// Crawls the whole site.
///
/// # Errors
///
/// Whatever keeps the crawler from crawling, in a sentence.
pub fn run(crawl: Crawl) -> Result<Crawled, String> {
    stage::one_core()?;
    crawl.go(&one_thread()?, WORKERS, Reading::Here)
}
