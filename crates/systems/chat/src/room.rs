//! A room: it gives messages their order, and hands them on.
//!
//! One task owns it, and whoever wants something of it sends a request. So its messages have one order,
//! without a lock, on however many threads the connections are.

use std::collections::HashMap;
use std::time::Duration;

use tokio::sync::{mpsc, oneshot};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Utf8Bytes;

/// How many messages may wait for a client.
pub const QUEUE: usize = 8;

/// How many messages the room remembers for those who come again.
pub const MEMORY: usize = 1000;

/// How long the room waits for a place in a queue, where it waits.
pub const GIVE_UP: Duration = Duration::from_millis(500);

/// What the room does about a client whose queue is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// It drops the client, which has to come again. Nobody else hears anything of it.
    OrDrop,
    /// It waits for a place, for [`GIVE_UP`] at most. Everybody else waits, too.
    InTurn,
}

/// What somebody wants of a room.
#[derive(Debug)]
pub enum Request {
    /// To hear everything from this place of the order on, counted from 0.
    Join {
        /// How many messages the client has heard already.
        heard: usize,
        /// Where to say what was missed, and where later messages come.
        reply: oneshot::Sender<Joined>,
    },
    /// To say something.
    Say {
        /// Who says it.
        name: String,
        /// Which one of the sender's own messages it is, counted from 1.
        number: usize,
        /// What is said.
        text: Utf8Bytes,
    },
}

/// What somebody gets who joins.
#[derive(Debug)]
pub struct Joined {
    /// What was missed.
    pub missed: Vec<Utf8Bytes>,
    /// Where later messages come. It ends when the client was too slow.
    pub queue: mpsc::Receiver<Utf8Bytes>,
}

/// A room.
#[derive(Debug)]
pub struct Room {
    delivery: Delivery,
    /// The messages in their order: the place, the sender, its own number, and the text.
    said: Vec<Utf8Bytes>,
    /// The number of each sender's latest message.
    latest: HashMap<String, usize>,
    members: Vec<mpsc::Sender<Utf8Bytes>>,
    /// How many clients were too slow.
    dropped: usize,
}

impl Room {
    /// An empty room.
    #[must_use]
    pub fn new(delivery: Delivery) -> Room {
        let (said, latest, members) = (Vec::new(), HashMap::new(), Vec::new());
        Room { delivery, said, latest, members, dropped: 0 }
    }

    /// Does what it is asked to, until nobody is left who could ask. Returns how many were dropped.
    pub async fn open(mut self, mut requests: mpsc::Receiver<Request>) -> usize {
        while let Some(request) = requests.recv().await {
            match request {
                Request::Join { heard, reply } => self.join(heard, reply),
                Request::Say { name, number, text } => self.say(&name, number, &text).await,
            }
        }
        self.dropped
    }

    fn join(&mut self, heard: usize, reply: oneshot::Sender<Joined>) {
        let (sender, queue) = mpsc::channel(QUEUE);
        let missed = self.said.get(heard..).unwrap_or_default().to_vec();
        // Who has gone in the meantime is not there.
        if reply.send(Joined { missed, queue }).is_ok() {
            self.members.push(sender);
        }
    }

    /// Hands a message on, unless it has been said before: who comes again says it again to be sure.
    async fn say(&mut self, name: &str, number: usize, text: &str) {
        let latest = self.latest.entry(name.to_owned()).or_default();
        if number != *latest + 1 || self.said.len() == MEMORY {
            return;
        }
        *latest = number;
        let message = Utf8Bytes::from(format!("{} {name} {number} {text}", self.said.len()));
        self.said.push(message.clone());
        let mut members = std::mem::take(&mut self.members);
        for member in members.drain(..) {
            match deliver(self.delivery, &member, message.clone()).await {
                Delivered::Yes => self.members.push(member),
                Delivered::TooSlow => self.dropped += 1,
                Delivered::Gone => {}
            }
        }
    }
}

/// What became of a message to one client.
enum Delivered {
    Yes,
    TooSlow,
    Gone,
}

async fn deliver(
    delivery: Delivery,
    member: &mpsc::Sender<Utf8Bytes>,
    message: Utf8Bytes,
) -> Delivered {
    use mpsc::error::TrySendError::{Closed, Full};

    match delivery {
        Delivery::OrDrop => match member.try_send(message) {
            Ok(()) => Delivered::Yes,
            Err(Full(_)) => Delivered::TooSlow,
            Err(Closed(_)) => Delivered::Gone,
        },
        Delivery::InTurn => match timeout(GIVE_UP, member.send(message)).await {
            Ok(Ok(())) => Delivered::Yes,
            Ok(Err(_)) => Delivered::Gone,
            Err(_) => Delivered::TooSlow,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_one_thread<T>(work: impl Future<Output = T>) -> T {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_time().build().expect("a runtime").block_on(work)
    }

    fn join(room: &mut Room, heard: usize) -> Joined {
        let (reply, mut joined) = oneshot::channel();
        room.join(heard, reply);
        joined.try_recv().expect("an answer")
    }

    fn waiting(joined: &mut Joined) -> Vec<String> {
        std::iter::from_fn(|| joined.queue.try_recv().ok()).map(|it| it.to_string()).collect()
    }

    #[test]
    fn what_is_said_again_is_heard_once() {
        on_one_thread(async {
            let mut room = Room::new(Delivery::OrDrop);
            let mut ann = join(&mut room, 0);
            for (name, number) in [("Ann", 1), ("Bob", 1), ("Ann", 1), ("Ann", 2), ("Bob", 1)] {
                room.say(name, number, "hi").await;
            }
            assert_eq!(waiting(&mut ann), ["0 Ann 1 hi", "1 Bob 1 hi", "2 Ann 2 hi"]);
        });
    }

    #[test]
    fn who_comes_again_hears_what_was_missed_and_nothing_else() {
        on_one_thread(async {
            let mut room = Room::new(Delivery::OrDrop);
            for number in 1..=3 {
                room.say("Ann", number, "hi").await;
            }
            let joined = join(&mut room, 1);
            assert_eq!(joined.missed, ["1 Ann 2 hi", "2 Ann 3 hi"]);
            assert!(join(&mut room, 9).missed.is_empty());
        });
    }

    #[test]
    fn who_does_not_listen_is_dropped_and_others_hear_everything() {
        on_one_thread(async {
            let mut room = Room::new(Delivery::OrDrop);
            let mut sleeper = join(&mut room, 0);
            let mut awake = join(&mut room, 0);
            let mut heard = 0;
            for number in 1..=QUEUE + 2 {
                room.say("Ann", number, "hi").await;
                heard += waiting(&mut awake).len();
            }
            assert_eq!(heard, QUEUE + 2);
            assert_eq!((room.dropped, room.members.len()), (1, 1));
            assert_eq!(waiting(&mut sleeper).len(), QUEUE);
            assert!(sleeper.queue.is_closed());
        });
    }
}
