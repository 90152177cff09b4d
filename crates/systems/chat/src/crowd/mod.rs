//! `chat crowd`: two thousand clients, on one thread and on all cores. How long does a message take, and
//! how much memory is a client?
//!
//! The server is a process of its own (`child`), and the clients are one thread of this one (`load`).
//! All that is promised of an evening is held against what they heard, too (`found`).

mod child;
mod found;
mod load;

use std::ffi::OsString;
use std::io::{self, Write};
use std::time::Duration;

use lexopt::prelude::*;
use stage::files::room_for;
use stage::runtime::one_thread;
use stage::{Outcome, Trouble, Verb, Way, cores};

use child::Server;
use found::Found;
use load::Crowd;

use crate::rooms::ROOMS;
use crate::server::end_when;
use crate::{How, SYSTEM};

/// The verb, for the command line.
pub const VERB: Verb = Verb {
    name: "crowd",
    arguments: "[--clients 2000] [--rooms 20] [--talkers 10] [--messages 5] [--rate 100] [--as WAY]... \
                [--format json]",
    summary: "how long a message takes among so many clients, and how much memory a client is",
    details: "",
    run: |arguments| run(arguments).map(|()| Outcome::Passed),
};

/// How many clients there may be at most: loopback has ports for some more.
const MOST: usize = 20_000;

/// How many messages may be said at most, in all rooms together.
const MESSAGES: usize = 1_000_000;

/// Who comes, and what they say.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// How many clients there are.
    clients: usize,
    /// In how many rooms.
    rooms: usize,
    /// How many of each room talk.
    talkers: usize,
    /// How many messages each of these says.
    messages: usize,
    /// How many messages are said in a second, in all rooms together.
    rate: f64,
}

impl Plan {
    /// How many messages are said in each room.
    fn messages_a_room(&self) -> usize {
        self.talkers * self.messages
    }

    /// When somebody's messages are due, from the beginning on. Rooms and talkers take turns.
    fn timetable(&self, room: usize, place: usize) -> impl Iterator<Item = Duration> {
        let messages = if place < self.talkers { self.messages } else { 0 };
        let (rooms, talkers, rate) = (self.rooms, self.talkers, self.rate);
        (0..messages).map(move |message| {
            let turn = (message * talkers + place) * rooms + room;
            Duration::from_secs_f64(turn as f64 / rate)
        })
    }

    /// Whether that can be done, and ends.
    fn check(&self) -> Result<(), Trouble> {
        const HOUR: f64 = 3600.0;
        let Plan { clients, rooms, talkers, messages, rate } = *self;
        let misused = |why: String| Err(Trouble::Misused(why));
        if rooms == 0 || rooms > ROOMS || talkers == 0 || messages == 0 {
            return misused(format!(
                "there are 1 to {ROOMS} rooms, and in each somebody says something"
            ));
        }
        let all_talkers = rooms.saturating_mul(talkers);
        if clients > MOST || clients < all_talkers {
            return misused(format!(
                "{rooms} rooms of {talkers} talkers are for so many clients up to {MOST}"
            ));
        }
        let all = all_talkers.saturating_mul(messages);
        if all > MESSAGES {
            return misused(format!("{MESSAGES} messages are the most, in all rooms together"));
        }
        let seconds = all as f64 / rate;
        match (0.0..=HOUR).contains(&seconds) {
            true => Ok(()),
            false => misused(format!("at {rate} a second it would take {seconds:.0} seconds")),
        }
    }
}

/// What the arguments ask for.
struct Asked {
    plan: Plan,
    ways: Vec<&'static Way<How>>,
    is_json: bool,
}

fn asked(arguments: Vec<OsString>) -> Result<Asked, Trouble> {
    let mut plan = Plan { clients: 2000, rooms: 20, talkers: 10, messages: 5, rate: 100.0 };
    let (mut ways, mut is_json) = (Vec::new(), false);
    let mut parser = lexopt::Parser::from_args(arguments);
    while let Some(argument) = parser.next()? {
        match argument {
            Long("clients") => plan.clients = parser.value()?.parse()?,
            Long("rooms") => plan.rooms = parser.value()?.parse()?,
            Long("talkers") => plan.talkers = parser.value()?.parse()?,
            Long("messages") => plan.messages = parser.value()?.parse()?,
            Long("rate") => plan.rate = parser.value()?.parse()?,
            Long("as") => ways.push(SYSTEM.way(&parser.value()?.string()?)?),
            Long("format") => match parser.value()?.string()?.as_str() {
                "json" => is_json = true,
                "text" => is_json = false,
                other => {
                    return Err(Trouble::Misused(format!("`{other}` is neither text nor json")));
                }
            },
            _ => return Err(argument.unexpected().into()),
        }
    }
    if ways.is_empty() {
        // Nobody sleeps in a crowd, so that `in-turn` would show nothing new.
        ways.extend(SYSTEM.ways.iter().filter(|way| way.way != How::InTurn));
    }
    plan.check()?;
    Ok(Asked { plan, ways, is_json })
}

