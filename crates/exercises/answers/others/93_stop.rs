//! Other answers to 93: honest ones first, then wrong ones, each with the mistake that it makes.

use std::process::ExitCode;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use answers::choose;
use classroom::{Task, Work};
use crossbeam_channel::{TryRecvError, bounded, unbounded};

fn main() -> ExitCode {
    choose(&[
        ("queue-emptied", || run(queue_emptied)),
        ("queue-taken-away", || run(queue_taken_away)),
        ("sender-of-ends-dropped", || run(sender_of_ends_dropped)),
        ("flag-each", || run(flag_each)),
        ("asks-after-each", || run(asks_after_each)),
        ("three-workers", || run(three_workers)),
        ("exits", || run(exits)),
        ("panics", || run(panics)),
        ("does-not-wait", || run(does_not_wait)),
        ("waits-for-one", || run(waits_for_one)),
        ("joins-the-last", || run(joins_the_last)),
        ("waits-a-second", || run(waits_a_second)),
        ("flag-read-once", || run(flag_read_once)),
        ("one-message", || run(one_message)),
        ("flag-taken-back", || run(flag_taken_back)),
        ("sender-dropped", || run(sender_dropped)),
        ("find-thrown-away", || run(find_thrown_away)),
        ("counts-to-four", || run(counts_to_four)),
        ("joins-first", || run(joins_first)),
        ("one-worker", || run(one_worker)),
        ("queue-kept", || run(queue_kept)),
        ("begins-all", || run(begins_all)),
        ("deaf", || run(deaf)),
        ("hard-coded", || run(hard_coded)),
    ])
}

fn run(solve: fn(&Work) -> u64) -> ExitCode {
    classroom::tasks(9).stage("solve", solve).run()
}

/// Two workers who take tasks from here, until there are none; `main` does this when it is told to end.
fn two_workers(
    work: &Work,
    next: impl Fn(usize) -> Option<Task> + Sync,
    end: impl FnOnce(),
) -> u64 {
    let next = &next;
    thread::scope(|scope| {
        let worker = |number| {
            scope.spawn(move || {
                std::iter::from_fn(|| next(number)).map(|task| task.compute()).sum::<u64>()
            })
        };
        let workers = [worker(0), worker(1)];
        work.ctrl_c();
        end();
        workers.into_iter().map(|worker| worker.join().expect("a worker")).sum()
    })
}

fn pop(queue: &Mutex<Vec<Task>>) -> Option<Task> {
    queue.lock().expect("a queue").pop()
}

// Honest.

fn queue_emptied(work: &Work) -> u64 {
    let queue = Mutex::new(work.tasks());
    two_workers(work, |_| pop(&queue), || queue.lock().expect("a queue").clear())
}

fn queue_taken_away(work: &Work) -> u64 {
    let queue = Mutex::new(Some(work.tasks()));
    let next = |_| queue.lock().expect("a queue").as_mut()?.pop();
    two_workers(work, next, || drop(queue.lock().expect("a queue").take()))
}

/// Whoever drops a sender tells all receivers.
fn sender_of_ends_dropped(work: &Work) -> u64 {
    let queue = Mutex::new(work.tasks());
    let (end, ends) = bounded::<()>(0);
    let next = |_| pop(&queue).filter(|_| ends.try_recv() == Err(TryRecvError::Empty));
    two_workers(work, next, || drop(end))
}

fn flag_each(work: &Work) -> u64 {
    let queue = Mutex::new(work.tasks());
    let flags = [const { AtomicBool::new(false) }; 2];
    let next = |worker: usize| pop(&queue).filter(|_| !flags[worker].load(SeqCst));
    two_workers(work, next, || flags.iter().for_each(|flag| flag.store(true, SeqCst)))
}

/// A loop whose condition stands at its end.
fn asks_after_each(work: &Work) -> u64 {
    let (queue, end) = (Mutex::new(work.tasks()), AtomicBool::new(false));
    thread::scope(|scope| {
        let worker = || {
            let mut sum = 0;
            while let Some(task) = pop(&queue) {
                sum += task.compute();
                if end.load(SeqCst) {
                    break;
                }
            }
            sum
        };
        let workers = [scope.spawn(worker), scope.spawn(worker)];
        work.ctrl_c();
        end.store(true, SeqCst);
        workers.into_iter().map(|worker| worker.join().expect("a worker")).sum()
    })
}

