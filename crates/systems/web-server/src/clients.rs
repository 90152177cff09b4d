//! The clients of a day: some who upload pictures on slow lines, and one who asks for the title page.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use stage::runtime::one_thread;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::line::Line;
use crate::thumbnail::picture;

/// How many clients upload.
pub const CLIENTS: u32 = 8;

/// How many pictures each of them uploads, one after the other.
pub const UPLOADS: u32 = 4;

/// How long somebody looks at the title page before asking again.
const BETWEEN_TITLES: Duration = Duration::from_millis(5);

/// What the clients saw.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// From when all could begin until the last upload was answered.
    pub all: Duration,
    /// How long each upload took, from its first byte to the end of its answer.
    pub uploads: Vec<Duration>,
    /// How long each title page took, connecting included.
    pub titles: Vec<Duration>,
    /// How many requests were not answered with success.
    pub failed: usize,
}

/// Has all clients ask what they have to ask.
///
/// Those who upload are all connected when the first of them begins, in the order of their numbers.
///
/// # Errors
///
/// A sentence, if a client cannot connect.
///
/// # Panics
///
/// If a client does.
pub fn ask(server: SocketAddr) -> Result<Answers, String> {
    one_thread()?.block_on(ask_all(server))
}

async fn ask_all(server: SocketAddr) -> Result<Answers, String> {
    let picture: Arc<[u8]> = picture().into();
    let mut lines = Vec::new();
    for client in 1..=CLIENTS {
        let mut line = Line::to(server);
        line.open().await.map_err(|error| format!("a client cannot connect: {error}"))?;
        lines.push((client, line));
    }
    let done = Arc::new(AtomicBool::new(false));
    let titles = tokio::spawn(ask_for_titles(server, Arc::clone(&done)));
    let start = Instant::now();
    let mut clients = JoinSet::new();
    for (client, line) in lines {
        clients.spawn(upload(client, line, Arc::clone(&picture)));
    }
    let mut answers = Answers::default();
    while let Some(seen) = clients.join_next().await {
        answers.take(seen.expect("a client to the end"), |answers| &mut answers.uploads);
    }
    answers.all = start.elapsed();
    done.store(true, Ordering::SeqCst);
    answers.take(titles.await.expect("a client to the end"), |answers| &mut answers.titles);
    Ok(answers)
}

/// How long each request of a client took; nothing for one that was not answered as it should be.
type Seen = Vec<Option<Duration>>;

impl Answers {
    fn take(&mut self, seen: Seen, list: fn(&mut Answers) -> &mut Vec<Duration>) {
        self.failed += seen.iter().filter(|time| time.is_none()).count();
        list(self).extend(seen.into_iter().flatten());
    }
}

/// Uploads pictures, one after the other, until somebody presses Ctrl-C.
async fn upload(client: u32, mut line: Line, picture: Arc<[u8]>) -> Seen {
    let mut seen = Vec::new();
    for number in 1..=UPLOADS {
        if stage::stopped() {
            break;
        }
        let began = Instant::now();
        let is_answered = line.upload((client, number), &picture).await;
        seen.push(is_answered.then(|| began.elapsed()));
    }
    seen
}

/// Asks for the title page at least once, and until there are no uploads left.
async fn ask_for_titles(server: SocketAddr, done: Arc<AtomicBool>) -> Seen {
    let mut seen = Vec::new();
    loop {
        let began = Instant::now();
        let is_answered = Line::to(server).title().await;
        seen.push(is_answered.then(|| began.elapsed()));
        if done.load(Ordering::SeqCst) {
            break seen;
        }
        sleep(BETWEEN_TITLES).await;
    }
}
