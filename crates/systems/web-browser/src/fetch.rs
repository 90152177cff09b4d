//! Fetching, with [hyper](https://docs.rs/hyper): one request a connection.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt, Empty, Limited};
use hyper::client::conn::http1;
use hyper::{Request, StatusCode, header};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

/// How long a server may take for an answer.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// How long an answer may be, in bytes.
const LARGEST: usize = 4 * 1024 * 1024;

/// Asks a server for what is under a path.
///
/// # Errors
///
/// A sentence, where there is nothing, or not all of it comes, or not in time.
pub async fn fetch(server: SocketAddr, path: &str) -> Result<Bytes, String> {
    let answer = timeout(PATIENCE, ask(server, path)).await;
    let answer = answer.map_err(|_| format!("no answer within {} s", PATIENCE.as_secs()))?;
    let (status, content) = answer.map_err(|error| error.to_string())?;
    if status == StatusCode::OK { Ok(content) } else { Err(format!("the server says {status}")) }
}

async fn ask(
    server: SocketAddr,
    path: &str,
) -> Result<(StatusCode, Bytes), Box<dyn std::error::Error + Send + Sync>> {
    let stream = TcpStream::connect(server).await?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await?;
    // It comes to its end with the answer, or with whoever waited for it.
    let connection = tokio::spawn(connection);
    let request = Request::get(path).header(header::HOST, "localhost");
    let answer = sender.send_request(request.body(Empty::<Bytes>::new())?).await?;
    let status = answer.status();
    let content = Limited::new(answer.into_body(), LARGEST).collect().await;
    connection.abort();
    Ok((status, content?.to_bytes()))
}
