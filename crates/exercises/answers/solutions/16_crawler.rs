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
// SOLUTION BEGIN
use std::thread;
// SOLUTION END

use classroom::{Task, Work};
// SOLUTION BEGIN
use crossbeam_channel::{Sender, unbounded};
// SOLUTION END

fn main() -> ExitCode {
    classroom::tasks(13).stage("crawl", crawl).run()
}

/// What is found in all pages, in the order of their numbers.
fn crawl(work: &Work) -> Vec<u64> {
    let (mut seen, mut finds) = (HashSet::from([0]), BTreeMap::new());
    // SOLUTION BEGIN
    let (give, given) = unbounded::<Task>();
    let (sender, news) = unbounded();
    thread::scope(|scope| {
        for (given, sender) in vec![(given, sender); 4] {
            scope.spawn(move || given.iter().for_each(|task| visit(&task, &sender)));
        }
        give.send(work.front()).expect("a visitor");
        while finds.len() < seen.len() {
            match news.recv().expect("a visitor") {
                News::Links(links) => {
                    let new = links.into_iter().filter(|link| seen.insert(link.number()));
                    new.for_each(|link| give.send(link).expect("a visitor"));
                }
                News::Found(number, found) => drop(finds.insert(number, found)),
            }
        }
        drop(give);
    });
    // START: let mut queue = vec![work.front()];
    // START: while let Some(task) = queue.pop() {
    // START:     let page = task.fetch();
    // START:     let new = page.links().into_iter().filter(|link| seen.insert(link.number()));
    // START:     queue.extend(new.collect::<Vec<Task>>());
    // START:     finds.insert(task.number(), page.compute());
    // START: }
    // SOLUTION END
    finds.into_values().collect()
}
// SOLUTION BEGIN

/// What a visitor has to tell.
enum News {
    Links(Vec<Task>),
    Found(usize, u64),
}

/// Fetches a page and computes it. Its links are told as soon as it has come.
fn visit(task: &Task, news: &Sender<News>) {
    let page = task.fetch();
    news.send(News::Links(page.links())).expect("somebody who listens");
    news.send(News::Found(task.number(), page.compute())).expect("somebody who listens");
}
// SOLUTION END
