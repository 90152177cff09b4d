//! Other answers to 91: honest ones first, then wrong ones, each with the mistake that it makes.

use std::future::poll_fn;
use std::pin::Pin;
use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::mpsc::{Sender, SyncSender, channel, sync_channel};
use std::sync::{Arc, Condvar, Mutex};
use std::task::{Context, Poll, Wake, Waker};
use std::thread::{self, Thread};
use std::time::Duration;

use answers::choose;
use classroom::{Task, Work, run};
use tokio::runtime::Builder;

fn main() -> ExitCode {
    choose(&[
        ("ready-queue", || run(ready_queue)),
        ("condition", || run(condition)),
        ("semaphore", || run(semaphore)),
        ("one-future-of-all", || run(one_future_of_all)),
        ("smol", || run(on_smol)),
        ("tokio", || run(on_tokio)),
        ("block-on-each", || run(block_on_each)),
        ("leaves-one-out", || run(leaves_one_out)),
        ("polls-once", || run(polls_once)),
        ("ends-with-the-first", || run(ends_with_the_first)),
        ("first-to-its-end", || run(first_to_its_end)),
        ("in-order", || run(in_order)),
        ("spins", || run(spins)),
        ("yields", || run(yields)),
        ("sleeps", || run(sleeps)),
        ("parks-for-a-time", || run(parks_for_a_time)),
        ("waker-of-nobody", || run(waker_of_nobody)),
        ("waker-that-notes", || run(waker_that_notes)),
        ("waker-of-another-thread", || run(waker_of_another_thread)),
        ("bell-that-nobody-keeps", || run(bell_that_nobody_keeps)),
        ("flag-lowered-too-late", || run(flag_lowered_too_late)),
        ("two-at-a-time", || run(two_at_a_time)),
        ("parks-first", || run(parks_first)),
        ("polls-again", || run(polls_again)),
        ("thread-each", || run(thread_each)),
        ("says-all-done-first", || run(says_all_done_first)),
    ])
}

type Found<'a> = Pin<Box<dyn Future<Output = ()> + 'a>>;

async fn find(work: &Work, task: Task) {
    let found = task.fetch_async().await.compute();
    work.say(format!("{}: {found}", task.name()));
}

fn futures(work: &Work) -> Vec<Found<'_>> {
    work.tasks().into_iter().map(|task| Box::pin(find(work, task)) as Found<'_>).collect()
}

struct Unparks(Thread);

