//! What is said between an exercise and its judge: lines of text over a local socket.
//!
//! A line of the exercise's is a request: its number, the thread that makes it, and what it wants. The
//! judge replies with the same number, at once or when it sees fit. Requests with the number 0 are notes,
//! to which nobody replies.
//!
//! ```text
//! exercise   1 4711 hello 1 5d41402abc4b2a76     judge   1 welcome overlap A B C
//! exercise   2 4712 fetch 0                           (nothing yet)
//! exercise   3 4713 fetch 1                           judge   2 page 81985529216486895 … 3 page …
//! ```
//!
//! The judge believes nothing of it but when it came.

use std::fmt::Write as _;
use std::io::{self, Read, Write};
use std::net::TcpStream;
#[cfg(unix)]
use std::os::fd::AsFd;
#[cfg(unix)]
use std::os::unix::net::UnixStream;
use std::str::{FromStr, SplitWhitespace};

use crate::puzzle::Puzzle;

/// The environment variable that says where the judge listens: `unix:PATH#SECRET` or
/// `tcp:ADDRESS#SECRET`; or `stdin:#SECRET`, where the standard input is a connection to it already.
pub const VARIABLE: &str = "CLASSROOM_JUDGE";

/// The version of what stands here. A judge listens to its own version only.
pub const VERSION: u32 = 1;

/// The longest line, in bytes, its end included.
pub const LONGEST: usize = 1 << 10;

/// The most numbers that an answer may have: so many fit on a line.
pub const MOST_NUMBERS: usize = 40;

/// A line from an exercise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The request's number: 0 if nobody waits for a reply.
    pub number: u64,
    /// The thread that makes it, by the number that the system gave to it.
    pub thread: u64,
    /// Whether a task waits for the reply, and the thread is free meanwhile.
    pub awaited: bool,
    /// What it wants.
    pub request: Request,
}

/// What an exercise wants of its judge, or tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// To be let in. Comes first.
    Hello {
        /// The [version](VERSION) of what stands here.
        version: u32,
        /// What the judge has put into [`VARIABLE`].
        secret: String,
    },
    /// Tells the name of a thread, before its first request.
    Thread {
        /// Its name.
        name: String,
    },
    /// A task's page.
    Fetch {
        /// The task's number.
        task: usize,
    },
    /// To which pages a task's page links.
    Links {
        /// The task's number.
        task: usize,
    },
    /// Leave to compute what is hidden in a task's page.
    Compute {
        /// The task's number.
        task: usize,
    },
    /// Tells what was found in a task's page.
    Computed {
        /// The task's number.
        task: usize,
        /// What was found.
        found: u64,
    },
    /// The value of a counter.
    Load {
        /// The counter's number.
        counter: usize,
    },
    /// To set a counter.
    Store {
        /// The counter's number.
        counter: usize,
        /// Its new value.
        value: u64,
    },
    /// To add to a counter, in one operation. Its value before is replied.
    Add {
        /// The counter's number.
        counter: usize,
        /// How much.
        value: u64,
    },
    /// To set a counter if it still has a certain value.
    Exchange {
        /// The counter's number.
        counter: usize,
        /// The value that it has to have.
        current: u64,
        /// Its new value.
        new: u64,
    },
    /// To take the lock of an account, once nobody has it.
    Lock {
        /// The account's number.
        account: usize,
    },
    /// Tells that the lock of an account is let go.
    Unlock {
        /// The account's number.
        account: usize,
    },
    /// To let go of the lock of an account, to sleep until there is a signal about it, and to take it again.
    Wait {
        /// The account's number.
        account: usize,
    },
    /// To wake all who wait for a signal about an account. Nobody else ever hears of it.
    Notify {
        /// The account's number.
        account: usize,
    },
    /// To move an amount from one account to another.
    Transfer {
        /// The number of the account that it is taken from.
        from: usize,
        /// The number of the account that it goes to.
        to: usize,
        /// How much.
        amount: u64,
    },
    /// To stand still until somebody else has done something.
    Delay,
    /// To show a sign of life, and be told when the next is wanted.
    Beat,
    /// To be told when everything is to end.
    Stop,
    /// To have a line shown.
    Say {
        /// The line.
        text: String,
    },
    /// Tells that nobody waits for a reply any longer.
    Dropped {
        /// The number of the request that was dropped.
        request: u64,
    },
    /// To hand in an answer. Comes last.
    Answer {
        /// What it consists of.
        numbers: Vec<u64>,
    },
}

