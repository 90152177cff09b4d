//! **A web server that makes thumbnails.** Pictures come up slow lines, and each has to be computed with.
//! Who waits for whom?
//!
//! Eight clients upload four pictures each, one after the other. A line is slow: from the first half of a
//! picture to the second it takes 20 ms. Then the server makes a thumbnail of it, which takes about as long
//! and needs a core, and keeps that in a database. Meanwhile somebody else asks again and again for
//! the title page, which costs nothing.
//!
//! 1. [`server`]: connections, requests and answers, with [hyper](https://docs.rs/hyper);
//! 2. [`thumbnail`]: the compute, in one piece or in bands; [`compute`]: which thread does it;
//! 3. [`store`]: the database, [redb](https://docs.rs/redb); [`clients`], each with a [line](mod@line);
//! 4. [`day`]: a server, its clients, and the end of both;
//! 5. [`load`]: the same server with a thousand clients, beside a law that holds for any server.
//!
//! The ways differ in how many connections the server attends to at once, and in who computes:
//!
//! 1. [`neither`]: one connection at a time, on one core;
//! 2. [`concurrent_only`]: all connections, one thread, one core: the lines' waits overlap;
//! 3. [`parallel_only`]: one connection at a time, its thumbnail on all cores;
//! 4. [`both`]: one thread waits for all connections, and others compute;
//! 5. [`waiting_threads`]: as many threads as cores, all of which wait *and* compute.
//!
//! Predict: the last two use all cores, and are about as soon done with all pictures. Whom would you
//! rather ask for the title page?
//!
//! And where a thousand ask for it at once? `cargo run -p web-server -- load` measures that.
//!
//! Change: in [`both`], `Compute::Elsewhere` to `Compute::Here`.
//!
//! Then: *concurrent only*, and the title page waits again behind the thumbnails.
//!
//! Answer: `both`. A thread that computes answers nobody. Where all threads that wait may be computing, the
//! cheapest answer takes as long as the dearest.

use std::path::Path;
use std::time::Duration;

use stage::{Options, System, Times, Way};

pub mod both;
pub mod clients;
pub mod compute;
pub mod concurrent_only;
pub mod day;
pub mod line;
pub mod load;
pub mod neither;
pub mod parallel_only;
pub mod server;
pub mod store;
pub mod thumbnail;
pub mod waiting_threads;

use clients::Answers;
use day::Day;

/// The system, for its command line.
pub const SYSTEM: System<How> = System {
    name: "web-server",
    summary: "A web server that makes thumbnails: who waits for whom?",
    ways: &[
        Way::new(How::Neither, "neither", "one connection at a time, on one core"),
        Way::new(How::ConcurrentOnly, "concurrent-only", "all connections, one thread, one core"),
        Way::new(How::ParallelOnly, "parallel-only", "one connection at a time, on all cores"),
        Way::new(How::Both, "both", "one thread waits, others compute"),
        Way::new(How::WaitingThreads, "waiting-threads", "all threads wait, and compute as well"),
    ],
    leaves: "the database",
    listens: true,
    extras: &[],
    run,
};

/// How it serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// One connection at a time, on one core.
    Neither,
    /// All connections, on one thread.
    ConcurrentOnly,
    /// One connection at a time, its compute on all cores.
    ParallelOnly,
    /// All connections on one thread, compute on others.
    Both,
    /// All connections on several threads, which compute as well.
    WaitingThreads,
}

fn run(how: How, options: &Options) -> Result<(), String> {
    let answers = serve(how, Day::begin(options.port, options.out.as_deref(), clients::ask)?)?;
    tell(&answers);
    match answers.failed {
        0 => Ok(()),
        failed => Err(format!("{failed} requests were not answered as they should have been")),
    }
}

/// Serves a day in one of the ways, and returns what its clients saw.
fn serve<S: Send + 'static>(how: How, day: Day<S>) -> Result<S, String> {
    match how {
        How::Neither => neither::run(day),
        How::ConcurrentOnly => concurrent_only::run(day),
        How::ParallelOnly => parallel_only::run(day),
        How::Both => both::run(day),
        How::WaitingThreads => waiting_threads::run(day),
    }
}

/// Tells what those felt who asked.
fn tell(answers: &Answers) {
    let milliseconds = |time: Duration| time.as_secs_f64() * 1e3;
    stage::figure("all answered", milliseconds(answers.all), "ms");
    let uploads: Times = answers.uploads.iter().copied().collect();
    stage::figure("median upload", uploads.quantile(0.5), "ms");
    stage::figure("99th percentile", uploads.quantile(0.99), "ms");
    let worst = answers.titles.iter().copied().max().unwrap_or_default();
    stage::figure("worst title page", milliseconds(worst), "ms");
}

/// Says what is wrong with a file or a folder.
fn cannot(what: &str, path: &Path, error: impl std::fmt::Display) -> String {
    format!("{} {what}: {error}", path.display())
}
