//! Between two operations of one thread, always somebody else's.

use classroom::wire::Request;

use super::{Schedule, is_operation, release_after_write};
use crate::hall::{Hall, has_written};
use crate::log::Ticket;

/// Does what is asked at once, but has whoever learns the value of a counter, and does not change it, stand until
/// another thread has changed one, or none is able to.
///
/// It is the unluckiest of all machines: whatever can come between does. Only what holds whoever comes, a
/// lock or a single operation, holds here.
#[derive(Debug)]
pub struct Between;

/// Whoever still waits for this to be replied, once it is done, stands.
fn stands(request: &Request) -> bool {
    matches!(request, Request::Load { .. } | Request::Exchange { .. } | Request::Delay)
}

impl Schedule for Between {
    fn came(&mut self, ticket: Ticket, hall: &mut Hall) {
        hall.perform(ticket);
        // An exchange that was refused tells the value as a load does.
        if has_written(&hall.log.entries[ticket]) || !stands(hall.request(ticket)) {
            hall.release(ticket);
        }
        if is_operation(hall.request(ticket)) && has_written(&hall.log.entries[ticket]) {
            release_after_write(hall, hall.worker(ticket), stands);
        }
    }

    fn standstill(&mut self, hall: &mut Hall) {
        // Whoever was refused stands longest: who has only loaded may still come between.
        let is_refused = |request: &Request| matches!(request, Request::Exchange { .. });
        let mut held = hall.held_for(stands);
        held.sort_by_key(|&ticket| is_refused(hall.request(ticket)));
        held.into_iter().take(1).for_each(|ticket| hall.release(ticket));
    }
}
