//! Where the judge listens, and what it hears. It may be anybody who connects, and anything that they say.
//!
//! One thread does all of it, so that there is a moment at which nothing is on its way: everything that was
//! sent has been read, and everybody still waits. All is bounded: connections, lines, and what waits to be
//! sent. Who does not read what is sent to them is let go.

use std::io::{self, ErrorKind, Read, Write};
use std::net::TcpListener;
#[cfg(unix)]
use std::os::unix::net::UnixListener;
use std::time::Duration;

use classroom::wire::{LONGEST, Stream};

/// The most connections of one run. Each process of an exercise needs one.
pub const MOST_CONNECTIONS: usize = 64;

/// So many bytes may wait to be sent to one connection.
const MOST_UNSENT: usize = 1 << 20;

/// So many bytes are read of one connection before it is another's turn.
const PORTION: usize = 16 << 10;

/// What is heard. Each begins with the number of the connection.
#[derive(Debug, PartialEq, Eq)]
pub enum Event {
    /// A line, without its end.
    Line(usize, String),
    /// The connection has ended.
    Went(usize, Went),
}

/// How a connection ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Went {
    /// It was closed.
    Closed,
    /// In the middle of a line.
    HalfALine,
    /// With a line that was too long, or no text.
    NoText,
    /// It did not take what was sent to it.
    Deaf,
}

/// Where a judge listens.
#[derive(Debug)]
pub struct Server {
    /// Where, as the program's environment has it, without the secret.
    pub address: String,
    listener: Listener,
    connections: Vec<Option<Connection>>,
    /// The folder of the socket. Nobody else may look into it.
    _folder: Option<tempfile::TempDir>,
}

#[derive(Debug)]
enum Listener {
    #[cfg(unix)]
    Unix(UnixListener),
    #[cfg_attr(unix, expect(dead_code, reason = "for systems without sockets in folders"))]
    Tcp(TcpListener),
}

#[derive(Debug)]
struct Connection {
    stream: Stream,
    /// What has come of a line whose end has not.
    half: Vec<u8>,
    /// What could not yet be sent.
    unsent: Vec<u8>,
}

impl Server {
    /// Begins to listen.
    ///
    /// # Errors
    ///
    /// If the system allows no socket, or no folder for it.
    pub fn open() -> io::Result<Server> {
        let (listener, address, folder) = listener()?;
        Ok(Server { address, listener, connections: Vec::new(), _folder: folder })
    }

    /// Waits until there is something to hear, but no longer than this.
    pub fn wait(&self, longest: Duration) {
        wait(self, longest);
    }

    /// Everything that there is to hear now, up to a portion of each connection.
    pub fn hear(&mut self) -> Vec<Event> {
        self.accept();
        let mut events = Vec::new();
        for number in 0..self.connections.len() {
            let Some(connection) = &mut self.connections[number] else { continue };
            connection.send();
            if let Some(went) = connection.hear(number, &mut events) {
                self.let_go(number);
                events.push(Event::Went(number, went));
            }
        }
        events
    }

    /// Sends a line to a connection, if it is still there.
    pub fn send(&mut self, number: usize, line: &str) {
        if let Some(Some(connection)) = self.connections.get_mut(number) {
            connection.unsent.extend_from_slice(line.as_bytes());
            connection.send();
        }
    }

    /// Closes a connection.
    pub fn let_go(&mut self, number: usize) {
        if let Some(connection) = self.connections.get_mut(number) {
            *connection = None;
        }
    }

    fn accept(&mut self) {
        while let Ok(stream) = self.listener.accept() {
            if self.connections.len() < MOST_CONNECTIONS {
                let (half, unsent) = (Vec::new(), Vec::new());
                self.connections.push(Some(Connection { stream, half, unsent }));
            }
        }
    }
}

#[cfg(unix)]
fn listener() -> io::Result<(Listener, String, Option<tempfile::TempDir>)> {
    let folder = tempfile::Builder::new().prefix("judge").tempdir()?;
    let path = folder.path().join("socket");
    let listener = UnixListener::bind(&path)?;
    listener.set_nonblocking(true)?;
    let address = format!("unix:{}", path.display());
    Ok((Listener::Unix(listener), address, Some(folder)))
}

#[cfg(not(unix))]
fn listener() -> io::Result<(Listener, String, Option<tempfile::TempDir>)> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    listener.set_nonblocking(true)?;
    let address = format!("tcp:{}", listener.local_addr()?);
    Ok((Listener::Tcp(listener), address, None))
}

impl Listener {
    fn accept(&self) -> io::Result<Stream> {
        match self {
            #[cfg(unix)]
            Listener::Unix(listener) => {
                let (stream, _) = listener.accept()?;
                stream.set_nonblocking(true)?;
                Ok(Stream::Unix(stream))
            }
            Listener::Tcp(listener) => {
                let (stream, _) = listener.accept()?;
                stream.set_nodelay(true)?;
                stream.set_nonblocking(true)?;
                Ok(Stream::Tcp(stream))
            }
        }
    }
}

