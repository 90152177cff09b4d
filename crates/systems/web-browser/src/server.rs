//! The server: it takes its time, and then sends what was asked for, to its end or not.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::site::Site;

/// How many connections there are at most. Who comes then waits at the door.
pub const MOST: usize = 64;

/// How long a connection may last: whoever says nothing, or takes nothing, is given up.
const PATIENCE: Duration = Duration::from_secs(5);

/// How long nobody is let in where nobody could be.
const BREATH: Duration = Duration::from_millis(10);

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
        let failed = |error: io::Error| format!("there is no server to ask: {error}");
        let listener = stage::runtime::listen(port)?;
        let address = listener.local_addr().map_err(failed)?;
        let runtime = stage::runtime::one_thread()?;
        let listener = {
            let _within = runtime.enter();
            TcpListener::from_std(listener).map_err(failed)?
        };
        let (end, ended) = oneshot::channel();
        let serving = move || runtime.block_on(serve(listener, Arc::new(site), ended));
        let thread = thread::Builder::new().name("server".into()).spawn(serving).map_err(failed)?;
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
    let mut open = JoinSet::new();
    loop {
        tokio::select! {
            accepted = listener.accept(), if open.len() < MOST => {
                let Ok((stream, _)) = accepted else {
                    // It was gone before it could be accepted; or there is no means left for one more.
                    sleep(BREATH).await;
                    continue;
                };
                let site = Arc::clone(&site);
                open.spawn(async move {
                    let _given_up_or_gone = timeout(PATIENCE, answer(stream, &site)).await;
                });
            }
            Some(_) = open.join_next() => {}
            _ = &mut ended => return,
        }
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
