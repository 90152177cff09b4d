//! A client: it goes on where it was, however often it has to come again.

use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use tokio::net::{TcpSocket, TcpStream};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};

use crate::protocol::{FOR_GOOD, Hello, Known, Placed, TEXT, Welcome, say};

/// How long a client waits for an answer to its greeting before it takes the server for dead.
const PATIENCE: Duration = Duration::from_secs(30);

/// Why a client is not in its room any longer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Away {
    /// The server cannot be reached. It may be there again later.
    Lost(String),
    /// The server does not want this client any longer.
    Refused(String),
}

impl fmt::Display for Away {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (Away::Lost(why) | Away::Refused(why)) = self;
        f.write_str(why)
    }
}

impl From<Away> for String {
    fn from(away: Away) -> String {
        away.to_string()
    }
}

/// A message that was said, and that the room has not told its sender yet.
#[derive(Debug)]
struct Unheard {
    number: usize,
    text: String,
    /// Whether it is on its way. It is said again where nobody knows: the room takes it once all the same.
    is_sent: bool,
}

/// A client in a room.
#[derive(Debug)]
pub struct Client {
    server: SocketAddr,
    /// The greeting with which it would come again.
    hello: Hello,
    /// Nothing where the connection is lost.
    socket: Option<WebSocketStream<TcpStream>>,
    /// The number of the last message that it has said.
    number: usize,
    unheard: VecDeque<Unheard>,
    /// How many messages this client will not hear, since the room had forgotten them when it came.
    pub forgotten: usize,
    /// How often it was told that it is too slow.
    pub dropped: usize,
}

impl Client {
    /// Comes in.
    ///
    /// # Errors
    ///
    /// If the server is not there, or does not let it in.
    pub async fn come(server: SocketAddr, room: &str, name: &str) -> Result<Client, Away> {
        let (room, name) = (room.to_owned(), name.to_owned());
        let mut hello = Hello { room, name, known: Known::default() };
        let (socket, welcome) = enter(server, &hello, None).await?;
        let forgotten = welcome.place;
        hello.known = Known { born: welcome.born, heard: welcome.place };
        let (number, unheard) = (welcome.latest, VecDeque::new());
        let socket = Some(socket);
        Ok(Client { server, hello, socket, number, unheard, forgotten, dropped: 0 })
    }

    /// Who it is.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.hello.name
    }

    /// How many of its messages it has not heard yet, and so does not know whether anybody has.
    #[must_use]
    pub fn unheard(&self) -> usize {
        self.unheard.len()
    }

    /// Says something of at most [`TEXT`] bytes, and returns the message's number. If the connection is lost,
    /// that is found out, and made up for, by whoever hears next.
    pub async fn say(&mut self, text: &str) -> usize {
        debug_assert!(text.len() <= TEXT, "the server would hang up, again and again");
        self.number += 1;
        let (number, text) = (self.number, text.to_owned());
        self.unheard.push_back(Unheard { number, text, is_sent: false });
        let _found_out_later = self.send().await;
        number
    }

    /// Hears the next message, and comes again where it was too slow, or has lost the connection.
    ///
    /// Nothing is lost where somebody does not wait for the end of this.
    ///
    /// # Errors
    ///
    /// If the server is not there any longer, or does not let it in again. What was heard and said is
    /// still known: [`Client::come_again`] may go on there later.
    pub async fn hear(&mut self) -> Result<Placed, Away> {
        loop {
            if self.socket.is_none() {
                self.come_again().await?;
            }
            let frame = match self.send().await {
                Some(socket) => socket.next().await,
                None => None,
            };
            match frame {
                Some(Ok(Message::Text(text))) => {
                    if let Some(message) = Placed::read(&text) {
                        self.take(&message);
                        return Ok(message);
                    }
                }
                Some(Ok(Message::Close(frame))) => {
                    self.socket = None;
                    if !is_too_slow(frame.as_ref()) {
                        return Err(farewell(frame));
                    }
                    self.dropped += 1;
                }
                Some(Err(_)) | None => self.socket = None,
                Some(Ok(_)) => {}
            }
        }
    }

    /// Comes in again on another connection, without a word about the one before.
    ///
    /// # Errors
    ///
    /// As [`Client::hear`].
    pub async fn come_again(&mut self) -> Result<(), Away> {
        self.socket = None;
        let (socket, welcome) = enter(self.server, &self.hello, None).await?;
        self.socket = Some(socket);
        let known = &mut self.hello.known;
        let is_another = known.born != welcome.born;
        if is_another {
            // Another room of the same name: nothing that was said in the one before counts there.
            *known = Known { born: welcome.born, heard: 0 };
            for (after, unheard) in self.unheard.iter_mut().enumerate() {
                unheard.number = welcome.latest + 1 + after;
            }
            self.number = welcome.latest + self.unheard.len();
        }
        self.forgotten += welcome.place.saturating_sub(known.heard);
        // What the room has forgotten of ours will not be heard any more.
        self.unheard.retain(|unheard| unheard.number > welcome.gone);
        known.heard = welcome.place;
        for unheard in &mut self.unheard {
            unheard.is_sent = unheard.number <= welcome.latest;
        }
        Ok(())
    }

    /// Sends what is not on its way. Returns the connection, where there is one still.
    async fn send(&mut self) -> Option<&mut WebSocketStream<TcpStream>> {
        let socket = self.socket.as_mut()?;
        for unheard in self.unheard.iter_mut().filter(|unheard| !unheard.is_sent) {
            socket.send(Message::text(say(unheard.number, &unheard.text))).await.ok()?;
            unheard.is_sent = true;
        }
        Some(socket)
    }

    /// Takes note of what is known from a message.
    fn take(&mut self, message: &Placed) {
        self.hello.known.heard = message.place + 1;
        let is_heard =
            |unheard: &Unheard| message.name == self.hello.name && message.number >= unheard.number;
        while self.unheard.front().is_some_and(is_heard) {
            self.unheard.pop_front();
        }
    }
}

