//! The judge at its desk: it hears what a program asks, and replies when the schedule says so.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

use classroom::wire::{Line, Reply, Request, VERSION};

use crate::clock::{self, MILLISECOND};
use crate::hall::Hall;
use crate::log::{Ticket, Worker};
use crate::onlooker::{Does, Onlooker, Rest, Seen, Stillness};
use crate::schedule::Schedule;
use crate::server::{Event, Server, Went};

/// The most requests of one run.
const MOST_REQUESTS: usize = 20_000;

/// Of so many threads it is found out which they are.
const MOST_THREADS: usize = 1_000;

/// After so long without a request, the program is looked at; then again after as long.
const LOOK: Duration = Duration::from_millis(2);

/// How often a program is looked at that goes on.
const SELDOM: Duration = Duration::from_millis(16);

/// A program that stands still for so long, in nanoseconds, with nobody left who could be released, hangs.
const HANGS: u64 = 500 * MILLISECOND;

/// A program that executes for so long, asks for nothing meanwhile and computes no task is busy with nothing. It
/// is counted in time that it was given a core, so that a slow or busy machine is no fault of its.
const BUSY: Duration = Duration::from_secs(1);

/// After so long of executing without having asked for anything, or of sleeping by its own clock, a program is
/// one that will not stand still. Both are its own doing: neither comes of a machine that is slow or busy.
const PATIENCE: Duration = Duration::from_millis(500);

/// A program that was seen asleep for so long in all since it asked for something is one that waits: who sleeps
/// in the place of waiting has woken by now, and who goes on sleeping guards, shows progress, or keeps a thread
/// for later.
const ASLEEP: Duration = Duration::from_secs(6);

/// A thread that has asked for something before, was woken by a clock of its own so often, and asked for nothing
/// meanwhile, looks whether something has happened, where it should be told.
const LOOKS: u32 = 50;

/// Where nobody can look at threads, a program that asks for nothing for so long is taken to stand still.
const BLIND: u64 = 300 * MILLISECOND;

/// What was wrong with how a program spoke to its judge.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// It did not know the secret, or another version of what is said.
    Stranger,
    /// It said what means nothing.
    Nonsense,
    /// It asked for more than anybody needs.
    Flood,
    /// It did not take what was replied.
    Deaf,
}

/// How a program does not get on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// At a standstill, from which nobody could wake it.
    Still,
    /// Busy with nothing.
    Busy,
    /// Looking again and again, by the clock, whether something has happened.
    Looks,
}

/// A program that does not get on.
#[derive(Clone, Debug)]
pub struct Stuck {
    /// How.
    pub how: How,
    /// What its threads were doing.
    pub threads: Vec<Seen>,
    /// Who waited for a reply.
    pub held: Vec<Ticket>,
}

/// What came of it.
#[derive(Debug)]
pub struct Attended {
    /// Everything that was asked, and what became of it.
    pub hall: Hall,
    /// If it was ended because it hung: how.
    pub stuck: Option<Stuck>,
    /// What was wrong with how it spoke.
    pub troubles: Vec<Trouble>,
    /// Whether any process was let in.
    pub let_in: bool,
    /// Who still waited when their process ended, or was ended.
    pub left: Vec<Ticket>,
}

/// A judge at its desk.
pub struct Session<'a> {
    server: Server,
    secret: String,
    schedule: Box<dyn Schedule>,
    onlooker: &'a mut dyn Onlooker,
    attended: Attended,
    guests: HashMap<usize, Guest>,
    /// How often it was tried to find out which threads these are.
    tried: HashMap<Worker, u8>,
    stillness: Stillness,
    sleep: Sleep,
    heard: u64,
    /// What its threads were like when they were first looked at since then.
    before: Option<Vec<Seen>>,
}

/// A connection that was let in, and what it said of its threads.
#[derive(Debug, Default)]
struct Guest {
    requests: usize,
}

