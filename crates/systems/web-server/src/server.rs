//! The server: connections, requests and answers.

use std::convert::Infallible;
use std::fmt;
use std::future::ready;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::header::{CONNECTION, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use lab::task::Task;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, oneshot};
use tokio::time::{sleep, timeout};
use tokio_io_timeout::TimeoutStream;

use crate::compute::Compute;
use crate::store::{Key, Store};
use crate::thumbnail::BYTES;

/// How many connections there are at most. Who comes then waits at the door, and is not turned away.
pub const MOST: usize = 256;

/// How many answers a connection has had when its turn is over. Then it is closed, if somebody waits at the
/// door, so that everybody comes in at last, however much those inside have to ask.
pub const TURN: usize = 8;

/// How long a client may take for what it has to say, and for what it is told. Who says half of it, or
/// does not listen, keeps nobody for longer.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// To how many connections the server attends at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connections {
    /// To one, until its client has had enough, or its turn is over.
    OneAtATime,
    /// To all that there is room for.
    AllAtOnce,
}

impl Connections {
    /// How many that are.
    #[must_use]
    pub fn most(self) -> usize {
        match self {
            Connections::OneAtATime => 1,
            Connections::AllAtOnce => MOST,
        }
    }
}

/// What answers requests.
#[derive(Debug)]
pub struct Server {
    /// Where thumbnails are kept.
    pub store: Store,
    /// Who makes them.
    pub compute: Compute,
    /// Where connections have their places.
    pub room: Room,
    /// How long a client may take.
    pub patience: Duration,
    /// Whether each upload prints its lines.
    pub prints: bool,
}

/// Serves until it is told to end, and then answers what has been asked.
pub async fn serve(listener: TcpListener, server: Arc<Server>, mut end: oneshot::Receiver<()>) {
    let guests = GracefulShutdown::new();
    loop {
        let (stream, place) = tokio::select! {
            guest = server.room.guest(&listener) => guest,
            _ = &mut end => break,
        };
        let attended = guests.watch(attend(stream, Arc::clone(&server)));
        tokio::spawn(async {
            // Who hangs up has told us all that there is to say about it.
            let _hung_up = attended.await;
            drop(place);
        });
    }
    drop(listener); // who waits at the door need not wait any longer
    guests.shutdown().await;
}

/// A room with places for connections, and a door.
#[derive(Debug)]
pub struct Room {
    places: Arc<Semaphore>,
    /// Whether somebody has had to wait for a place, and since then there has always been somebody at the
    /// door. (That there is no place free just now says little: whoever waits for it may have it already.)
    is_crowded: AtomicBool,
}

impl Room {
    /// A room with so many places.
    #[must_use]
    pub fn with_places(most: usize) -> Room {
        Room { places: Arc::new(Semaphore::new(most)), is_crowded: AtomicBool::new(false) }
    }

    /// The next one who comes in, and a place. Who is in the doorway until there is one keeps the door shut.
    async fn guest(&self, door: &TcpListener) -> (TcpStream, OwnedSemaphorePermit) {
        let stream = tokio::select! {
            biased;
            stream = accept(door) => stream,
            () = ready(()) => {
                self.is_crowded.store(false, Ordering::Relaxed);
                accept(door).await
            }
        };
        if self.places.available_permits() == 0 {
            self.is_crowded.store(true, Ordering::Relaxed);
        }
        let place = Arc::clone(&self.places).acquire_owned().await.expect("it is never closed");
        (stream, place)
    }
}

/// The next one who comes to the door.
async fn accept(door: &TcpListener) -> TcpStream {
    /// Until when somebody may have left who had the file or the memory that a connection lacked.
    const SOON: Duration = Duration::from_millis(10);
    loop {
        match door.accept().await {
            Ok((stream, _)) => break stream,
            Err(_) => sleep(SOON).await,
        }
    }
}

/// Answers the requests of one connection, until its client has had enough, takes too long, or has had its
/// turn.
fn attend(stream: TcpStream, server: Arc<Server>) -> impl GracefulConnection<Error = hyper::Error> {
    let patience = server.patience;
    let answered = AtomicUsize::new(0);
    let service = service_fn(move |request| {
        let (server, before) = (Arc::clone(&server), answered.fetch_add(1, Ordering::Relaxed));
        async move {
            let mut answer = answer(&server, request).await;
            if before + 1 >= TURN && server.room.is_crowded.load(Ordering::Relaxed) {
                answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            }
            Ok::<_, Infallible>(answer)
        }
    });
    let mut stream = Box::pin(TimeoutStream::new(stream));
    stream.as_mut().set_write_timeout_pinned(Some(patience));
    let mut protocol = http1::Builder::new();
    protocol.timer(TokioTimer::new()).header_read_timeout(patience);
    protocol.serve_connection(TokioIo::new(stream), service)
}

type Answer = Response<Full<Bytes>>;

/// Answers a request.
async fn answer(server: &Server, request: Request<Incoming>) -> Answer {
    let path = request.uri().path().to_owned();
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    match (request.method(), parts[..].first(), key(&parts)) {
        (&Method::GET, Some(&"title"), _) => title(server),
        (&Method::POST, Some(&"upload"), Some(key)) => upload(server, key, request).await,
        _ => said(StatusCode::NOT_FOUND, "there are /title and /upload/CLIENT/NUMBER"),
    }
}

/// Whose upload a path is about, and which.
fn key(parts: &[&str]) -> Option<Key> {
    let [_, client, number] = parts else { return None };
    Some((client.parse().ok()?, number.parse().ok()?))
}

/// The title page: it costs nothing.
fn title(server: &Server) -> Answer {
    match server.store.count() {
        Ok(count) => said(StatusCode::OK, &format!("{count} thumbnails")),
        Err(why) => said(StatusCode::INTERNAL_SERVER_ERROR, &why),
    }
}

/// Takes a picture as it comes, makes a thumbnail of it, and keeps that.
async fn upload(server: &Server, key: Key, request: Request<Incoming>) -> Answer {
    let task = Task::start("upload");
    let print = |what: fmt::Arguments| {
        if server.prints {
            task.say(format_args!("Upload {}/{} - {what}", key.0, key.1));
        }
    };
    print(format_args!("begun"));
    let answer = match body(server, task, request).await {
        Ok(picture) => {
            let thumbnail = server.compute.thumbnail(task, picture).await;
            print(format_args!("thumbnail of {}", thumbnail.sum()));
            match server.store.keep(key, thumbnail.png()) {
                Ok(()) => said(StatusCode::OK, &thumbnail.sum().to_string()),
                Err(why) => said(StatusCode::INSUFFICIENT_STORAGE, &why),
            }
        }
        Err(why) => said(StatusCode::BAD_REQUEST, &why),
    };
    task.end();
    answer
}

/// Waits for a picture to come in.
async fn body(server: &Server, task: Task, request: Request<Incoming>) -> Result<Bytes, String> {
    let patience = server.patience;
    let waiting = task.waits_for("line");
    let body = timeout(patience, Limited::new(request.into_body(), BYTES).collect()).await;
    drop(waiting);
    let body = body.map_err(|_| format!("there was no picture within {patience:?}"))?;
    let body = body.map_err(|error| error.to_string())?.to_bytes();
    let is_whole = body.len() == BYTES;
    is_whole.then_some(body).ok_or_else(|| format!("a picture has {BYTES} bytes"))
}

fn said(status: StatusCode, text: &str) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(text.to_owned())));
    *answer.status_mut() = status;
    answer
}
