//! What was said in a room, and what was heard of it: this is held against what is promised.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::{Duration, Instant};

use crate::protocol::Placed;

/// Which message: its sender, and the sender's own number.
pub type Key = (String, usize);

/// A message as somebody heard it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Which message.
    pub key: Key,
    /// When it was heard.
    pub at: Instant,
}

impl Said {
    /// This message, heard now.
    #[must_use]
    pub fn now(message: Placed) -> Said {
        Said { key: (message.name, message.number), at: Instant::now() }
    }
}

/// What was said, and what was heard of it.
#[derive(Debug, Default)]
pub struct Heard {
    /// When each message was said, or should have been.
    pub said: HashMap<Key, Instant>,
    /// What each of those heard who were awake, in the order in which it came.
    pub by: Vec<Vec<Said>>,
    /// How many clients were dropped since they were too slow.
    pub dropped: usize,
}

impl Heard {
    /// How many messages somebody should have heard, and did not.
    #[must_use]
    pub fn lost(&self) -> usize {
        let missed = |heard: &Vec<Said>| {
            let heard: HashSet<_> = keys(heard).collect();
            self.said.keys().filter(|key| !heard.contains(key)).count()
        };
        self.by.iter().map(missed).sum()
    }

    /// How many messages somebody heard more than once.
    #[must_use]
    pub fn twice(&self) -> usize {
        let different = |heard: &Vec<Said>| keys(heard).collect::<HashSet<_>>().len();
        self.by.iter().map(|heard| heard.len() - different(heard)).sum()
    }

    /// In how many different orders the conversation was heard.
    #[must_use]
    pub fn orders(&self) -> usize {
        let orders = self.by.iter().map(|heard| keys(heard).collect::<Vec<_>>());
        orders.collect::<BTreeSet<_>>().len()
    }

    /// How often somebody heard a sender's message after a later one of the same sender.
    #[must_use]
    pub fn too_late(&self) -> usize {
        let of = |heard: &Vec<Said>| {
            let mut latest = HashMap::new();
            let is_late = |(name, number): &&Key| {
                let latest = latest.entry(name.clone()).or_insert(*number);
                std::mem::replace(latest, (*latest).max(*number)) > *number
            };
            keys(heard).filter(is_late).count()
        };
        self.by.iter().map(of).sum()
    }

    /// How long each message took to each who heard it.
    pub fn delays(&self) -> impl Iterator<Item = Duration> {
        let heard = self.by.iter().flatten();
        heard.filter_map(|it| Some(it.at.saturating_duration_since(*self.said.get(&it.key)?)))
    }

    /// The conversation as the first of them heard it, a line a message.
    #[must_use]
    pub fn transcript(&self) -> String {
        let heard = self.by.first().into_iter().flatten();
        heard.map(|Said { key: (name, number), .. }| format!("{name} {number}\n")).collect()
    }
}

fn keys(heard: &[Said]) -> impl Iterator<Item = &Key> {
    heard.iter().map(|said| &said.key)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MESSAGES: [(&str, usize); 3] = [("Ann", 1), ("Bob", 1), ("Ann", 2)];
    const ANN: (&str, usize) = MESSAGES[0];
    const BOB: (&str, usize) = MESSAGES[1];
    const ANN_AGAIN: (&str, usize) = MESSAGES[2];

    fn heard(by: &[&[(&str, usize)]]) -> Heard {
        let at = Instant::now();
        let key = |&(name, number): &(&str, usize)| (name.to_owned(), number);
        let all = |heard: &&[_]| heard.iter().map(|it| Said { key: key(it), at }).collect();
        let said = MESSAGES.iter().map(|it| (key(it), at)).collect();
        Heard { said, by: by.iter().map(all).collect(), dropped: 0 }
    }

    /// How many are lost, twice, orders and too late.
    fn counts(by: &[&[(&str, usize)]]) -> [usize; 4] {
        let heard = heard(by);
        [heard.lost(), heard.twice(), heard.orders(), heard.too_late()]
    }

    #[test]
    fn a_good_evening_has_one_order_and_nothing_else() {
        assert_eq!(counts(&[&MESSAGES, &MESSAGES]), [0, 0, 1, 0]);
        assert_eq!(heard(&[&MESSAGES, &MESSAGES]).delays().count(), 6);
    }

    #[test]
    fn what_is_lost_or_comes_twice_or_in_another_order_is_counted() {
        assert_eq!(counts(&[&[ANN, BOB]]), [1, 0, 1, 0], "lost");
        assert_eq!(
            counts(&[&[ANN, BOB, ("Eve", 1)]])[0],
            1,
            "what nobody said makes up for nothing"
        );
        assert_eq!(counts(&[&[ANN, BOB, BOB, ANN_AGAIN]]), [0, 1, 1, 0], "twice");
        assert_eq!(counts(&[&MESSAGES, &[BOB, ANN, ANN_AGAIN]]), [0, 0, 2, 0], "two orders");
        assert_eq!(counts(&[&[ANN_AGAIN, BOB, ANN]]), [0, 0, 1, 1], "too late");
        assert_eq!(counts(&[&MESSAGES, &[ANN, ANN]]), [2, 1, 2, 0], "all at once");
    }
}