impl<'a> Session<'a> {
    /// A judge that listens here, and has this to set.
    pub fn new(
        server: Server,
        secret: String,
        hall: Hall,
        schedule: Box<dyn Schedule>,
        onlooker: &'a mut dyn Onlooker,
    ) -> Session<'a> {
        let (stuck, troubles, left) = (None, Vec::new(), Vec::new());
        let attended = Attended { hall, stuck, troubles, let_in: false, left };
        let (guests, tried, heard) = (HashMap::new(), HashMap::new(), clock::now());
        let (stillness, sleep, before) = (Stillness::default(), Sleep::default(), None);
        Session {
            server,
            secret,
            schedule,
            onlooker,
            attended,
            guests,
            tried,
            stillness,
            sleep,
            heard,
            before,
        }
    }

    /// Attends to the program until it has ended.
    pub fn attend(mut self, has_ended: &AtomicBool) -> Attended {
        let mut pause = LOOK;
        loop {
            let ended = has_ended.load(SeqCst);
            let due = self.attended.hall.release_due();
            self.send();
            if !ended {
                let until_due = due.map_or(pause, |due| until(due).min(pause));
                self.server.wait(until_due);
            }
            if self.hear() {
                pause = LOOK;
            } else if ended {
                return self.attended;
            } else if self.attended.stuck.is_none() {
                pause = self.look();
            }
        }
    }

    /// Whether there was anything to hear.
    fn hear(&mut self) -> bool {
        let events = self.server.hear();
        let is_anything = !events.is_empty();
        for event in events {
            match event {
                Event::Line(connection, line) => self.line(connection, &line),
                Event::Went(connection, went) => self.went(connection, went),
            }
        }
        if is_anything {
            self.heard = clock::now();
            self.disturb();
        }
        is_anything
    }

    /// Something has happened that will move somebody.
    fn disturb(&mut self) {
        self.before = None;
        self.stillness.disturb();
        self.sleep = Sleep::default();
        self.send();
    }

    fn line(&mut self, connection: usize, line: &str) {
        let line = Line::read(line);
        match (self.guests.get_mut(&connection), line) {
            (_, None) => self.turn_out(connection, Trouble::Nonsense),
            (None, Some(line)) => self.let_in(connection, line),
            (Some(guest), Some(_)) if guest.requests == MOST_REQUESTS => {
                self.turn_out(connection, Trouble::Flood);
            }
            (Some(guest), Some(line)) => {
                guest.requests += 1;
                self.identify((connection, line.thread));
                self.request(connection, line);
            }
        }
    }

    /// Lets somebody in who knows the secret. Until then names of threads are all that is listened to.
    fn let_in(&mut self, connection: usize, line: Line) {
        match line.request {
            Request::Thread { name } => self.name((connection, line.thread), name),
            Request::Hello { version, secret, .. }
                if secret == self.secret && version == VERSION =>
            {
                self.guests.insert(connection, Guest::default());
                self.attended.let_in = true;
                let paper = &self.attended.hall.paper;
                let tasks = paper.tasks.iter().map(|task| task.name.clone()).collect();
                let welcome = Reply::Welcome { stage: paper.stage.clone(), tasks };
                self.server.send(connection, &welcome.to_text(line.number));
            }
            _ => self.turn_out(connection, Trouble::Stranger),
        }
    }

    fn request(&mut self, connection: usize, line: Line) {
        let hall = &mut self.attended.hall;
        let number = line.number;
        match line.request {
            Request::Thread { name } => self.name((connection, line.thread), name),
            Request::Hello { .. } => self.turn_out(connection, Trouble::Nonsense),
            Request::Computed { .. } | Request::Dropped { .. } | Request::Unlock { .. }
                if number != 0 =>
            {
                self.turn_out(connection, Trouble::Nonsense);
            }
            Request::Dropped { request } => drop(hall.drop(connection, request)),
            Request::Computed { .. } | Request::Unlock { .. } => {
                let ticket = hall.note(connection, line);
                self.schedule.came(ticket, hall);
            }
            _ if number == 0 => self.turn_out(connection, Trouble::Nonsense),
            _ => {
                let ticket = hall.note(connection, line);
                self.schedule.came(ticket, hall);
            }
        }
    }

    /// Finds out which thread of the system this is, unless that was tried often before.
    fn identify(&mut self, worker: Worker) {
        const TRIES: u8 = 3;
        let numbers = &mut self.attended.hall.log.numbers;
        if numbers.contains_key(&worker) || self.tried.len() > MOST_THREADS {
            return;
        }
        let tried = self.tried.entry(worker).or_default();
        if *tried < TRIES {
            *tried += 1;
            numbers.extend(self.onlooker.identify(worker.1).map(|number| (worker, number)));
        }
    }

    fn name(&mut self, worker: Worker, name: String) {
        let log = &mut self.attended.hall.log;
        if log.names.len() < MOST_REQUESTS {
            log.names.insert(worker, name);
        }
    }

    fn turn_out(&mut self, connection: usize, trouble: Trouble) {
        if !self.attended.troubles.contains(&trouble) {
            self.attended.troubles.push(trouble);
        }
        self.server.let_go(connection);
        self.leave(connection);
    }

    fn went(&mut self, connection: usize, went: Went) {
        match went {
            Went::Closed => self.leave(connection),
            Went::HalfALine | Went::NoText => self.turn_out(connection, Trouble::Nonsense),
            Went::Deaf => self.turn_out(connection, Trouble::Deaf),
        }
    }

    fn leave(&mut self, connection: usize) {
        self.guests.remove(&connection);
        let left = self.attended.hall.leave(connection);
        self.attended.left.extend(left);
    }

    fn send(&mut self) {
        for (connection, line) in self.attended.hall.take_unsent() {
            self.server.send(connection, &line);
        }
    }

    /// Looks whether everybody waits: when to look again.
    fn look(&mut self) -> Duration {
        let Some(seen) = self.onlooker.look() else { return self.look_blindly() };
        let now = clock::now();
        let rest = self.stillness.look(&seen, now);
        self.sleep.look(rest, now);
        let Rest::Still(since) = rest else { return self.lose_patience(seen) };
        // What was sent before the look has been read by now, so nothing is on its way.
        if self.hear() {
            return LOOK;
        }
        if self.release(|schedule, hall| schedule.standstill(hall)) {
            return LOOK;
        }
        if clock::now() - since >= HANGS && !self.attended.hall.is_anybody_due() {
            self.end(seen, How::Still);
        }
        SELDOM
    }

    /// What to do with a program that does not stand still: when to look again.
    fn lose_patience(&mut self, seen: Vec<Seen>) -> Duration {
        // What was sent before the look counts as well.
        if self.hear() {
            return LOOK;
        }
        let before = self.before.get_or_insert_with(|| seen.clone());
        let asked: HashSet<u32> = self.attended.hall.log.numbers.values().copied().collect();
        let Since { executed, wakes, looks } = since(before, &seen, &asked);
        if self.sleep.lasted >= ASLEEP && self.release(|schedule, hall| schedule.standstill(hall)) {
            return LOOK;
        }
        let is_impatient = executed >= PATIENCE || self.sleep.lasted >= PATIENCE || wakes >= LOOKS;
        if is_impatient && self.release(|schedule, hall| schedule.impatience(hall)) {
            return LOOK;
        }
        let Attended { hall, let_in, .. } = &self.attended;
        let has_work = !*let_in || !hall.computing.is_empty() || hall.is_anybody_due();
        match () {
            () if has_work => {}
            () if executed >= BUSY => self.end(seen, How::Busy),
            () if looks >= LOOKS => self.end(seen, How::Looks),
            () => {}
        }
        SELDOM
    }

    /// Ends a program that does not get on.
    fn end(&mut self, threads: Vec<Seen>, how: How) {
        let held = self.attended.hall.held();
        self.attended.stuck = Some(Stuck { how, threads, held });
        self.onlooker.end();
    }

    fn look_blindly(&mut self) -> Duration {
        let is_still = clock::now() - self.heard >= BLIND;
        if is_still && self.release(|schedule, hall| schedule.standstill(hall)) {
            self.heard = clock::now();
        }
        SELDOM
    }

    /// Has the schedule release whom it wants to: whether there was anybody.
    fn release(&mut self, choose: impl FnOnce(&mut dyn Schedule, &mut Hall)) -> bool {
        let hall = &mut self.attended.hall;
        let before = hall.held().len();
        choose(&mut *self.schedule, hall);
        let is_released = hall.held().len() < before;
        if is_released {
            self.disturb();
        }
        is_released
    }
}

