//! One task that takes longer than all others together.

use classroom::wire::Request;

use super::Schedule;
use crate::hall::Hall;
use crate::log::Ticket;

/// Has one task compute until nothing else goes on any more.
///
/// Work is never as even as it looks. Whoever has shared it out beforehand is caught here: what was to come
/// after the long task, on the same thread, is still to be done when everybody else has nothing left to do.
#[derive(Debug)]
pub struct OneTakesLong {
    /// The task.
    pub task: usize,
}

impl Schedule for OneTakesLong {
    fn came(&mut self, ticket: Ticket, hall: &mut Hall) {
        let request = hall.request(ticket);
        // No other beat is wanted here: whoever waits for it neither helps nor disturbs.
        if !self.is_long(request) && *request != Request::Beat {
            hall.release(ticket);
        }
    }

    fn standstill(&mut self, hall: &mut Hall) {
        let long = hall.held_for(|request| self.is_long(request));
        long.into_iter().take(1).for_each(|ticket| hall.release(ticket));
    }
}

impl OneTakesLong {
    fn is_long(&self, request: &Request) -> bool {
        *request == Request::Compute { task: self.task }
    }
}
