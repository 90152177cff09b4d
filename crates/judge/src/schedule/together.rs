//! So many at a time: whoever comes alone waits for the others.

use std::collections::HashSet;

use classroom::wire::Request;

use super::{Schedule, is_fetch};
use crate::hall::Hall;
use crate::log::Ticket;

/// Replies to a fetch once so many fetches are in progress, and lets a task compute once so many
/// computes are.
///
/// Pages are handed out at the next standstill, when the program has done all that it does without: a `main`
/// that waits for nobody has ended by then. Where fewer tasks are left, so many are enough. A fetch that waits in vain is the end of the
/// program. A compute is let go in the end, *alone*: the last one of several may well be alone, and who
/// splits work into equal halves ends with one of them; but if all are alone, nothing was ever computed
/// beside anything.
#[derive(Debug)]
pub struct Together {
    /// How many fetches.
    pub fetches: usize,
    /// How many computes.
    pub computes: usize,
}

impl Together {
    /// Whether enough have come together: then they are replied to.
    fn release_fetches(&self, hall: &mut Hall) -> bool {
        let held = hall.held_for(is_fetch);
        let waiting: HashSet<usize> = held.iter().map(|&it| task(hall.request(it))).collect();
        let left = hall.left_to_fetch();
        // Who asks once more for what was fetched is no company.
        let new = waiting.difference(&hall.fetched).count();
        if held.is_empty() || new < self.fetches.min(left) {
            return false;
        }
        held.into_iter().for_each(|ticket| hall.release(ticket));
        true
    }

    fn release_computes(&self, hall: &mut Hall) {
        let held = hall.held_for(|request| matches!(request, Request::Compute { .. }));
        let waiting: HashSet<usize> = held.iter().map(|&it| task(hall.request(it))).collect();
        let left = hall.paper.tasks.len().saturating_sub(hall.computed.len());
        if waiting.union(&hall.computing).count() >= self.computes.min(left) {
            held.into_iter().for_each(|ticket| hall.release(ticket));
        }
    }
}

fn task(request: &Request) -> usize {
    match *request {
        Request::Fetch { task } | Request::Compute { task } | Request::Computed { task, .. } => {
            task
        }
        _ => usize::MAX,
    }
}

impl Schedule for Together {
    fn came(&mut self, ticket: Ticket, hall: &mut Hall) {
        match *hall.request(ticket) {
            Request::Fetch { .. } => {}
            Request::Compute { .. } | Request::Computed { .. } => self.release_computes(hall),
            // No other one is wanted here: whoever waits for it neither helps nor disturbs.
            Request::Beat => {}
            _ => hall.release(ticket),
        }
    }

    fn standstill(&mut self, hall: &mut Hall) {
        if self.release_fetches(hall) {
            return;
        }
        let held = hall.held_for(|request| matches!(request, Request::Compute { .. }));
        if let Some(&first) = held.first() {
            hall.release(first);
        }
    }

    fn impatience(&mut self, hall: &mut Hall) {
        self.standstill(hall);
    }
}
