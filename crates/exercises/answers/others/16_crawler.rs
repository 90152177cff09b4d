//! Other answers to 16: honest ones first, then wrong ones, each with the mistake that it makes.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::process::ExitCode;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, Scope};

use answers::choose;
use classroom::{Page, Task, Work};
use crossbeam_channel::unbounded;
use tokio::runtime::Builder;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

fn main() -> ExitCode {
    choose(&[
        ("condition", || run(|work| on_threads(work, 4, Task::fetch))),
        ("tokio", || run(on_tokio)),
        ("threads-and-permits", || run(|work| thread_each(work, Permits::before))),
        ("batches", || run(batches)),
        ("lock-around-the-fetch", || run(lock_around_the_fetch)),
        ("ends-when-empty", || run(ends_when_empty)),
        ("two-at-once", || run(|work| on_threads(work, 2, Task::fetch))),
        ("main-fetches-too", || run(main_fetches_too)),
        ("without-bound", || run(|work| thread_each(work, |_, task| task.fetch()))),
        ("permit-after-the-fetch", || run(|work| thread_each(work, Permits::after))),
        ("permit-not-given-back", || run(|work| thread_each(work, Permits::forgotten))),
        ("seen-when-fetched", || run(seen_when_fetched)),
        ("not-noted", || run(not_noted)),
        ("known-pages", || run(known_pages)),
        ("first-links-only", || run(first_links_only)),
        ("as-found", || run(as_found)),
        ("computed-in-turn", || run(computed_in_turn)),
        ("links-after-the-compute", || run(links_after_the_compute)),
    ])
}

type Finds = BTreeMap<usize, u64>;

fn run(crawl: fn(&Work) -> Vec<u64>) -> ExitCode {
    classroom::tasks(13).stage("crawl", crawl).run()
}

/// What several threads know of a web.
#[derive(Default)]
struct Known {
    seen: BTreeSet<usize>,
    queue: VecDeque<Task>,
    visiting: usize,
    finds: Finds,
}

impl Known {
    fn front(work: &Work) -> Known {
        let (seen, queue) = (BTreeSet::from([0]), VecDeque::from([work.front()]));
        Known { seen, queue, ..Known::default() }
    }

    fn add(&mut self, links: Vec<Task>) {
        let new = links.into_iter().filter(|link| self.seen.insert(link.number()));
        self.queue.extend(new.collect::<Vec<Task>>());
    }
}

/// So many threads at one queue, which fetch like this.
fn on_threads(work: &Work, threads: usize, fetch: impl Fn(&Task) -> Page + Sync) -> Vec<u64> {
    at_a_queue(work, threads, |task, tell| {
        let page = fetch(task);
        tell(page.links());
        page.compute()
    })
}

/// So many threads at one queue, which visit a page like this, and tell what links they have found.
fn at_a_queue(
    work: &Work,
    threads: usize,
    visit: impl Fn(&Task, &dyn Fn(Vec<Task>)) -> u64 + Sync,
) -> Vec<u64> {
    let (known, changed) = (Mutex::new(Known::front(work)), Condvar::new());
    let next = || {
        let known = known.lock().expect("no panic");
        let nothing_yet = |known: &mut Known| known.queue.is_empty() && known.visiting > 0;
        let mut known = changed.wait_while(known, nothing_yet).expect("no panic");
        let task = known.queue.pop_front()?;
        known.visiting += 1;
        Some(task)
    };
    let tell = |links| {
        known.lock().expect("no panic").add(links);
        changed.notify_all();
    };
    let visit = |task: Task| {
        let found = visit(&task, &tell);
        let mut known = known.lock().expect("no panic");
        known.finds.insert(task.number(), found);
        known.visiting -= 1;
        changed.notify_all();
    };
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| std::iter::from_fn(next).for_each(visit));
        }
    });
    known.into_inner().expect("no panic").finds.into_values().collect()
}

/// Some permits, and ways to use them.
struct Permits {
    left: Mutex<usize>,
    given_back: Condvar,
}

impl Permits {
    fn take(&self) {
        let left = self.left.lock().expect("no panic");
        let left = self.given_back.wait_while(left, |left| *left == 0);
        *left.expect("no panic") -= 1;
    }

    fn give_back(&self) {
        *self.left.lock().expect("no panic") += 1;
        self.given_back.notify_one();
    }

    fn before(&self, task: &Task) -> Page {
        self.take();
        let page = task.fetch();
        self.give_back();
        page
    }

