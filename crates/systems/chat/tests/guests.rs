//! The server and guests of every kind.

use std::io::{Read, Write};
use std::net::SocketAddr;
use std::thread::{self, JoinHandle};

use chat::client::{Client, connect};
use chat::room::{Delivery, Room};
use chat::server::{LONGEST, listen, serve};
use futures_util::{SinkExt, StreamExt};
use stage::runtime::one_thread;
use tokio::sync::{mpsc, oneshot};
use tokio_tungstenite::tungstenite::Message;

/// A server that is there until it is closed.
struct Server {
    address: SocketAddr,
    over: oneshot::Sender<()>,
    thread: JoinHandle<usize>,
}

impl Server {
    fn open() -> Server {
        let (told, address) = std::sync::mpsc::channel();
        let (over, end) = oneshot::channel();
        let thread = thread::spawn(move || {
            one_thread().expect("a runtime").block_on(async {
                let listener = listen(([127, 0, 0, 1], 0).into()).expect("a port");
                told.send(listener.local_addr().expect("its address")).expect("who asks");
                let (requests, inbox) = mpsc::channel(8);
                let room = tokio::spawn(Room::new(Delivery::OrDrop).open(inbox));
                serve(listener, requests, end).await;
                room.await.expect("a room to the end")
            })
        });
        Server { address: address.recv().expect("an address"), over, thread }
    }

    /// Closes it, and returns how many clients were too slow.
    fn close(self) -> usize {
        drop(self.over);
        self.thread.join().expect("a server that ends")
    }
}

/// What a client has heard, as `Ann 1`.
fn heard(client: &Client) -> Vec<String> {
    client.heard.iter().map(|said| format!("{} {}", said.name, said.number)).collect()
}

#[test]
fn who_comes_again_goes_on_where_it_was() {
    let server = Server::open();
    one_thread().expect("a runtime").block_on(async {
        let mut ann = Client::come(server.address, "Ann").await.expect("the server is there");
        let mut bob = Client::come(server.address, "Bob").await.expect("the server is there");
        for number in 1..=3 {
            ann.say(number, "hi").await.expect("the server is there");
            ann.hear().await.expect("what was said");
        }
        bob.hear().await.expect("the first");
        bob.come_again().await.expect("the server is there");
        bob.say(1, "hi").await.expect("the server is there");
        for _ in 0..3 {
            bob.hear().await.expect("the rest");
        }
        assert_eq!(heard(&bob), ["Ann 1", "Ann 2", "Ann 3", "Bob 1"]);
    });
    assert_eq!(server.close(), 0);
}

#[test]
fn what_was_on_its_way_when_the_connection_was_lost_is_heard_once() {
    let server = Server::open();
    one_thread().expect("a runtime").block_on(async {
        let mut ann = Client::come(server.address, "Ann").await.expect("the server is there");
        ann.say(1, "hi").await.expect("the server is there");
        ann.come_again().await.expect("the server is there"); // and says it again, to be sure
        ann.hear().await.expect("the first");
        ann.say(2, "hi").await.expect("the server is there");
        ann.hear().await.expect("the second");
        assert_eq!(heard(&ann), ["Ann 1", "Ann 2"]);
    });
    server.close();
}

#[test]
fn who_sleeps_is_dropped_and_told_so_on_waking() {
    let server = Server::open();
    let told = one_thread().expect("a runtime").block_on(async {
        let mut sleeper = connect(server.address, "sleeper", 0, Some(4 << 10)).await.expect("in");
        let mut ann = Client::come(server.address, "Ann").await.expect("the server is there");
        let page = "x".repeat(LONGEST / 2);
        for number in 1..=40 {
            ann.say(number, &page).await.expect("the server is there");
            ann.hear().await.expect("what was said");
        }
        let mut last = None;
        while let Some(Ok(frame)) = sleeper.next().await {
            last = Some(frame);
        }
        last
    });
    let Some(Message::Close(Some(reason))) = told else { panic!("{told:?}") };
    assert!(reason.reason.contains("too slow"), "{reason}");
    assert_eq!(server.close(), 1);
}

#[test]
fn who_speaks_another_language_or_too_much_is_no_trouble_to_others() {
    let server = Server::open();
    let mut stranger = std::net::TcpStream::connect(server.address).expect("it listens");
    stranger.write_all(b"EHLO\r\n\r\n").expect("it listens");
    let mut answer = Vec::new();
    // It hangs up, with a word or without.
    let _hung_up = stranger.read_to_end(&mut answer);
    one_thread().expect("a runtime").block_on(async {
        let mut chatty = connect(server.address, "chatty", 0, None).await.expect("in");
        let page = Message::text(format!("1 {}", "x".repeat(LONGEST)));
        chatty.send(page).await.expect("it listens");
        while let Some(Ok(_)) = chatty.next().await {}
        let mut ann = Client::come(server.address, "Ann").await.expect("the server is there");
        ann.say(1, "hi").await.expect("the server is there");
        ann.hear().await.expect("what was said");
        assert_eq!(heard(&ann), ["Ann 1"]);
    });
    server.close();
}
