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
        if *hall.request(ticket) != (Request::Compute { task: self.task }) {
            hall.release(ticket);
        }
    }

    fn standstill(&mut self, hall: &mut Hall) {
        if let Some(&long) = hall.held().first() {
            hall.release(long);
        }
    }
}
