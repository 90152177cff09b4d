//! Everything is to end, while tasks are being computed.

use classroom::wire::Request;

use super::Schedule;
use crate::hall::Hall;
use crate::log::Ticket;

/// Lets tasks compute round by round, each when nothing else goes on; and after so many rounds, when all who
/// compute have begun to, has everything end.
///
/// Whoever computes goes on only when nothing else does: by then whoever was told has told all others. What
/// begins afterwards begins although it was known that it should not. And from then on they go on one after the
/// other: who waits for one of them, and not for all, has ended before the others are done.
#[derive(Debug)]
pub struct Stop {
    /// How many rounds are left.
    left: usize,
    /// Whether the youngest thread is the first to go on afterwards, and not the oldest.
    youngest: bool,
    /// Whether everybody could hear of the end.
    is_told: bool,
}

impl Stop {
    /// After so many rounds; and whether the youngest thread goes on first then, and not the oldest.
    #[must_use]
    pub fn new(after: usize, youngest: bool) -> Stop {
        Stop { left: after, youngest, is_told: false }
    }

    /// Who goes on next after the end of all.
    fn next(&self, computes: &[Ticket], hall: &Hall) -> Option<Ticket> {
        let mut computes = computes.to_vec();
        computes.sort_by_key(|&ticket| hall.worker(ticket));
        if self.youngest { computes.last() } else { computes.first() }.copied()
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
        if self.is_told {
            let next = self.next(&computes, hall);
            return next.into_iter().for_each(|ticket| hall.release(ticket));
        }
        let is_time = self.left == 0 && !stop.is_empty() || computes.is_empty();
        self.left = self.left.saturating_sub(1);
        self.is_told = is_time && !stop.is_empty();
        let next = if is_time { stop } else { computes };
        next.into_iter().for_each(|ticket| hall.release(ticket));
    }
}
