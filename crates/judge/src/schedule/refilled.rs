//! Pages that come one at a time, each when as many are on their way as may be.

use std::collections::HashSet;

use classroom::wire::Request;

use super::{Schedule, is_fetch};
use crate::hall::Hall;
use crate::log::Ticket;

/// Hands pages out one at a time, each at a standstill at which so many fetches are in progress; where fewer
/// pages are known that were not handed out, so many are enough.
///
/// Whoever takes a page in asks for the next, then, whatever becomes of the others: who waits for one page in
/// particular, or for all of them, stands still for ever with too few in progress. One page, which the paper
/// [draws](crate::paper::Paper::slow), comes when all others have.
#[derive(Debug)]
pub struct Refilled {
    /// How many fetches.
    pub fetches: usize,
}

impl Refilled {
    /// Whether as many pages are on their way as may be.
    fn is_full(&self, hall: &Hall) -> bool {
        let held = hall.held_for(is_fetch);
        let wanted = held.iter().filter_map(|&ticket| match *hall.request(ticket) {
            Request::Fetch { task } => Some(task),
            _ => None,
        });
        // Who asks once more for what was handed out is no company.
        let new: HashSet<usize> = wanted.filter(|task| !hall.fetched.contains(task)).collect();
        new.len() >= self.fetches.min(hall.left_to_fetch())
    }
}

impl Schedule for Refilled {
    fn came(&mut self, ticket: Ticket, hall: &mut Hall) {
        if !is_fetch(hall.request(ticket)) {
            hall.release(ticket);
        }
    }

    fn standstill(&mut self, hall: &mut Hall) {
        if !self.is_full(hall) {
            return;
        }
        let slow = Request::Fetch { task: hall.paper.slow };
        let held = hall.held_for(is_fetch);
        let next = held.iter().find(|&&ticket| *hall.request(ticket) != slow).or(held.first());
        next.copied().into_iter().for_each(|ticket| hall.release(ticket));
    }
}
