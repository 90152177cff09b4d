//! The server and guests of every kind: who is slow, leaves, lies or comes in a crowd is no trouble to
//! others.

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use stage::runtime::one_thread;
use tokio::net::TcpSocket;
use tokio::sync::oneshot;
use web_server::compute::Compute;
use web_server::server::{MOST, PATIENCE, Room, Server, TURN, serve};
use web_server::store::Store;
use web_server::thumbnail::{BYTES, picture};

/// So long nothing takes; who waits for longer waits in vain.
const IN_VAIN: Duration = Duration::from_secs(60);

/// The patience of a server that has hardly any, and still enough for whoever has no core at times.
const HARDLY_ANY: Duration = Duration::from_secs(1);

/// A server that is open until it is closed.
struct Open {
    address: SocketAddr,
    over: oneshot::Sender<()>,
    thread: JoinHandle<u64>,
}

impl Open {
    fn now() -> Open {
        Open::with(MOST, PATIENCE)
    }

    /// A server that has room for so many, and so much patience.
    fn with(most: usize, patience: Duration) -> Open {
        let (told, address) = std::sync::mpsc::channel();
        let (over, end) = oneshot::channel();
        let thread = thread::spawn(move || {
            let (store, compute) = (Store::open(None).expect("a database"), Compute::Elsewhere);
            let room = Room::with_places(most);
            let server = Arc::new(Server { store, compute, room, patience, prints: false });
            one_thread().expect("a runtime").block_on(async {
                let socket = TcpSocket::new_v4().expect("a socket");
                // Whoever takes nothing of what it is sent is soon noticed.
                socket.set_send_buffer_size(1).expect("a small buffer");
                socket.bind(([127, 0, 0, 1], 0).into()).expect("a port");
                let listener = socket.listen(1024).expect("a door");
                told.send(listener.local_addr().expect("its address")).expect("who asks");
                serve(listener, Arc::clone(&server), end).await;
            });
            server.store.count().expect("a count")
        });
        Open { address: address.recv().expect("an address"), over, thread }
    }

    fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).expect("the server listens");
        stream.set_read_timeout(Some(IN_VAIN)).expect("a socket");
        stream
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
    let large = server.ask(&[head(BYTES + 1), vec![0; BYTES + 1]].concat());
    assert!(large.starts_with("HTTP/1.1 400") && large.contains("limit"), "{large}");
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
fn who_says_half_of_it_keeps_nobody_else_and_is_given_up() {
    let server = Open::with(2, HARDLY_ANY);
    let mut slow = server.connect();
    slow.write_all(b"POST /upl").expect("the server listens");
    assert!(server.ask(TITLE).ends_with("0 thumbnails"));
    assert_eq!(answer(slow), "");
    server.close();
}

#[test]
fn half_a_picture_is_told_that_the_rest_is_missing() {
    let server = Open::with(1, HARDLY_ANY);
    let answer = server.ask(&[head(BYTES), vec![0; BYTES / 2]].concat());
    assert!(answer.starts_with("HTTP/1.1 400"), "{answer}");
    assert!(answer.ends_with("there was no picture within 1s"), "{answer}");
    assert_eq!(server.close(), 0);
}

#[test]
fn who_is_silent_leaves_a_place_to_others() {
    let server = Open::with(2, HARDLY_ANY);
    let _silent = [server.connect(), server.connect()];
    assert!(server.ask(TITLE).ends_with("0 thumbnails"));
    server.close();
}

#[test]
fn who_does_not_listen_leaves_a_place_to_others() {
    let server = Open::with(1, HARDLY_ANY);
    let mut deaf = server.connect();
    ask_until_nobody_listens(&mut deaf);
    assert!(server.ask(TITLE).ends_with("0 thumbnails"));
    server.close();
}

/// Asks on and on, and takes none of the answers, until the server has hung up.
fn ask_until_nobody_listens(stream: &mut TcpStream) {
    stream.set_write_timeout(Some(IN_VAIN)).expect("a socket");
    let error = loop {
        if let Err(error) = stream.write_all(AGAIN) {
            break error.kind();
        }
    };
    assert!(matches!(error, ErrorKind::BrokenPipe | ErrorKind::ConnectionReset), "{error}");
}

