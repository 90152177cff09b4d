//! `chat join`: a client for the terminal, or for a pipe.
//!
//! Lines that come in are said, and what is heard goes out, a line a message. Who says something hears it
//! as all others do, in its place. When the input ends, the client leaves as soon as it has heard all that
//! it has said; and where the connection is lost, it comes again, and says again what nobody may have heard.

use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::SocketAddr;
use std::thread;
use std::time::Duration;

use lexopt::prelude::*;
use stage::runtime::one_thread;
use stage::{Outcome, Trouble, Verb};
use tokio::sync::mpsc;
use tokio::time::sleep;

use crate::client::{Away, Client};
use crate::protocol::{Placed, TEXT, is_name};
use crate::server::{End, end_when};

/// The verb, for the command line.
pub const VERB: Verb = Verb {
    name: "join",
    arguments: "ADDRESS --name NAME [--room ROOM] [--stay] [--tries TRIES]",
    summary: "says what is typed, or comes from a pipe; --stay goes on listening after that",
    details: "",
    run: |arguments| run(arguments).map(|()| Outcome::Passed),
};

/// How many messages may be on their way before the next line is read.
const WINDOW: usize = 8;

/// How long it takes from one try to come again to the next.
const BETWEEN: Duration = Duration::from_millis(100);

/// What the arguments ask for.
#[derive(Debug, PartialEq, Eq)]
struct Asked {
    server: SocketAddr,
    name: String,
    room: String,
    /// Whether to go on listening when the input has ended.
    stay: bool,
    /// How often to try to come again, until the server is taken for gone.
    tries: usize,
}

fn asked(arguments: Vec<OsString>) -> Result<Asked, Trouble> {
    let (mut server, mut name, mut room) = (None, None, "tea".to_owned());
    let (mut stay, mut tries) = (false, 100);
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Value(address) if server.is_none() => server = Some(read(&address.string()?)?),
            Long("name") => name = Some(parser.value()?.string()?),
            Long("room") => room = parser.value()?.string()?,
            Long("stay") => stay = true,
            Long("tries") => tries = parser.value()?.parse()?,
            _ => return Err(argument.unexpected().into()),
        }
    }
    let missing = |what| Trouble::Misused(format!("{what} is missing (--help shows how)"));
    let server = server.ok_or_else(|| missing("the address that the server has told"))?;
    let name = name.ok_or_else(|| missing("--name NAME"))?;
    if let Some(no_name) = [&name, &room].into_iter().find(|name| !is_name(name)) {
        return Err(Trouble::Misused(format!("`{no_name}` is no name: one word is")));
    }
    Ok(Asked { server, name, room, stay, tries })
}

/// Reads an address, with or without what browsers have around it.
fn read(address: &str) -> Result<SocketAddr, Trouble> {
    let bare = address.trim_start_matches("http://").trim_end_matches('/');
    let numbers = bare.replace("localhost", "127.0.0.1");
    let here = numbers.parse().ok().filter(|address: &SocketAddr| address.ip().is_loopback());
    let why = || format!("`{address}` is no address of a chat, such as 127.0.0.1:8080");
    here.ok_or_else(|| Trouble::Misused(why()))
}

fn run(arguments: Vec<OsString>) -> Result<(), Trouble> {
    let Asked { server, name, room, stay, tries } = asked(arguments)?;
    one_thread()?.block_on(async {
        let client = Client::come(server, &room, &name).await.map_err(String::from)?;
        tell(&format!("{name} is in the room {room}; the end of the input (Ctrl-D) leaves it"));
        let stop = end_when(stage::stopped);
        Visit { client, lines: lines(), stay, tries, forgotten: 0, stop }.go_on().await
    })
}

/// Somebody's stay in a room.
struct Visit {
    client: Client,
    /// What is to be said; closed when that was all.
    lines: mpsc::Receiver<Result<String, String>>,
    stay: bool,
    tries: usize,
    /// How many messages were said to be forgotten.
    forgotten: usize,
    stop: End,
}

impl Visit {
    /// Says and hears, until there is nothing more to do.
    async fn go_on(mut self) -> Result<(), Trouble> {
        let mut has_more = true;
        while has_more || self.stay || self.client.unheard() > 0 {
            tokio::select! {
                message = self.client.hear() => match message {
                    Ok(message) => if !self.pass_on(&message)? {
                        return Ok(()); // nobody listens to this client any longer
                    },
                    Err(away) => if !self.come_again(away).await? {
                        return Ok(());
                    },
                },
                line = self.lines.recv(), if has_more && self.client.unheard() < WINDOW => match line {
                    Some(line) => { self.client.say(&line?).await; }
                    None => has_more = false,
                },
                _ = self.stop.changed() => return Ok(()),
            }
        }
        Ok(())
    }

