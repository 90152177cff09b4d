//! Everybody takes a lock before anybody goes on.

use classroom::wire::Request;

use super::{Schedule, is_lock};
use crate::hall::Hall;
use crate::log::Ticket;

/// Gives a lock to whoever comes first, and has them stand with it until nothing else goes on: those as well that
/// had to wait for it.
///
/// It is the unluckiest of all machines: whoever can have taken a lock has, before anybody takes a second one.
#[derive(Debug)]
pub struct Crossed;

impl Crossed {
    /// Gives locks that are free to those who wait for them. They have them now, and do not go on.
    fn give(hall: &mut Hall) {
        for ticket in hall.held_for(is_lock) {
            if !hall.is_locked_out(ticket) {
                hall.perform(ticket);
            }
        }
    }
}

impl Schedule for Crossed {
    fn came(&mut self, ticket: Ticket, hall: &mut Hall) {
        match hall.request(ticket) {
            Request::Delay | Request::Lock { .. } => {}
            _ => hall.release(ticket),
        }
        Crossed::give(hall);
    }

    fn standstill(&mut self, hall: &mut Hall) {
        let stand = hall.held_for(|request| is_lock(request) || *request == Request::Delay);
        // Who waits for a lock goes on when it has been given, and everybody has stood still once more.
        let stand: Vec<Ticket> = stand.into_iter().filter(|&it| !hall.is_locked_out(it)).collect();
        stand.into_iter().for_each(|ticket| hall.release(ticket));
    }
}
