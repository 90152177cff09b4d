//! So many at a time: whoever comes alone waits for the others.

use std::collections::HashSet;

use classroom::wire::Request;

use super::Schedule;
use crate::hall::Hall;
use crate::log::Ticket;

/// Replies to a fetch once so many fetches are in progress, and lets a task compute once so many
/// computes are.
///
/// Where fewer tasks are left, so many are enough. A fetch that waits in vain is the end of the
/// program. A compute is let go in the end, *alone*: the last one of several may well be alone, and who
/// splits work into equal halves ends with one of them; but if all are alone, nothing was ever computed
/// beside anything.
#[derive(Debug)]
pub struct Together {
    fetches: usize,
    computes: usize,
    fetched: HashSet<usize>,
    computing: HashSet<usize>,
    computed: HashSet<usize>,
}

impl Together {
    /// So many fetches, and so many computes.
    #[must_use]
    pub fn new(fetches: usize, computes: usize) -> Together {
        let (fetched, computing, computed) = Default::default();
        Together { fetches, computes, fetched, computing, computed }
    }

    fn release_fetches(&mut self, hall: &mut Hall) {
        let held = hall.held_for(|request| matches!(request, Request::Fetch { .. }));
        let waiting: HashSet<usize> = held.iter().map(|&it| task(hall.request(it))).collect();
        let left = hall.paper.tasks.len().saturating_sub(self.fetched.len());
        // Who asks once more for what was fetched has company enough.
        let new = waiting.difference(&self.fetched).count();
        if new >= self.fetches.min(left) {
            held.into_iter().for_each(|ticket| hall.release(ticket));
            self.fetched.extend(waiting);
        }
    }

    fn release_computes(&mut self, hall: &mut Hall) {
        let held = hall.held_for(|request| matches!(request, Request::Compute { .. }));
        let waiting: HashSet<usize> = held.iter().map(|&it| task(hall.request(it))).collect();
        let left = hall.paper.tasks.len().saturating_sub(self.computed.len());
        if waiting.union(&self.computing).count() >= self.computes.min(left) {
            held.into_iter().for_each(|ticket| hall.release(ticket));
            self.computing.extend(waiting);
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
            Request::Fetch { .. } => self.release_fetches(hall),
            Request::Compute { .. } => self.release_computes(hall),
            Request::Computed { task, .. } => {
                self.computing.remove(&task);
                self.computed.insert(task);
                self.release_computes(hall);
            }
            _ => hall.release(ticket),
        }
    }

    fn standstill(&mut self, hall: &mut Hall) {
        let held = hall.held_for(|request| matches!(request, Request::Compute { .. }));
        if let Some(&first) = held.first() {
            self.computing.insert(task(hall.request(first)));
            hall.release(first);
        }
    }
}
