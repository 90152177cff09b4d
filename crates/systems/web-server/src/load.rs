//! The server under load: how long does who wants little wait, where many do?
//!
//! So many connections ask for the title page, each of them again as soon as it is answered, while eight
//! clients upload pictures as they do on any [day](crate::clients). Who measures is a stranger, [`wrk`],
//! where it is installed, and [`own`] clients where it is not.
//!
//! Nobody who measures should be believed without a check. [`Seen::law`] is one: **Little's law**, that
//! in any system there are on average as many requests in progress as come in a second, times the seconds
//! that each of them takes. It holds for any server, in whatever order that serves
//! ([J. D. C. Little, 1961](https://doi.org/10.1287/opre.9.3.383)). How many are in progress is known here:
//! one a connection. So rate × mean must come to the number of connections; where it does not, the times are
//! not those of all who asked.
//!
//! What the law cannot tell is how it would be if people did not wait for each other's answers. Whoever waits
//! for an answer asks nothing meanwhile. A second in which the server stands still therefore costs each
//! connection *one* slow answer, and not the hundreds that others would have asked for in that second: such a
//! load is too kind to the 99th percentile. (Gil Tene calls it [coordinated
//! omission](https://github.com/giltene/wrk2).)

use std::net::SocketAddr;
use std::ops::RangeInclusive;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use stage::runtime::one_thread;
use tokio::task::JoinSet;

use crate::clients::{CLIENTS, UPLOADS};
use crate::day::Day;
use crate::line::Line;
use crate::server::MOST;
use crate::thumbnail::picture;
use crate::{How, serve};

pub mod command;
mod middle;
pub mod own;
pub mod wrk;

/// Who asks for the title page, and says how long it took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Client {
    /// Somebody else's program.
    Wrk,
    /// Ours.
    Own,
}

impl Client {
    /// Its name.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Client::Wrk => "wrk",
            Client::Own => "own",
        }
    }
}

/// How much is asked of a server.
#[derive(Clone, Copy, Debug)]
pub struct Load {
    /// By whom.
    pub client: Client,
    /// On how many connections at once.
    pub connections: u32,
    /// For how long.
    pub time: Duration,
}

impl Load {
    /// How many ends of connections there are here: those of the clients, and the server's.
    fn ends(self) -> u64 {
        let clients = u64::from(self.connections + CLIENTS);
        clients + clients.min(MOST as u64 + 1)
    }
}

/// What those saw who asked for the title page. Times are in milliseconds.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    /// How many answers there were a second.
    pub rate: f64,
    /// How long an answer took on average.
    pub mean: f64,
    /// How long half of them took at most.
    pub median: f64,
    /// How long 99 of 100 took at most.
    pub percentile: f64,
    /// How long the slowest took.
    pub worst: f64,
    /// How many requests were not answered with success.
    pub failed: u64,
    /// What rate × mean can be a connection, if the times are those of all who asked.
    pub possible: RangeInclusive<f64>,
}

/// What rate × mean may be off by for no reason: who measures also has to read and write.
pub const SLACK: f64 = 0.05;

/// What became of a load.
#[derive(Clone, Debug)]
pub struct Measured {
    /// What those saw who asked for the title page.
    pub titles: Seen,
    /// How many pictures were answered a second meanwhile.
    pub uploads: f64,
    /// How many were not answered with success.
    pub failed_uploads: u64,
}

/// Rate × mean beside what it should be.
#[derive(Clone, Debug, PartialEq)]
pub struct Law {
    /// How many requests were in progress on average, by rate and mean.
    pub in_progress: f64,
    /// By how many there were connections.
    pub connections: f64,
    /// Whether the two agree.
    pub holds: bool,
}

impl Seen {
    /// Holds Little's law against what was seen of so many connections.
    #[must_use]
    pub fn law(&self, connections: u32) -> Law {
        let connections = f64::from(connections);
        let in_progress = self.rate * self.mean / 1e3;
        let holds = self.possible.contains(&(in_progress / connections));
        Law { in_progress, connections, holds }
    }
}

/// Serves in this way, on a thread of its own, until the load is over.
///
/// # Errors
///
/// A sentence, where the server or who loads it lacks something.
///
/// # Panics
///
/// If the server or a client does.
pub fn measure(how: How, load: Load) -> Result<Measured, String> {
    let mut day = Day::begin(0, None, move |server| one_thread()?.block_on(ask(server, load)))?;
    day.prints = false;
    // A way may keep its thread to one core, and whom that starts; the next way shall have them all.
    thread::spawn(move || serve(how, day)).join().expect("a server to the end")
}

/// Has everybody ask, until the time is over.
async fn ask(server: SocketAddr, load: Load) -> Result<Measured, String> {
    let end = Instant::now() + load.time;
    let picture: Arc<[u8]> = picture().into();
    let mut clients = JoinSet::new();
    for client in 1..=CLIENTS {
        clients.spawn(upload(server, client, Arc::clone(&picture), end));
    }
    let titles = match load.client {
        Client::Own => own::ask(server, load, end).await,
        Client::Wrk => wrk::ask(server, load).await?,
    };
    let uploads = clients.join_all().await;
    let answered: u32 = uploads.iter().map(|(answered, _)| answered).sum();
    Ok(Measured {
        titles,
        uploads: f64::from(answered) / load.time.as_secs_f64(),
        failed_uploads: uploads.iter().map(|(_, failed)| failed).sum(),
    })
}

/// Uploads pictures one after the other until it is time, or one is not answered; returns how many were, and
/// were not. A client of many comes anew with each picture, as if it were many clients.
async fn upload(server: SocketAddr, client: u32, picture: Arc<[u8]>, end: Instant) -> (u32, u64) {
    let mut answered = 0;
    for number in (1..=UPLOADS).cycle().take_while(|_| !is_over(end)) {
        if !Line::to(server).upload((client, number), &picture).await {
            return (answered, 1);
        }
        answered += 1;
    }
    (answered, 0)
}

/// Whether it is time to stop, or somebody has pressed Ctrl-C.
fn is_over(end: Instant) -> bool {
    Instant::now() >= end || stage::stopped()
}
