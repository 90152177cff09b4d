//! Everybody takes a lock before anybody goes on.

use classroom::wire::Request;

use super::{Schedule, is_lock};
use crate::hall::Hall;
use crate::log::Ticket;

/// Gives a lock to whoever comes first, and has them stand with it until nothing else goes on.
///
/// It is the unluckiest of all machines: whoever can have taken a lock has, before anybody takes a second one.
#[derive(Debug)]
pub struct Crossed;

impl Schedule for Crossed {
    fn came(&mut self, ticket: Ticket, hall: &mut Hall) {
        match hall.request(ticket) {
            Request::Delay => {}
            Request::Lock { .. } if !hall.is_locked_out(ticket) => hall.perform(ticket),
            _ => hall.release(ticket),
        }
    }

    fn standstill(&mut self, hall: &mut Hall) {
        let stand = hall.held_for(|request| is_lock(request) || *request == Request::Delay);
        stand.into_iter().for_each(|ticket| hall.release(ticket));
    }
}
