//! A crawl, from its first address to its report.

use std::net::TcpListener;
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use lab::task::Task;
use robotxt::{AccessResult, Robots};
use stage::runtime::{listen, one_thread};
use tokio::runtime::{Handle, Runtime};
use tokio::sync::{Notify, oneshot};
use tokio::task::JoinSet;
use url::Url;

use crate::fetch::{Fetched, Fetcher, PATIENCE};
use crate::frontier::{Frontier, Next};
use crate::made;
use crate::page::{Page, Reading};
use crate::report::{Entry, Report, name};
use crate::server::{Server, Witness, serve};
use crate::site::Site;
use crate::tree;

/// How many requests a host has in progress at once, at most.
pub const AT_ONCE: usize = 8;

/// Who asks for addresses, each for one after the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Workers {
    /// So many tasks.
    Tasks(usize),
    /// So many threads.
    Threads(usize),
}

/// A site to crawl, and a port for it: all that a way of crawling has to begin with.
#[derive(Debug)]
pub struct Crawl {
    listener: TcpListener,
    server: Server,
    first: Vec<Url>,
    patience: Duration,
}

/// What came of a crawl.
#[derive(Clone, Debug)]
pub struct Crawled {
    /// What was found.
    pub report: Report,
    /// From the first request until the last answer was read.
    pub took: Duration,
    /// What the hosts say.
    pub witness: Witness,
}

impl Crawl {
    /// The made hosts, and the real tree where there is one, on this port of the loopback interface: 0 is
    /// any that is free.
    ///
    /// # Errors
    ///
    /// A sentence, where the port is taken.
    pub fn begin(port: u16) -> Result<Crawl, String> {
        let tree = tree::folder().and_then(|folder| tree::host(&folder, tree::MOST));
        if tree.is_none() {
            eprintln!(
                "There is no documentation to crawl besides: `cargo doc --workspace --no-deps` writes it."
            );
        }
        let hosts = made::HOSTS.map(|name| (name.to_owned(), made::host(name)));
        let tree = tree.map(|host| (tree::HOST.to_owned(), host));
        let first = made::HOSTS.into_iter().chain(tree.is_some().then_some(tree::HOST));
        let first = first.map(|name| format!("http://{name}/")).collect::<Vec<_>>();
        Crawl::of(Site::of(hosts.into_iter().chain(tree)), &first, port, PATIENCE)
    }

    /// Another site, which is crawled from these addresses with so much patience for each request.
    ///
    /// # Errors
    ///
    /// A sentence, where the port is taken, or one of these is no address.
    pub fn of(
        site: Site,
        first: &[String],
        port: u16,
        patience: Duration,
    ) -> Result<Crawl, String> {
        let url = |url: &String| Url::parse(url).map_err(|error| format!("{url}: {error}"));
        let first = first.iter().map(url).collect::<Result<_, _>>()?;
        Ok(Crawl { listener: listen(port)?, server: Server::of(site), first, patience })
    }

    /// Crawls until all has been found, with these workers, each of which is at one address at a time.
    ///
    /// # Errors
    ///
    /// A sentence, where the system lacks something.
    ///
    /// # Panics
    ///
    /// If a worker does.
    pub fn go(
        self,
        threads: &Runtime,
        workers: Workers,
        reading: Reading,
    ) -> Result<Crawled, String> {
        let failed = |error: std::io::Error| format!("the site cannot be served: {error}");
        let address = self.listener.local_addr().map_err(failed)?;
        let server = Arc::new(self.server);
        let (over, end) = oneshot::channel();
        let (listener, served) = (self.listener, Arc::clone(&server));
        // The hosts have a thread of their own, as if they were elsewhere.
        let hosts = thread::Builder::new().name("hosts".into()).spawn(move || {
            one_thread()?.block_on(async {
                let listener = tokio::net::TcpListener::from_std(listener).map_err(failed)?;
                serve(listener, served, end).await;
                Ok::<_, String>(())
            })
        });
        let hosts = hosts.map_err(failed)?;
        let mut frontier = Frontier::new(AT_ONCE);
        self.first.into_iter().for_each(|url| frontier.begin(url));
        let crawler = Crawler::new(Fetcher::new(address, self.patience), frontier, reading);
        let start = Instant::now();
        let report = threads.block_on(crawler.crawl(workers));
        let took = start.elapsed();
        drop(over);
        hosts.join().expect("hosts to the end")?;
        Ok(Crawled { report, took, witness: server.witness() })
    }
}

/// What all workers of a crawl share.
struct Crawler {
    fetcher: Fetcher,
    frontier: Mutex<Frontier>,
    /// Tells workers that there may be something to do.
    news: Notify,
    reading: Reading,
    report: Mutex<Report>,
}

