//! Locks for one thread at a time.

use std::collections::HashSet;

use classroom::wire::Request;

use super::{Schedule, is_lock};
use crate::hall::Hall;
use crate::log::{Ticket, Worker};

/// Gives nobody a lock while another thread has one.
///
/// It is the luckiest of all machines: whoever has taken one lock gets the other as well. A thread that asks
/// for a [delay](Request::Delay) while it has a lock gives up its turn, and stands until nothing else goes
/// on. So threads wait for each other's locks if, and only if, the program itself delays one between its two;
/// and then they do in every run. (At first everybody is waited for, so that none has done all before another
/// begins.)
#[derive(Debug, Default)]
pub struct Polite {
    /// Whether everybody has come who comes without a lock.
    have_met: bool,
    /// Who has asked for a delay since it has had a lock.
    delayed: HashSet<Worker>,
}

impl Polite {
    fn give(&mut self, hall: &mut Hall) {
        if !self.have_met {
            return;
        }
        self.delayed.retain(|worker| hall.has_lock(*worker));
        for ticket in hall.held_for(is_lock) {
            let worker = hall.worker(ticket);
            let mut owners = hall.owners.values();
            let is_turn = owners.all(|owner| *owner == worker || self.delayed.contains(owner));
            // Whoever has just gone on may have a lock by now, and then it is nobody else's turn.
            if is_turn {
                hall.release(ticket);
            }
        }
    }
}

impl Schedule for Polite {
    fn came(&mut self, ticket: Ticket, hall: &mut Hall) {
        match hall.request(ticket) {
            Request::Delay => drop(self.delayed.insert(hall.worker(ticket))),
            request if is_lock(request) => {}
            _ => hall.release(ticket),
        }
        self.give(hall);
    }

    fn standstill(&mut self, hall: &mut Hall) {
        if !std::mem::replace(&mut self.have_met, true) {
            return self.give(hall);
        }
        match hall.held_for(|request| *request == Request::Delay).first() {
            Some(&delay) => hall.release(delay),
            // Whoever has a lock does not go on: it waits for something that we do not know of.
            None => hall.held_for(is_lock).into_iter().for_each(|ticket| hall.release(ticket)),
        }
    }
}
