//! The hall: what is set, what was asked, who waits, and what they share. *When* somebody is replied to is for
//! the [schedule](crate::schedule) to say; *what* is replied is decided here.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use classroom::wire::{Line, Reply, Request};

use crate::clock;
use crate::log::{Entry, Log, Ticket, Worker};
use crate::paper::Paper;

/// The most counters that a program may use.
const COUNTERS: usize = 64;

/// Everything that a judge has before it while a program runs.
#[derive(Debug)]
pub struct Hall {
    /// What is set.
    pub paper: Paper,
    /// What was asked.
    pub log: Log,
    /// The shared counters.
    pub counters: Vec<u64>,
    /// Who has the lock of which account.
    pub owners: BTreeMap<usize, Worker>,
    /// Transfers by whoever did not have both locks.
    pub unlocked: Vec<Ticket>,
    /// The tasks whose pages were handed out.
    pub fetched: HashSet<usize>,
    /// The tasks that are being computed.
    pub computing: HashSet<usize>,
    /// The tasks that were computed.
    pub computed: HashSet<usize>,
    /// Who waits, in the order in which they came.
    held: BTreeSet<Ticket>,
    /// Who may go on as soon as the lock is free that they wait for.
    queue: BTreeSet<Ticket>,
    /// Who has let go of a lock, and sleeps until there is a signal.
    asleep: BTreeSet<Ticket>,
    /// Whom to release later, and when.
    due: BTreeSet<(u64, Ticket)>,
    /// Requests that wait, by connection and number.
    numbers: HashMap<(usize, u64), Ticket>,
    /// Lines to be sent, each with its connection.
    outbox: Vec<(usize, String)>,
}

impl Hall {
    /// A hall in which nobody has asked for anything yet.
    #[must_use]
    pub fn new(paper: Paper) -> Hall {
        Hall {
            paper,
            log: Log::default(),
            counters: vec![0; COUNTERS],
            owners: BTreeMap::new(),
            unlocked: Vec::new(),
            queue: BTreeSet::new(),
            asleep: BTreeSet::new(),
            fetched: HashSet::new(),
            computing: HashSet::new(),
            computed: HashSet::new(),
            held: BTreeSet::new(),
            due: BTreeSet::new(),
            numbers: HashMap::new(),
            outbox: Vec::new(),
        }
    }

    /// Notes a request down. It waits until it is [released](Hall::release).
    pub fn note(&mut self, connection: usize, line: Line) -> Ticket {
        let Line { number, thread, awaited, request } = line;
        let worker = (connection, thread);
        let ticket = self.log.entries.len();
        if let Request::Computed { task, .. } = request {
            self.computing.remove(&task);
            self.computed.insert(task);
        }
        let unlocked = match request {
            Request::Unlock { account } => Some(account),
            _ => None,
        };
        let came = clock::now();
        let (replied, dropped, reply) = (None, None, None);
        self.log.entries.push(Entry {
            came,
            replied,
            dropped,
            worker,
            number,
            awaited,
            request,
            reply,
        });
        if number != 0 {
            self.held.insert(ticket);
            self.numbers.insert((worker.0, number), ticket);
        } else {
            self.log.entries[ticket].replied = Some(came);
        }
        unlocked.into_iter().for_each(|account| self.unlock(account));
        ticket
    }

    /// Lets go of a lock, and gives it to whoever has waited longest, if it was to go on.
    fn unlock(&mut self, account: usize) {
        self.owners.remove(&account);
        let wanted = [Request::Lock { account }, Request::Wait { account }];
        let next = self.queue.iter().copied().find(|&it| wanted.contains(self.request(it)));
        next.into_iter().for_each(|ticket| self.go_on(ticket));
    }

    /// Wakes whoever sleeps until there is a signal about this account.
    fn wake(&mut self, account: usize) {
        let wanted = Request::Wait { account };
        let all: Vec<Ticket> = self.asleep.iter().copied().collect();
        let sleepers = all.into_iter().filter(|&it| *self.request(it) == wanted);
        sleepers.collect::<Vec<_>>().into_iter().for_each(|ticket| self.go_on(ticket));
    }