impl Crawler {
    fn new(fetcher: Fetcher, frontier: Frontier, reading: Reading) -> Crawler {
        let (news, report) = Default::default();
        Crawler { fetcher, frontier: Mutex::new(frontier), news, reading, report }
    }

    /// Sends workers out, and waits for all of them.
    async fn crawl(self, workers: Workers) -> Report {
        let crawler = Arc::new(self);
        let mut all = JoinSet::new();
        let work = || Arc::clone(&crawler).work();
        match workers {
            Workers::Tasks(tasks) => (0..tasks).for_each(|_| drop(all.spawn(work()))),
            Workers::Threads(threads) => (0..threads).for_each(|_| {
                let (handle, work) = (Handle::current(), work());
                all.spawn_blocking(move || handle.block_on(work));
            }),
        }
        all.join_all().await;
        let mut report = crawler.report().clone();
        for url in crawler.frontier().forbidden() {
            report.tell(url, Entry::Forbidden);
        }
        report
    }

    fn frontier(&self) -> MutexGuard<'_, Frontier> {
        self.frontier.lock().expect("nobody panics with the frontier")
    }

    fn report(&self) -> MutexGuard<'_, Report> {
        self.report.lock().expect("nobody panics with the report")
    }

    /// Asks for one address after the other, as long as there is any.
    async fn work(self: Arc<Crawler>) {
        loop {
            // Whoever looks first and listens then could miss what comes between.
            let news = self.news.notified();
            let next = if stage::stopped() { Next::Over } else { self.frontier().take() };
            match next {
                Next::Rules(url) => self.rules(&url).await,
                Next::Page(url) => self.page(&url).await,
                Next::Wait => news.await,
                Next::Over => break self.news.notify_waiters(),
            }
        }
    }

    /// Asks a host for its rules.
    async fn rules(&self, url: &Url) {
        let task = start(url);
        let fetched = self.fetch(task, url).await;
        let access = match &fetched {
            Fetched::Body(_, bytes) => AccessResult::Successful(bytes),
            Fetched::Moved(_) => AccessResult::TooManyRedirects,
            Fetched::Refused(_) => AccessResult::Unavailable,
            Fetched::GivenUp(_) => AccessResult::Unreachable,
        };
        let rules = Robots::from_access(access, "web-crawler");
        let entry = match fetched {
            Fetched::Body(..) => Entry::Rules,
            other => self.entry(task, url, other).await,
        };
        self.tell(task, url, entry);
        self.frontier().rules(url, rules);
        self.news.notify_waiters();
    }

    /// Asks for an address, and tells the frontier what it leads to.
    async fn page(&self, url: &Url) {
        let task = start(url);
        let fetched = self.fetch(task, url).await;
        let entry = self.entry(task, url, fetched).await;
        let found = match &entry {
            Entry::Page(page) => page.links.clone(),
            Entry::Moved(to) => vec![to.clone()],
            _ => Vec::new(),
        };
        self.tell(task, url, entry);
        let mut frontier = self.frontier();
        found.into_iter().for_each(|url| frontier.found(url));
        frontier.page(url);
        drop(frontier);
        self.news.notify_waiters();
    }

    async fn fetch(&self, task: Task, url: &Url) -> Fetched {
        let _waiting = task.waits_for("host");
        self.fetcher.fetch(url).await
    }

    /// What the report has of what was fetched. Pages are read for that.
    async fn entry(&self, task: Task, url: &Url, fetched: Fetched) -> Entry {
        match fetched {
            Fetched::Body(kind, body) if kind.starts_with("text/html") => {
                let page: Page = self.reading.read(task, url, body).await;
                Entry::Page(page)
            }
            Fetched::Body(kind, body) => Entry::File(kind, body.len()),
            Fetched::Moved(to) => Entry::Moved(to),
            Fetched::Refused(number) => Entry::Refused(number),
            Fetched::GivenUp(why) => Entry::GivenUp(why),
        }
    }

    /// Tells what there is at an address, and ends the task that it was.
    fn tell(&self, task: Task, url: &Url, entry: Entry) {
        // What the real tree has depends on the machine, and is thousands of lines.
        if url.host_str() != Some(tree::HOST) {
            task.say(format_args!("{} - {entry}", name(url)));
        }
        self.report().tell(url, entry);
        task.end();
    }
}

/// Starts the task of asking for an address.
fn start(url: &Url) -> Task {
    Task::start(if url.host_str() == Some(tree::HOST) { "doc" } else { "page" })
}
