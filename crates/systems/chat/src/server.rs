//! The server: a connection a client.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use lab::task::Task;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{Semaphore, mpsc, oneshot};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::handshake::server::{Request as Handshake, Response};
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};
use tokio_tungstenite::{WebSocketStream, accept_hdr_async_with_config};

use crate::room::{Joined, Request};

/// How many connections there are at most. Who comes then waits at the door.
pub const MOST: usize = 450;

/// How long a message may be, in bytes.
pub const LONGEST: usize = 16 << 10;

/// How long a client may take for a handshake, or to take what it is sent, until it is given up.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// How much the system keeps for a client that does not take it, in bytes, besides its queue.
const BUFFER: u32 = 16 << 10;

/// Listens on a port of this address.
///
/// # Errors
///
/// If the port is taken, or not ours to take.
pub fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = TcpSocket::new_v4()?;
    socket.set_send_buffer_size(BUFFER)?; // those that are accepted inherit it
    #[cfg(unix)]
    socket.set_reuseaddr(true)?; // connections of an earlier evening may still be fading away
    socket.bind(address)?;
    socket.listen(1024)
}

/// Serves until it is told to end, and then until the last client has gone.
pub async fn serve(
    listener: TcpListener,
    room: mpsc::Sender<Request>,
    mut end: oneshot::Receiver<()>,
) {
    let places = Arc::new(Semaphore::new(MOST));
    let mut open = JoinSet::new();
    loop {
        let place = Arc::clone(&places).acquire_owned().await.expect("it is never closed");
        let stream = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = &mut end => break,
        };
        // A connection that is gone before it could be accepted is nobody's loss.
        let Ok((stream, _)) = stream else { continue };
        // A message is not held back until there is more to send.
        let _as_it_was = stream.set_nodelay(true);
        let room = room.clone();
        open.spawn(async move {
            let task = Task::start("client");
            // Who hangs up, or speaks another protocol, has left; that is all.
            let _left = attend(stream, &room).await;
            task.end();
            drop(place);
        });
        while open.try_join_next().is_some() {}
    }
    open.join_all().await;
}

/// Attends to a client until it leaves, or is too slow; nothing where it never came in.
async fn attend(stream: TcpStream, room: &mpsc::Sender<Request>) -> Option<()> {
    let (mut socket, name, heard) = greet(stream).await?;
    let (reply, joined) = oneshot::channel();
    room.send(Request::Join { heard, reply }).await.ok()?;
    let Joined { missed, mut queue } = joined.await.ok()?;
    for message in missed {
        send(&mut socket, message).await?;
    }
    loop {
        tokio::select! {
            message = queue.recv() => match message {
                Some(message) => send(&mut socket, message).await?,
                None => return dismiss(&mut socket).await,
            },
            frame = socket.next() => match frame?.ok()? {
                Message::Text(text) => room.send(said(&name, &text)?).await.ok()?,
                Message::Close(_) => return Some(()),
                _ => {}
            },
        }
    }
}

/// Shakes hands: the path says who comes, and how much of the conversation that one has heard.
async fn greet(stream: TcpStream) -> Option<(WebSocketStream<TcpStream>, String, usize)> {
    let mut path = String::new();
    #[expect(clippy::result_large_err, reason = "it is the handshake's own type, and never made")]
    let note = |request: &Handshake, response: Response| {
        request.uri().path().clone_into(&mut path);
        Ok(response)
    };
    let limits = WebSocketConfig::default().max_message_size(Some(LONGEST));
    let shaken = accept_hdr_async_with_config(stream, note, Some(limits));
    let socket = timeout(PATIENCE, shaken).await.ok()?.ok()?;
    let (name, heard) = path.strip_prefix('/')?.split_once('/')?;
    Some((socket, name.to_owned(), heard.parse().ok()?))
}

/// What a client says: its own number of the message, and the text.
fn said(name: &str, frame: &Utf8Bytes) -> Option<Request> {
    let (number, text) = frame.split_once(' ')?;
    let (name, text) = (name.to_owned(), Utf8Bytes::from(text));
    Some(Request::Say { name, number: number.parse().ok()?, text })
}

/// Sends a message, or gives up where nobody takes it.
async fn send(socket: &mut WebSocketStream<TcpStream>, message: Utf8Bytes) -> Option<()> {
    timeout(PATIENCE, socket.send(Message::Text(message))).await.ok()?.ok()
}

/// Tells a client that it was too slow.
async fn dismiss(socket: &mut WebSocketStream<TcpStream>) -> Option<()> {
    let reason = Utf8Bytes::from("too slow: come again, and say what you have heard");
    let frame = CloseFrame { code: CloseCode::Policy, reason };
    timeout(PATIENCE, socket.close(Some(frame))).await.ok()?.ok()
}