    /// Whether a request waits for a lock that somebody has.
    #[must_use]
    pub fn is_locked_out(&self, ticket: Ticket) -> bool {
        match self.log.entries[ticket] {
            Entry { request: Request::Lock { account }, reply: None, .. } => {
                self.owners.contains_key(&account)
            }
            Entry { request: Request::Wait { account }, worker, .. } => {
                self.owners.get(&account).is_some_and(|owner| *owner != worker)
            }
            _ => false,
        }
    }

    /// Whether this thread has any lock.
    #[must_use]
    pub fn has_lock(&self, worker: Worker) -> bool {
        self.owners.values().any(|owner| *owner == worker)
    }

    /// Whoever made the request with this number does not wait any longer.
    pub fn drop(&mut self, connection: usize, number: u64) -> Option<Ticket> {
        let ticket = self.numbers.remove(&(connection, number))?;
        self.queue.remove(&ticket);
        self.asleep.remove(&ticket);
        self.held.remove(&ticket).then(|| {
            self.log.entries[ticket].dropped = Some(clock::now());
            ticket
        })
    }

    /// Nobody waits any longer at this connection: who did.
    pub fn leave(&mut self, connection: usize) -> Vec<Ticket> {
        let of_it = self.numbers.keys().filter(|(it, _)| *it == connection);
        let numbers: Vec<u64> = of_it.map(|(_, number)| *number).collect();
        numbers.into_iter().filter_map(|number| self.drop(connection, number)).collect()
    }

    /// Whether somebody is going to be released at a certain time.
    #[must_use]
    pub fn is_anybody_due(&self) -> bool {
        self.due.iter().any(|(_, ticket)| self.held.contains(ticket))
    }

    /// What a request wants.
    #[must_use]
    pub fn request(&self, ticket: Ticket) -> &Request {
        &self.log.entries[ticket].request
    }

    /// Who made a request.
    #[must_use]
    pub fn worker(&self, ticket: Ticket) -> Worker {
        self.log.entries[ticket].worker
    }

    /// Who waits, in the order in which they came.
    #[must_use]
    pub fn held(&self) -> Vec<Ticket> {
        self.held.iter().copied().collect()
    }

    /// Those who wait and want this.
    #[must_use]
    pub fn held_for(&self, wanted: impl Fn(&Request) -> bool) -> Vec<Ticket> {
        self.held.iter().copied().filter(|&ticket| wanted(self.request(ticket))).collect()
    }

    /// How many pages were not handed out yet, of those that can be known of.
    #[must_use]
    pub fn left_to_fetch(&self) -> usize {
        let all = self.paper.tasks.len();
        if self.paper.links.is_empty() {
            return all.saturating_sub(self.fetched.len());
        }
        let linked = self.fetched.iter().filter_map(|&task| self.paper.links.get(task));
        let known: HashSet<usize> = linked.flatten().copied().chain([0]).collect();
        known.difference(&self.fetched).count()
    }

    /// Does what a request wants, now, and keeps the reply until it is [released](Hall::release).
    pub fn perform(&mut self, ticket: Ticket) {
        if self.log.entries[ticket].reply.is_none() {
            self.exchange(ticket);
            let reply = self.reply(self.log.entries[ticket].request.clone());
            self.log.entries[ticket].reply = Some(reply);
        }
    }

    /// What a request does to locks and accounts.
    fn exchange(&mut self, ticket: Ticket) {
        let worker = self.worker(ticket);
        match *self.request(ticket) {
            Request::Lock { account } | Request::Wait { account } => {
                self.owners.insert(account, worker);
            }
            Request::Notify { account } => self.wake(account),
            Request::Transfer { from, to, amount } => {
                let has_both = [from, to].map(|it| self.owners.get(&it) == Some(&worker));
                if has_both != [true, true] {
                    self.unlocked.push(ticket);
                }
                if from.max(to) < COUNTERS {
                    self.counters[from] = self.counters[from].wrapping_sub(amount);
                    self.counters[to] = self.counters[to].wrapping_add(amount);
                }
            }
            _ => {}
        }
    }

