//! Whether locks were taken as they should: not for ever, not too few, not too many.

use std::collections::HashSet;

use classroom::wire::Request;

use super::Facts;
use crate::finding::{Barred, Finding, Locks, Waits};
use crate::log::{Entry, Ticket, Worker};
use crate::schedule::Kind;

/// Tasks are shared out among four threads, in this order, each with the accounts from and to which it moves
/// what its tasks find.
const PAIRS: [(usize, usize); 4] = [(0, 1), (1, 0), (2, 3), (3, 2)];

/// A thread in a ring: who it is, whose lock it has, and whose it waits for.
struct Link {
    worker: Worker,
    has: usize,
    wants: usize,
}

impl Facts<'_> {
    /// That threads wait for each other in a ring, if they do.
    pub(super) fn deadlock(&self) -> Option<Locks> {
        self.ring().map(|ring| Locks::Deadlock { ring: self.waits(&ring) })
    }

    fn waits(&self, ring: &[Link]) -> Vec<Waits> {
        let waits = |&Link { worker, has, wants }: &Link| Waits {
            thread: self.called(worker.1),
            has,
            wants,
        };
        ring.iter().map(waits).collect()
    }

    /// Who waits for whom, if they do so in a ring.
    fn ring(&self) -> Option<Vec<Link>> {
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
                ring.push(Link { worker: thread, has: wants, wants: next });
                if thread == first && ring.len() > 1 {
                    return Some(ring);
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
        if let Some(ring) = self.ring() {
            return match ring.iter().any(|link| self.was_delayed_with(link)) {
                true => Ok(()),
                false => Err(Finding::Locks(Locks::NotByDelay { ring: self.waits(&ring) })),
            };
        }
        if let Some(finding) = self.stuck().or_else(|| self.program(false).into_iter().next()) {
            return Err(finding);
        }
        let entries = self.log().entries.iter();
        let delays = entries.filter(|it| it.request == Request::Delay).count();
        Err(Finding::Locks(Locks::NoDeadlock { delays }))
    }

    /// Whether a thread has asked for a delay since it has had the lock that it has.
    fn was_delayed_with(&self, link: &Link) -> bool {
        let of_it = self.log().entries.iter().rev().filter(|it| it.worker == link.worker);
        let lock = Request::Lock { account: link.has };
        let mut since = of_it.take_while(|it| it.request != lock);
        since.any(|it| it.request == Request::Delay)
    }

    /// Who had the lock of an account at this time.
    fn owner(&self, account: usize, time: u64) -> Option<Worker> {
        let entries = &self.log().entries;
        let lock = entries.iter().filter(|it| it.request == Request::Lock { account });
        let given = lock.filter_map(|it| Some((it.replied.filter(|&at| at <= time)?, it.worker)));
        let (since, owner) = given.max()?;
        let lets_go = |it: &Entry| {
            it.request == Request::Unlock { account } && it.worker == owner && it.came >= since
        };
        (!entries.iter().any(|it| lets_go(it) && it.came <= time)).then_some(owner)
    }

    /// Who of those that compute one of these tasks waited for a lock at this time that another thread had.
    fn barred(&self, tasks: &[usize], time: u64) -> Vec<Barred> {
        let entries = self.log().entries.iter();
        let computes = entries.clone().filter_map(|it| match it.request {
            Request::Compute { task } => tasks.contains(&task).then_some(it.worker),
            _ => None,
        });
        let workers: HashSet<Worker> = computes.collect();
        let waiting = entries.filter(|it| {
            workers.contains(&it.worker)
                && it.came < time
                && it.over().is_none_or(|over| over > time)
        });
        let barred = waiting.filter_map(|it| {
            let Request::Lock { account } = it.request else { return None };
            let owner = self.owner(account, time).filter(|owner| *owner != it.worker)?;
            let [thread, owner] = [it.worker.1, owner.1].map(|it| self.called(it));
            Some(Barred { thread, account, owner })
        });
        barred.collect()
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
        let late: Vec<usize> = late.collect();
        if late.is_empty() {
            return Ok(());
        }
        let barred = self.barred(&late, done);
        let name = |task: usize| self.paper().name(task).to_owned();
        let (tasks, long) = (late.into_iter().map(name).collect(), name(long));
        Err(Finding::Locks(Locks::LockedOut { tasks, long, barred }))
    }
}
