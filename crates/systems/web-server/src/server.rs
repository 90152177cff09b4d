//! The server: connections, requests and answers.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Method, Request, Response, StatusCode};
use hyper_util::rt::{TokioIo, TokioTimer};
use lab::task::Task;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;

use crate::compute::Compute;
use crate::store::{Key, Store};
use crate::thumbnail::BYTES;

/// How many connections there are at most. Who comes then waits at the door, and is not turned away.
pub const MOST: usize = 256;

/// How long a client may take for what it has to say. Who says half of it keeps nobody for longer.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// To how many connections the server attends at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Connections {
    /// To one, until its client has had enough.
    OneAtATime,
    /// To all that there are.
    AllAtOnce,
}

/// What answers requests.
#[derive(Debug)]
pub struct Server {
    /// Where thumbnails are kept.
    pub store: Store,
    /// Who makes them.
    pub compute: Compute,
}

/// Serves until it is told to end, and then answers what it has accepted.
pub async fn serve(
    listener: TcpListener,
    server: Arc<Server>,
    connections: Connections,
    mut end: oneshot::Receiver<()>,
) {
    let room = Arc::new(Semaphore::new(MOST));
    let mut open = JoinSet::new();
    loop {
        let place = Arc::clone(&room).acquire_owned().await.expect("it is never closed");
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut end => break,
        };
        // A connection that is gone before it could be accepted is nobody's loss.
        let Ok((stream, _)) = stream else { continue };
        let server = Arc::clone(&server);
        let connection = async {
            attend(stream, server).await;
            drop(place);
        };
        match connections {
            Connections::OneAtATime => connection.await,
            Connections::AllAtOnce => drop(open.spawn(connection)),
        }
        while open.try_join_next().is_some() {}
    }
    open.join_all().await;
}

/// Answers the requests of one connection, until its client has had enough or says nothing for too long.
async fn attend(stream: TcpStream, server: Arc<Server>) {
    let service = service_fn(move |request| answer(Arc::clone(&server), request));
    let mut protocol = http1::Builder::new();
    protocol.timer(TokioTimer::new()).header_read_timeout(PATIENCE);
    // Who hangs up has told us all that there is to say about it.
    let _hung_up = protocol.serve_connection(TokioIo::new(stream), service).await;
}

type Answer = Response<Full<Bytes>>;

/// Answers a request.
async fn answer(server: Arc<Server>, request: Request<Incoming>) -> Result<Answer, Infallible> {
    let path = request.uri().path().to_owned();
    let parts: Vec<&str> = path.split('/').skip(1).collect();
    Ok(match (request.method(), parts[..].first(), key(&parts)) {
        (&Method::GET, Some(&"title"), _) => title(&server),
        (&Method::POST, Some(&"upload"), Some(key)) => upload(&server, key, request).await,
        _ => said(StatusCode::NOT_FOUND, "there are /title and /upload/CLIENT/NUMBER"),
    })
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
    let name = format!("Upload {}/{}", key.0, key.1);
    let task = Task::start("upload");
    task.say(format_args!("{name} - begun"));
    let answer = match body(task, request).await {
        Ok(picture) => {
            let thumbnail = server.compute.thumbnail(task, picture).await;
            task.say(format_args!("{name} - thumbnail of {}", thumbnail.sum()));
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
async fn body(task: Task, request: Request<Incoming>) -> Result<Bytes, String> {
    let waiting = task.waits_for("line");
    let body = timeout(PATIENCE, Limited::new(request.into_body(), BYTES).collect()).await;
    drop(waiting);
    let body = body.map_err(|_| format!("there was no picture within {PATIENCE:?}"))?;
    let body = body.map_err(|error| error.to_string())?.to_bytes();
    let is_whole = body.len() == BYTES;
    is_whole.then_some(body).ok_or_else(|| format!("a picture has {BYTES} bytes"))
}

fn said(status: StatusCode, text: &str) -> Answer {
    let mut answer = Response::new(Full::new(Bytes::from(text.to_owned())));
    *answer.status_mut() = status;
    answer
}
