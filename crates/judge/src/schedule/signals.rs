//! Whoever waits for a signal falls asleep as late as can be.

use std::collections::HashMap;

use classroom::wire::Request;

use super::{Late, Schedule, is_fetch, is_lock};
use crate::hall::Hall;
use crate::log::{Ticket, Worker};
use crate::seed::Seed;

/// Has whoever waits for a signal fall asleep, and let go of its lock, when nothing else goes on; wakes each
/// thread two to five times without a signal; and hands pages out as [`Late`] does. Where locks are held, from the
/// so manieth of a thread on, it gives them when nothing else goes on, and first to whoever came last.
///
/// It is the unluckiest of all machines: a signal that can come too early does, and a thread that can wake for
/// nothing does. Only a thread that looks, under the lock, at what the signal is about holds here.
#[derive(Debug)]
pub struct Signals {
    late: Late,
    /// From which of a thread's locks on they are held; 0 if none are.
    held: usize,
    /// How many locks each thread has asked for.
    locks: HashMap<Worker, usize>,
    /// How often each thread is woken for nothing.
    wakes: u64,
    /// How often each was.
    woken: HashMap<Worker, u64>,
}

impl Signals {
    /// With this task's page last, and with locks held from the so manieth on; 0 for none. How often it wakes
    /// for nothing is drawn, so that nobody can count on it; it is never once only, which an `if` after another
    /// one would do for.
    #[must_use]
    pub fn new(last: usize, held: usize, seed: Seed) -> Signals {
        let (locks, woken) = (HashMap::new(), HashMap::new());
        Signals { late: Late { last }, held, locks, wakes: wakes(seed), woken }
    }

    /// Somebody who waits for a signal, and was not yet woken without one as often as everybody is.
    fn next_to_wake(&mut self, waits: &[Ticket], hall: &Hall) -> Option<Ticket> {
        let woken = |it: &Ticket| self.woken.get(&hall.worker(*it)).copied().unwrap_or(0);
        let next = waits.iter().copied().find(|ticket| woken(ticket) < self.wakes)?;
        *self.woken.entry(hall.worker(next)).or_default() += 1;
        Some(next)
    }

    /// Whether a lock that is asked for just now is held.
    fn is_held(&mut self, worker: Worker) -> bool {
        let number = self.locks.entry(worker).or_default();
        *number += 1;
        self.held > 0 && *number >= self.held
    }
}

/// How often each thread is woken for nothing.
pub(super) fn wakes(seed: Seed) -> u64 {
    2 + seed.draw("wakes", 0) % 4
}

fn is_wait(request: &Request) -> bool {
    matches!(request, Request::Wait { .. })
}

impl Schedule for Signals {
    fn came(&mut self, ticket: Ticket, hall: &mut Hall) {
        match hall.request(ticket) {
            request if is_wait(request) => {}
            request if is_lock(request) && self.is_held(hall.worker(ticket)) => {}
            _ => self.late.came(ticket, hall),
        }
    }

    fn standstill(&mut self, hall: &mut Hall) {
        let waits = hall.held_for(is_wait);
        let is_page_to_come = !hall.held_for(is_fetch).is_empty();
        if is_page_to_come {
            if let Some(ticket) = self.next_to_wake(&waits, hall) {
                return hall.go_on(ticket);
            }
            if let Some(page) = self.late.next(hall) {
                return hall.release(page);
            }
        }
        let locks = hall.held_for(is_lock).into_iter().rev();
        match { locks }.find(|&ticket| !hall.is_locked_out(ticket)) {
            Some(ticket) => hall.release(ticket),
            // As long as a page is to come, the signal is as well: nobody is helped who has missed it.
            None if is_page_to_come => {}
            None => waits.into_iter().for_each(|ticket| hall.release(ticket)),
        }
    }
}