/// What a judge replies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reply {
    /// Come in: this is to be done.
    Welcome {
        /// The stage that is to be run.
        stage: String,
        /// The names of its tasks.
        tasks: Vec<String>,
    },
    /// It is done, or may be done.
    Done,
    /// A page.
    Page(Puzzle),
    /// The tasks to whose pages a page links.
    Links(Vec<usize>),
    /// The value that a counter had.
    Value(u64),
    /// The counter has another value than it had to have: this one.
    Other(u64),
    /// This cannot be.
    Error(String),
}

impl Line {
    /// The line, with its end.
    #[must_use]
    pub fn to_text(&self) -> String {
        let awaited = if self.awaited { "await " } else { "" };
        format!("{} {} {awaited}{}\n", self.number, self.thread, self.request.to_text())
    }

    /// Reads a line without its end; `None` if it is none.
    #[must_use]
    pub fn read(text: &str) -> Option<Line> {
        let (number, rest) = text.split_once(' ')?;
        let (thread, request) = rest.split_once(' ')?;
        let (awaited, request) = match request.strip_prefix("await ") {
            Some(request) => (true, request),
            None => (false, request),
        };
        let (number, thread) = (number.parse().ok()?, thread.parse().ok()?);
        Some(Line { number, thread, awaited, request: Request::read(request)? })
    }
}

impl Request {
    fn to_text(&self) -> String {
        match self {
            Request::Hello { version, secret } => format!("hello {version} {}", word(secret)),
            Request::Thread { name } => format!("thread {}", on_one_line(name)),
            Request::Fetch { task } => format!("fetch {task}"),
            Request::Links { task } => format!("links {task}"),
            Request::Compute { task } => format!("compute {task}"),
            Request::Computed { task, found } => format!("computed {task} {found}"),
            Request::Load { counter } => format!("load {counter}"),
            Request::Store { counter, value } => format!("store {counter} {value}"),
            Request::Add { counter, value } => format!("add {counter} {value}"),
            Request::Exchange { counter, current, new } => {
                format!("exchange {counter} {current} {new}")
            }
            Request::Lock { account } => format!("lock {account}"),
            Request::Unlock { account } => format!("unlock {account}"),
            Request::Wait { account } => format!("wait {account}"),
            Request::Notify { account } => format!("notify {account}"),
            Request::Transfer { from, to, amount } => format!("transfer {from} {to} {amount}"),
            Request::Delay => "delay".to_owned(),
            Request::Beat => "beat".to_owned(),
            Request::Stop => "stop".to_owned(),
            Request::Say { text } => format!("say {}", on_one_line(text)),
            Request::Dropped { request } => format!("dropped {request}"),
            Request::Answer { numbers } => format!("answer{}", all(numbers)),
        }
    }

    fn read(text: &str) -> Option<Request> {
        let (verb, rest) = text.split_once(' ').unwrap_or((text, ""));
        let mut words = rest.split_whitespace();
        let words = &mut words;
        let request = match verb {
            "thread" => return Some(Request::Thread { name: rest.to_owned() }),
            "say" => return Some(Request::Say { text: rest.to_owned() }),
            "answer" => {
                let numbers = words.map(str::parse).collect::<Result<Vec<u64>, _>>().ok()?;
                return (numbers.len() <= MOST_NUMBERS).then_some(Request::Answer { numbers });
            }
            "hello" => {
                let (version, secret) = (next(words)?, next(words)?);
                Request::Hello { version, secret }
            }
            "fetch" => Request::Fetch { task: next(words)? },
            "links" => Request::Links { task: next(words)? },
            "compute" => Request::Compute { task: next(words)? },
            "computed" => Request::Computed { task: next(words)?, found: next(words)? },
            "load" => Request::Load { counter: next(words)? },
            "store" => Request::Store { counter: next(words)?, value: next(words)? },
            "add" => Request::Add { counter: next(words)?, value: next(words)? },
            "exchange" => {
                let (counter, current) = (next(words)?, next(words)?);
                Request::Exchange { counter, current, new: next(words)? }
            }
            "lock" => Request::Lock { account: next(words)? },
            "unlock" => Request::Unlock { account: next(words)? },
            "wait" => Request::Wait { account: next(words)? },
            "notify" => Request::Notify { account: next(words)? },
            "transfer" => {
                let (from, to) = (next(words)?, next(words)?);
                Request::Transfer { from, to, amount: next(words)? }
            }
            "delay" => Request::Delay,
            "beat" => Request::Beat,
            "stop" => Request::Stop,
            "dropped" => Request::Dropped { request: next(words)? },
            _ => return None,
        };
        words.next().is_none().then_some(request)
    }
}