/// For how long a program was seen asleep.
#[derive(Debug, Default)]
struct Sleep {
    lasted: Duration,
    looked: Option<u64>,
}

impl Sleep {
    /// Adds a look. Who is woken by its clock for a moment sleeps on after it.
    fn look(&mut self, rest: Rest, now: u64) {
        // Between two looks that came late, a program may have done anything.
        const MOST: Duration = Duration::from_millis(64);
        let last = self.looked.replace(now);
        if let (Rest::Asleep, Some(last)) = (rest, last) {
            self.lasted += Duration::from_nanos(now.saturating_sub(last)).min(MOST);
        }
    }
}

/// What a program's threads have done between two looks.
struct Since {
    /// For how long they have executed, all together.
    executed: Duration,
    /// How often one that sleeps by a clock of its own was woken by it, at most.
    wakes: u32,
    /// The same, of those that have asked for something: who never did shows progress, perhaps, and looks for
    /// nothing.
    looks: u32,
}

fn since(before: &[Seen], now: &[Seen], asked: &HashSet<u32>) -> Since {
    let all = |seen: &[Seen]| seen.iter().map(|thread| thread.executed).sum::<Duration>();
    let sleepers = now.iter().filter(|thread| thread.does == Does::Sleeps);
    let wakes = |thread: &Seen| {
        let before = before.iter().find(|it| it.number == thread.number)?;
        Some((thread.number, thread.turns.saturating_sub(before.turns)))
    };
    let wakes: Vec<(u32, u32)> = sleepers.filter_map(wakes).collect();
    let most = |counts: &mut dyn Iterator<Item = &(u32, u32)>| {
        counts.map(|&(_, wakes)| wakes).max().unwrap_or(0)
    };
    Since {
        executed: all(now).saturating_sub(all(before)),
        wakes: most(&mut wakes.iter()),
        looks: most(&mut wakes.iter().filter(|(thread, _)| asked.contains(thread))),
    }
}