    fn after(&self, task: &Task) -> Page {
        let page = task.fetch();
        self.take();
        self.give_back();
        page
    }

    fn forgotten(&self, task: &Task) -> Page {
        self.take();
        task.fetch()
    }
}

/// A thread for each page, which fetches like this.
fn thread_each(work: &Work, fetch: fn(&Permits, &Task) -> Page) -> Vec<u64> {
    struct Web {
        permits: Permits,
        known: Mutex<Known>,
        fetch: fn(&Permits, &Task) -> Page,
    }
    fn visit<'a>(scope: &'a Scope<'a, '_>, web: &'a Web, task: &Task) {
        let page = (web.fetch)(&web.permits, task);
        let mut known = web.known.lock().expect("no panic");
        known.add(page.links());
        for task in std::mem::take(&mut known.queue) {
            scope.spawn(move || visit(scope, web, &task));
        }
        drop(known);
        let found = page.compute();
        web.known.lock().expect("no panic").finds.insert(task.number(), found);
    }
    let permits = Permits { left: Mutex::new(4), given_back: Condvar::new() };
    let known = Mutex::new(Known { seen: BTreeSet::from([0]), ..Known::default() });
    let web = Web { permits, known, fetch };
    thread::scope(|scope| visit(scope, &web, &work.front()));
    web.known.into_inner().expect("no panic").finds.into_values().collect()
}

// Honest.

fn on_tokio(work: &Work) -> Vec<u64> {
    async fn fetch(task: Task, permits: Arc<Semaphore>) -> (Task, Page) {
        let _permit = permits.acquire().await.expect("a permit");
        let page = task.fetch_async().await;
        (task, page)
    }
    let runtime = Builder::new_multi_thread().worker_threads(2).build().expect("a runtime");
    runtime.block_on(async {
        let (permits, mut known) = (Arc::new(Semaphore::new(4)), Known::front(work));
        let (mut fetches, mut computes) = (JoinSet::new(), JoinSet::new());
        loop {
            for task in known.queue.drain(..) {
                fetches.spawn(fetch(task, Arc::clone(&permits)));
            }
            tokio::select! {
                Some(fetched) = fetches.join_next() => {
                    let (task, page) = fetched.expect("a page");
                    known.add(page.links());
                    computes.spawn(async move { (task.number(), page.compute()) });
                }
                Some(found) = computes.join_next() => known.finds.extend([found.expect("a find")]),
                else => return known.finds.into_values().collect(),
            }
        }
    })
}

// Wrong: not four at once.

/// The next four wait for the slowest of these.
fn batches(work: &Work) -> Vec<u64> {
    let mut known = Known::front(work);
    while !known.queue.is_empty() {
        let four: Vec<Task> = known.queue.drain(..known.queue.len().min(4)).collect();
        let pages: Vec<Page> = thread::scope(|scope| {
            let handles: Vec<_> = four.iter().map(|task| scope.spawn(|| task.fetch())).collect();
            handles.into_iter().map(|handle| handle.join().expect("a page")).collect()
        });
        pages.iter().for_each(|page| known.add(page.links()));
        let finds = thread::scope(|scope| {
            let handles: Vec<_> =
                pages.into_iter().map(|page| scope.spawn(|| page.compute())).collect();
            handles.into_iter().map(|it| it.join().expect("a find")).collect::<Vec<u64>>()
        });
        known.finds.extend(four.iter().map(Task::number).zip(finds));
    }
    known.finds.into_values().collect()
}

/// While a page is waited for here, the three others get nothing new to fetch.
fn main_fetches_too(work: &Work) -> Vec<u64> {
    let (mut known, mut finds) = (Known::front(work), BTreeMap::new());
    let (give, given) = unbounded::<Task>();
    let (came, comes) = unbounded();
    for (given, came) in vec![(given, came); 3] {
        let fetch = move |task: Task| came.send((task.number(), task.fetch()));
        thread::spawn(move || given.iter().try_for_each(fetch));
    }
    let mut under_way = 0;
    loop {
        let tasks = known.queue.drain(..known.queue.len().min(3 - under_way));
        under_way += tasks.map(|task| give.send(task).expect("a fetcher")).count();
        let mut pages = Vec::new();
        match known.queue.pop_front() {
            Some(task) => pages.push((task.number(), task.fetch())),
            None if under_way == 0 => break,
            None => {
                under_way -= 1;
                pages.push(comes.recv().expect("a fetcher"));
            }
        }
        let here = pages.len();
        pages.extend(comes.try_iter());
        under_way -= pages.len() - here;
        for (number, page) in pages {
            known.add(page.links());
            finds.insert(number, thread::spawn(move || page.compute()));
        }
    }
    finds.into_values().map(|handle| handle.join().expect("a find")).collect()
}

