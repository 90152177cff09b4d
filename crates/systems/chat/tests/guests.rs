//! The server and guests of every kind.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Receiver;
use std::sync::{Arc, mpsc};
use std::thread;
use std::time::Duration;

use chat::client::{Away, Client, enter};
use chat::protocol::{Hello, Known, LONGEST, say};
use chat::room::{Delivery, MEMORY};
use chat::rooms::ROOMS;
use chat::server::{MOST, listen, serve};
use futures_util::{SinkExt, StreamExt};
use stage::runtime::one_thread;
use tokio::sync::watch;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

/// Whoever hears nothing for so long, and should have, hears nothing any more.
const IN_VAIN: Duration = Duration::from_secs(60);

/// What comes soon, or never.
async fn soon<T>(what: impl Future<Output = T>) -> T {
    timeout(IN_VAIN, what).await.expect("it comes within a minute")
}

/// A server that is there until it is closed.
struct Server {
    address: SocketAddr,
    over: watch::Sender<()>,
    /// Tells in the end how many clients were too slow.
    ended: Receiver<usize>,
}

impl Server {
    fn open() -> Server {
        Server::with_room_for(MOST)
    }

    /// A server for so many clients at once.
    fn with_room_for(most: usize) -> Server {
        let (told, address) = mpsc::channel();
        let (dropped, ended) = mpsc::channel();
        let (over, end) = watch::channel(());
        thread::spawn(move || {
            one_thread().expect("a runtime").block_on(async {
                let listener = listen(0).expect("a port");
                told.send(listener.local_addr().expect("its address")).expect("who asks");
                let too_slow = serve(listener, Delivery::OrDrop, None, most, end).await;
                dropped.send(too_slow).expect("who waits for the end");
            });
        });
        Server { address: address.recv().expect("an address"), over, ended }
    }

    async fn guest(&self, name: &str) -> Client {
        Client::come(self.address, "tea", name).await.expect("the server is there")
    }

    /// Closes it, and returns how many clients were too slow.
    fn close(self) -> usize {
        drop(self.over);
        self.ended.recv_timeout(IN_VAIN).expect("it ends within a minute")
    }
}

fn hello(name: &str) -> Hello {
    Hello { room: "tea".into(), name: name.into(), known: Known::default() }
}

/// The next messages that a client hears, as `Ann 1`.
async fn hears(client: &mut Client, count: usize) -> Vec<String> {
    let mut heard = Vec::new();
    for _ in 0..count {
        let message = soon(client.hear()).await.expect("the server is there");
        heard.push(format!("{} {}", message.name, message.number));
    }
    heard
}

#[test]
fn who_comes_again_goes_on_where_it_was() {
    let server = Server::open();
    one_thread().expect("a runtime").block_on(async {
        let (mut ann, mut bob) = (server.guest("Ann").await, server.guest("Bob").await);
        for _ in 0..3 {
            ann.say("hi").await;
            hears(&mut ann, 1).await;
        }
        assert_eq!(hears(&mut bob, 1).await, ["Ann 1"]);
        bob.come_again().await.expect("the server is there");
        bob.say("hi").await;
        assert_eq!(hears(&mut bob, 3).await, ["Ann 2", "Ann 3", "Bob 1"]);
    });
    assert_eq!(server.close(), 0);
}

#[test]
fn what_was_on_its_way_when_the_connection_was_lost_is_heard_once() {
    let server = Server::open();
    one_thread().expect("a runtime").block_on(async {
        let mut ann = server.guest("Ann").await;
        for _ in 0..3 {
            ann.say("hi").await;
        }
        ann.come_again().await.expect("the server is there"); // and says it again, to be sure
        ann.say("hi").await;
        assert_eq!(hears(&mut ann, 4).await, ["Ann 1", "Ann 2", "Ann 3", "Ann 4"]);
        assert_eq!(ann.unheard(), 0);
    });
    server.close();
}

