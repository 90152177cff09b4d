//! **A web crawler that is polite.** It follows links, asks no host for more than eight things at once, for
//! nothing twice, and for nothing that a host forbids (in its file `robots.txt`, which is asked for first).
//! How much do more cores bring?
//!
//! Three hosts are made up. Each takes 20 ms to answer, and has what one meets when one follows links: pages
//! that are missing, slow, without end, the same under two names, that have moved in circles, or that are
//! forbidden. Each of them has a line in the report, and the crawl goes on. A fourth is real: what
//! `cargo doc` wrote of this workspace, up to two thousand pages, 3 ms away. All of them are on this machine,
//! and no other is ever asked.
//!
//! 1. [`site`]: what hosts answer; [`made`] and [`tree`]: the made ones, and the real one;
//! 2. [`server`]: serves them, and counts who asks for what; [`fetch`]: asks;
//! 3. [`page`]: the compute, with [html5ever](https://docs.rs/html5ever), and which thread does it;
//! 4. [`frontier`]: what to ask for next, by the rules of [robotxt](https://docs.rs/robotxt);
//! 5. [`crawl`]: the workers; [`report`]: what they found, in the order of addresses.
//!
//! The ways differ in how many addresses are asked for at once, and in who reads what comes:
//!
//! 1. [`neither`]: one address after the other, on one core;
//! 2. [`a_thread_a_core`]: as many at once as there are cores, and all cores;
//! 3. [`concurrent_only`]: as many at once as the hosts allow, on one core;
//! 4. [`both`]: as many at once as the hosts allow, and what comes is read on all cores.
//!
//! Predict: the second way has all cores, the third has one. Which is sooner done on this machine?
//!
//! Change: in [`concurrent_only`], `64` to `1`.
//!
//! Then: *neither*, and all waits add up again.
//!
//! Answer: the third, by far. There is little to compute, and much to wait for: who waits for a host needs no
//! core. A second core then saves, at most, what reading takes (and here, where the hosts are on the same
//! machine, what answering takes). More cores cannot: no host answers sooner for them.

use stage::{Options, System, Way};

pub mod a_thread_a_core;
pub mod both;
pub mod concurrent_only;
pub mod crawl;
pub mod fetch;
pub mod frontier;
pub mod made;
pub mod neither;
pub mod page;
pub mod report;
pub mod server;
pub mod site;
pub mod tree;

use crawl::{Crawl, Crawled};

/// The system, for its command line.
pub const SYSTEM: System<How> = System {
    name: "web-crawler",
    summary: "A web crawler that is polite: how much do more cores bring?",
    ways: &[
        Way::new(How::Neither, "neither", "one address after the other, on one core"),
        Way::new(How::AThreadACore, "a-thread-a-core", "as many at once as there are cores"),
        Way::new(How::ConcurrentOnly, "concurrent-only", "as many as hosts allow, on one core"),
        Way::new(How::Both, "both", "as many as hosts allow, read on all cores"),
    ],
    leaves: "the report",
    listens: true,
    run,
    extras: &[],
};

/// How it crawls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// One address after the other, on one core.
    Neither,
    /// A worker a core, each of which waits and reads.
    AThreadACore,
    /// As many addresses at once as the hosts allow, on one thread.
    ConcurrentOnly,
    /// As many addresses at once as the hosts allow, read by others.
    Both,
}

fn run(how: How, options: &Options) -> Result<(), String> {
    let crawl = Crawl::begin(options.port)?;
    let crawled = match how {
        How::Neither => neither::run(crawl),
        How::AThreadACore => a_thread_a_core::run(crawl),
        How::ConcurrentOnly => concurrent_only::run(crawl),
        How::Both => both::run(crawl),
    }?;
    tell(&crawled)?;
    let Some(file) = &options.out else { return Ok(()) };
    std::fs::write(file, crawled.report.text())
        .map_err(|error| format!("{} cannot be written: {error}", file.display()))
}

/// Tells what was found of the hosts that are the same everywhere, and what the hosts say of the crawler.
fn tell(crawled: &Crawled) -> Result<(), String> {
    let Crawled { report, took, witness } = crawled;
    let made = report.of_hosts(|host| host != tree::HOST);
    stage::print(&format!("Report - {} addresses, {:016x}\n", made.len(), made.hash()))?;
    let (asked, seconds) = (report.asked() as f64, took.as_secs_f64());
    stage::figure("all found", seconds * 1e3, "ms");
    stage::figure("asked a second", asked / seconds, "");
    stage::figure("most at once", witness.most_at_once as f64, "");
    stage::figure("twice", witness.twice as f64, "");
    stage::figure("forbidden", witness.forbidden as f64, "");
    let real = report.of_hosts(|host| host == tree::HOST);
    stage::figure("of cargo doc", real.pages() as f64, "pages");
    stage::figure("asked", asked, "");
    stage::figure("asked of cargo doc", real.asked() as f64, "");
    Ok(())
}
