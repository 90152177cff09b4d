//! The judge at its desk: it hears what a program asks, and replies when the schedule says so.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::time::Duration;

use classroom::wire::{Line, Reply, Request, VERSION};

use crate::clock::{self, MILLISECOND};
use crate::hall::Hall;
use crate::log::{Ticket, Worker};
use crate::onlooker::{Onlooker, Seen, Stillness};
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

/// A program that does not get on: at a standstill, from which nobody could wake it, or busy with nothing.
#[derive(Clone, Debug)]
pub struct Stuck {
    /// Whether it was busy.
    pub is_busy: bool,
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
    /// Whether its threads could be looked at.
    pub could_look: bool,
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
    heard: u64,
    /// For how long the program had executed when it was first looked at since then.
    executed: Option<Duration>,
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
        let attended = Attended { hall, stuck, troubles, could_look: true, let_in: false, left };
        let (guests, tried, heard) = (HashMap::new(), HashMap::new(), clock::now());
        let (stillness, executed) = (Stillness::default(), None);
        Session {
            server,
            secret,
            schedule,
            onlooker,
            attended,
            guests,
            tried,
            stillness,
            heard,
            executed,
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
            self.executed = None;
            self.stillness.disturb();
            self.send();
        }
        is_anything
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
            Request::Dropped { request } => {
                if let Some(ticket) = hall.drop(connection, request) {
                    self.schedule.went(ticket, hall);
                }
            }
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
        let hall = &mut self.attended.hall;
        for ticket in hall.leave(connection) {
            self.attended.left.push(ticket);
            self.schedule.went(ticket, hall);
        }
    }

    fn send(&mut self) {
        for (connection, line) in self.attended.hall.take_unsent() {
            self.server.send(connection, &line);
        }
    }

    /// Looks whether everybody waits: when to look again.
    fn look(&mut self) -> Duration {
        let Some(seen) = self.onlooker.look() else { return self.look_blindly() };
        let Some(since) = self.stillness.look(&seen, clock::now()) else {
            if self.is_busy(&seen) {
                self.end(seen, true);
            }
            return SELDOM;
        };
        // What was sent before the look has been read by now, so nothing is on its way.
        if self.hear() {
            return LOOK;
        }
        if self.standstill() {
            return LOOK;
        }
        if clock::now() - since >= HANGS && !self.attended.hall.is_anybody_due() {
            self.end(seen, false);
        }
        SELDOM
    }

    /// Whether it has executed for long, with nothing to show for it.
    fn is_busy(&mut self, seen: &[Seen]) -> bool {
        let executed = seen.iter().map(|thread| thread.executed).sum();
        let before = *self.executed.get_or_insert(executed);
        let Attended { hall, let_in, .. } = &self.attended;
        let has_work = !*let_in || !hall.computing.is_empty() || hall.is_anybody_due();
        !has_work && executed.saturating_sub(before) >= BUSY
    }

    /// Ends a program that does not get on.
    fn end(&mut self, threads: Vec<Seen>, is_busy: bool) {
        let held = self.attended.hall.held();
        self.attended.stuck = Some(Stuck { is_busy, threads, held });
        self.onlooker.end();
    }

    fn look_blindly(&mut self) -> Duration {
        self.attended.could_look = false;
        if clock::now() - self.heard >= BLIND && self.standstill() {
            self.heard = clock::now();
        }
        SELDOM
    }

    /// Everybody waits: whether anybody was released for that.
    fn standstill(&mut self) -> bool {
        let hall = &mut self.attended.hall;
        let before = hall.held().len();
        self.schedule.standstill(hall);
        let is_released = hall.held().len() < before;
        if is_released {
            self.stillness.disturb();
            self.send();
        }
        is_released
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