fn lock_around_the_fetch(work: &Work) -> Vec<u64> {
    let lock = Mutex::new(());
    on_threads(work, 4, |task| {
        let _guard = lock.lock().expect("no panic");
        task.fetch()
    })
}

/// The front page is taken, the queue is empty, and three of four threads think that this was all.
fn ends_when_empty(work: &Work) -> Vec<u64> {
    let known = Mutex::new(Known::front(work));
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                let next = || known.lock().expect("no panic").queue.pop_front();
                for task in std::iter::from_fn(next) {
                    let page = task.fetch();
                    known.lock().expect("no panic").add(page.links());
                    let found = page.compute();
                    known.lock().expect("no panic").finds.insert(task.number(), found);
                }
            });
        }
    });
    known.into_inner().expect("no panic").finds.into_values().collect()
}

// Wrong: not each page once.

/// Until a page is fetched, every link to it is new.
fn seen_when_fetched(work: &Work) -> Vec<u64> {
    let mut known = Known { seen: BTreeSet::new(), ..Known::front(work) };
    while let Some(task) = known.queue.pop_front() {
        known.seen.insert(task.number());
        let page = task.fetch();
        let new = page.links().into_iter().filter(|link| !known.seen.contains(&link.number()));
        known.queue.extend(new);
        known.finds.insert(task.number(), page.compute());
    }
    known.finds.into_values().collect()
}

/// All links of a page are looked at first, and noted then: what two pages link to is new to both.
fn not_noted(work: &Work) -> Vec<u64> {
    let mut known = Known::front(work);
    while !known.queue.is_empty() {
        let tasks: Vec<Task> = known.queue.drain(..).collect();
        let pages: Vec<Page> = thread::scope(|scope| {
            let handles: Vec<_> = tasks.iter().map(|task| scope.spawn(|| task.fetch())).collect();
            handles.into_iter().map(|handle| handle.join().expect("a page")).collect()
        });
        let links = pages.iter().flat_map(Page::links);
        let new: Vec<Task> = links.filter(|link| !known.seen.contains(&link.number())).collect();
        known.seen.extend(new.iter().map(Task::number));
        known.queue.extend(new);
        let finds: Vec<u64> = pages.into_iter().map(Page::compute).collect();
        known.finds.extend(tasks.iter().map(Task::number).zip(finds));
    }
    known.finds.into_values().collect()
}

/// They are all there, if one does not look for them by links.
fn known_pages(work: &Work) -> Vec<u64> {
    let tasks = work.tasks();
    thread::scope(|scope| {
        let handles: Vec<_> =
            tasks.iter().map(|task| scope.spawn(|| task.fetch().compute())).collect();
        handles.into_iter().map(|handle| handle.join().expect("a find")).collect()
    })
}

fn first_links_only(work: &Work) -> Vec<u64> {
    let mut known = Known::front(work);
    while let Some(task) = known.queue.pop_front() {
        let page = task.fetch();
        known.add(page.links().into_iter().take(1).collect());
        known.finds.insert(task.number(), page.compute());
    }
    known.finds.into_values().collect()
}

// Wrong: not in order, or on one core.

fn as_found(work: &Work) -> Vec<u64> {
    let (mut known, mut finds) = (Known::front(work), Vec::new());
    while let Some(task) = known.queue.pop_back() {
        let page = task.fetch();
        known.add(page.links());
        finds.push(page.compute());
    }
    finds
}

/// Four fetch at once, and take turns to compute.
fn computed_in_turn(work: &Work) -> Vec<u64> {
    let turn = Mutex::new(());
    at_a_queue(work, 4, |task, tell| {
        let page = task.fetch();
        tell(page.links());
        let _turn = turn.lock().expect("no panic");
        page.compute()
    })
}

/// What could be fetched meanwhile is known, and kept back.
fn links_after_the_compute(work: &Work) -> Vec<u64> {
    at_a_queue(work, 4, |task, tell| {
        let page = task.fetch();
        let links = page.links();
        let found = page.compute();
        tell(links);
        found
    })
}
