//! 16: a crawler, in six milestones.
//!
//! A web of pages. One is known, `work.front()`; each page has links to others. To fetch a page takes a while,
//! and so does to compute what is hidden in it. Here this is done page by page.
//!
//! Predict: how many fetches are in progress at once, at most?
//!
//! Then change `crawl`, and keep what was reached:
//! 1. each page is fetched once, and the finds are in the order of the pages' numbers;
//! 2. four fetches are in progress at once, whenever four pages are known that were not fetched, and never more;
//! 3. no page has to wait for another one to come: whichever is late, there are four again;
//! 4. pages are computed on all cores;
//! 5. what a page links to is fetched however long that page takes to be computed;
//! 6. what takes long to be computed keeps no other page from being computed.
//!
//! You are judged milestone by milestone, a run for each: by fetches that do not return until four are in progress,
//! by one page after the other, each of which comes once there are four again; by computes that do not begin until
//! there are two, and by one that takes until nothing else goes on.
//!
//! Judge it: cargo xtask exercise 16

use std::collections::{BTreeMap, HashSet};
use std::process::ExitCode;

use classroom::{Task, Work};

fn main() -> ExitCode {
    classroom::tasks(13).stage("crawl", crawl).run()
}

/// What is found in all pages, in the order of their numbers.
fn crawl(work: &Work) -> Vec<u64> {
    let (mut seen, mut finds) = (HashSet::from([0]), BTreeMap::new());
    let mut queue = vec![work.front()];
    while let Some(task) = queue.pop() {
        let page = task.fetch();
        let new = page.links().into_iter().filter(|link| seen.insert(link.number()));
        queue.extend(new.collect::<Vec<Task>>());
        finds.insert(task.number(), page.compute());
    }
    finds.into_values().collect()
}
