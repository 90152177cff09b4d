//! The server and guests of every kind: who is slow, leaves, lies or comes in a crowd is no trouble to
//! others.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use stage::runtime::one_thread;
use tokio::sync::oneshot;
use web_server::compute::Compute;
use web_server::server::{Connections, MOST, Server, serve};
use web_server::store::Store;
use web_server::thumbnail::{BYTES, picture};

/// A server that is open until it is closed.
struct Open {
    address: SocketAddr,
    over: oneshot::Sender<()>,
    thread: JoinHandle<u64>,
}

impl Open {
    fn now() -> Open {
        let (told, address) = std::sync::mpsc::channel();
        let (over, end) = oneshot::channel();
        let thread = thread::spawn(move || {
            let store = Store::open(None).expect("a database");
            let server = Arc::new(Server { store, compute: Compute::Elsewhere });
            one_thread().expect("a runtime").block_on(async {
                let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
                told.send(listener.local_addr().expect("its address")).expect("who asks");
                serve(listener, Arc::clone(&server), Connections::AllAtOnce, end).await;
            });
            server.store.count().expect("a count")
        });
        Open { address: address.recv().expect("an address"), over, thread }
    }

    fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).expect("the server listens")
    }

    /// What is answered to one request.
    fn ask(&self, request: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(request).expect("the server listens");
        answer(stream)
    }

    /// Closes it, and returns how many thumbnails there were.
    fn close(self) -> u64 {
        drop(self.over);
        self.thread.join().expect("a server that ends")
    }
}

/// Everything that is said on a connection until its end.
fn answer(mut stream: TcpStream) -> String {
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("an answer");
    answer
}

const TITLE: &[u8] = b"GET /title HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n";

fn head(length: usize) -> Vec<u8> {
    let head = format!(
        "POST /upload/1/1 HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {length}\r\n\r\n"
    );
    head.into_bytes()
}

#[test]
fn a_picture_becomes_a_thumbnail() {
    let server = Open::now();
    let answer = server.ask(&[head(BYTES), picture()].concat());
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    assert!(answer.ends_with("1518910"), "{answer}");
    assert!(server.ask(TITLE).ends_with("1 thumbnails"));
    assert_eq!(server.close(), 1);
}

#[test]
fn what_is_no_picture_is_refused_in_a_sentence() {
    let server = Open::now();
    let small = server.ask(&[head(3), vec![1, 2, 3]].concat());
    assert!(small.starts_with("HTTP/1.1 400") && small.contains("a picture has"), "{small}");
    let unknown = server.ask(b"GET /nothing HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n");
    assert!(unknown.starts_with("HTTP/1.1 404"), "{unknown}");
    assert!(server.ask(b"what?\r\n\r\n").starts_with("HTTP/1.1 400"));
    assert_eq!(server.close(), 0);
}

#[test]
fn who_hangs_up_in_the_middle_is_no_trouble_to_others() {
    let server = Open::now();
    let mut stream = server.connect();
    stream.write_all(&[head(BYTES), vec![0; 10]].concat()).expect("the server listens");
    drop(stream);
    assert!(server.ask(TITLE).ends_with("0 thumbnails"));
    assert_eq!(server.close(), 0);
}

#[test]
fn who_says_half_of_it_keeps_nobody_else() {
    let server = Open::now();
    let mut slow = server.connect();
    slow.write_all(b"POST /upl").expect("the server listens");
    assert!(server.ask(TITLE).ends_with("0 thumbnails"));
    drop(slow);
    server.close();
}

#[test]
fn a_crowd_waits_at_the_door_and_is_served_when_somebody_leaves() {
    let server = Open::now();
    let mut crowd: Vec<_> = (0..MOST).map(|_| server.connect()).collect();
    let mut last = BufReader::new(crowd.pop().expect("a crowd"));
    let mut outside = server.connect();
    outside.write_all(TITLE).expect("there is room before the door");
    // However often it attends to those inside, it does not look at the door.
    for _ in 0..20 {
        ask_again(&mut last);
    }
    outside.set_nonblocking(true).expect("a socket");
    let early = outside.peek(&mut [0]).expect_err("there is no room yet");
    assert_eq!(early.kind(), std::io::ErrorKind::WouldBlock);
    outside.set_nonblocking(false).expect("a socket");
    drop(crowd.pop());
    assert!(answer(outside).ends_with("0 thumbnails"));
    drop((crowd, last));
    server.close();
}

/// Asks for the title page on a connection that stays open, and reads the answer.
fn ask_again(stream: &mut BufReader<TcpStream>) {
    stream.get_mut().write_all(b"GET /title HTTP/1.1\r\nhost: x\r\n\r\n").expect("it listens");
    let mut line = String::new();
    while line != "\r\n" {
        line.clear();
        stream.read_line(&mut line).expect("a line of the answer's head");
    }
    stream.read_exact(&mut [0; "0 thumbnails".len()]).expect("the page");
}

#[test]
fn what_was_accepted_is_answered_before_the_server_closes() {
    let server = Open::now();
    let mut stream = server.connect();
    let picture = picture();
    stream.write_all(&[&head(BYTES), &picture[..10]].concat()).expect("the server listens");
    // Whoever is answered now came in later.
    assert!(server.ask(TITLE).ends_with("0 thumbnails"));
    drop(server.over);
    stream.write_all(&picture[10..]).expect("it still listens to us");
    assert!(answer(stream).ends_with("1518910"));
    assert_eq!(server.thread.join().expect("a server that ends"), 1);
}