impl Connection {
    /// Reads what there is, up to a portion: how the connection ended, if it did.
    fn hear(&mut self, number: usize, events: &mut Vec<Event>) -> Option<Went> {
        if self.unsent.len() > MOST_UNSENT {
            return Some(Went::Deaf);
        }
        let mut buffer = [0; PORTION];
        let length = match self.stream.read(&mut buffer) {
            Ok(0) if self.half.is_empty() => return Some(Went::Closed),
            Ok(0) => return Some(Went::HalfALine),
            Ok(length) => length,
            Err(error) if is_for_later(&error) => return None,
            Err(_) => return Some(Went::Closed),
        };
        for piece in buffer[..length].split_inclusive(|&byte| byte == b'\n') {
            self.half.extend_from_slice(piece);
            if self.half.len() > LONGEST {
                return Some(Went::NoText);
            }
            if self.half.pop_if(|&mut last| last == b'\n').is_some() {
                match String::from_utf8(std::mem::take(&mut self.half)) {
                    Ok(line) => events.push(Event::Line(number, line)),
                    Err(_) => return Some(Went::NoText),
                }
            }
        }
        None
    }

    /// Sends what can be sent now.
    fn send(&mut self) {
        while !self.unsent.is_empty() {
            match self.stream.write(&self.unsent) {
                Ok(length) => drop(self.unsent.drain(..length)),
                Err(error) if is_for_later(&error) => return,
                // Reading will tell.
                Err(_) => return self.unsent.clear(),
            }
        }
    }
}

fn is_for_later(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted)
}

#[cfg(unix)]
fn wait(server: &Server, longest: Duration) {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    let mut all = vec![PollFd::from_borrowed_fd(server.listener.file(), PollFlags::IN)];
    for connection in server.connections.iter().flatten() {
        let is_done = connection.unsent.is_empty();
        let flags = if is_done { PollFlags::IN } else { PollFlags::IN | PollFlags::OUT };
        all.push(PollFd::from_borrowed_fd(file(&connection.stream), flags));
    }
    let longest = Timespec {
        tv_sec: i64::try_from(longest.as_secs()).unwrap_or(0),
        tv_nsec: i64::from(longest.subsec_nanos()),
    };
    // Whatever goes wrong, one looks once more.
    let _ = poll(&mut all, Some(&longest));
}

#[cfg(unix)]
impl Listener {
    fn file(&self) -> std::os::fd::BorrowedFd<'_> {
        use std::os::fd::AsFd;
        match self {
            Listener::Unix(listener) => listener.as_fd(),
            Listener::Tcp(listener) => listener.as_fd(),
        }
    }
}

#[cfg(unix)]
fn file(stream: &Stream) -> std::os::fd::BorrowedFd<'_> {
    use std::os::fd::AsFd;
    match stream {
        Stream::Unix(stream) => stream.as_fd(),
        Stream::Tcp(stream) => stream.as_fd(),
    }
}

#[cfg(not(unix))]
fn wait(_: &Server, longest: Duration) {
    std::thread::sleep(longest.min(Duration::from_millis(1)));
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is heard until as many events have come as there are expected.
    fn heard(server: &mut Server, expected: usize) -> Vec<Event> {
        let mut events = Vec::new();
        while events.len() < expected {
            server.wait(Duration::from_secs(1));
            events.extend(server.hear());
        }
        events
    }

    fn guest(server: &Server) -> Stream {
        Stream::connect(&format!("{}#secret", server.address)).expect("a connection").0
    }

    #[test]
    fn lines_come_whole_however_they_are_sent() {
        let mut server = Server::open().expect("a server");
        let mut guest = guest(&server);
        guest.write_all(b"one\ntw").expect("somebody listens");
        assert_eq!(heard(&mut server, 1), [Event::Line(0, "one".into())]);
        guest.write_all(b"o\n\nthree").expect("somebody listens");
        drop(guest);
        let expected = [
            Event::Line(0, "two".into()),
            Event::Line(0, String::new()),
            Event::Went(0, Went::HalfALine),
        ];
        assert_eq!(heard(&mut server, 3), expected);
    }

    #[test]
    fn garbage_and_endless_lines_end_a_connection() {
        for garbage in [vec![0xff, b'\n'], vec![b'x'; LONGEST + 1]] {
            let mut server = Server::open().expect("a server");
            guest(&server).write_all(&garbage).expect("somebody listens");
            assert_eq!(heard(&mut server, 1), [Event::Went(0, Went::NoText)]);
        }
    }

    #[test]
    fn who_reads_nothing_is_let_go() {
        let mut server = Server::open().expect("a server");
        let _guest = guest(&server);
        server.hear();
        let line = "x".repeat(1000);
        for _ in 0..3 * MOST_UNSENT / 1000 {
            server.send(0, &line);
        }
        assert_eq!(heard(&mut server, 1), [Event::Went(0, Went::Deaf)]);
    }

    #[test]
    fn too_many_are_turned_away() {
        let mut server = Server::open().expect("a server");
        let mut guests: Vec<Stream> = Vec::new();
        for _ in 0..=MOST_CONNECTIONS {
            guests.push(guest(&server));
            server.hear();
        }
        for mut guest in guests {
            // The last one is closed already.
            drop(guest.write_all(b"here\n"));
        }
        let events = heard(&mut server, 2 * MOST_CONNECTIONS);
        let lines = events.iter().filter(|event| matches!(event, Event::Line(..))).count();
        assert_eq!(lines, MOST_CONNECTIONS);
    }

    #[test]
    fn its_folder_goes_with_it() {
        let server = Server::open().expect("a server");
        let path = server.address.trim_start_matches("unix:").to_owned();
        drop(server);
        assert!(!std::path::Path::new(&path).exists());
    }
}
