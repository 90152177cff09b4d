//! The clients of a crowd: they come in, and talk by a timetable.
//!
//! A message has a moment at which it is due, and is late from then on, whatever the reason: had its sender
//! to wait until it could be said, then those waited who hear it, too. (Whoever counts from when a message
//! was really said leaves out the worst of a server that is in the way of those who talk.)

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;
use tokio::time::sleep_until;

use super::Plan;
use crate::client::{Away, Client};
use crate::heard::{Heard, Key, Said};
use crate::server::End;

/// Whoever hears nothing for so long, and should have, hears nothing any more.
const PATIENCE: Duration = Duration::from_secs(30);

/// One in so many loses the connection in the middle, and comes again.
const LOSES: usize = 10;

/// What is said.
const TEXT: &str = "Somebody says about as much as this in a chat, and seldom more.";

/// All clients, each with the number of its room and of its place there.
#[derive(Debug)]
pub(super) struct Crowd(Vec<(usize, usize, Client)>);

/// What came of it.
#[derive(Debug)]
pub(super) struct Talked {
    /// What was said and heard in each room.
    pub(super) rooms: Vec<Heard>,
    /// How many lost the connection and came again.
    pub(super) came_again: usize,
}

impl Crowd {
    /// Has all of them come in, one after the other, and tells how many are in; fewer than all once
    /// somebody has asked to stop.
    ///
    /// # Errors
    ///
    /// A sentence, where one cannot.
    pub(super) async fn gather(
        server: SocketAddr,
        plan: &Plan,
        stop: &End,
        tell: impl Fn(usize),
    ) -> Result<Crowd, String> {
        let mut clients = Vec::new();
        for number in 0..plan.clients {
            if stop.has_changed().is_err() {
                break;
            }
            let (room, place) = (number % plan.rooms, number / plan.rooms);
            let names = [format!("room-{room}"), format!("guest-{place}")];
            clients.push((room, place, Client::come(server, &names[0], &names[1]).await?));
            if (number + 1) % plan.clients.div_ceil(4) == 0 {
                tell(number + 1);
            }
        }
        Ok(Crowd(clients))
    }

    /// Has them talk until everything is said and heard. After that they are still there.
    ///
    /// # Errors
    ///
    /// A sentence, where the server is gone.
    ///
    /// # Panics
    ///
    /// If a client does.
    pub(super) async fn talk(&mut self, plan: &Plan, stop: &End) -> Result<Talked, String> {
        let began = Instant::now();
        let mut guests = JoinSet::new();
        for (room, place, client) in self.0.drain(..) {
            let timetable = plan.timetable(room, place).map(|after| began + after).collect();
            let guest = Guest {
                client,
                is_host: place == 0,
                came_again: 0,
                loses: (place % LOSES == LOSES - 1).then(|| plan.messages_a_room() / 2),
                all: plan.messages_a_room(),
                over: ("guest-0".to_owned(), plan.messages + 1),
                said: Vec::new(),
                heard: Vec::new(),
            };
            let stop = stop.clone();
            guests.spawn(async move {
                Ok::<_, Away>((room, place, guest.stay(timetable, stop).await?))
            });
        }
        let mut rooms: Vec<_> = (0..plan.rooms).map(|_| Heard::default()).collect();
        let mut came_again = 0;
        while let Some(guest) = guests.join_next().await {
            let (room, place, guest) = guest.expect("a guest to the end")?;
            rooms[room].said.extend(guest.said);
            rooms[room].by.push(guest.heard);
            rooms[room].dropped += guest.client.dropped;
            came_again += guest.came_again;
            self.0.push((room, place, guest.client));
        }
        Ok(Talked { rooms, came_again })
    }
}

/// Somebody in the crowd.
struct Guest {
    client: Client,
    /// Whether this one says that it is over.
    is_host: bool,
    /// After how many messages it loses the connection, if it does.
    loses: Option<usize>,
    /// How often it has come again since.
    came_again: usize,
    /// How many messages are said in the room by the timetable.
    all: usize,
    /// The message that comes after all of these. What comes twice has come by then.
    over: Key,
    said: Vec<(Key, Instant)>,
    heard: Vec<Said>,
}

impl Guest {
    /// Says what is due, and listens, until it is over, or nothing more comes.
    async fn stay(mut self, timetable: Vec<Instant>, mut stop: End) -> Result<Guest, Away> {
        let mut timetable = timetable.into_iter().peekable();
        while self.heard.last().is_none_or(|last| last.key != self.over) {
            let due = timetable.peek().copied();
            let next = due.unwrap_or_else(|| Instant::now() + PATIENCE);
            tokio::select! {
                message = self.client.hear() => self.take(Said::now(message?)).await?,
                () = sleep_until(next.into()) => match due {
                    Some(due) => {
                        timetable.next();
                        self.say(due).await;
                    }
                    None => break, // what has not come by now is lost
                },
                _ = stop.changed() => break,
            }
        }
        Ok(self)
    }

    /// Says a message that is due.
    async fn say(&mut self, due: Instant) {
        let number = self.client.say(TEXT).await;
        self.said.push(((self.client.name().to_owned(), number), due));
    }

    /// Takes note of a message. The host says that it is over when all are heard.
    async fn take(&mut self, said: Said) -> Result<(), Away> {
        self.heard.push(said);
        if self.loses == Some(self.heard.len()) {
            self.client.come_again().await?;
            self.came_again += 1;
        }
        if self.is_host && self.heard.len() == self.all {
            self.say(Instant::now()).await;
        }
        Ok(())
    }
}
