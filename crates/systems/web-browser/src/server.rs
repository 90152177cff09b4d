//! The server: it takes its time, and then sends what was asked for, to its end or not.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::site::Site;

/// How many connections there are at most. Who comes then waits at the door.
const MOST: usize = 64;

/// A server, which ends when this is dropped.
#[derive(Debug)]
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    end: Option<oneshot::Sender<()>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Server {
    /// Serves the site on this port of the loopback interface, 0 for any that is free: on a thread of its
    /// own, as if it were elsewhere.
    ///
    /// # Errors
    ///
    /// A sentence, where the port is taken, or there is no thread to be had.
    pub fn begin(site: Site, port: u16) -> Result<Server, String> {
        let failed = |error: io::Error| {
            format!(
                "port {port} cannot be listened on: {error}; without --port any free one is taken"
            )
        };
        let (end, ended) = oneshot::channel();
        let (to, address) = mpsc::channel();
        let serving = move || {
            let runtime = match stage::runtime::one_thread() {
                Ok(runtime) => runtime,
                Err(error) => return drop(to.send(Err(io::Error::other(error)))),
            };
            runtime.block_on(async {
                match TcpListener::bind(("127.0.0.1", port)).await {
                    Ok(listener) => {
                        let _gone = to.send(listener.local_addr());
                        serve(listener, Arc::new(site), ended).await;
                    }
                    Err(error) => drop(to.send(Err(error))),
                }
            });
        };
        let thread = thread::Builder::new().name("server".into()).spawn(serving).map_err(failed)?;
        let address = address.recv().expect("a server says where it is, or why not");
        let address = address.map_err(failed)?;
        Ok(Server { address, end: Some(end), thread: Some(thread) })
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.end.take());
        if let Some(thread) = self.thread.take() {
            let _panicked = thread.join();
        }
    }
}

/// Serves until somebody tells it to end; whoever has not been answered by then is not.
async fn serve(listener: TcpListener, site: Arc<Site>, mut ended: oneshot::Receiver<()>) {
    let room = Arc::new(Semaphore::new(MOST));
    let mut open = JoinSet::new();
    loop {
        let place = Arc::clone(&room).acquire_owned().await.expect("it is never closed");
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut ended => break,
        };
        // A connection that is gone before it could be accepted is nobody's loss.
        let Ok((stream, _)) = accepted else { continue };
        let site = Arc::clone(&site);
        open.spawn(async move {
            let _hung_up = answer(stream, &site).await;
            drop(place);
        });
        while open.try_join_next().is_some() {}
    }
}

/// Answers one request.
async fn answer(stream: TcpStream, site: &Site) -> io::Result<()> {
    /// How long a request may be, in bytes.
    const LONGEST: u64 = 8 * 1024;
    let mut stream = BufStream::new(stream);
    let mut head = (&mut stream).take(LONGEST);
    let mut request = String::new();
    head.read_line(&mut request).await?;
    let mut line = String::new();
    while head.read_line(&mut line).await? > 2 {
        line.clear();
    }
    let path = request.split(' ').nth(1).unwrap_or_default();
    let Some(found) = site.find(path) else {
        stream.write_all(b"HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n").await?;
        return stream.flush().await;
    };
    sleep(Duration::from_millis(found.latency)).await; // stands for a long way
    let length = found.content.len();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(&found.content[..found.sent]).await?;
    stream.shutdown().await
}