impl Wake for Unparks {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

fn unparks() -> Waker {
    Waker::from(Arc::new(Unparks(thread::current())))
}

/// Polls all that are left, again and again, and does this between.
fn poll_all(work: &Work, waker: &Waker, rest: impl Fn()) {
    let (mut left, mut context) = (futures(work), Context::from_waker(waker));
    loop {
        left.retain_mut(|future| future.as_mut().poll(&mut context).is_pending());
        if left.is_empty() {
            return work.say("All done.");
        }
        rest();
    }
}

fn to_its_end(future: &mut Found<'_>, context: &mut Context<'_>) {
    while future.as_mut().poll(context).is_pending() {
        thread::park();
    }
}

// Honest.

/// Each future has a waker of its own, which says whose turn it is.
fn ready_queue(work: &Work) {
    struct Ready(usize, Mutex<Sender<usize>>);
    impl Wake for Ready {
        fn wake(self: Arc<Self>) {
            // At the end nobody asks any more.
            let _ = self.1.lock().expect("a queue").send(self.0);
        }
    }
    let (sender, ready) = channel();
    let mut all: Vec<Option<Found<'_>>> = futures(work).into_iter().map(Some).collect();
    let wakers: Vec<Waker> = (0..all.len())
        .map(|place| Waker::from(Arc::new(Ready(place, Mutex::new(sender.clone())))))
        .collect();
    (0..all.len()).for_each(|place| sender.send(place).expect("a queue"));
    let mut left = all.len();
    while left > 0 {
        let place = ready.recv().expect("a waker");
        let Some(future) = &mut all[place] else { continue };
        if future.as_mut().poll(&mut Context::from_waker(&wakers[place])).is_ready() {
            all[place] = None;
            left -= 1;
        }
    }
    work.say("All done.");
}

/// A lock and a condition instead of `park`.
fn condition(work: &Work) {
    #[derive(Default)]
    struct Signal(Mutex<bool>, Condvar);
    impl Wake for Signal {
        fn wake(self: Arc<Self>) {
            *self.0.lock().expect("a signal") = true;
            self.1.notify_one();
        }
    }
    let signal = Arc::new(Signal::default());
    let waker = Waker::from(Arc::clone(&signal));
    poll_all(work, &waker, || {
        let given = signal.0.lock().expect("a signal");
        *signal.1.wait_while(given, |given| !*given).expect("a signal") = false;
    });
}

/// A place in a channel is a waking that is kept.
fn semaphore(work: &Work) {
    struct Place(SyncSender<()>);
    impl Wake for Place {
        fn wake(self: Arc<Self>) {
            // Where it is taken, somebody will look anyway.
            let _ = self.0.try_send(());
        }
    }
    let (place, woken) = sync_channel(1);
    let waker = Waker::from(Arc::new(Place(place)));
    poll_all(work, &waker, || woken.recv().expect("a waker"));
}

fn one_future_of_all(work: &Work) {
    let mut left = futures(work);
    smol::block_on(poll_fn(|context| {
        left.retain_mut(|future| future.as_mut().poll(context).is_pending());
        if left.is_empty() { Poll::Ready(()) } else { Poll::Pending }
    }));
    work.say("All done.");
}

fn on_smol(work: &Work) {
    let here = smol::LocalExecutor::new();
    let all: Vec<_> = futures(work).into_iter().map(|future| here.spawn(future)).collect();
    smol::block_on(here.run(async {
        for each in all {
            each.await;
        }
    }));
    work.say("All done.");
}

fn on_tokio(work: &Work) {
    let [a, b, c] = futures(work).try_into().unwrap_or_else(|_| panic!("three tasks"));
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async { tokio::join!(a, b, c) });
    work.say("All done.");
}

// Wrong: not all, or not all at once.

fn block_on_each(work: &Work) {
    futures(work).into_iter().for_each(smol::block_on);
    work.say("All done.");
}

fn leaves_one_out(work: &Work) {
    let mut left = futures(work);
    left.pop();
    let waker = unparks();
    let mut context = Context::from_waker(&waker);
    while !left.is_empty() {
        left.retain_mut(|future| future.as_mut().poll(&mut context).is_pending());
        thread::park();
    }
    work.say("All done.");
}

fn polls_once(work: &Work) {
    let waker = unparks();
    let mut context = Context::from_waker(&waker);
    for mut future in futures(work) {
        let _ = future.as_mut().poll(&mut context);
    }
    work.say("All done.");
}

/// The others are dropped where they stand.
fn ends_with_the_first(work: &Work) {
    let mut left = futures(work);
    let waker = unparks();
    let mut context = Context::from_waker(&waker);
    while !left.iter_mut().any(|future| future.as_mut().poll(&mut context).is_ready()) {
        thread::park();
    }
    work.say("All done.");
}

/// All have begun; and then each waits for the one before it.
fn first_to_its_end(work: &Work) {
    let mut left = futures(work);
    let waker = unparks();
    let mut context = Context::from_waker(&waker);
    left.retain_mut(|future| future.as_mut().poll(&mut context).is_pending());
    left.iter_mut().for_each(|future| to_its_end(future, &mut context));
    work.say("All done.");
}

/// Goes through them up to the first that is not ready.
fn in_order(work: &Work) {
    let mut left = futures(work);
    let waker = unparks();
    let mut context = Context::from_waker(&waker);
    left.retain_mut(|future| future.as_mut().poll(&mut context).is_pending());
    while !left.is_empty() {
        match left[0].as_mut().poll(&mut context) {
            Poll::Ready(()) => drop(left.remove(0)),
            Poll::Pending => thread::park(),
        }
    }
    work.say("All done.");
}

// Wrong: it does not sleep until it is woken.

fn spins(work: &Work) {
    poll_all(work, &unparks(), || ());
}

