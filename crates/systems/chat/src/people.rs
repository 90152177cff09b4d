//! Who is there: some who talk, many who listen, and one who sleeps.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use lab::task::Task;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use crate::client::{Client, enter};
use crate::heard::{Heard, Key, Said};
use crate::protocol::{Hello, Known};
use crate::server::{End, end_when};

/// Who talks.
pub const TALKERS: [&str; 3] = ["Ann", "Bob", "Cid"];

/// How many messages each of them says.
pub const MESSAGES: usize = 10;

/// How many listen.
pub const LISTENERS: usize = 200;

/// Where they are.
const ROOM: &str = "tea";

/// Who loses the connection, and after which of its messages.
const LOSES: (&str, usize) = ("Bob", 5);

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
        talkers.spawn(talk(client, name, stop.clone()));
    }
    let mut heard = Heard::default();
    while let Some(talked) = talkers.join_next().await {
        let (said, by) = talked.expect("a talker to the end")?;
        heard.said.extend(said);
        heard.by.push(by);
    }
    while let Some(listened) = listeners.join_next().await {
        heard.by.push(listened.expect("a listener to the end")?);
    }
    drop(sleeper);
    Ok(heard)
}

/// How many messages are said in all.
const ALL: usize = TALKERS.len() * MESSAGES;

/// Listens until all has been heard.
async fn listen(mut client: Client, mut stop: End) -> Result<Vec<Said>, String> {
    let mut heard = Vec::new();
    while heard.len() < ALL
        && let Some(said) = next(&mut client, &mut stop).await?
    {
        heard.push(said);
    }
    Ok(heard)
}

type Talked = (Vec<(Key, Instant)>, Vec<Said>);

/// Talks, and listens: each message comes when the one before it has been heard.
async fn talk(mut client: Client, name: &'static str, mut stop: End) -> Result<Talked, String> {
    let task = Task::start(name);
    let (mut said, mut heard) = (Vec::new(), Vec::new());
    let text = "x".repeat(LENGTH);
    for number in 1..=MESSAGES {
        sleep(THINKS).await; // nobody talks without a pause
        let key = (name.to_owned(), number);
        said.push((key.clone(), Instant::now()));
        client.say(&text).await;
        if (name, number) == LOSES {
            client.come_again().await?;
        }
        let is_heard = |heard: &[Said]| heard.last().is_some_and(|last| last.key == key);
        if !hear_until(task, &mut client, &mut stop, &mut heard, is_heard).await? {
            break;
        }
    }
    hear_until(task, &mut client, &mut stop, &mut heard, |heard| heard.len() == ALL).await?;
    task.end();
    Ok((said, heard))
}

/// Hears messages, and says so, until what has been heard is enough. Returns whether it is.
async fn hear_until(
    task: Task,
    client: &mut Client,
    stop: &mut End,
    heard: &mut Vec<Said>,
    is_enough: impl Fn(&[Said]) -> bool,
) -> Result<bool, String> {
    while !is_enough(heard) {
        let Some(said) = next(client, stop).await? else { return Ok(false) };
        let (name, number) = &said.key;
        task.say(format_args!("{} hears {name} {number}", task.name()));
        heard.push(said);
    }
    Ok(true)
}

/// The next message, or nothing once somebody has pressed Ctrl-C.
async fn next(client: &mut Client, stop: &mut End) -> Result<Option<Said>, String> {
    tokio::select! {
        message = timeout(PATIENCE, client.hear()) => match message {
            Ok(message) => Ok(Some(Said::now(message?))),
            Err(_) => Err(format!("nothing was heard for {PATIENCE:?}")),
        },
        _ = stop.changed() => Ok(None),
    }
}
