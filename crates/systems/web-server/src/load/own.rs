//! Clients of our own, who forget nobody: each time is from when somebody wanted the page until it was there,
//! connecting and waiting at the door included, also of those who are answered only after the end.
//!
//! Of these clients Little's law holds nearly by construction. Each of them wants the next page as soon as it
//! has the one before, so its times lie end to end and add up to the whole load; rate and mean are made of the
//! same answers, and the number of these cancels out. So the law says little about the server here, and nothing
//! about whether each single time is right. What the check can still find are holes: a client that gave up
//! early, or does something between two requests that is in no time, and times that were lost on their way into
//! the histogram. With [`wrk`](super::wrk) it can fail in earnest, and has: who waits for a connection is in
//! none of its times, nor is who still waits for an answer in the end.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use stage::Times;
use tokio::task::JoinSet;

use super::{Load, SLACK, Seen, is_over};
use crate::line::Line;

/// Has so many clients ask for the title page until it is time.
///
/// # Panics
///
/// If a client does.
pub async fn ask(server: SocketAddr, load: Load, end: Instant) -> Seen {
    let start = Instant::now();
    let mut clients = JoinSet::new();
    for _ in 0..load.connections {
        clients.spawn(ask_again_and_again(server, start, end));
    }
    let clients = clients.join_all().await;
    let lasted = (end - start).min(start.elapsed());
    let times = || clients.iter().flat_map(|client| &client.times).copied();
    let late: Duration = clients.iter().map(|client| client.late).sum();
    let all = lasted * load.connections;
    let told: Times = times().collect();
    Seen {
        rate: times().count() as f64 / lasted.as_secs_f64(),
        mean: told.mean(),
        median: told.quantile(0.5),
        percentile: told.quantile(0.99),
        worst: told.worst(),
        failed: clients.iter().filter(|client| client.has_failed).count() as u64,
        possible: 1.0 - SLACK..=1.0 + SLACK + late.div_duration_f64(all),
    }
}

/// What one client saw.
struct Client {
    /// How long each answer took.
    times: Vec<Duration>,
    /// How much of that was after the end.
    late: Duration,
    /// Whether the last one was none.
    has_failed: bool,
}

async fn ask_again_and_again(server: SocketAddr, start: Instant, end: Instant) -> Client {
    let mut line = Line::to(server);
    let (mut began, mut times) = (start, Vec::new());
    loop {
        let has_failed = !line.title().await;
        let now = Instant::now();
        times.push(now - began);
        if has_failed || is_over(end) {
            break Client { times, late: now.saturating_duration_since(end), has_failed };
        }
        began = Instant::now();
    }
}