fn run(arguments: Vec<OsString>) -> Result<(), Trouble> {
    let Asked { plan, ways, is_json } = asked(arguments)?;
    room_for(plan.clients as u64).map_err(Trouble::NotShown)?;
    let (mut found, mut not_shown) = (Vec::new(), Vec::new());
    for way in ways {
        match visit(way, &plan) {
            Ok(result) => found.push(result),
            Err(Trouble::NotShown(why)) => not_shown.push(why),
            Err(trouble) => return Err(trouble),
        }
        if stage::stopped() {
            break;
        }
    }
    let told = if is_json { found::json(&plan, &found) } else { found::table(&plan, &found) };
    stage::print(&told)?;
    if stage::stopped() {
        return Ok(());
    }
    match found.iter().map(Found::outcome).collect::<Outcome>() {
        Outcome::Failed => Err(Trouble::Failed("what is promised does not hold, see above".into())),
        _ if not_shown.is_empty() => Ok(()),
        _ => Err(Trouble::NotShown(not_shown.join("; "))),
    }
}

/// Starts a server that serves in this way, and has the crowd visit it.
fn visit(way: &Way<How>, plan: &Plan) -> Result<Found, Trouble> {
    if way.way == How::Both && cores() == 1 {
        return Err(Trouble::NotShown("there is one core, and `both` wants several".into()));
    }
    let way = way.name;
    let tell = |sentence: String| {
        let _unread = writeln!(io::stderr(), "{way}: {sentence}");
    };
    // Who comes again may be there before the server has noticed that the connection was lost.
    let server = Server::start(way, plan.clients * 2).map_err(Trouble::NotShown)?;
    let empty = server.resident().map_err(Trouble::NotShown)?;
    one_thread()?.block_on(async {
        let stop = end_when(stage::stopped);
        let all = plan.clients;
        let crowd = Crowd::gather(server.address, plan, &stop, |in_there| {
            tell(format!("{in_there} of {all} clients are in"));
        });
        let mut crowd = crowd.await?;
        let silent = server.resident().map_err(Trouble::NotShown)?;
        let messages = plan.rooms * plan.messages_a_room();
        tell(format!("{messages} messages, {} a second", plan.rate));
        let talked = crowd.talk(plan, &stop).await?;
        let after = server.resident().map_err(Trouble::NotShown)?;
        let bytes = [silent, after].map(|bytes| bytes.saturating_sub(empty) / all as u64);
        Ok(Found::of(way, &talked, bytes))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn talkers_and_rooms_take_turns() {
        let plan = Plan { clients: 8, rooms: 2, talkers: 2, messages: 2, rate: 1.0 };
        let due =
            |room, place| plan.timetable(room, place).map(|it| it.as_secs()).collect::<Vec<_>>();
        assert_eq!([due(0, 0), due(1, 0), due(0, 1), due(1, 1)], [[0, 4], [1, 5], [2, 6], [3, 7]]);
        assert!(due(0, 2).is_empty());
    }

    #[test]
    fn a_plan_that_cannot_be_kept_is_refused() {
        let refused = |arguments: &[&str]| {
            let asked = asked(arguments.iter().map(Into::into).collect());
            matches!(asked.err(), Some(Trouble::Misused(_)))
        };
        for arguments in [
            &["--rooms", "0"][..],
            &["--rooms", "65"],
            &["--clients", "199"],
            &["--clients", "20001"],
            &["--messages", "0"],
            &["--talkers", &usize::MAX.to_string()],
            &["--messages", &usize::MAX.to_string()],
            &["--messages", "5001", "--rate", "1e9"],
            &["--rate", "0"],
            &["--rate", "-1"],
            &["--rate", "nan"],
            &["--as", "bot"],
            &["--format", "xml"],
            &["2000"],
        ] {
            assert!(refused(arguments), "{arguments:?}");
        }
        assert!(!refused(&[]));
    }
}
