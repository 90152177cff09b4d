//! A room: it gives messages their order, and hands them on.
//!
//! One task owns it, and whoever wants something of it sends a request. So its messages have one order,
//! without a lock, on however many threads the connections are.

use std::collections::{HashMap, VecDeque};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use lab::task::Task;
use tokio::sync::{mpsc, oneshot};
use tokio::task::yield_now;
use tokio_tungstenite::tungstenite::Utf8Bytes;

use crate::protocol::{Hello, Known, Placed, Welcome};

/// How many messages may wait for a client.
pub const QUEUE: usize = 8;

/// How many messages the room remembers for those who come again.
pub const MEMORY: usize = 1000;

/// How many bytes these may have together.
pub const BYTES: usize = 1 << 20;

/// How many people a room gets to know at most.
pub const PEOPLE: usize = 10_000;

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
    /// To hear everything that was not heard yet.
    Join {
        /// Who that is, and what was heard.
        hello: Hello,
        /// Where to say what was missed, and where later messages come; or why not.
        reply: oneshot::Sender<Result<Joined, String>>,
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
    /// What the client is told first.
    pub welcome: Welcome,
    /// What was missed.
    pub missed: Vec<Utf8Bytes>,
    /// Where later messages come, until there is a reason that none do.
    pub queue: mpsc::Receiver<Utf8Bytes>,
    /// Says why no messages come any longer. It is gone without a word where the room is.
    pub parting: oneshot::Receiver<Parting>,
}

/// Why a room tells somebody nothing any longer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Parting {
    /// The queue was full.
    TooSlow,
    /// The same person has come in on another connection.
    Elsewhere,
}

/// Somebody in a room.
#[derive(Debug)]
struct Member {
    name: String,
    queue: mpsc::Sender<Utf8Bytes>,
    parting: oneshot::Sender<Parting>,
}

/// What a room has had of a sender, by the numbers of the messages.
#[derive(Clone, Copy, Debug, Default)]
struct Had {
    /// The latest.
    latest: usize,
    /// The latest that is forgotten.
    gone: usize,
}

/// A room.
#[derive(Debug)]
pub struct Room {
    delivery: Delivery,
    /// Says which message has which place; where nobody keeps minutes, nothing does.
    minutes: Option<Task>,
    born: u64,
    /// The latest messages in their order, and how many bytes they have.
    said: VecDeque<Utf8Bytes>,
    bytes: usize,
    /// How many messages there were before these.
    forgotten: usize,
    /// What it has had of each sender.
    had: HashMap<String, Had>,
    members: Vec<Member>,
    /// How many clients were too slow.
    dropped: usize,
}

impl Room {
    /// An empty room, and who keeps its minutes.
    #[must_use]
    pub fn new(delivery: Delivery, minutes: Option<Task>) -> Room {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let born = u64::try_from(now.as_micros()).unwrap_or(u64::MAX);
        let (said, bytes, forgotten, had) = (VecDeque::new(), 0, 0, HashMap::new());
        let (members, dropped) = (Vec::new(), 0);
        Room { delivery, minutes, born, said, bytes, forgotten, had, members, dropped }
    }

    /// Does what it is asked to, until nobody is left who could ask. Returns how many were dropped.
    pub async fn open(mut self, mut requests: mpsc::Receiver<Request>) -> usize {
        while let Some(request) = requests.recv().await {
            match request {
                // Who has gone in the meantime is not there.
                Request::Join { hello, reply } => drop(reply.send(self.join(hello))),
                Request::Say { name, number, text } => {
                    self.say(&name, number, &text).await;
                    // Those who have something to take get a turn, before there is more of it.
                    yield_now().await;
                }
            }
        }
        self.dropped
    }

    fn join(&mut self, hello: Hello) -> Result<Joined, String> {
        let Hello { name, known, .. } = hello;
        if self.had.len() == PEOPLE && !self.had.contains_key(&name) {
            return Err(format!("{PEOPLE} people have been here, and the room knows no more"));
        }
        if let Some(before) = self.members.iter().position(|member| member.name == name) {
            part(self.members.swap_remove(before), Parting::Elsewhere);
        }
        let Had { latest, gone } = *self.had.entry(name.clone()).or_default();
        let heard = if known.born == self.born { known.heard } else { Known::default().heard };
        let place = heard.clamp(self.forgotten, self.forgotten + self.said.len());
        let missed = self.said.iter().skip(place - self.forgotten).cloned().collect();
        let (sender, queue) = mpsc::channel(QUEUE);
        let (told, parting) = oneshot::channel();
        self.members.push(Member { name, queue: sender, parting: told });
        let welcome = Welcome { born: self.born, latest, gone, place };
        Ok(Joined { welcome, missed, queue, parting })
    }