impl Reply {
    /// The reply to the request with this number, as a line with its end.
    #[must_use]
    pub fn to_text(&self, number: u64) -> String {
        match self {
            Reply::Welcome { stage, tasks } => {
                let tasks: String = tasks.iter().map(|task| format!(" {}", word(task))).collect();
                format!("{number} welcome {}{tasks}\n", word(stage))
            }
            Reply::Done => format!("{number} done\n"),
            Reply::Page(Puzzle { key, first, tries, mixed }) => {
                format!("{number} page {key} {first} {tries} {mixed}\n")
            }
            Reply::Links(tasks) => {
                let tasks: String = tasks.iter().map(|task| format!(" {task}")).collect();
                format!("{number} links{tasks}\n")
            }
            Reply::Value(value) => format!("{number} value {value}\n"),
            Reply::Other(value) => format!("{number} other {value}\n"),
            Reply::Error(text) => format!("{number} error {}\n", on_one_line(text)),
        }
    }

    /// Reads a line without its end: the request's number, and the reply; `None` if it is none.
    #[must_use]
    pub fn read(text: &str) -> Option<(u64, Reply)> {
        let (number, rest) = text.split_once(' ')?;
        let (verb, rest) = rest.split_once(' ').unwrap_or((rest, ""));
        let mut words = rest.split_whitespace();
        let words = &mut words;
        let reply = match verb {
            "welcome" => {
                Reply::Welcome { stage: next(words)?, tasks: words.map(str::to_owned).collect() }
            }
            "done" => Reply::Done,
            "page" => {
                let (key, first, tries) = (next(words)?, next(words)?, next(words)?);
                Reply::Page(Puzzle { key, first, tries, mixed: next(words)? })
            }
            "links" => Reply::Links(words.map(str::parse).collect::<Result<_, _>>().ok()?),
            "value" => Reply::Value(next(words)?),
            "other" => Reply::Other(next(words)?),
            "error" => Reply::Error(rest.to_owned()),
            _ => return None,
        };
        Some((number.parse().ok()?, reply))
    }
}

fn next<T: FromStr>(words: &mut SplitWhitespace<'_>) -> Option<T> {
    words.next()?.parse().ok()
}

/// What is to be one word, made one.
fn word(text: &str) -> String {
    let word: String = text.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    if word.is_empty() { "-".to_owned() } else { cut(word) }
}

/// What is to stand on one line, made to.
fn on_one_line(text: &str) -> String {
    cut(text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect())
}

/// Cut so that it fits on a line with what stands beside it.
fn cut(mut text: String) -> String {
    let mut end = text.len().min(LONGEST - 100);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.truncate(end);
    text
}

fn all(numbers: &[u64]) -> String {
    numbers.iter().take(MOST_NUMBERS).fold(String::new(), |mut text, number| {
        write!(text, " {number}").expect("memory");
        text
    })
}

/// A connection between an exercise and its judge.
#[derive(Debug)]
pub enum Stream {
    /// On Unix: a socket in a folder that is nobody else's.
    #[cfg(unix)]
    Unix(UnixStream),
    /// Elsewhere: within this machine.
    Tcp(TcpStream),
}

impl Stream {
    /// Connects to where `address` says that a judge listens, as [`VARIABLE`] has it. Also the secret with
    /// which one is let in.
    ///
    /// # Errors
    ///
    /// If that is no address, or nobody listens there.
    pub fn connect(address: &str) -> io::Result<(Stream, String)> {
        let no_address = || io::Error::new(io::ErrorKind::InvalidInput, "that is no address");
        let (address, secret) = address.rsplit_once('#').ok_or_else(no_address)?;
        let stream = match address.split_once(':').ok_or_else(no_address)? {
            #[cfg(unix)]
            ("unix", path) => Stream::Unix(UnixStream::connect(path)?),
            #[cfg(unix)]
            ("stdin", _) => Stream::Unix(io::stdin().as_fd().try_clone_to_owned()?.into()),
            ("tcp", address) => {
                let stream = TcpStream::connect(address)?;
                stream.set_nodelay(true)?;
                Stream::Tcp(stream)
            }
            _ => return Err(no_address()),
        };
        Ok((stream, secret.to_owned()))
    }

