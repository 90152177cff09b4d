//! Who is there: some who talk, many who listen, and one who sleeps.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use lab::task::Task;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::client::{Client, enter};
use crate::heard::{Heard, Key, Said};
use crate::protocol::{Hello, Known, Placed};
use crate::server::{End, end_when};

/// Who talks.
pub const TALKERS: [&str; 3] = ["Ann", "Bob", "Cid"];

/// How many messages each of them says before it is over.
pub const MESSAGES: usize = 6;

/// How many listen.
pub const LISTENERS: usize = 200;

/// Where they are.
const ROOM: &str = "tea";

/// Who loses the connection, and after which of its messages.
const LOSES: (&str, usize) = ("Bob", 3);

/// How long a message is, in bytes: somebody pastes a page of code.
const LENGTH: usize = 8 << 10;

/// How long somebody thinks before the next message.
const THINKS: Duration = Duration::from_millis(10);

/// For how long everybody may be silent.
const PATIENCE: Duration = Duration::from_secs(30);

/// How small the buffer is of the one who sleeps, in bytes.
const SLEEPY: u32 = 4 << 10;

/// Has all of them come in, talk and listen until everything is said and heard.
///
/// # Errors
///
/// A sentence, if somebody cannot come in, or hears nothing for long.
pub async fn meet(server: SocketAddr) -> Result<Heard, String> {
    let (room, name) = (ROOM.to_owned(), "sleeper".to_owned());
    let sleeper = Hello { room, name, known: Known::default() };
    let sleeper = enter(server, &sleeper, Some(SLEEPY)).await?;
    let stop = end_when(stage::stopped);
    let mut listeners = JoinSet::new();
    for number in 1..=LISTENERS {
        let client = Client::come(server, ROOM, &format!("listener-{number}")).await?;
        listeners.spawn(listen(client, stop.clone()));
    }
    let mut talkers = JoinSet::new();
    for name in TALKERS {
        let client = Client::come(server, ROOM, name).await?;
        let (task, stop) = (Task::start(name), stop.clone());
        let talker = Talker { task, client, said: Vec::new(), heard: Vec::new(), stop };
        talkers.spawn(talker.stay());
    }
    let mut heard = Heard::default();
    while let Some(talked) = talkers.join_next().await {
        let talker = talked.expect("a talker to the end")?;
        heard.said.extend(talker.said);
        heard.by.push(talker.heard);
    }
    while let Some(listened) = listeners.join_next().await {
        heard.by.push(listened.expect("a listener to the end")?);
    }
    drop(sleeper);
    Ok(heard)
}

/// How many messages are said before it is over.
const ALL: usize = TALKERS.len() * MESSAGES;

/// Who says that it is over, once all messages are heard; and which one of her own messages that is.
const OVER: (&str, usize) = (TALKERS[0], MESSAGES + 1);

/// Whether it is over. What comes twice has come by then.
fn is_over(heard: &[Said]) -> bool {
    heard.iter().any(|Said { key: (name, number), .. }| (name.as_str(), *number) == OVER)
}

/// Listens until it is over.
async fn listen(mut client: Client, mut stop: End) -> Result<Vec<Said>, String> {
    let mut heard = Vec::new();
    while !is_over(&heard)
        && let Some(message) = next(&mut client, &mut stop).await?
    {
        heard.push(Said::now(message));
    }
    Ok(heard)
}

/// Somebody who talks, and listens.
struct Talker {
    task: Task,
    client: Client,
    said: Vec<(Key, Instant)>,
    heard: Vec<Said>,
    stop: End,
}

impl Talker {
    /// Stays until it is over. Each message comes when the one before it has been heard.
    async fn stay(mut self) -> Result<Talker, String> {
        for number in 1..=MESSAGES {
            sleep(THINKS).await; // nobody talks without a pause
            let key = self.say().await;
            if (self.task.name(), number) == LOSES {
                self.client.come_again().await?;
            }
            let is_heard = |heard: &[Said]| heard.iter().any(|said| said.key == key);
            if !self.hear_until(is_heard).await? {
                break;
            }
        }
        if self.task.name() == OVER.0 && self.hear_until(|heard| heard.len() == ALL).await? {
            self.say().await;
        }
        self.hear_until(is_over).await?;
        self.task.end();
        Ok(self)
    }

    /// Says the next message, and tells which one that is.
    async fn say(&mut self) -> Key {
        let said = Instant::now();
        let number = self.client.say(&"x".repeat(LENGTH)).await;
        let key = (self.task.name().to_owned(), number);
        self.said.push((key.clone(), said));
        key
    }

    /// Hears messages, and says so, until what has been heard is enough. Returns whether it is.
    async fn hear_until(&mut self, is_enough: impl Fn(&[Said]) -> bool) -> Result<bool, String> {
        let (task, who) = (self.task, self.task.name().to_owned());
        while !is_enough(&self.heard) {
            let Some(message) = next(&mut self.client, &mut self.stop).await? else {
                return Ok(false);
            };
            task.say(format_args!("{who} hears message {}", message.place + 1));
            task.say(format_args!("{who} hears {} {}", message.name, message.number));
            self.heard.push(Said::now(message));
        }
        Ok(true)
    }
}

/// The next message, or nothing once somebody has pressed Ctrl-C.
async fn next(client: &mut Client, stop: &mut End) -> Result<Option<Placed>, String> {
    tokio::select! {
        message = timeout(PATIENCE, client.hear()) => match message {
            Ok(message) => Ok(Some(message?)),
            Err(_) => Err(format!("nothing was heard for {PATIENCE:?}")),
        },
        _ = stop.changed() => Ok(None),
    }
}
