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
#[derive(Debug, Default)]
pub struct OneAtATime {
    /// Whether two threads have come, or no second one will.
    have_met: bool,
    /// Who has loaded, and not yet stored.
    between: Option<Worker>,
}

impl OneAtATime {
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
        if self.between == Some(worker) {
            self.between = None;
        }
    }

    /// Lets whoever waits for a turn have it, one after the other.
    fn next(&mut self, hall: &mut Hall) {
        let waiting = hall.held_for(|request| is_operation(request) || *request == Request::Delay);
        let workers: HashSet<Worker> = waiting.iter().map(|&it| hall.worker(it)).collect();
        self.have_met |= workers.len() > 1;
        if !self.have_met {
            return;
        }
        while let Some(ticket) = hall
            .held_for(is_operation)
            .into_iter()
            .find(|&ticket| self.between.is_none_or(|between| between == hall.worker(ticket)))
        {
            self.operate(ticket, hall);
        }
    }
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
        if !std::mem::replace(&mut self.have_met, true) {
            return self.next(hall);
        }
        // Whoever is between does not go on: it waits for something that we do not know of.
        self.between = None;
        let delays = hall.held_for(|request| *request == Request::Delay);
        match hall.held_for(is_operation).first().or(delays.first()) {
            Some(&ticket) if *hall.request(ticket) == Request::Delay => hall.release(ticket),
            Some(_) => self.next(hall),
            None => {}
        }
    }
}
