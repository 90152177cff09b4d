//! A transfer that takes until nothing else goes on any more.

use classroom::wire::Request;

use super::Schedule;
use crate::hall::Hall;
use crate::log::Ticket;

/// Has the first transfer of all take until nothing else goes on, whoever comes first.
///
/// Whoever does it has both locks meanwhile, as it should. Whoever needs other accounts has nothing to do with
/// that, and is done before; unless it is kept out by more than these two locks.
#[derive(Debug, Default)]
pub struct LongTransfer {
    long: Option<Ticket>,
}

impl Schedule for LongTransfer {
    fn came(&mut self, ticket: Ticket, hall: &mut Hall) {
        match *hall.request(ticket) {
            Request::Transfer { .. } if self.long.is_none() => self.long = Some(ticket),
            _ => hall.release(ticket),
        }
    }

    fn standstill(&mut self, hall: &mut Hall) {
        self.long.into_iter().for_each(|ticket| hall.release(ticket));
    }
}
