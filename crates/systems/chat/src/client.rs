//! A client: it goes on where it was, however often it has to come again.

use std::io;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::{WebSocketStream, client_async};

/// How long a client waits for anything before it takes the server for dead.
const PATIENCE: Duration = Duration::from_secs(30);

/// A message as it was heard.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Who said it.
    pub name: String,
    /// Which one of the sender's own messages it is, counted from 1.
    pub number: usize,
    /// What was said.
    pub text: String,
    /// When it was heard.
    pub at: Instant,
}

/// A client, and what it has heard.
#[derive(Debug)]
pub struct Client {
    server: SocketAddr,
    name: String,
    socket: WebSocketStream<TcpStream>,
    /// All that it has heard, in order.
    pub heard: Vec<Said>,
    /// What it has said and not heard yet, by its own number.
    unheard: Option<(usize, String)>,
}

impl Client {
    /// Comes in.
    ///
    /// # Errors
    ///
    /// A sentence, if the server is not there.
    pub async fn come(server: SocketAddr, name: &str) -> Result<Client, String> {
        let socket = connect(server, name, 0, None).await?;
        let (name, heard) = (name.to_owned(), Vec::new());
        Ok(Client { server, name, socket, heard, unheard: None })
    }

    /// Says something.
    ///
    /// # Errors
    ///
    /// A sentence, if the server is not there any longer.
    pub async fn say(&mut self, number: usize, text: &str) -> Result<(), String> {
        self.unheard = Some((number, text.to_owned()));
        match self.socket.send(Message::text(format!("{number} {text}"))).await {
            Ok(()) => Ok(()),
            Err(_) => self.come_again().await,
        }
    }

    /// Hears the next message, and comes again as often as it takes.
    ///
    /// # Errors
    ///
    /// A sentence, if the server is not there any longer, or silent.
    pub async fn hear(&mut self) -> Result<&Said, String> {
        loop {
            let frame = timeout(PATIENCE, self.socket.next()).await;
            match frame.map_err(|_| format!("nothing was heard for {PATIENCE:?}"))? {
                Some(Ok(Message::Text(text))) => {
                    if let Some(message) = self.take(&text) {
                        self.heard.push(message);
                        return Ok(self.heard.last().expect("it was just heard"));
                    }
                }
                Some(Ok(Message::Close(_)) | Err(_)) | None => self.come_again().await?,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Loses the connection without a word, and comes again.
    ///
    /// # Errors
    ///
    /// A sentence, if the server is not there any longer.
    pub async fn come_again(&mut self) -> Result<(), String> {
        self.socket = connect(self.server, &self.name, self.heard.len(), None).await?;
        let Some((number, text)) = self.unheard.take() else { return Ok(()) };
        // Whether it got there nobody knows: the room hears it once all the same.
        Box::pin(self.say(number, &text)).await
    }

    /// Reads what the server says. All is kept, in the order in which it comes: who judges it wants to
    /// know what was lost or came twice.
    fn take(&mut self, frame: &str) -> Option<Said> {
        let mut words = frame.splitn(4, ' ').skip(1);
        let (name, number) = (words.next()?.to_owned(), words.next()?.parse().ok()?);
        if name == self.name && self.unheard.as_ref().is_some_and(|it| it.0 == number) {
            self.unheard = None;
        }
        Some(Said { name, number, text: words.next()?.to_owned(), at: Instant::now() })
    }
}

/// Connects; with how small a buffer, where that matters.
///
/// # Errors
///
/// A sentence, if the server is not there.
pub async fn connect(
    server: SocketAddr,
    name: &str,
    heard: usize,
    buffer: Option<u32>,
) -> Result<WebSocketStream<TcpStream>, String> {
    let connect = async {
        let socket = TcpSocket::new_v4()?;
        buffer.map_or(Ok(()), |bytes| socket.set_recv_buffer_size(bytes))?;
        let stream = socket.connect(server).await?;
        stream.set_nodelay(true)?;
        let url = format!("ws://{server}/{name}/{heard}");
        let shaken = client_async(url, stream).await.map_err(io::Error::other)?;
        Ok::<_, io::Error>(shaken.0)
    };
    let connected = timeout(PATIENCE, connect).await;
    let connected = connected.map_err(|_| "the server shakes no hands".to_owned())?;
    connected.map_err(|error| format!("{name} cannot connect: {error}"))
}
