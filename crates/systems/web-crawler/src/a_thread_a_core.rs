//! A thread a core, as one would have it for compute: each asks for an address, waits, and reads what
//! comes. All cores are there, and wait.

use std::thread::available_parallelism;

use stage::runtime::a_thread_a_core;

use crate::crawl::{Crawl, Crawled, Workers};
use crate::page::Reading;

/// Crawls the whole site.
///
/// # Errors
///
/// Whatever keeps the crawler from crawling, in a sentence.
pub fn run(crawl: Crawl) -> Result<Crawled, String> {
    let cores = available_parallelism().map_or(1, usize::from);
    crawl.go(&a_thread_a_core()?, Workers::Threads(cores), Reading::Here)
}
