//! The server: a connection a client.

use std::sync::Arc;
use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use lab::task::Task;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Runtime;
use tokio::sync::{Semaphore, mpsc, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;
use tokio_tungstenite::tungstenite::{Message, Utf8Bytes};

use crate::door;
use crate::protocol::{FOR_GOOD, Hello, said};
use crate::room::{Delivery, Joined, Parting, Request};
use crate::rooms::{Refusal, Rooms};

/// How many connections there are at most, where nobody wants more. Who comes then waits at the door.
pub const MOST: usize = 450;

/// How long a client may take to say who it is, or to take what it is sent, until it is given up.
pub const PATIENCE: Duration = Duration::from_secs(5);

/// How much the system keeps for a client that does not take it, in bytes, besides its queue.
const BUFFER: usize = 16 << 10;

/// What whoever is there, or just comes, is told in the end.
const ENDING: &str = "the server ends";

/// How long nobody is let in after the system had no means for one more.
const BREATH: Duration = Duration::from_millis(20);

/// By whom clients are served, and what is done about those who sleep: in this the ways differ.
#[derive(Debug)]
pub struct House {
    /// The threads.
    pub threads: Runtime,
    /// What a room does about a client whose queue is full.
    pub delivery: Delivery,
}

/// Ends when its other side is dropped.
pub type End = watch::Receiver<()>;

/// An end that has come once this is so. It is called within a runtime.
#[must_use]
pub fn end_when(is_over: impl Fn() -> bool + Send + 'static) -> End {
    /// How often somebody looks.
    const LOOKS: Duration = Duration::from_millis(10);
    let (sender, end) = watch::channel(());
    tokio::spawn(async move {
        while !is_over() {
            sleep(LOOKS).await;
        }
        drop(sender);
    });
    end
}

/// Listens on a port of the loopback interface, 0 for any that is free. It is called within a runtime.
///
/// # Errors
///
/// A sentence, if the port is taken, or not ours to take.
pub fn listen(port: u16) -> Result<TcpListener, String> {
    let listener = stage::runtime::listen(port)?;
    // Those that are accepted inherit it.
    let bounded = SockRef::from(&listener).set_send_buffer_size(BUFFER);
    let listener = bounded.and_then(|()| TcpListener::from_std(listener));
    listener.map_err(|error| format!("port {port} cannot be listened on: {error}"))
}

/// Serves at most so many connections at once, until it is told to end. Then it takes no further word,
/// hands on what was said, tells everybody, and waits until they have gone. Somebody may keep minutes of
/// what its rooms take. Returns how many clients were too slow.
///
/// # Panics
///
/// If a connection or a room does.
pub async fn serve(
    listener: TcpListener,
    delivery: Delivery,
    minutes: Option<Task>,
    most: usize,
    mut end: End,
) -> usize {
    let places = Arc::new(Semaphore::new(most));
    let rooms = Arc::new(Rooms::new(delivery, minutes));
    let mut open = JoinSet::new();
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await.expect("it is never closed");
            (place, listener.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            _ = end.changed() => break,
        };
        let Ok((stream, _)) = accepted else {
            // It was gone before it could be accepted; or there is no means left for one more.
            sleep(BREATH).await;
            continue;
        };
        // A message is not held back until there is more to send.
        let _as_it_was = stream.set_nodelay(true);
        let (rooms, end) = (Arc::clone(&rooms), end.clone());
        open.spawn(async move {
            let task = Task::start("client");
            // Who hangs up, or speaks another protocol, has left; that is all.
            let _left = attend(stream, &rooms, end).await;
            task.end();
            drop(place);
        });
        while open.try_join_next().is_some() {}
    }
    drop(listener);
    rooms.close();
    let all_told = async {
        while let Some(attended) = open.join_next().await {
            attended.expect("a connection to its end");
        }
    };
    // Whoever takes what it is told one by one is not waited for any longer than one who takes nothing.
    let _late = timeout(PATIENCE, all_told).await;
    open.shutdown().await;
    Arc::into_inner(rooms).expect("nobody else has it any longer").closed().await
}

