//! What serves a site, and counts who asks for what: the crawler is polite if its hosts say so.

use std::collections::HashMap;
use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use bytes::Bytes;
use futures_util::stream;
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::body::{Frame, Incoming};
use hyper::header::{CONTENT_TYPE, HOST, LOCATION};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::site::{Answer, Site};

/// What is served, and what was seen of those who asked.
#[derive(Debug)]
pub struct Server {
    site: Site,
    seen: Mutex<HashMap<String, Seen>>,
}

/// What a host saw.
#[derive(Clone, Debug, Default)]
struct Seen {
    in_progress: usize,
    most: usize,
    asked: HashMap<String, usize>,
    forbidden: usize,
}

/// What all hosts saw.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Witness {
    /// How many requests one host had in progress at once, at most.
    pub most_at_once: usize,
    /// How often an address was asked for that had been asked for before.
    pub twice: usize,
    /// How often an address was asked for that `robots.txt` forbids.
    pub forbidden: usize,
}

impl Server {
    /// What serves this site.
    #[must_use]
    pub fn of(site: Site) -> Server {
        Server { site, seen: Mutex::default() }
    }

    /// What its hosts have seen so far.
    ///
    /// # Panics
    ///
    /// If serving did.
    #[must_use]
    pub fn witness(&self) -> Witness {
        let seen = self.seen();
        let twice = |host: &Seen| host.asked.values().map(|times| times - 1).sum::<usize>();
        Witness {
            most_at_once: seen.values().map(|host| host.most).max().unwrap_or(0),
            twice: seen.values().map(twice).sum(),
            forbidden: seen.values().map(|host| host.forbidden).sum(),
        }
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<String, Seen>> {
        self.seen.lock().expect("nobody panics while counting")
    }

    fn began(&self, host: &str, path: &str, is_forbidden: bool) {
        let mut seen = self.seen();
        let host = seen.entry(host.to_owned()).or_default();
        host.in_progress += 1;
        host.most = host.most.max(host.in_progress);
        *host.asked.entry(path.to_owned()).or_default() += 1;
        host.forbidden += usize::from(is_forbidden);
    }

    fn ended(&self, host: &str) {
        self.seen().entry(host.to_owned()).or_default().in_progress -= 1;
    }
}

/// How long nobody is let in where nobody could be.
const BREATH: Duration = Duration::from_millis(10);

/// Serves until it is told to end. Whoever is connected then is left alone.
pub async fn serve(listener: TcpListener, server: Arc<Server>, mut end: oneshot::Receiver<()>) {
    let mut open = JoinSet::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut end => break,
        };
        let Ok((stream, _)) = stream else {
            // It was gone before it could be accepted; or there is no means left for one more.
            sleep(BREATH).await;
            continue;
        };
        // An answer has two small pieces, and nobody should wait for the second.
        let _slower = stream.set_nodelay(true);
        let server = Arc::clone(&server);
        let service = service_fn(move |request| answer(Arc::clone(&server), request));
        open.spawn(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
        while open.try_join_next().is_some() {}
    }
}

type Body = BoxBody<Bytes, io::Error>;

/// Answers a request, after as long as it takes.
///
/// The request is no longer in progress when its answer is on its way: the one who asked cannot know of
/// the answer before that.
async fn answer(
    server: Arc<Server>,
    request: Request<Incoming>,
) -> Result<Response<Body>, Infallible> {
    let name = request.headers().get(HOST).and_then(|name| name.to_str().ok()).unwrap_or_default();
    let Some(host) = server.site.host(name) else { return Ok(missing()) };
    let path = request.uri().path();
    server.began(name, path, host.forbids(path));
    let (answer, latency) = host.answer(path);
    sleep(latency).await; // stands for the network, and for a host that is busy
    server.ended(name);
    Ok(match answer {
        Answer::Body(kind, bytes) => body(kind, Full::new(bytes).map_err(never).boxed()),
        Answer::File(path) => match std::fs::read(path) {
            Ok(bytes) => body("text/html", Full::new(bytes.into()).map_err(never).boxed()),
            Err(_) => missing(),
        },
        Answer::Moved(to) => said(Response::builder().header(LOCATION, to), StatusCode::FOUND),
        Answer::MovedAway => said(Response::builder(), StatusCode::FOUND),
        Answer::Missing => missing(),
        Answer::Endless => body("text/plain", frames(stream::repeat_with(|| Ok(more())))),
        Answer::Half => body("text/plain", frames(stream::iter([Ok(more()), Err(broken())]))),
        Answer::Nothing => std::future::pending().await,
    })
}

fn body(kind: &str, body: Body) -> Response<Body> {
    let answer = Response::builder().header(CONTENT_TYPE, kind).body(body);
    answer.expect("a kind of letters")
}

fn said(answer: hyper::http::response::Builder, status: StatusCode) -> Response<Body> {
    let nothing = Full::default().map_err(never).boxed();
    answer.status(status).body(nothing).expect("an address of letters")
}

fn missing() -> Response<Body> {
    said(Response::builder(), StatusCode::NOT_FOUND)
}

/// A body that comes piece by piece.
fn frames(
    pieces: impl stream::Stream<Item = io::Result<Frame<Bytes>>> + Send + Sync + 'static,
) -> Body {
    BoxBody::new(StreamBody::new(pieces))
}

fn more() -> Frame<Bytes> {
    Frame::data(Bytes::from_static(&[b'-'; 16 * 1024]))
}

fn broken() -> io::Error {
    io::ErrorKind::BrokenPipe.into()
}

fn never(it: Infallible) -> io::Error {
    match it {}
}