    /// Prints a message, and says before that what was forgotten. Returns whether anybody reads it.
    fn pass_on(&mut self, message: &Placed) -> Result<bool, String> {
        let forgotten = self.client.forgotten - self.forgotten;
        if forgotten > 0 {
            self.forgotten = self.client.forgotten;
            tell(&format!("the room has forgotten {forgotten} messages before this one"));
        }
        stage::print(&shown(message))
    }

    /// Tries to come again, and again. Returns whether it has, and nobody has asked to stop.
    async fn come_again(&mut self, mut away: Away) -> Result<bool, Trouble> {
        tell(&format!("{away}; trying to come again"));
        for _ in 0..self.tries {
            if let Away::Refused(_) = away {
                break;
            }
            let again = async {
                sleep(BETWEEN).await;
                self.client.come_again().await
            };
            let came = tokio::select! {
                came = again => came,
                _ = self.stop.changed() => return Ok(false),
            };
            match came {
                Ok(()) => {
                    tell(&format!("{} is back", self.client.name()));
                    return Ok(true);
                }
                Err(still) => away = still,
            }
        }
        let unheard = self.client.unheard();
        Err(Trouble::Failed(format!("{away}; {unheard} messages may have been heard by nobody")))
    }
}

/// The lines of the standard input, read by a thread that nobody waits for; or why one cannot be said.
fn lines() -> mpsc::Receiver<Result<String, String>> {
    let (sender, lines) = mpsc::channel(1);
    thread::spawn(move || {
        let mut input = BufReader::new(io::stdin());
        while let Some(line) = next_line(&mut input) {
            let is_bad = line.is_err();
            if sender.blocking_send(line).is_err() || is_bad {
                break;
            }
        }
    });
    lines
}

/// The next line that has something in it; nothing at the end.
fn next_line(input: &mut impl BufRead) -> Option<Result<String, String>> {
    loop {
        let mut line = Vec::new();
        let limit = u64::try_from(TEXT + 1).unwrap_or(u64::MAX);
        match input.by_ref().take(limit).read_until(b'\n', &mut line) {
            Ok(0) => return None,
            Ok(_) if line.len() > TEXT => {
                return Some(Err(format!("a line has more than {TEXT} bytes, and is not said")));
            }
            Ok(_) => {}
            Err(error) => return Some(Err(format!("the input cannot be read: {error}"))),
        }
        let text = String::from_utf8_lossy(&line);
        match text.trim_end_matches(['\r', '\n']) {
            "" => {}
            text => return Some(Ok(text.to_owned())),
        }
    }
}

/// What somebody has said, as a line. It cannot do anything to a terminal.
fn shown(Placed { name, text, .. }: &Placed) -> String {
    let harmless = |letter: char| if letter.is_control() { '\u{fffd}' } else { letter };
    let text: String = text.chars().map(harmless).collect();
    format!("{name}: {text}\n")
}

/// Tells something that nobody in the room has said.
fn tell(sentence: &str) {
    let _unread = writeln!(io::stderr(), "chat: {sentence}");
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_lines(input: &[u8]) -> Vec<Result<String, String>> {
        let mut input = input;
        std::iter::from_fn(|| next_line(&mut input)).take(4).collect()
    }

    #[test]
    fn lines_are_read_as_people_write_them() {
        let two = [Ok("hi".to_owned()), Ok(" you ".to_owned())];
        assert_eq!(read_lines(b"hi\r\n\n you "), two);
        assert_eq!(read_lines(b"\xff\n"), [Ok("\u{fffd}".to_owned())]);
        assert_eq!(read_lines(&[b'x'; TEXT]).len(), 1);
        assert!(read_lines(&[b'x'; TEXT + 1])[0].is_err());
    }

    #[test]
    fn an_address_is_read_as_a_browser_shows_it() {
        for address in ["http://127.0.0.1:80/", "localhost:80", "127.0.0.1:80"] {
            assert_eq!(read(address), Ok(([127, 0, 0, 1], 80).into()), "{address}");
        }
        for address in ["127.0.0.1", "192.0.2.1:80", "x"] {
            assert!(read(address).is_err(), "{address}");
        }
    }
}