#[test]
fn a_crowd_waits_at_the_door_and_is_served_when_somebody_leaves() {
    let server = Open::now();
    let mut crowd: Vec<_> = (0..MOST).map(|_| server.connect()).collect();
    let mut last = BufReader::new(crowd.pop().expect("a crowd"));
    let mut outside = server.connect();
    outside.write_all(TITLE).expect("there is room before the door");
    // However often it attends to those inside, it does not look at the door.
    for _ in 1..TURN {
        assert!(!ask_again(&mut last));
    }
    outside.set_nonblocking(true).expect("a socket");
    let early = outside.peek(&mut [0]).expect_err("there is no room yet");
    assert_eq!(early.kind(), ErrorKind::WouldBlock);
    outside.set_nonblocking(false).expect("a socket");
    drop(crowd.pop());
    assert!(answer(outside).ends_with("0 thumbnails"));
    drop((crowd, last));
    server.close();
}

#[test]
fn whose_turn_is_over_leaves_where_there_is_no_room_and_stays_where_there_is() {
    let small = Open::with(1, PATIENCE);
    let mut inside = BufReader::new(small.connect());
    let mut outside = small.connect();
    outside.write_all(TITLE).expect("there is room before the door");
    let answers: Vec<bool> = (0..TURN).map(|_| ask_again(&mut inside)).collect();
    assert_eq!(answers.iter().position(|&is_last| is_last), Some(TURN - 1));
    assert!(answer(outside).ends_with("0 thumbnails"));
    small.close();

    let large = Open::with(2, PATIENCE);
    let mut inside = BufReader::new(large.connect());
    assert!((0..2 * TURN).all(|_| !ask_again(&mut inside)));
    large.close();
}

#[test]
fn a_flood_keeps_nobody_out() {
    let server = Open::with(2, PATIENCE);
    let is_over = Arc::new(AtomicBool::new(false));
    let flood: Vec<_> = (0..8).map(|_| flood(server.address, Arc::clone(&is_over))).collect();
    for _ in 0..10 {
        assert!(server.ask(TITLE).ends_with("0 thumbnails"));
    }
    is_over.store(true, Ordering::SeqCst);
    for one in flood {
        assert!(one.join().expect("a client to the end") > 0, "the flood is served as well");
    }
    server.close();
}

/// Somebody who asks on and on, and comes again at once whenever its turn is over; returns how often it was
/// answered.
fn flood(server: SocketAddr, is_over: Arc<AtomicBool>) -> JoinHandle<usize> {
    thread::spawn(move || {
        let mut answers = 0;
        while !is_over.load(Ordering::SeqCst) {
            let stream = TcpStream::connect(server).expect("the server listens");
            stream.set_read_timeout(Some(IN_VAIN)).expect("a socket");
            let mut stream = BufReader::new(stream);
            while !is_over.load(Ordering::SeqCst) && !ask_again(&mut stream) {
                answers += 1;
            }
        }
        answers
    })
}

/// A question on a connection that stays open.
const AGAIN: &[u8] = b"GET /title HTTP/1.1\r\nhost: x\r\n\r\n";

/// Asks for the title page on a connection that stays open, reads the answer, and returns whether it is
/// the last one.
fn ask_again(stream: &mut BufReader<TcpStream>) -> bool {
    stream.get_mut().write_all(AGAIN).expect("it listens");
    let (mut line, mut is_last) = (String::new(), false);
    while line != "\r\n" {
        line.clear();
        stream.read_line(&mut line).expect("a line of the answer's head");
        assert!(!line.is_empty(), "it was not answered");
        is_last |= line == "connection: close\r\n";
    }
    stream.read_exact(&mut [0; "0 thumbnails".len()]).expect("the page");
    is_last
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

#[test]
fn who_has_more_to_ask_or_is_silent_does_not_keep_the_server_open() {
    let server = Open::with(MOST, 10 * IN_VAIN);
    let mut busy = BufReader::new(server.connect());
    let silent = server.connect();
    assert!(!ask_again(&mut busy));
    assert!(server.ask(TITLE).ends_with("0 thumbnails"), "the silent one is inside, too");
    drop(server.over);
    assert_eq!(answer(silent), "");
    assert_eq!(busy.read(&mut [0]).expect("an end"), 0);
    server.thread.join().expect("a server that ends");
}
