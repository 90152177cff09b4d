//! One update of a counter after the other: nothing is lost, unless the program delays itself.

use std::collections::HashSet;

use classroom::wire::Request;

use super::{Schedule, is_operation, release_after_write, release_operation};
use crate::hall::Hall;
use crate::log::{Ticket, Worker};

/// Lets nobody touch a counter while another thread is between its load and its store.
///
/// It is the luckiest of all machines: whatever can go well does. A thread that asks for a
/// [delay](Request::Delay) gives up its turn, and stands until another one has changed a counter, or none is
/// able to. So an update is lost if, and only if, the program itself delays a thread between its load and
/// its store; and then it is lost in every run. (At first two threads wait for each other, so that none has
/// done all before the other begins.)
///
/// One of the threads may go [ahead](Ahead): once each has had its first turn, the others have one only where
/// that one is delayed, or does not go on. Whoever is delayed late, when the other thread may be through or
/// not, is seen to rely on luck then.
#[derive(Debug, Default)]
pub struct OneAtATime {
    /// Whether two threads have come.
    have_met: bool,
    /// Who has loaded, and not yet stored.
    between: Option<Worker>,
    /// Who has had a turn: has changed a counter, or given the turn up.
    had_turn: HashSet<Worker>,
    /// Which thread goes ahead.
    ahead: Ahead,
}

/// Which of the threads that have come goes ahead of the others.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ahead {
    /// None: who comes first has the next turn.
    #[default]
    Nobody,
    /// The one that began with the first task, of those with which threads began.
    First,
    /// The one that began with the last.
    Last,
}

impl OneAtATime {
    /// The schedule in which this thread goes ahead.
    #[must_use]
    pub fn new(ahead: Ahead) -> OneAtATime {
        OneAtATime { ahead, ..OneAtATime::default() }
    }

    fn operate(&mut self, ticket: Ticket, hall: &mut Hall) {
        let worker = hall.worker(ticket);
        if matches!(hall.request(ticket), Request::Load { .. }) {
            self.between = Some(worker);
            hall.release(ticket);
        } else if release_operation(hall, ticket) {
            self.give_up(worker);
            release_after_write(hall, worker, |request| *request == Request::Delay);
        }
    }

    fn give_up(&mut self, worker: Worker) {
        self.had_turn.insert(worker);
        if self.between == Some(worker) {
            self.between = None;
        }
    }

    /// Whose operation is next, if anybody's is.
    fn turn(&self, hall: &Hall) -> Option<Ticket> {
        let mut held = hall.held_for(is_operation);
        held.retain(|&it| self.between.is_none_or(|between| between == hall.worker(it)));
        let is_first = |ticket: &Ticket| !self.had_turn.contains(&hall.worker(*ticket));
        let ahead = self.who_is_ahead(hall);
        let may_go = |ticket: &Ticket| {
            ahead.is_none_or(|ahead| ahead == hall.worker(*ticket) || is_delayed(hall, ahead))
        };
        held.iter().copied().find(is_first).or_else(|| held.iter().copied().find(may_go))
    }

    fn who_is_ahead(&self, hall: &Hall) -> Option<Worker> {
        let begun = self.had_turn.iter().filter_map(|&it| Some((began_with(hall, it)?, it)));
        match self.ahead {
            Ahead::Nobody => None,
            Ahead::First => begun.min().map(|(_, worker)| worker),
            Ahead::Last => begun.max().map(|(_, worker)| worker),
        }
    }

    /// Lets whoever waits for a turn have it, one after the other.
    fn next(&mut self, hall: &mut Hall) {
        let waiting = hall.held_for(|request| is_operation(request) || *request == Request::Delay);
        let workers: HashSet<Worker> = waiting.iter().map(|&it| hall.worker(it)).collect();
        self.have_met |= workers.len() > 1;
        while let Some(ticket) = self.turn(hall).filter(|_| self.have_met) {
            self.operate(ticket, hall);
        }
    }
}

/// The task that a thread computed first.
fn began_with(hall: &Hall, worker: Worker) -> Option<usize> {
    let mut of_it = hall.log.entries.iter().filter(|it| it.worker == worker);
    of_it.find_map(|it| match it.request {
        Request::Compute { task } => Some(task),
        _ => None,
    })
}

fn is_delayed(hall: &Hall, worker: Worker) -> bool {
    let delays = hall.held_for(|request| *request == Request::Delay);
    delays.into_iter().any(|ticket| hall.worker(ticket) == worker)
}

impl Schedule for OneAtATime {
    fn came(&mut self, ticket: Ticket, hall: &mut Hall) {
        match hall.request(ticket) {
            Request::Delay => self.give_up(hall.worker(ticket)),
            request if is_operation(request) => {}
            _ => hall.release(ticket),
        }
        self.next(hall);
    }

    fn standstill(&mut self, hall: &mut Hall) {
        let waits = hall.held_for(is_operation);
        let delays = hall.held_for(|request| *request == Request::Delay);
        match (waits.first(), delays.first()) {
            // Alone, and another one may yet come: `main` may set the counter before it spawns threads.
            (Some(&ticket), _) if !self.have_met => self.operate(ticket, hall),
            (Some(_), _) => {
                // Whoever is between, or ahead, has ended, or waits for something that we do not know of.
                (self.between, self.ahead) = (None, Ahead::Nobody);
                self.next(hall);
            }
            (None, Some(&delay)) => hall.release(delay),
            (None, None) => {}
        }
    }
}