/// A line to a server that, once it is told to, swallows what comes from its first client. Returns its
/// address, and what tells it.
fn line_that_swallows(server: SocketAddr) -> (SocketAddr, Arc<AtomicBool>) {
    let line = TcpListener::bind("127.0.0.1:0").expect("a port");
    let (address, swallows) =
        (line.local_addr().expect("an address"), Arc::<AtomicBool>::default());
    let told = Arc::clone(&swallows);
    thread::spawn(move || {
        for (number, client) in line.incoming().enumerate() {
            let (mut client, told) = (client.expect("a client"), Arc::clone(&told));
            let mut server = TcpStream::connect(server).expect("the server is there");
            let mut back = (server.try_clone().expect("one"), client.try_clone().expect("one"));
            thread::spawn(move || std::io::copy(&mut back.0, &mut back.1));
            thread::spawn(move || {
                let mut some = [0; 1024];
                while let Ok(read @ 1..) = client.read(&mut some) {
                    if number > 0 || !told.load(Ordering::SeqCst) {
                        server.write_all(&some[..read]).expect("the server is there");
                    }
                }
                let _gone = server.shutdown(Shutdown::Both);
            });
        }
    });
    (address, swallows)
}

#[test]
fn what_never_got_there_is_said_again() {
    let server = Server::open();
    let (line, swallows) = line_that_swallows(server.address);
    one_thread().expect("a runtime").block_on(async {
        let mut ann = Client::come(line, "tea", "Ann").await.expect("the server is there");
        swallows.store(true, Ordering::SeqCst);
        ann.say("one").await;
        ann.say("two").await;
        ann.come_again().await.expect("the server is there");
        assert_eq!(hears(&mut ann, 2).await, ["Ann 1", "Ann 2"]);
    });
    server.close();
}

#[test]
fn who_is_a_newcomer_of_the_same_name_goes_on_with_its_numbers() {
    let server = Server::open();
    one_thread().expect("a runtime").block_on(async {
        let mut ann = server.guest("Ann").await;
        ann.say("hi").await;
        hears(&mut ann, 1).await;
        let mut again = server.guest("Ann").await;
        again.say("hi again").await;
        assert_eq!(hears(&mut again, 2).await, ["Ann 1", "Ann 2"]);
        let Err(Away::Refused(why)) = soon(ann.hear()).await else { panic!("two of one name") };
        assert!(why.contains("another connection"), "{why}");
    });
    server.close();
}

#[test]
fn who_sleeps_is_dropped_and_told_so_on_waking() {
    let server = Server::open();
    let told = one_thread().expect("a runtime").block_on(async {
        let entered = enter(server.address, &hello("sleeper"), Some(4 << 10)).await;
        let mut sleeper = entered.expect("in").0;
        let mut ann = server.guest("Ann").await;
        let page = "x".repeat(LONGEST / 2);
        for _ in 0..40 {
            ann.say(&page).await;
            hears(&mut ann, 1).await;
        }
        let mut last = None;
        while let Some(Ok(frame)) = soon(sleeper.next()).await {
            last = Some(frame);
        }
        last
    });
    let Some(Message::Close(Some(reason))) = told else { panic!("{told:?}") };
    assert!(reason.reason.contains("too slow"), "{reason}");
    assert_eq!(server.close(), 1);
}

#[test]
fn nobody_is_too_slow_where_many_talk_at_once() {
    let server = Server::open();
    one_thread().expect("a runtime").block_on(async {
        let mut crowd = Vec::new();
        for number in 0..50 {
            crowd.push(server.guest(&format!("guest-{number}")).await);
        }
        for guest in &mut crowd {
            guest.say("all at once").await;
        }
        let first = hears(&mut crowd[0], 50).await;
        for guest in &mut crowd[1..] {
            assert_eq!(hears(guest, 50).await, first, "one order");
        }
        assert!(crowd.iter().all(|guest| guest.dropped == 0));
    });
    assert_eq!(server.close(), 0);
}

#[test]
fn who_speaks_another_language_or_too_much_is_no_trouble_to_others() {
    let server = Server::open();
    let mut stranger = TcpStream::connect(server.address).expect("it listens");
    stranger.set_read_timeout(Some(IN_VAIN)).expect("a socket");
    stranger.write_all(b"EHLO\r\n\r\n").expect("it listens");
    let mut answer = String::new();
    stranger.read_to_string(&mut answer).expect("it says why not");
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    one_thread().expect("a runtime").block_on(async {
        let mut chatty = enter(server.address, &hello("chatty"), None).await.expect("in").0;
        let page = Message::text(say(1, &"x".repeat(LONGEST)));
        chatty.send(page).await.expect("it listens");
        while let Some(Ok(_)) = soon(chatty.next()).await {}
        let mut ann = server.guest("Ann").await;
        ann.say("hi").await;
        assert_eq!(hears(&mut ann, 1).await, ["Ann 1"]);
    });
    server.close();
}

