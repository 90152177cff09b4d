//! One page that is late, however long anybody waits for something else.

use classroom::wire::Request;

use super::{Schedule, is_fetch};
use crate::hall::Hall;
use crate::log::Ticket;

/// Hands pages out one at a time, each when nothing else goes on any more, and one task's last of all.
///
/// It is the slowest of all servers. Whatever does not wait for a page has been done before it comes: a
/// sleep is always too short, and luck never enough. The late page needs all others to be asked for
/// as well: a program that fetches one after the other stands still.
#[derive(Debug)]
pub struct Late {
    /// The task whose page is late.
    pub last: usize,
}

impl Schedule for Late {
    fn came(&mut self, ticket: Ticket, hall: &mut Hall) {
        if !is_fetch(hall.request(ticket)) {
            hall.release(ticket);
        }
    }

    fn standstill(&mut self, hall: &mut Hall) {
        self.next(hall).into_iter().for_each(|ticket| hall.release(ticket));
    }

    /// Whoever sleeps, or looks again and again, is given other pages; the late one does not come for that.
    fn impatience(&mut self, hall: &mut Hall) {
        let next = self.next(hall).filter(|&ticket| !self.is_late(hall.request(ticket)));
        next.into_iter().for_each(|ticket| hall.release(ticket));
    }
}

impl Late {
    /// Whose page comes next, if any may.
    pub(super) fn next(&self, hall: &Hall) -> Option<Ticket> {
        let held = hall.held_for(is_fetch);
        let others = hall.fetched.iter().filter(|&&task| task != self.last).count();
        let have_all_come = others + 1 >= hall.paper.tasks.len();
        held.iter().copied().find(|&ticket| have_all_come || !self.is_late(hall.request(ticket)))
    }

    fn is_late(&self, request: &Request) -> bool {
        *request == Request::Fetch { task: self.last }
    }
}