    /// Hands a message on, unless it has been said before: who comes again says it again to be sure.
    async fn say(&mut self, name: &str, number: usize, text: &str) {
        let Some(had) = self.had.get_mut(name).filter(|had| had.latest + 1 == number) else {
            return;
        };
        had.latest = number;
        let message = self.remember(name, number, text);
        for member in std::mem::take(&mut self.members) {
            match deliver(self.delivery, &member.queue, message.clone()).await {
                Delivered::Yes => self.members.push(member),
                Delivered::TooSlow => {
                    self.dropped += 1;
                    part(member, Parting::TooSlow);
                }
                Delivered::Gone => {}
            }
        }
    }

    /// Gives a message its place, before anybody hears it, and forgets what is too old or too much.
    fn remember(&mut self, name: &str, number: usize, text: &str) -> Utf8Bytes {
        let (place, name) = (self.forgotten + self.said.len(), name.to_owned());
        if let Some(minutes) = self.minutes {
            let who = minutes.name();
            minutes.say(format_args!("{who} takes message {}", place + 1));
            minutes.say(format_args!("{who} takes {name} {number}"));
        }
        let placed = Placed { place, name, number, text: text.to_owned() };
        let message = Utf8Bytes::from(placed.to_string());
        self.bytes += message.len();
        self.said.push_back(message.clone());
        while self.said.len() > MEMORY || self.bytes > BYTES {
            let Some(oldest) = self.said.pop_front() else { break };
            self.bytes -= oldest.len();
            self.forgotten += 1;
            let Placed { name, number, .. } = Placed::read(&oldest).expect("it was written here");
            self.had.entry(name).or_default().gone = number;
        }
        message
    }
}

/// Tells a member why there is no more. Whoever has gone does not want to know.
fn part(member: Member, why: Parting) {
    let _gone = member.parting.send(why);
}

/// What became of a message to one client.
enum Delivered {
    Yes,
    TooSlow,
    Gone,
}