fn three_workers(work: &Work) -> u64 {
    let queue = Mutex::new(work.tasks());
    thread::scope(|scope| {
        let worker = || std::iter::from_fn(|| pop(&queue)).map(|task| task.compute()).sum::<u64>();
        let workers = [(); 3].map(|()| scope.spawn(worker));
        work.ctrl_c();
        queue.lock().expect("a queue").clear();
        workers.into_iter().map(|worker| worker.join().expect("a worker")).sum()
    })
}

// Wrong: what has begun is not finished.

fn exits(work: &Work) -> u64 {
    let queue = Mutex::new(work.tasks());
    two_workers(work, |_| pop(&queue), || std::process::exit(0))
}

fn panics(work: &Work) -> u64 {
    let queue = Mutex::new(work.tasks());
    two_workers(work, |_| pop(&queue), || panic!("Ctrl-C"))
}

/// Threads that nobody joins, and what they have added by now.
fn detached(work: &Work) -> Arc<AtomicU64> {
    let (queue, sum) = (Arc::new(Mutex::new(work.tasks())), Arc::new(AtomicU64::new(0)));
    for _ in 0..2 {
        let (queue, sum) = (Arc::clone(&queue), Arc::clone(&sum));
        thread::spawn(move || {
            while let Some(task) = pop(&queue) {
                sum.fetch_add(task.compute(), SeqCst);
            }
        });
    }
    work.ctrl_c();
    sum
}

fn does_not_wait(work: &Work) -> u64 {
    detached(work).load(SeqCst)
}

/// Whoever is done first says so, and nobody asks for the other one's sum unless it is there by then.
fn waits_for_one(work: &Work) -> u64 {
    let (queue, end) = (Arc::new(Mutex::new(work.tasks())), Arc::new(AtomicBool::new(false)));
    let (tell, told) = unbounded();
    for _ in 0..2 {
        let (queue, end, tell) = (Arc::clone(&queue), Arc::clone(&end), tell.clone());
        thread::spawn(move || {
            let next = || pop(&queue).filter(|_| !end.load(SeqCst));
            let sum = std::iter::from_fn(next).map(|task| task.compute()).sum::<u64>();
            // Nobody may ask for it any more.
            let _ = tell.send(sum);
        });
    }
    work.ctrl_c();
    end.store(true, SeqCst);
    told.recv().expect("a sum") + told.try_recv().unwrap_or(0)
}

/// The one that began last is not always done last.
fn joins_the_last(work: &Work) -> u64 {
    let (queue, sum) = (Arc::new(Mutex::new(work.tasks())), Arc::new(AtomicU64::new(0)));
    let worker = || {
        let (queue, sum) = (Arc::clone(&queue), Arc::clone(&sum));
        thread::spawn(move || {
            while let Some(task) = pop(&queue) {
                sum.fetch_add(task.compute(), SeqCst);
            }
        })
    };
    let [_, last] = [worker(), worker()];
    work.ctrl_c();
    queue.lock().expect("a queue").clear();
    last.join().expect("a worker");
    sum.load(SeqCst)
}

/// Long enough, on this machine, for these tasks.
fn waits_a_second(work: &Work) -> u64 {
    let sum = detached(work);
    thread::sleep(Duration::from_secs(1));
    sum.load(SeqCst)
}

// Wrong: more begins.

fn flag_read_once(work: &Work) -> u64 {
    let (queue, end) = (Mutex::new(work.tasks()), AtomicBool::new(false));
    thread::scope(|scope| {
        let worker = || match end.load(SeqCst) {
            true => 0,
            false => std::iter::from_fn(|| pop(&queue)).map(|task| task.compute()).sum::<u64>(),
        };
        let workers = [scope.spawn(worker), scope.spawn(worker)];
        work.ctrl_c();
        end.store(true, SeqCst);
        workers.into_iter().map(|worker| worker.join().expect("a worker")).sum()
    })
}

