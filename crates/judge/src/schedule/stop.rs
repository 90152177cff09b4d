//! Everything is to end, while tasks are being computed.

use classroom::wire::Request;

use super::Schedule;
use crate::hall::Hall;
use crate::log::Ticket;

/// Lets tasks compute round by round, each when nothing else goes on; and after so many rounds, when all who
/// compute have begun to, has everything end.
///
/// Whoever computes goes on only when nothing else does: by then whoever was told has told all others. What
/// begins afterwards begins although it was known that it should not.
#[derive(Debug)]
pub struct Stop {
    /// How many rounds are left.
    left: usize,
}

impl Stop {
    /// After so many rounds.
    #[must_use]
    pub fn new(after: usize) -> Stop {
        Stop { left: after }
    }
}

impl Schedule for Stop {
    fn came(&mut self, ticket: Ticket, hall: &mut Hall) {
        if !matches!(hall.request(ticket), Request::Compute { .. } | Request::Stop) {
            hall.release(ticket);
        }
    }

    fn standstill(&mut self, hall: &mut Hall) {
        let stop = hall.held_for(|request| *request == Request::Stop);
        let computes = hall.held_for(|request| matches!(request, Request::Compute { .. }));
        let is_time = self.left == 0 && !stop.is_empty() || computes.is_empty();
        self.left = self.left.saturating_sub(1);
        let next = if is_time { stop } else { computes };
        next.into_iter().for_each(|ticket| hall.release(ticket));
    }
}
