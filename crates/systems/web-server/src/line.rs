//! A client's line to the server: what is asked on it, and what is answered.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use crate::store::Key;
use crate::thumbnail::BYTES;

/// How long it takes from the first half of a picture to the second: the line is slow.
pub const SLOW: Duration = Duration::from_millis(20);

/// How long a client waits for an answer before it gives up.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A line to a server, which is open from the first question on until one of the two has had enough.
#[derive(Debug)]
pub struct Line {
    server: SocketAddr,
    stream: Option<BufStream<TcpStream>>,
}

impl Line {
    /// A line to this server, on which nobody has asked anything yet.
    #[must_use]
    pub fn to(server: SocketAddr) -> Line {
        Line { server, stream: None }
    }

    /// Opens the line, if it is not open.
    ///
    /// # Errors
    ///
    /// If the server does not listen.
    pub async fn open(&mut self) -> io::Result<&mut BufStream<TcpStream>> {
        let stream = match self.stream.take() {
            Some(stream) => stream,
            None => BufStream::new(TcpStream::connect(self.server).await?),
        };
        Ok(self.stream.insert(stream))
    }

    /// Asks for the title page, and returns whether it came.
    pub async fn title(&mut self) -> bool {
        self.ask("GET /title HTTP/1.1\r\nhost: localhost\r\n\r\n", &[]).await
    }

    /// Uploads a picture, and returns whether there is a thumbnail of it.
    pub async fn upload(&mut self, (client, number): Key, picture: &[u8]) -> bool {
        let head = format!(
            "POST /upload/{client}/{number} HTTP/1.1\r\nhost: localhost\r\n\
             content-length: {BYTES}\r\n\r\n"
        );
        self.ask(&head, picture).await
    }

    /// Asks for something, and returns whether it was answered with success, and in time.
    async fn ask(&mut self, head: &str, body: &[u8]) -> bool {
        let answer = timeout(PATIENCE, self.exchange(head, body)).await;
        let is_answered = matches!(answer, Ok(Ok(200)));
        if !is_answered {
            self.stream = None; // nobody knows what would come on it now
        }
        is_answered
    }

    /// Says this, and returns the status of what is answered.
    async fn exchange(&mut self, head: &str, body: &[u8]) -> io::Result<u16> {
        let stream = self.open().await?;
        stream.write_all(head.as_bytes()).await?;
        if !body.is_empty() {
            let (first, second) = body.split_at(body.len() / 2);
            stream.write_all(first).await?;
            stream.flush().await?;
            sleep(SLOW).await; // stands for a slow line
            stream.write_all(second).await?;
        }
        stream.flush().await?;
        let (status, is_last) = read_answer(stream).await?;
        if is_last {
            self.stream = None;
        }
        Ok(status)
    }
}

/// Reads an answer to its end, and returns its status, and whether the server closes the line after it.
async fn read_answer(stream: &mut BufStream<TcpStream>) -> io::Result<(u16, bool)> {
    let status = read_line(stream).await?;
    let status = status.split(' ').nth(1).and_then(|status| status.parse().ok());
    let status = status.ok_or_else(|| io::Error::other("an answer without a status"))?;
    let (mut length, mut is_last) = (0, false);
    loop {
        let line = read_line(stream).await?.to_ascii_lowercase();
        match line.split_once(": ") {
            Some(("content-length", value)) => length = value.parse().unwrap_or(0),
            Some(("connection", value)) => is_last = value == "close",
            Some(_) => {}
            None => break,
        }
    }
    stream.read_exact(&mut vec![0; length]).await?;
    Ok((status, is_last))
}

async fn read_line(stream: &mut BufStream<TcpStream>) -> io::Result<String> {
    let mut line = String::new();
    match stream.read_line(&mut line).await? {
        0 => Err(io::ErrorKind::UnexpectedEof.into()),
        _ => Ok(line.trim_end().to_owned()),
    }
}