/// Whoever takes the message has it, and nobody else.
fn one_message(work: &Work) -> u64 {
    let queue = Mutex::new(work.tasks());
    let (end, ends) = unbounded();
    let next = |_| pop(&queue).filter(|_| ends.try_recv().is_err());
    two_workers(work, next, || end.send(()).expect("a worker"))
}

/// The same with a flag.
fn flag_taken_back(work: &Work) -> u64 {
    let (queue, end) = (Mutex::new(work.tasks()), AtomicBool::new(false));
    let next = |_| pop(&queue).filter(|_| !end.swap(false, SeqCst));
    two_workers(work, next, || end.store(true, SeqCst))
}

/// Whatever is in a channel can be received after its last sender has gone.
fn sender_dropped(work: &Work) -> u64 {
    let (give, given) = unbounded();
    work.tasks().into_iter().for_each(|task| give.send(task).expect("a worker"));
    two_workers(work, |_| given.recv().ok(), || drop(give))
}

// Wrong: it ends otherwise.

/// Asks once the task is done, and forgets what it found.
fn find_thrown_away(work: &Work) -> u64 {
    let (queue, end) = (Mutex::new(work.tasks()), AtomicBool::new(false));
    thread::scope(|scope| {
        let worker = || {
            let mut sum = 0;
            while let Some(task) = pop(&queue) {
                let found = task.compute();
                if end.load(SeqCst) {
                    break;
                }
                sum += found;
            }
            sum
        };
        let workers = [scope.spawn(worker), scope.spawn(worker)];
        work.ctrl_c();
        end.store(true, SeqCst);
        workers.into_iter().map(|worker| worker.join().expect("a worker")).sum()
    })
}

/// Two were done, and two had begun: last time.
fn counts_to_four(work: &Work) -> u64 {
    let (queue, count) = (Mutex::new(work.tasks()), AtomicUsize::new(0));
    let next = |_| pop(&queue).filter(|_| count.fetch_add(1, SeqCst) < 4);
    two_workers(work, next, || ())
}

fn joins_first(work: &Work) -> u64 {
    let queue = Mutex::new(work.tasks());
    let sum = thread::scope(|scope| {
        let worker = || std::iter::from_fn(|| pop(&queue)).map(|task| task.compute()).sum::<u64>();
        let workers = [scope.spawn(worker), scope.spawn(worker)];
        workers.into_iter().map(|worker| worker.join().expect("a worker")).sum()
    });
    work.ctrl_c();
    sum
}

/// It is told, and ends well; and there is nobody else to be told.
fn one_worker(work: &Work) -> u64 {
    let queue = Mutex::new(work.tasks());
    thread::scope(|scope| {
        let worker = || std::iter::from_fn(|| pop(&queue)).map(|task| task.compute()).sum::<u64>();
        let worker = scope.spawn(worker);
        work.ctrl_c();
        queue.lock().expect("a queue").clear();
        worker.join().expect("a worker")
    })
}

/// The guard of the queue lives as long as the loop's body: the other worker waits for it.
fn queue_kept(work: &Work) -> u64 {
    let (queue, end) = (Mutex::new(work.tasks()), AtomicBool::new(false));
    thread::scope(|scope| {
        let worker = || {
            let mut sum = 0;
            while let Some(task) = queue.lock().expect("a queue").pop() {
                if end.load(SeqCst) {
                    break;
                }
                sum += task.compute();
            }
            sum
        };
        let workers = [scope.spawn(worker), scope.spawn(worker)];
        work.ctrl_c();
        end.store(true, SeqCst);
        workers.into_iter().map(|worker| worker.join().expect("a worker")).sum()
    })
}

fn begins_all(work: &Work) -> u64 {
    let threads = work.tasks().into_iter().map(|task| thread::spawn(move || task.compute()));
    let threads: Vec<_> = threads.collect();
    work.ctrl_c();
    threads.into_iter().map(|thread| thread.join().expect("a find")).sum()
}

fn deaf(work: &Work) -> u64 {
    work.tasks().into_iter().take(4).map(|task| task.compute()).sum()
}

fn hard_coded(work: &Work) -> u64 {
    let queue = Mutex::new(work.tasks());
    two_workers(work, |_| pop(&queue), || queue.lock().expect("a queue").clear());
    17_592_186_044_416
}