#[test]
fn whoever_was_forgotten_waits_for_its_words_no_longer() {
    let server = Server::open();
    one_thread().expect("a runtime").block_on(async {
        let (mut ann, mut bob) = (server.guest("Ann").await, server.guest("Bob").await);
        for number in 1..=2 {
            ann.say("before").await;
            assert_eq!(hears(&mut bob, 1).await, [format!("Ann {number}")]);
        }
        for number in 1..=MEMORY {
            if number == MEMORY {
                // By now the first of them is forgotten, and the second is not.
                ann.come_again().await.expect("the server is there");
                assert_eq!((ann.forgotten, ann.unheard()), (1, 1));
                assert_eq!(hears(&mut ann, 1).await, ["Ann 2"]);
                assert_eq!(ann.unheard(), 0);
            }
            bob.say("on and on").await;
            assert_eq!(hears(&mut bob, 1).await, [format!("Bob {number}")]);
        }
    });
    server.close();
}

#[test]
fn whoever_was_forgotten_for_good_waits_for_nothing() {
    let server = Server::open();
    one_thread().expect("a runtime").block_on(async {
        let (mut ann, mut bob) = (server.guest("Ann").await, server.guest("Bob").await);
        ann.say("before").await;
        assert_eq!(hears(&mut bob, 1).await, ["Ann 1"]);
        for number in 1..=MEMORY {
            bob.say("on and on").await;
            assert_eq!(hears(&mut bob, 1).await, [format!("Bob {number}")]);
        }
        ann.come_again().await.expect("the server is there");
        assert_eq!((ann.forgotten, ann.unheard()), (1, 0));
    });
    server.close();
}

#[test]
fn who_has_no_name_or_wants_one_room_too_many_is_told_so() {
    let server = Server::open();
    one_thread().expect("a runtime").block_on(async {
        let refused = async |room: &str, name: &str| {
            let Err(Away::Refused(why)) = Client::come(server.address, room, name).await else {
                panic!("`{name}` is in `{room}`")
            };
            why
        };
        assert!(refused("tea", "").await.contains("no name"));
        let long = refused("tea", &"x".repeat(200)).await;
        assert!(long.starts_with("`xxx") && long.len() <= 123, "{long}");
        assert!(refused("tea time", "Ann").await.contains("names no room"));
        for room in 0..ROOMS {
            Client::come(server.address, &format!("room-{room}"), "Ann").await.expect("a room");
        }
        assert!(refused("tea", "Ann").await.contains("rooms"));
    });
    server.close();
}

#[test]
fn whoever_is_there_when_the_server_ends_is_told_everything_and_then_that() {
    let server = Server::open();
    let Server { address, over, ended } = server;
    one_thread().expect("a runtime").block_on(async {
        let mut ann = Client::come(address, "tea", "Ann").await.expect("the server is there");
        let mut bob = Client::come(address, "tea", "Bob").await.expect("the server is there");
        ann.say("last words").await;
        hears(&mut ann, 1).await;
        drop(over);
        assert_eq!(hears(&mut bob, 1).await, ["Ann 1"]);
        for client in [&mut ann, &mut bob] {
            let Err(Away::Lost(why)) = soon(client.hear()).await else {
                panic!("there is no server")
            };
            assert_eq!(why, "the server ends");
        }
    });
    ended.recv_timeout(IN_VAIN).expect("it ends within a minute");
}

#[test]
fn a_server_that_is_full_ends_all_the_same() {
    let Server { address, over, ended } = Server::with_room_for(1);
    one_thread().expect("a runtime").block_on(async {
        let mut ann = Client::come(address, "tea", "Ann").await.expect("the server is there");
        let _at_the_door = TcpStream::connect(address).expect("it listens");
        drop(over);
        let Err(Away::Lost(why)) = soon(ann.hear()).await else { panic!("there is no server") };
        assert_eq!(why, "the server ends");
    });
    assert_eq!(ended.recv_timeout(IN_VAIN), Ok(0));
}
