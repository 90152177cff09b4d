//! The clients: some who upload pictures on slow lines, and one who asks for the title page.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream};
use tokio::net::TcpStream;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::thumbnail::{BYTES, picture};

/// How many clients upload.
pub const CLIENTS: u32 = 8;

/// How many pictures each of them uploads, one after the other.
pub const UPLOADS: u32 = 4;

/// How long it takes from the first half of a picture to the second: the line is slow.
pub const LINE: Duration = Duration::from_millis(20);

/// How long somebody looks at the title page before asking again.
const BETWEEN_TITLES: Duration = Duration::from_millis(5);

/// How long a client waits for an answer before it gives up.
const PATIENCE: Duration = Duration::from_secs(30);

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
/// If a client cannot connect.
pub async fn ask(server: SocketAddr) -> io::Result<Answers> {
    let picture: Arc<[u8]> = picture().into();
    let mut streams = Vec::new();
    for client in 1..=CLIENTS {
        streams.push((client, TcpStream::connect(server).await?));
    }
    let done = Arc::new(AtomicBool::new(false));
    let titles = tokio::spawn(ask_for_titles(server, Arc::clone(&done)));
    let start = Instant::now();
    let mut clients = JoinSet::new();
    for (client, stream) in streams {
        clients.spawn(upload(client, stream, Arc::clone(&picture)));
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
async fn upload(client: u32, stream: TcpStream, picture: Arc<[u8]>) -> Seen {
    let mut stream = BufStream::new(stream);
    let mut seen = Vec::new();
    for number in 1..=UPLOADS {
        if stage::stopped() {
            break;
        }
        let began = Instant::now();
        let answer = timeout(PATIENCE, upload_one(&mut stream, client, number, &picture)).await;
        seen.push(matches!(answer, Ok(Ok(200))).then(|| began.elapsed()));
    }
    seen
}

async fn upload_one(
    stream: &mut BufStream<TcpStream>,
    client: u32,
    number: u32,
    picture: &[u8],
) -> io::Result<u16> {
    let head = format!(
        "POST /upload/{client}/{number} HTTP/1.1\r\nhost: localhost\r\ncontent-length: {BYTES}\r\n\r\n"
    );
    let (first, second) = picture.split_at(picture.len() / 2);
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(first).await?;
    stream.flush().await?;
    sleep(LINE).await; // stands for a slow line
    stream.write_all(second).await?;
    stream.flush().await?;
    read_answer(stream).await
}

/// Asks for the title page at least once, and until there are no uploads left.
async fn ask_for_titles(server: SocketAddr, done: Arc<AtomicBool>) -> Seen {
    let mut seen = Vec::new();
    loop {
        let began = Instant::now();
        let answer = timeout(PATIENCE, ask_for_title(server)).await;
        seen.push(matches!(answer, Ok(Ok(200))).then(|| began.elapsed()));
        if done.load(Ordering::SeqCst) {
            break seen;
        }
        sleep(BETWEEN_TITLES).await;
    }
}

async fn ask_for_title(server: SocketAddr) -> io::Result<u16> {
    let mut stream = BufStream::new(TcpStream::connect(server).await?);
    stream
        .write_all(b"GET /title HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        .await?;
    stream.flush().await?;
    read_answer(&mut stream).await
}

/// Reads an answer to its end, and returns its status.
async fn read_answer(stream: &mut BufStream<TcpStream>) -> io::Result<u16> {
    let status = read_line(stream).await?;
    let mut length = 0;
    loop {
        let line = read_line(stream).await?.to_ascii_lowercase();
        match line.split_once(": ") {
            Some(("content-length", value)) => length = value.parse().unwrap_or(0),
            Some(_) => {}
            None => break,
        }
    }
    stream.read_exact(&mut vec![0; length]).await?;
    let status = status.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.ok_or_else(|| io::Error::other("an answer without a status"))
}

async fn read_line(stream: &mut BufStream<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(line.trim_end().to_owned()),
    }
}