/// Whether the server has said that the client was too slow.
fn is_too_slow(frame: Option<&CloseFrame>) -> bool {
    frame.is_some_and(|frame| frame.code == CloseCode::Policy)
}

/// Why the server has closed the connection.
fn farewell(frame: Option<CloseFrame>) -> Away {
    match frame {
        Some(frame) if frame.code == CloseCode::Library(FOR_GOOD) => {
            Away::Refused(frame.reason.to_string())
        }
        Some(frame) => Away::Lost(frame.reason.to_string()),
        None => Away::Lost("the server hangs up".to_owned()),
    }
}

/// Connects, with how small a buffer, where that matters; and greets.
///
/// # Errors
///
/// If the server is not there, or does not let this one in.
pub async fn enter(
    server: SocketAddr,
    hello: &Hello,
    buffer: Option<u32>,
) -> Result<(WebSocketStream<TcpStream>, Welcome), Away> {
    let entered = async {
        let mut socket = connect(server, buffer)
            .await
            .map_err(|error| Away::Lost(format!("{} cannot connect: {error}", hello.name)))?;
        socket.send(Message::text(hello.to_string())).await.map_err(|_| farewell(None))?;
        loop {
            match socket.next().await {
                Some(Ok(Message::Text(text))) => {
                    let welcome = Welcome::read(&text);
                    let strange = || Away::Refused("this server does not chat as we do".to_owned());
                    return Ok((socket, welcome.ok_or_else(strange)?));
                }
                Some(Ok(Message::Close(frame))) => return Err(farewell(frame)),
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return Err(farewell(None)),
            }
        }
    };
    let silent = |_| Away::Lost("the server shakes no hands".to_owned());
    timeout(PATIENCE, entered).await.map_err(silent)?
}

/// Connects, and shakes hands.
async fn connect(
    server: SocketAddr,
    buffer: Option<u32>,
) -> io::Result<WebSocketStream<TcpStream>> {
    /// A client reads little at once: its messages are short.
    const READ: usize = 4 << 10;
    let socket = TcpSocket::new_v4()?;
    buffer.map_or(Ok(()), |bytes| socket.set_recv_buffer_size(bytes))?;
    let stream = socket.connect(server).await?;
    stream.set_nodelay(true)?;
    let limits = Some(WebSocketConfig::default().read_buffer_size(READ));
    let shaken = client_async_with_config(format!("ws://{server}/"), stream, limits).await;
    Ok(shaken.map_err(io::Error::other)?.0)
}