async fn deliver(
    delivery: Delivery,
    queue: &mpsc::Sender<Utf8Bytes>,
    message: Utf8Bytes,
) -> Delivered {
    use mpsc::error::SendTimeoutError;
    use mpsc::error::TrySendError::{Closed, Full};

    match delivery {
        Delivery::OrDrop => match queue.try_send(message) {
            Ok(()) => Delivered::Yes,
            Err(Full(_)) => Delivered::TooSlow,
            Err(Closed(_)) => Delivered::Gone,
        },
        Delivery::InTurn => match queue.send_timeout(message, GIVE_UP).await {
            Ok(()) => Delivered::Yes,
            Err(SendTimeoutError::Timeout(_)) => Delivered::TooSlow,
            Err(SendTimeoutError::Closed(_)) => Delivered::Gone,
        },
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;

    use super::*;

    fn on_one_thread<T>(work: impl Future<Output = T>) -> T {
        let mut builder = tokio::runtime::Builder::new_current_thread();
        builder.enable_time().build().expect("a runtime").block_on(work)
    }

    /// Somebody who has heard so many messages of this room.
    fn join(room: &mut Room, name: &str, heard: usize) -> Joined {
        let known = Known { born: room.born, heard };
        room.join(Hello { room: "tea".into(), name: name.into(), known }).expect("a place")
    }

    fn waiting(joined: &mut Joined) -> Vec<String> {
        std::iter::from_fn(|| joined.queue.try_recv().ok()).map(|it| it.to_string()).collect()
    }

    #[test]
    fn what_is_said_again_is_heard_once() {
        on_one_thread(async {
            let mut room = Room::new(Delivery::OrDrop, None);
            let mut ann = join(&mut room, "Ann", 0);
            let _bob = join(&mut room, "Bob", 0);
            for (name, number) in [("Ann", 1), ("Bob", 1), ("Ann", 1), ("Ann", 2), ("Bob", 1)] {
                room.say(name, number, "hi").await;
            }
            assert_eq!(waiting(&mut ann), ["0 Ann 1 hi", "1 Bob 1 hi", "2 Ann 2 hi"]);
        });
    }

    #[test]
    fn who_comes_again_hears_what_was_missed_and_nothing_else() {
        on_one_thread(async {
            let mut room = Room::new(Delivery::OrDrop, None);
            let _ann = join(&mut room, "Ann", 0);
            for number in 1..=3 {
                room.say("Ann", number, "hi").await;
            }
            let joined = join(&mut room, "Bob", 1);
            assert_eq!(joined.missed, ["1 Ann 2 hi", "2 Ann 3 hi"]);
            assert_eq!((joined.welcome.latest, joined.welcome.place), (0, 1));
            assert!(join(&mut room, "Bob", 9).missed.is_empty());
            assert_eq!(join(&mut room, "Ann", 3).welcome.latest, 3);
            room.born += 1; // what was heard was another room of this name
            let hello = Hello { known: Known { born: 1, heard: 3 }, ..hello("Cid") };
            assert_eq!(room.join(hello).expect("a place").missed.len(), 3);
        });
    }

    fn hello(name: &str) -> Hello {
        Hello { room: "tea".into(), name: name.into(), known: Known::default() }
    }

    #[test]
    fn what_is_forgotten_is_said_to_be() {
        on_one_thread(async {
            let mut room = Room::new(Delivery::OrDrop, None);
            let _ann = join(&mut room, "Ann", 0);
            for number in 1..=MEMORY + 7 {
                room.say("Ann", number, "hi").await;
            }
            let joined = join(&mut room, "Bob", 5);
            assert_eq!((joined.welcome.place, joined.missed.len()), (7, MEMORY));
            assert_eq!(joined.missed[0], "7 Ann 8 hi");
            let gone = ["Ann", "Bob"].map(|name| join(&mut room, name, 5).welcome.gone);
            assert_eq!(gone, [7, 0]);
            let page = "x".repeat(BYTES / 2);
            for number in MEMORY + 8..MEMORY + 11 {
                room.say("Ann", number, &page).await;
            }
            assert!(room.bytes <= BYTES, "{} bytes", room.bytes);
            assert_eq!(join(&mut room, "Bob", 5).missed.len(), 1);
        });
    }

    #[test]
    fn who_does_not_listen_is_dropped_and_others_hear_everything() {
        on_one_thread(async {
            let mut room = Room::new(Delivery::OrDrop, None);
            let mut sleeper = join(&mut room, "sleeper", 0);
            let mut awake = join(&mut room, "Ann", 0);
            let mut heard = 0;
            for number in 1..=QUEUE + 2 {
                room.say("Ann", number, "hi").await;
                heard += waiting(&mut awake).len();
            }
            assert_eq!(heard, QUEUE + 2);
            assert_eq!((room.dropped, room.members.len()), (1, 1));
            assert_eq!(waiting(&mut sleeper).len(), QUEUE);
            assert_eq!(sleeper.parting.await, Ok(Parting::TooSlow));
        });
    }

    /// Whether a room hands on a message without waiting for anybody, when one queue is full.
    fn is_handed_on_at_once(delivery: Delivery) -> bool {
        on_one_thread(async {
            let mut room = Room::new(delivery, None);
            let _sleeper = join(&mut room, "sleeper", 0);
            drop(join(&mut room, "Ann", 0)); // who talks, and has gone: she is known
            for number in 1..=QUEUE {
                room.say("Ann", number, "hi").await;
            }
            room.say("Ann", QUEUE + 1, "hi").now_or_never().is_some()
        })
    }

    #[test]
    fn who_sleeps_is_waited_for_in_turn_and_not_otherwise() {
        assert!(is_handed_on_at_once(Delivery::OrDrop));
        assert!(!is_handed_on_at_once(Delivery::InTurn));
    }

    #[test]
    fn who_comes_in_elsewhere_is_there_once() {
        on_one_thread(async {
            let mut room = Room::new(Delivery::OrDrop, None);
            let mut before = join(&mut room, "Ann", 0);
            let mut after = join(&mut room, "Ann", 0);
            room.say("Ann", 1, "hi").await;
            assert_eq!((waiting(&mut before).len(), waiting(&mut after).len()), (0, 1));
            assert_eq!(before.parting.await, Ok(Parting::Elsewhere));
            assert_eq!(room.members.len(), 1);
        });
    }
}
