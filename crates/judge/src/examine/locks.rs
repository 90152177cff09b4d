//! Whether locks were taken as they should: not for ever, not too few, not too many.

use classroom::wire::Request;

use super::Facts;
use crate::finding::{Finding, Locks, Waits};
use crate::log::{Entry, Ticket, Worker};
use crate::schedule::Kind;

/// Tasks are shared out among four threads, in this order, each with the accounts from and to which it moves
/// what its tasks find.
const PAIRS: [(usize, usize); 4] = [(0, 1), (1, 0), (2, 3), (3, 2)];

impl Facts<'_> {
    /// Who waits for whom, if they do so in a ring.
    pub(super) fn ring(&self) -> Option<Locks> {
        let hall = self.hall();
        let held = &self.attended.stuck.as_ref()?.held;
        let waits = held.iter().filter_map(|&ticket| match *hall.request(ticket) {
            Request::Lock { account } => Some((hall.worker(ticket), account)),
            _ => None,
        });
        let waits: Vec<_> = waits.collect();
        // From any thread on, to whoever has what it wants. Whoever is met a second time is in a ring.
        for &(first, wanted) in &waits {
            let (mut ring, mut wants) = (Vec::new(), wanted);
            while let Some(owner) = hall.owners.get(&wants) {
                let Some(&(thread, next)) = waits.iter().find(|(thread, _)| thread == owner) else {
                    break;
                };
                ring.push(Waits { thread: self.called(thread.1), has: wants, wants: next });
                if thread == first && ring.len() > 1 {
                    return Some(Locks::Deadlock { ring });
                }
                if thread == first || ring.len() > waits.len() {
                    break;
                }
                wants = next;
            }
        }
        None
    }

    /// Who waits for a signal that was given, for the last time, before it fell asleep.
    pub(super) fn lost_signal(&self, held: &[Ticket]) -> Option<Locks> {
        let log = self.log();
        held.iter().find_map(|&ticket| {
            let Request::Wait { account } = *self.hall().request(ticket) else { return None };
            let given = Request::Notify { account };
            let given = log.entries.iter().rev().find(|it| it.request == given)?;
            let worker = self.hall().worker(ticket);
            let was_woken = |it: &Entry| {
                it.request == Request::Wait { account }
                    && it.worker == worker
                    && it.was_waiting(given.came)
            };
            let [waits, by] = [worker.1, given.worker.1].map(|it| self.called(it));
            Some(match log.entries[..ticket].iter().any(was_woken) {
                true => Locks::SleptAgain { waits, by },
                false => Locks::LostSignal { waits, by },
            })
        })
    }

    /// Whether anybody has given a signal; and whether anybody waited for it who had to.
    pub(super) fn is_signalled(&self) -> Result<(), Finding> {
        let mut entries = self.log().entries.iter();
        let Some(given) = entries.find(|it| matches!(it.request, Request::Notify { .. })) else {
            return Err(Finding::Locks(Locks::NoSignal));
        };
        match self.was_first(given.worker) {
            Some(first) if !self.has_waited() => {
                let (first, by) =
                    (self.paper().name(first).to_owned(), self.called(given.worker.1));
                Err(Finding::Locks(Locks::SignalUnheard { first, by }))
            }
            _ => Ok(()),
        }
    }

    /// A task that another thread had computed when the late page came, which was the one of whoever gave the
    /// signal; where locks are not held back. Whoever needs both finds has nothing to do then but wait.
    fn was_first(&self, giver: Worker) -> Option<usize> {
        let Kind::Signals { last, held: 0 } = self.plan.schedule else { return None };
        let late = self.log().replied(&Request::Fetch { task: last })?;
        let spans = self.log().computes();
        let is_givers = spans.iter().any(|span| span.task == last && span.worker == giver);
        let first = spans.iter().find(|span| span.worker != giver && span.to < late);
        first.filter(|_| is_givers).map(|span| span.task)
    }

    fn has_waited(&self) -> bool {
        self.log().entries.iter().any(|it| matches!(it.request, Request::Wait { .. }))
    }

    /// Threads waited for each other, and nothing else was done to them than to delay them.
    pub(super) fn is_deadlocked(&self) -> Result<(), Finding> {
        if self.ring().is_some() {
            return Ok(());
        }
        if let Some(finding) = self.stuck().or_else(|| self.program(false).into_iter().next()) {
            return Err(finding);
        }
        let entries = self.log().entries.iter();
        let delays = entries.filter(|it| it.request == Request::Delay).count();
        Err(Finding::Locks(Locks::NoDeadlock { delays }))
    }

    /// The transfer that this task's find needs, if it was made, and made once.
    fn transfer(&self, task: usize) -> Option<(usize, &Entry)> {
        let (from, to) = PAIRS[task * PAIRS.len() / self.paper().tasks.len()];
        let wanted = Request::Transfer { from, to, amount: self.paper().tasks[task].hidden };
        let mut made = self.log().entries.iter().enumerate().filter(|(_, it)| it.request == wanted);
        made.next().filter(|_| made.next().is_none())
    }

    /// A transfer that no task's find needs.
    fn other_transfer(&self) -> Option<Locks> {
        let tasks = &self.paper().tasks;
        let wanted =
            |number: usize| (PAIRS[number * PAIRS.len() / tasks.len()], tasks[number].hidden);
        self.log().entries.iter().find_map(|it| match it.request {
            Request::Transfer { from, to, amount } => {
                let is_wanted = (0..tasks.len()).any(|task| wanted(task) == ((from, to), amount));
                (!is_wanted).then_some(Locks::OtherTransfer { from, to })
            }
            _ => None,
        })
    }

    pub(super) fn is_transferred(&self) -> Result<(), Finding> {
        if let Some(other) = self.other_transfer() {
            return Err(Finding::Locks(other));
        }
        for task in 0..self.paper().tasks.len() {
            let name = || self.paper().name(task).to_owned();
            let Some((ticket, _)) = self.transfer(task) else {
                return Err(Finding::Locks(Locks::TransferMissing { task: name() }));
            };
            if self.hall().unlocked.contains(&ticket) {
                return Err(Finding::Locks(Locks::NotLocked { task: name() }));
            }
        }
        Ok(())
    }

    /// Whether all transfers between the other two accounts were made before the long one was, which is the first
    /// that was asked for.
    pub(super) fn is_disjoint(&self) -> Result<(), Finding> {
        let tasks = self.paper().tasks.len();
        let began = |task: usize| Some(self.transfer(task)?.1.came);
        let long = (0..tasks).filter_map(|task| Some((began(task)?, task))).min();
        let Some((_, long)) = long else { return Ok(()) };
        let others = if long < tasks / 2 { tasks / 2..tasks } else { 0..tasks / 2 };
        let Some(done) = self.transfer(long).and_then(|(_, it)| it.replied) else { return Ok(()) };
        let late = others.filter(|&task| began(task).is_none_or(|came| came > done));
        let late: Vec<String> = late.map(|task| self.paper().name(task).to_owned()).collect();
        if late.is_empty() {
            return Ok(());
        }
        let long = self.paper().name(long).to_owned();
        Err(Finding::Locks(Locks::LockedOut { tasks: late, long }))
    }
}