    /// The same connection once more, so that one thread can read and another one write.
    ///
    /// # Errors
    ///
    /// If the process has too many files open.
    pub fn again(&self) -> io::Result<Stream> {
        match self {
            #[cfg(unix)]
            Stream::Unix(stream) => stream.try_clone().map(Stream::Unix),
            Stream::Tcp(stream) => stream.try_clone().map(Stream::Tcp),
        }
    }
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match self {
            #[cfg(unix)]
            Stream::Unix(stream) => stream.read(buffer),
            Stream::Tcp(stream) => stream.read(buffer),
        }
    }
}

impl Write for Stream {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            #[cfg(unix)]
            Stream::Unix(stream) => stream.write(bytes),
            Stream::Tcp(stream) => stream.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_request_comes_over_as_it_was() {
        let (task, counter, value) = (3, 1, u64::MAX);
        let requests = [
            Request::Hello { version: 1, secret: "s3cret".into() },
            Request::Thread { name: "a thread, named (oddly)".into() },
            Request::Fetch { task },
            Request::Links { task },
            Request::Compute { task },
            Request::Computed { task, found: value },
            Request::Load { counter },
            Request::Store { counter, value },
            Request::Add { counter, value },
            Request::Exchange { counter, current: 0, new: value },
            Request::Lock { account: counter },
            Request::Unlock { account: counter },
            Request::Wait { account: counter },
            Request::Notify { account: counter },
            Request::Transfer { from: 0, to: 1, amount: value },
            Request::Delay,
            Request::Beat,
            Request::Stop,
            Request::Say { text: "  two  spaces ".into() },
            Request::Dropped { request: 12 },
            Request::Answer { numbers: vec![] },
            Request::Answer { numbers: vec![u64::MAX; MOST_NUMBERS] },
        ];
        for request in requests {
            let line = Line { number: u64::MAX, thread: u64::MAX, awaited: true, request };
            let text = line.to_text();
            assert!(text.len() <= LONGEST, "{text}");
            assert_eq!(Line::read(text.strip_suffix('\n').expect("an end")), Some(line));
        }
    }

    #[test]
    fn every_reply_comes_over_as_it_was() {
        let puzzle = Puzzle::hide(u64::MAX, u64::MAX - 10, 10, 3);
        let replies = [
            Reply::Welcome { stage: "overlap".into(), tasks: vec!["A".into(), "B".into()] },
            Reply::Done,
            Reply::Page(puzzle),
            Reply::Links(vec![]),
            Reply::Links(vec![3, 1]),
            Reply::Value(u64::MAX),
            Reply::Other(0),
            Reply::Error("no such task".into()),
        ];
        for reply in replies {
            let text = reply.to_text(9);
            assert_eq!(Reply::read(text.strip_suffix('\n').expect("an end")), Some((9, reply)));
        }
    }

    #[test]
    fn what_is_no_line_is_not_read() {
        let texts = [
            "",
            " ",
            "1",
            "1 2",
            "x 2 delay",
            "1 2 fetch",
            "1 2 fetch -1",
            "1 2 fetch 1 2",
            "1 2 fetch 99999999999999999999999",
            "1 2 fly",
            "1 2 answer one",
            "1 -2 delay",
        ];
        for text in texts {
            assert_eq!(Line::read(text), None, "{text:?}");
        }
        let numbers = [1; MOST_NUMBERS + 1];
        assert_eq!(Line::read(&format!("1 2 answer{}", " 1".repeat(numbers.len()))), None);
    }

    #[test]
    fn no_text_makes_two_lines_of_one() {
        let text = "one\n2 3 fetch 0\r\u{2028}".repeat(LONGEST);
        let line =
            Line { number: 1, thread: 2, awaited: false, request: Request::Say { text } }.to_text();
        assert_eq!(line.matches('\n').count(), 1);
        assert!(line.len() <= LONGEST);
    }
}
