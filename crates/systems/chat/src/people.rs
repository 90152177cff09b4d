//! Who is there: some who talk, many who listen, and one who sleeps.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use lab::task::Task;
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::sleep;

use crate::client::{Client, Said, connect};

/// Who talks.
pub const TALKERS: [&str; 3] = ["Ann", "Bob", "Cid"];

/// How many messages each of them says.
pub const MESSAGES: usize = 10;

/// How many listen.
pub const LISTENERS: usize = 200;

/// Who loses the connection, and after which of its messages.
const LOSES: (&str, usize) = ("Bob", 5);

/// How long a message is, in bytes: somebody pastes a page of code.
const LENGTH: usize = 8 << 10;

/// How long somebody thinks before the next message.
const THINKS: Duration = Duration::from_millis(10);

/// How small the buffer is of the one who sleeps, in bytes.
const SLEEPY: u32 = 4 << 10;

/// What was said, and what was heard of it.
#[derive(Debug, Default)]
pub struct Heard {
    /// When each message was said, by its sender and its number.
    said: HashMap<Key, Instant>,
    /// What each of those heard who were awake.
    by: Vec<Vec<Said>>,
    /// How many clients were dropped since they were too slow.
    pub dropped: usize,
}

impl Heard {
    /// How many messages somebody should have heard, and did not.
    #[must_use]
    pub fn lost(&self) -> usize {
        let different = |heard: &Vec<Said>| heard.iter().map(key).collect::<HashSet<_>>().len();
        self.by.iter().map(|heard| self.said.len().saturating_sub(different(heard))).sum()
    }

    /// How many messages somebody heard more than once.
    #[must_use]
    pub fn twice(&self) -> usize {
        let different = |heard: &Vec<Said>| heard.iter().map(key).collect::<HashSet<_>>().len();
        self.by.iter().map(|heard| heard.len() - different(heard)).sum()
    }

    /// In how many different orders the conversation was heard.
    #[must_use]
    pub fn orders(&self) -> usize {
        let orders = self.by.iter().map(|heard| heard.iter().map(key).collect::<Vec<_>>());
        orders.collect::<BTreeSet<_>>().len()
    }

    /// How long each message took to each who heard it.
    pub fn delays(&self) -> impl Iterator<Item = Duration> {
        let heard = self.by.iter().flatten();
        heard.filter_map(|it| Some(it.at.saturating_duration_since(*self.said.get(&owned(it))?)))
    }

    /// The conversation as the first of them heard it, a line a message.
    #[must_use]
    pub fn transcript(&self) -> String {
        let heard = self.by.first().into_iter().flatten();
        heard.map(|said| format!("{} {}\n", said.name, said.number)).collect()
    }
}

fn key(said: &Said) -> (&str, usize) {
    (&said.name, said.number)
}

/// Which message: its sender, and the sender's own number.
type Key = (String, usize);

fn owned(said: &Said) -> Key {
    (said.name.clone(), said.number)
}

/// Has all of them come in, talk and listen until everything is said and heard.
///
/// # Errors
///
/// A sentence, if somebody cannot come in, or hears nothing for long.
pub async fn meet(server: SocketAddr) -> Result<Heard, String> {
    let sleeper = connect(server, "sleeper", 0, Some(SLEEPY)).await?;
    let (told, stop) = watch::channel(());
    let _ears = tokio::spawn(async move {
        while !stage::stopped() {
            sleep(THINKS).await;
        }
        drop(told);
    });
    let mut listeners = JoinSet::new();
    for number in 1..=LISTENERS {
        let client = Client::come(server, &format!("listener-{number}")).await?;
        listeners.spawn(listen(client, stop.clone()));
    }
    let mut talkers = JoinSet::new();
    for name in TALKERS {
        let client = Client::come(server, name).await?;
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

/// Ends when somebody has pressed Ctrl-C.
type Stop = watch::Receiver<()>;

/// Listens until all has been heard.
async fn listen(mut client: Client, mut stop: Stop) -> Result<Vec<Said>, String> {
    while client.heard.len() < ALL && next(&mut client, &mut stop).await?.is_some() {}
    Ok(client.heard)
}

type Talked = (Vec<(Key, Instant)>, Vec<Said>);

/// Talks, and listens: each message comes when the one before it has been heard.
async fn talk(mut client: Client, name: &'static str, mut stop: Stop) -> Result<Talked, String> {
    let task = Task::start(name);
    let mut said = Vec::new();
    let text = "x".repeat(LENGTH);
    for number in 1..=MESSAGES {
        sleep(THINKS).await; // nobody talks without a pause
        let key = (name.to_owned(), number);
        said.push((key.clone(), Instant::now()));
        client.say(number, &text).await?;
        if (name, number) == LOSES {
            client.come_again().await?;
        }
        if !hear_until(task, &mut client, &mut stop, |heard| heard.last() == Some(&key)).await? {
            break;
        }
    }
    hear_until(task, &mut client, &mut stop, |heard| heard.len() == ALL).await?;
    task.end();
    Ok((said, client.heard))
}

/// Hears messages, and says so, until what has been heard is enough. Returns whether it is.
async fn hear_until(
    task: Task,
    client: &mut Client,
    stop: &mut Stop,
    is_enough: impl Fn(&[Key]) -> bool,
) -> Result<bool, String> {
    let mut heard: Vec<Key> = client.heard.iter().map(owned).collect();
    while !is_enough(&heard) {
        let Some(key) = next(client, stop).await? else { return Ok(false) };
        task.say(format_args!("{} hears {} {}", task.name(), key.0, key.1));
        heard.push(key);
    }
    Ok(true)
}

/// The next message, or nothing once somebody has pressed Ctrl-C.
async fn next(client: &mut Client, stop: &mut Stop) -> Result<Option<Key>, String> {
    tokio::select! {
        said = client.hear() => Ok(Some(owned(said?))),
        _ = stop.changed() => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(by: &[&[(&str, usize)]]) -> Heard {
        let at = Instant::now();
        let said = |&(name, number): &(&str, usize)| {
            let (name, text) = (name.to_owned(), String::new());
            Said { name, number, text, at }
        };
        let by = by.iter().map(|heard| heard.iter().map(said).collect()).collect();
        let told = [(("Ann".to_owned(), 1), at), (("Bob".to_owned(), 1), at)];
        Heard { said: told.into(), by, dropped: 0 }
    }

    #[test]
    fn what_is_lost_or_comes_twice_or_in_another_order_is_counted() {
        let (ann, bob) = (("Ann", 1), ("Bob", 1));
        let good = heard(&[&[ann, bob], &[ann, bob]]);
        assert_eq!((good.lost(), good.twice(), good.orders()), (0, 0, 1));
        let bad = heard(&[&[ann, bob], &[bob, ann], &[ann, ann]]);
        assert_eq!((bad.lost(), bad.twice(), bad.orders()), (1, 1, 3));
    }
}