fn yields(work: &Work) {
    poll_all(work, &unparks(), thread::yield_now);
}

fn sleeps(work: &Work) {
    poll_all(work, Waker::noop(), || thread::sleep(Duration::from_millis(1)));
}

fn parks_for_a_time(work: &Work) {
    poll_all(work, Waker::noop(), || thread::park_timeout(Duration::from_millis(10)));
}

// Wrong: it is not woken.

fn waker_of_nobody(work: &Work) {
    poll_all(work, Waker::noop(), thread::park);
}

fn waker_that_notes(work: &Work) {
    #[derive(Default)]
    struct Notes(AtomicBool);
    impl Wake for Notes {
        fn wake(self: Arc<Self>) {
            self.0.store(true, SeqCst);
        }
    }
    let notes = Arc::new(Notes::default());
    let waker = Waker::from(Arc::clone(&notes));
    poll_all(work, &waker, || {
        while !notes.0.swap(false, SeqCst) {
            thread::park();
        }
    });
}

/// The waker was made before the thread was, and wakes who made it.
fn waker_of_another_thread(work: &Work) {
    let waker = unparks();
    thread::scope(|scope| {
        scope.spawn(|| poll_all(work, &waker, thread::park));
    });
}

/// A page that comes after its future was polled, and before the wait, rings in vain.
fn bell_that_nobody_keeps(work: &Work) {
    #[derive(Default)]
    struct Bell(Mutex<()>, Condvar);
    impl Wake for Bell {
        fn wake(self: Arc<Self>) {
            self.1.notify_one();
        }
    }
    let bell = Arc::new(Bell::default());
    let waker = Waker::from(Arc::clone(&bell));
    poll_all(work, &waker, || {
        drop(bell.1.wait(bell.0.lock().expect("a bell")).expect("a bell"));
    });
}

/// It is kept, and then forgotten.
fn flag_lowered_too_late(work: &Work) {
    struct Flag(AtomicBool, Thread);
    impl Wake for Flag {
        fn wake(self: Arc<Self>) {
            self.0.store(true, SeqCst);
            self.1.unpark();
        }
    }
    let flag = Arc::new(Flag(AtomicBool::new(false), thread::current()));
    let waker = Waker::from(Arc::clone(&flag));
    poll_all(work, &waker, || {
        flag.0.store(false, SeqCst);
        while !flag.0.load(SeqCst) {
            thread::park();
        }
    });
}

/// All have begun; then two of them are looked after, and the third when one of these is done.
fn two_at_a_time(work: &Work) {
    let (mut left, waker) = (futures(work), unparks());
    let mut context = Context::from_waker(&waker);
    left.retain_mut(|future| future.as_mut().poll(&mut context).is_pending());
    while !left.is_empty() {
        let mut two = left.iter_mut().take(2);
        match two.position(|future| future.as_mut().poll(&mut context).is_ready()) {
            Some(place) => drop(left.remove(place)),
            None => thread::park(),
        }
    }
    work.say("All done.");
}

fn parks_first(work: &Work) {
    thread::park();
    poll_all(work, &unparks(), thread::park);
}

// Wrong: something else.

/// A future that is done must not be polled.
fn polls_again(work: &Work) {
    let (mut all, waker) = (futures(work), unparks());
    let mut context = Context::from_waker(&waker);
    let mut is_done = |future: &mut Found<'_>| future.as_mut().poll(&mut context).is_ready();
    while all.iter_mut().map(&mut is_done).filter(|done| *done).count() < 3 {
        thread::park();
    }
    work.say("All done.");
}

fn thread_each(work: &Work) {
    thread::scope(|scope| {
        for task in work.tasks() {
            scope.spawn(|| smol::block_on(find(work, task)));
        }
    });
    work.say("All done.");
}

fn says_all_done_first(work: &Work) {
    let (mut left, waker) = (futures(work), unparks());
    let mut context = Context::from_waker(&waker);
    left.retain_mut(|future| future.as_mut().poll(&mut context).is_pending());
    work.say("All done.");
    while !left.is_empty() {
        thread::park();
        left.retain_mut(|future| future.as_mut().poll(&mut context).is_pending());
    }
}
