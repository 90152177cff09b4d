//! Who waits for what is answered: one connection, on which each reply finds whoever waits for it.
//!
//! A thread of its own reads the replies. It sleeps in the kernel until one comes, wakes whoever waits for
//! it (a thread, or a task of some runtime) and sleeps again: an exercise on one thread stays on one
//! thread, as far as anything is executed that counts. Nothing here needs a runtime, so that all have
//! the same.

use std::collections::{HashMap, HashSet};
use std::io::{BufRead, BufReader, Read, Write};
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering::SeqCst};
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, Waker};

use crate::thread;
use crate::wire::{LONGEST, Line, Reply, Request, Stream};

/// The exit code of a program whose judge has gone.
const JUDGE_HAS_GONE: i32 = 70;

/// An exercise's end of the connection to whoever answers.
#[derive(Debug)]
pub(crate) struct Link {
    writer: Mutex<Writer>,
    waiting: Mutex<HashMap<u64, Arc<Slot>>>,
    next: AtomicU64,
    has_ended: AtomicBool,
}

/// Where requests go.
#[derive(Debug)]
struct Writer {
    to: To,
    /// The threads whose names were told.
    told: HashSet<u64>,
}

#[derive(Debug)]
enum To {
    Judge(Stream),
    StandIn(Sender<Line>),
}

/// Where a reply is put.
#[derive(Debug, Default)]
struct Slot {
    state: Mutex<State>,
    came: Condvar,
}

#[derive(Debug, Default)]
struct State {
    reply: Option<Reply>,
    waker: Option<Waker>,
}

impl Link {
    /// A link to a judge.
    pub(crate) fn to_judge(stream: Stream) -> std::io::Result<Arc<Link>> {
        let replies = stream.again()?;
        let link = Link::new(To::Judge(stream));
        let reader = Arc::clone(&link);
        std::thread::Builder::new().name("judge's link".to_owned()).spawn(move || {
            reader.read(replies);
            reader.judge_has_gone();
        })?;
        Ok(link)
    }

    /// A link to a stand-in, which [replies](Link::reply) by itself.
    pub(crate) fn to_stand_in(sender: Sender<Line>) -> Arc<Link> {
        Link::new(To::StandIn(sender))
    }

    fn new(to: To) -> Arc<Link> {
        let writer = Mutex::new(Writer { to, told: HashSet::new() });
        let (waiting, next) = (Mutex::default(), AtomicU64::new(1));
        Arc::new(Link { writer, waiting, next, has_ended: AtomicBool::new(false) })
    }

    /// Makes a request, and waits for the reply. The thread sleeps meanwhile.
    pub(crate) fn ask(&self, request: Request) -> Reply {
        let (number, slot) = self.slot();
        self.send(number, false, request);
        let mut state = lock(&slot.state);
        loop {
            match state.reply.take() {
                Some(reply) => return reply,
                None => {
                    state = slot.came.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
            }
        }
    }

    /// Makes a request, and waits for the reply as a task does: whoever polls is free meanwhile. The
    /// request is made when it is first polled.
    pub(crate) async fn ask_async(self: &Arc<Link>, request: Request) -> Reply {
        let (number, slot) = self.slot();
        let link = Arc::clone(self);
        let asked = Asked { link, number, slot, is_done: false };
        self.send(number, true, request);
        asked.await
    }

    /// Tells something to which there is no reply.
    pub(crate) fn tell(&self, request: Request) {
        self.send(0, false, request);
    }

    /// From now on it does not matter whether the judge is there.
    pub(crate) fn end(&self) {
        self.has_ended.store(true, SeqCst);
    }

    /// Gives a reply to whoever waits for it.
    pub(crate) fn reply(&self, number: u64, reply: Reply) {
        let Some(slot) = lock(&self.waiting).remove(&number) else { return };
        let mut state = lock(&slot.state);
        state.reply = Some(reply);
        slot.came.notify_one();
        if let Some(waker) = state.waker.take() {
            drop(state);
            waker.wake();
        }
    }

    fn slot(&self) -> (u64, Arc<Slot>) {
        let number = self.next.fetch_add(1, SeqCst);
        let slot = Arc::new(Slot::default());
        lock(&self.waiting).insert(number, Arc::clone(&slot));
        (number, slot)
    }

    /// Requests arrive in the order in which threads come here.
    fn send(&self, number: u64, awaited: bool, request: Request) {
        let thread = thread::number();
        let mut writer = lock(&self.writer);
        if writer.told.insert(thread) {
            let name = Request::Thread { name: thread::name() };
            writer.send(Line { number: 0, thread, awaited: false, request: name });
        }
        writer.send(Line { number, thread, awaited, request });
    }

    fn read(&self, replies: Stream) {
        let mut replies = BufReader::new(replies);
        let mut line = String::new();
        loop {
            line.clear();
            let mut limited = replies.by_ref().take(LONGEST as u64);
            if !matches!(limited.read_line(&mut line), Ok(1..)) {
                return;
            }
            if let Some((number, reply)) = Reply::read(line.trim_end_matches('\n')) {
                self.reply(number, reply);
            }
        }
    }

    fn judge_has_gone(&self) {
        if !self.has_ended.load(SeqCst) {
            eprintln!("The judge has gone, so that this run counts for nothing.");
            std::process::exit(JUDGE_HAS_GONE);
        }
    }
}

impl Writer {
    /// Where nobody listens any longer, the thread that reads notices, and ends the program.
    fn send(&mut self, line: Line) {
        match &mut self.to {
            To::Judge(stream) => drop(stream.write_all(line.to_text().as_bytes())),
            To::StandIn(sender) => drop(sender.send(line)),
        }
    }
}

/// A request for whose reply a task waits.
struct Asked {
    link: Arc<Link>,
    number: u64,
    slot: Arc<Slot>,
    is_done: bool,
}

impl Future for Asked {
    type Output = Reply;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Reply> {
        let mut state = lock(&self.slot.state);
        if let Some(reply) = state.reply.take() {
            drop(state);
            self.is_done = true;
            return Poll::Ready(reply);
        }
        state.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

/// Whoever drops a request no longer waits: then it is no longer in progress either.
impl Drop for Asked {
    fn drop(&mut self) {
        if !self.is_done {
            lock(&self.link.waiting).remove(&self.number);
            self.link.tell(Request::Dropped { request: self.number });
        }
    }
}

/// A panic of the exercise's own must not become a panic here.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