/// Attends to a client until it leaves, or is told why it has to; nothing where it never came in.
async fn attend(stream: TcpStream, rooms: &Rooms, mut end: End) -> Option<()> {
    let greeted = async {
        let mut socket = door::open(stream).await?;
        let hello = greet(&mut socket).await?;
        Some((socket, hello))
    };
    let (mut socket, hello) = tokio::select! {
        greeted = timeout(PATIENCE, greeted) => greeted.ok()??,
        _ = end.changed() => return None,
    };
    let (name, entered) = match hello {
        Ok(hello) => (hello.name.clone(), enter(rooms, hello).await),
        Err(why) => (String::new(), Err(Refusal::ForGood(why))),
    };
    let (room, joined) = match entered {
        Ok(entered) => entered,
        Err(refusal) => return refuse(&mut socket, refusal).await,
    };
    let Joined { welcome, missed, mut queue, parting } = joined;
    send(&mut socket, welcome.to_string().into()).await?;
    for message in missed {
        send(&mut socket, message).await?;
    }
    let mut room = Some(room); // until the end comes: then nobody can say anything any longer
    loop {
        tokio::select! {
            message = queue.recv() => match message {
                Some(message) => send(&mut socket, message).await?,
                None => return say_why(&mut socket, parting).await,
            },
            frame = socket.next(), if room.is_some() => match frame?.ok()? {
                Message::Text(text) => room.as_ref()?.send(request(&name, &text)?).await.ok()?,
                Message::Close(_) => return Some(()),
                _ => {}
            },
            _ = end.changed(), if room.is_some() => room = None,
        }
    }
}

/// Hears who comes, or why this makes no sense; nothing where nobody does.
async fn greet(socket: &mut WebSocketStream<TcpStream>) -> Option<Result<Hello, String>> {
    loop {
        match socket.next().await?.ok()? {
            Message::Text(text) => return Some(text.parse()),
            Message::Close(_) => return None,
            _ => {}
        }
    }
}

/// Enters a room.
async fn enter(rooms: &Rooms, hello: Hello) -> Result<(mpsc::Sender<Request>, Joined), Refusal> {
    let room = rooms.door(&hello.room)?;
    let (reply, joined) = oneshot::channel();
    room.send(Request::Join { hello, reply }).await.map_err(|_| Refusal::Ending)?;
    let joined = joined.await.map_err(|_| Refusal::Ending)?;
    Ok((room, joined.map_err(Refusal::ForGood)?))
}

/// What a client says.
fn request(name: &str, frame: &Utf8Bytes) -> Option<Request> {
    let (number, text) = said(frame)?;
    Some(Request::Say { name: name.to_owned(), number, text: text.into() })
}

/// Sends a message, or gives up where nobody takes it.
async fn send(socket: &mut WebSocketStream<TcpStream>, message: Utf8Bytes) -> Option<()> {
    timeout(PATIENCE, socket.send(Message::Text(message))).await.ok()?.ok()
}

/// Tells a client why it is not let in.
async fn refuse(socket: &mut WebSocketStream<TcpStream>, refusal: Refusal) -> Option<()> {
    match refusal {
        Refusal::ForGood(why) => dismiss(socket, CloseCode::Library(FOR_GOOD), why).await,
        Refusal::Ending => dismiss(socket, CloseCode::Away, ENDING.to_owned()).await,
    }
}

/// Tells a client why it hears nothing any longer: a room that gives no reason is closed.
async fn say_why(
    socket: &mut WebSocketStream<TcpStream>,
    parting: oneshot::Receiver<Parting>,
) -> Option<()> {
    let (code, why) = match parting.await {
        Ok(Parting::TooSlow) => {
            (CloseCode::Policy, "too slow: come again, and say what you have heard")
        }
        Ok(Parting::Elsewhere) => (
            CloseCode::Library(FOR_GOOD),
            "somebody of this name has come in on another connection",
        ),
        Err(_) => (CloseCode::Away, ENDING),
    };
    dismiss(socket, code, why.to_owned()).await
}

/// Closes a connection, and waits until the client has heard why: what it was still saying would otherwise
/// be in the way of the reason.
async fn dismiss(
    socket: &mut WebSocketStream<TcpStream>,
    code: CloseCode,
    mut why: String,
) -> Option<()> {
    /// So many bytes are left for a reason in the frame that closes a connection (RFC 6455, section 5.5).
    const REASON: usize = 123;
    why.truncate(why.floor_char_boundary(REASON));
    let told = async {
        socket.close(Some(CloseFrame { code, reason: why.into() })).await.ok()?;
        while let Some(Ok(_)) = socket.next().await {}
        Some(())
    };
    timeout(PATIENCE, told).await.ok()?
}