/// How long it is until then.
fn until(time: u64) -> Duration {
    Duration::from_nanos(time.saturating_sub(clock::now()))
}

impl Trouble {
    /// A word for it that programs can rely on.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Trouble::Stranger => "stranger",
            Trouble::Nonsense => "nonsense",
            Trouble::Flood => "flood",
            Trouble::Deaf => "deaf",
        }
    }

    /// What was seen.
    #[must_use]
    pub fn sentence(self) -> &'static str {
        match self {
            Trouble::Stranger => "Somebody spoke to the judge who was not let in.",
            Trouble::Nonsense => "Somebody said to the judge what means nothing.",
            Trouble::Flood => "The judge was asked for more than any exercise needs.",
            Trouble::Deaf => "The judge's replies were not taken.",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_sleeps_for_as_long_as_it_was_seen_to() {
        let mut sleep = Sleep::default();
        let mut look = |rest, at| {
            sleep.look(rest, at * MILLISECOND);
            sleep.lasted.as_millis()
        };
        assert_eq!(look(Rest::Asleep, 5), 0, "nobody has looked before");
        assert_eq!(look(Rest::Asleep, 20), 15);
        assert_eq!(look(Rest::None, 40), 15, "it was woken");
        assert_eq!(look(Rest::Asleep, 50), 25, "and sleeps on");
        assert_eq!(look(Rest::Still(0), 60), 25);
        assert_eq!(look(Rest::Asleep, 900), 89, "who looks late has not seen what was meanwhile");
    }

    #[test]
    fn only_who_has_asked_for_something_looks_for_it() {
        let seen = |turns| {
            [(1, turns), (2, 3 * turns)].map(|(number, turns)| Seen {
                number,
                inner: 1,
                name: "main".into(),
                does: Does::Sleeps,
                turns,
                executed: Duration::ZERO,
            })
        };
        let Since { wakes, looks, .. } = since(&seen(1), &seen(11), &HashSet::from([1]));
        assert_eq!((wakes, looks), (30, 10));
    }
}
