//! Who answers where no judge listens: a thread of the program's own.
//!
//! A page comes after a while, as from a real server, however many are asked for at once. So an exercise
//! can be run and looked at by itself. What is seen proves nothing: it is the clock's doing, and the
//! program's own word.

use std::collections::{BTreeMap, HashMap, VecDeque};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::answer::Answer;
use crate::link::Link;
use crate::puzzle::Puzzle;
use crate::wire::{Line, Reply, Request};
use crate::work::Work;

/// What is said where a stand-in answers.
pub(crate) const NOTICE: &str = "No judge is listening: a stand-in answers, which proves nothing.";

/// How long a page takes to come, and how long a thread is delayed.
const WAIT: Duration = Duration::from_millis(50);

/// How many numbers one has to try to compute a task: some ten milliseconds.
const TRIES: u64 = 2_000_000;

/// A stand-in at work.
pub(crate) struct StandIn {
    thread: JoinHandle<Seen>,
    stop: Sender<Line>,
}

/// What a stand-in has seen.
#[derive(Debug, Default)]
struct Seen {
    tasks: usize,
    fetching: usize,
    most_fetching: usize,
    found: u64,
    counter: u64,
    has_counted: bool,
    /// Who has the lock of each account, and who waits for it, by the numbers of their requests.
    locks: HashMap<usize, VecDeque<u64>>,
    /// Who waits for a signal about each account.
    asleep: HashMap<usize, Vec<u64>>,
}

/// Starts a stand-in, and gives it so many tasks to hand out.
pub(crate) fn start(tasks: usize) -> (StandIn, Work) {
    let (sender, requests) = channel();
    let link = Link::to_stand_in(sender.clone());
    let work = Work::new(Arc::clone(&link), (0..tasks).map(name).collect());
    let thread = std::thread::Builder::new().name("stand-in".to_owned());
    let thread = thread.spawn(move || attend(tasks, &requests, &link)).expect("one more thread");
    (StandIn { thread, stop: sender }, work)
}

/// What the task at this place is called: A to Z, then A1 to Z1, and so on.
#[must_use]
pub fn name(place: usize) -> String {
    let letter = char::from(b'A' + u8::try_from(place % 26).unwrap_or(0));
    match place / 26 {
        0 => letter.to_string(),
        round => format!("{letter}{round}"),
    }
}

impl StandIn {
    /// Ends it, and says what it has seen.
    pub(crate) fn finish(self, answer: &Answer) -> String {
        let request = Request::Answer { numbers: Vec::new() };
        // It cannot have ended before, unless it panicked.
        let _ = self.stop.send(Line { number: 0, thread: 0, awaited: false, request });
        let Ok(seen) = self.thread.join() else { return "the stand-in panicked".to_owned() };
        let mut said =
            format!("answer {:?}; what was found adds up to {}", answer.numbers, seen.found);
        if seen.most_fetching > 0 {
            said += &format!("; at most {} in progress at once", fetches(seen.most_fetching));
        }
        if seen.has_counted {
            said += &format!("; the counter says {}", seen.counter);
        }
        said
    }
}

fn fetches(number: usize) -> String {
    if number == 1 { "1 fetch".to_owned() } else { format!("{number} fetches") }
}

/// Replies until the answer has come.
fn attend(tasks: usize, requests: &Receiver<Line>, link: &Link) -> Seen {
    let mut seen = Seen { tasks, ..Seen::default() };
    let mut later: BTreeMap<(Instant, u64), Reply> = BTreeMap::new();
    loop {
        let until = later.first_key_value().map(|((due, _), _)| *due);
        let wait = until.map_or(WAIT, |due| due.saturating_duration_since(Instant::now()));
        match requests.recv_timeout(wait) {
            Ok(Line { request: Request::Answer { .. }, .. }) => return seen,
            Ok(Line { number, request: Request::Lock { account }, .. }) => {
                seen.lock(account, number, link);
            }
            Ok(Line { request: Request::Unlock { account }, .. }) => seen.unlock(account, link),
            Ok(Line { number, request: Request::Wait { account }, .. }) => {
                seen.asleep.entry(account).or_default().push(number);
                seen.unlock(account, link);
            }
            Ok(Line { number, request: Request::Notify { account }, .. }) => {
                let awake = seen.asleep.remove(&account).unwrap_or_default();
                awake.into_iter().for_each(|number| seen.lock(account, number, link));
                link.reply(number, Reply::Done);
            }
            Ok(Line { number, request, .. }) => match seen.reply(&request) {
                (Some(reply), false) => link.reply(number, reply),
                (Some(reply), true) => drop(later.insert((Instant::now() + WAIT, number), reply)),
                (None, _) => {}
            },
            Err(RecvTimeoutError::Timeout) => {
                while let Some(entry) = later.first_entry()
                    && entry.key().0 <= Instant::now()
                {
                    let ((_, number), reply) = entry.remove_entry();
                    seen.fetching -= usize::from(matches!(reply, Reply::Page(_)));
                    link.reply(number, reply);
                }
            }
            Err(RecvTimeoutError::Disconnected) => return seen,
        }
    }
}

impl Seen {
    /// Gives the lock of an account to who made the request with this number, once nobody has it.
    fn lock(&mut self, account: usize, number: u64, link: &Link) {
        let waiting = self.locks.entry(account).or_default();
        waiting.push_back(number);
        if waiting.len() == 1 {
            link.reply(number, Reply::Done);
        }
    }

    fn unlock(&mut self, account: usize, link: &Link) {
        let waiting = self.locks.entry(account).or_default();
        waiting.pop_front();
        waiting.front().into_iter().for_each(|&next| link.reply(next, Reply::Done));
    }

    /// The reply to a request, and whether it comes later.
    fn reply(&mut self, request: &Request) -> (Option<Reply>, bool) {
        let reply = match *request {
            Request::Fetch { task } => {
                self.fetching += 1;
                self.most_fetching = self.most_fetching.max(self.fetching);
                return (Some(Reply::Page(puzzle(task))), true);
            }
            Request::Delay | Request::Beat | Request::Stop => return (Some(Reply::Done), true),
            Request::Compute { task } => Reply::Page(puzzle(task)),
            // A page links to the next one, and home.
            Request::Links { task } if task + 1 < self.tasks => Reply::Links(vec![task + 1, 0]),
            Request::Links { .. } => Reply::Links(vec![0]),
            Request::Computed { found, .. } => {
                self.found = self.found.wrapping_add(found);
                return (None, false);
            }
            Request::Load { .. } | Request::Store { .. } | Request::Add { .. } => {
                self.count(request)
            }
            Request::Exchange { current, .. } if self.counter != current => {
                Reply::Other(self.counter)
            }
            Request::Exchange { .. } => self.count(request),
            Request::Thread { .. } | Request::Dropped { .. } => return (None, false),
            _ => Reply::Done,
        };
        (Some(reply), false)
    }

    fn count(&mut self, request: &Request) -> Reply {
        self.has_counted = true;
        let before = self.counter;
        match *request {
            Request::Store { value, .. } => self.counter = value,
            Request::Add { value, .. } => self.counter = before.wrapping_add(value),
            Request::Exchange { new, .. } => self.counter = new,
            _ => {}
        }
        if matches!(request, Request::Store { .. }) { Reply::Done } else { Reply::Value(before) }
    }
}

fn puzzle(task: usize) -> Puzzle {
    let task = task as u64;
    Puzzle::hide(task, 1_000_000 * (task + 1), TRIES, 123_456 * (task + 1) % TRIES)
}