    /// Replies to a request; does what it wants, if that was not done before. Where it wants a lock that
    /// somebody has, it goes on waiting, and is replied to once it has it; where it wants a signal, once there is
    /// one.
    pub fn release(&mut self, ticket: Ticket) {
        match *self.request(ticket) {
            Request::Wait { account } if self.held.contains(&ticket) => {
                let has_lock = self.owners.get(&account) == Some(&self.worker(ticket));
                if self.asleep.insert(ticket) && has_lock {
                    self.unlock(account);
                }
            }
            _ => self.go_on(ticket),
        }
    }

    /// The same, but that who waits for a signal goes on without one.
    pub fn go_on(&mut self, ticket: Ticket) {
        self.asleep.remove(&ticket);
        if self.held.contains(&ticket) && self.is_locked_out(ticket) {
            self.queue.insert(ticket);
            return;
        }
        self.queue.remove(&ticket);
        if !self.held.remove(&ticket) {
            return;
        }
        self.perform(ticket);
        let entry = &mut self.log.entries[ticket];
        match entry.request {
            Request::Fetch { task } => drop(self.fetched.insert(task)),
            Request::Compute { task } => drop(self.computing.insert(task)),
            _ => {}
        }
        let (connection, number) = (entry.worker.0, entry.number);
        self.numbers.remove(&(connection, number));
        entry.replied = Some(clock::now());
        let reply = entry.reply.as_ref().unwrap_or(&Reply::Done);
        self.outbox.push((connection, reply.to_text(number)));
    }

    /// Replies to a request after so many nanoseconds.
    pub fn release_in(&mut self, ticket: Ticket, wait: u64) {
        self.due.insert((clock::now() + wait, ticket));
    }

    /// Releases whoever is due: when the next will be.
    pub fn release_due(&mut self) -> Option<u64> {
        while let Some(&(at, ticket)) = self.due.first() {
            if at > clock::now() {
                return Some(at);
            }
            self.due.pop_first();
            self.release(ticket);
        }
        None
    }

    /// The lines that have to be sent now.
    pub(crate) fn take_unsent(&mut self) -> Vec<(usize, String)> {
        std::mem::take(&mut self.outbox)
    }

    fn reply(&mut self, request: Request) -> Reply {
        let page = |task: usize| match self.paper.tasks.get(task) {
            Some(set) => Reply::Page(set.puzzle),
            None => Reply::Error("there is no such task".to_owned()),
        };
        match request {
            Request::Fetch { task } => page(task),
            Request::Links { task } if self.fetched.contains(&task) => {
                Reply::Links(self.paper.links.get(task).cloned().unwrap_or_default())
            }
            Request::Links { .. } => Reply::Links(Vec::new()),
            Request::Compute { task } if !self.paper.fetched => page(task),
            Request::Load { counter }
            | Request::Store { counter, .. }
            | Request::Add { counter, .. }
            | Request::Exchange { counter, .. } => match self.counters.get_mut(counter) {
                Some(value) => count(value, &request),
                None => Reply::Error("there is no such counter".to_owned()),
            },
            _ => Reply::Done,
        }
    }
}

fn count(value: &mut u64, request: &Request) -> Reply {
    let before = *value;
    match *request {
        Request::Store { value: new, .. } => {
            *value = new;
            return Reply::Done;
        }
        Request::Add { value: more, .. } => *value = before.wrapping_add(more),
        Request::Exchange { current, .. } if current != before => return Reply::Other(before),
        Request::Exchange { new, .. } => *value = new,
        _ => {}
    }
    Reply::Value(before)
}

/// Whether a request that was done has changed a counter.
#[must_use]
pub fn has_written(entry: &Entry) -> bool {
    match entry.request {
        Request::Store { .. } | Request::Add { .. } => true,
        Request::Exchange { .. } => matches!(entry.reply, Some(Reply::Value(_))),
        _ => false,
    }
}
