//! Between two operations of one thread, always somebody else's.

use classroom::wire::Request;

use super::{Schedule, is_operation, release_after_write, release_operation};
use crate::hall::Hall;
use crate::log::Ticket;

/// Does what is asked at once, but has whoever loads a counter stand until another thread has changed one,
/// or none is able to.
///
/// It is the unluckiest of all machines: whatever can come between does. Only what holds whoever comes, a
/// lock or a single operation, holds here.
#[derive(Debug)]
pub struct Between;

/// Whoever asks for this stands.
fn stands(request: &Request) -> bool {
    matches!(request, Request::Load { .. } | Request::Delay)
}

impl Schedule for Between {
    fn came(&mut self, ticket: Ticket, hall: &mut Hall) {
        if stands(hall.request(ticket)) {
            hall.perform(ticket);
        } else if !is_operation(hall.request(ticket)) {
            hall.release(ticket);
        } else if release_operation(hall, ticket) {
            release_after_write(hall, hall.worker(ticket), stands);
        }
    }

    fn standstill(&mut self, hall: &mut Hall) {
        if let Some(&ticket) = hall.held_for(stands).first() {
            hall.release(ticket);
        }
    }
}
