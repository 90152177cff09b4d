//! What came of a crowd, and how it is told.

use std::fmt::Write;

use serde_json::{Value, json};
use stage::Times;
use words::Outcome;

use super::Plan;
use super::load::Talked;
use crate::heard::Heard;

/// What came of a crowd that was served in one way.
#[derive(Debug)]
pub(super) struct Found {
    way: &'static str,
    lost: usize,
    twice: usize,
    /// How many orders were heard in the room where these were the most.
    orders: usize,
    too_late: usize,
    dropped: usize,
    came_again: usize,
    /// How long a message took to each who heard it.
    delays: Times,
    /// How much memory of the server a client is, in bytes: before anybody has said anything, and after
    /// everybody was told everything.
    bytes: [u64; 2],
}

impl Found {
    /// What came of this.
    pub(super) fn of(way: &'static str, talked: &Talked, bytes: [u64; 2]) -> Found {
        let sum = |count: fn(&Heard) -> usize| talked.rooms.iter().map(count).sum();
        Found {
            way,
            lost: sum(Heard::lost),
            twice: sum(Heard::twice),
            orders: talked.rooms.iter().map(Heard::orders).max().unwrap_or_default(),
            too_late: sum(Heard::too_late),
            dropped: sum(|heard| heard.dropped),
            came_again: talked.came_again,
            delays: talked.rooms.iter().flat_map(Heard::delays).collect(),
            bytes,
        }
    }

    /// Whether what is promised was kept.
    pub(super) fn outcome(&self) -> Outcome {
        let is_kept = (self.lost, self.twice, self.orders, self.too_late) == (0, 0, 1, 0);
        if is_kept && self.delays.count() > 0 { Outcome::Passed } else { Outcome::Failed }
    }

    fn json(&self) -> Value {
        let Found { way, lost, twice, orders, too_late, dropped, came_again, delays, bytes } = self;
        json!({
            "way": way,
            "outcome": self.outcome().name(),
            "lost": lost,
            "twice": twice,
            "orders": orders,
            "too_late": too_late,
            "dropped": dropped,
            "came_again": came_again,
            "deliveries": delays.count(),
            "median_ms": delays.quantile(0.5),
            "p99_ms": delays.quantile(0.99),
            "worst_ms": delays.worst(),
            "bytes_a_client": { "silent": bytes[0], "after": bytes[1] },
        })
    }
}

/// All of it, for a program.
pub(super) fn json(plan: &Plan, found: &[Found]) -> String {
    let Plan { clients, rooms, talkers, messages, rate } = plan;
    let ways: Vec<_> = found.iter().map(Found::json).collect();
    let told = json!({
        "clients": clients,
        "rooms": rooms,
        "talkers": talkers,
        "messages": messages,
        "rate": rate,
        "ways": ways,
    });
    format!("{told:#}\n")
}

/// All of it, for a person.
pub(super) fn table(plan: &Plan, found: &[Found]) -> String {
    let mut text = format!(
        "{} clients in {} rooms; a message goes to {}, and {} are said in a second\n\n\
         {:<16} {:>10} {:>10} {:>10} {:>10} {:>9} {:>12}\n",
        plan.clients,
        plan.rooms,
        plan.clients / plan.rooms,
        plan.rate,
        "way",
        "deliveries",
        "median",
        "99th",
        "worst",
        "dropped",
        "a client",
    );
    for Found { way, delays, dropped, bytes, .. } in found {
        let times = [delays.quantile(0.5), delays.quantile(0.99), delays.worst()];
        let [median, most, worst] = times.map(|time| format!("{time:.1} ms"));
        let memory = format!("{:.1} kB", bytes[1] as f64 / 1e3);
        let count = delays.count();
        // Writing into a string does not fail.
        let _ = writeln!(
            text,
            "{way:<16} {count:>10} {median:>10} {most:>10} {worst:>10} {dropped:>9} {memory:>12}"
        );
    }
    text.push('\n');
    for found @ Found { way, lost, twice, orders, too_late, came_again, .. } in found {
        let _ = writeln!(
            text,
            "{way}: {}. {lost} lost, {twice} twice, {orders} order in a room at most, {too_late} of a \
             sender's messages after a later one; {came_again} clients came again.",
            found.outcome()
        );
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// What came of a crowd in which so many were lost, twice, orders, and too late.
    fn found([lost, twice, orders, too_late]: [usize; 4]) -> Found {
        let delays = std::iter::once(Duration::from_millis(3)).collect();
        let (dropped, came_again, bytes) = (1, 2, [10_000, 12_345]);
        let way = "both";
        Found { way, lost, twice, orders, too_late, dropped, came_again, delays, bytes }
    }

    #[test]
    fn whatever_is_not_as_promised_has_failed() {
        assert_eq!(found([0, 0, 1, 0]).outcome(), Outcome::Passed);
        for counts in [[1, 0, 1, 0], [0, 1, 1, 0], [0, 0, 2, 0], [0, 0, 0, 0], [0, 0, 1, 1]] {
            assert_eq!(found(counts).outcome(), Outcome::Failed, "{counts:?}");
        }
        let nothing_heard = Found { delays: Times::from_iter([]), ..found([0, 0, 1, 0]) };
        assert_eq!(nothing_heard.outcome(), Outcome::Failed);
    }

    #[test]
    fn people_and_programs_are_told_the_same() {
        let plan = Plan { clients: 8, rooms: 2, talkers: 2, messages: 2, rate: 1.0 };
        let found = [found([0, 0, 1, 0])];
        let text = table(&plan, &found);
        for part in ["8 clients in 2 rooms", "3.0 ms", "12.3 kB", "both: passed"] {
            assert!(text.contains(part), "{text}");
        }
        let told: Value = serde_json::from_str(&json(&plan, &found)).expect("JSON");
        assert_eq!(told["ways"][0]["bytes_a_client"]["after"], 12_345);
    }
}
