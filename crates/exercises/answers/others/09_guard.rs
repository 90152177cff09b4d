//! Other answers to 09: honest ones first, then wrong ones, each with the mistake that it makes.

use std::process::ExitCode;
use std::sync::mpsc::{Receiver, channel};
use std::sync::{Arc, Mutex, RwLock};
use std::thread;
use std::time::Duration;

use answers::choose;
use classroom::{Task, Work};

fn main() -> ExitCode {
    choose(&[
        ("block", || run(|work| on_two(work, block))),
        ("function", || run(|work| on_two(work, function))),
        ("dropped", || run(|work| on_two(work, dropped))),
        ("crossbeam", || run(crossbeam)),
        ("queue-each", || run(queue_each)),
        ("if-let", || run(|work| on_two(work, if_let))),
        ("match", || run(|work| on_two(work, matches))),
        ("for-each", || run(|work| on_two(work, for_each))),
        ("named-guard", || run(|work| on_two(work, named_guard))),
        ("unused-guard", || run(|work| on_two(work, unused_guard))),
        ("read-write-lock", || run(read_write_lock)),
        ("more-workers", || run(|work| on(work, 8, while_let))),
        ("cloned-handle", || run(cloned_handle)),
        ("try-lock", || run(|work| on_two(work, try_lock))),
        ("all-in-the-first-queue", || run(all_in_the_first_queue)),
        ("takes-all", || run(|work| on_two(work, takes_all))),
        ("one-each", || run(|work| on_two(work, one_each))),
        ("unlocked-sum", || run(unlocked_sum)),
        ("never-closed", || run(never_closed)),
        ("sleeps-for-the-end", || run(sleeps_for_the_end)),
    ])
}

type Jobs = Mutex<Receiver<Task>>;

fn run(solve: fn(&Work) -> u64) -> ExitCode {
    classroom::tasks(6).stage("solve", solve).run()
}

/// All tasks, in a queue that is closed.
fn queue(tasks: Vec<Task>) -> Receiver<Task> {
    let (sender, jobs) = channel();
    tasks.into_iter().for_each(|task| sender.send(task).expect("a receiver"));
    jobs
}

/// As many workers at one queue, with its lock.
fn on(work: &Work, workers: usize, do_jobs: fn(&Jobs) -> u64) -> u64 {
    let jobs = Mutex::new(queue(work.tasks()));
    thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(|| do_jobs(&jobs))).collect();
        workers.into_iter().map(|worker| worker.join().expect("a sum")).sum()
    })
}

fn on_two(work: &Work, do_jobs: fn(&Jobs) -> u64) -> u64 {
    on(work, 2, do_jobs)
}

/// As the start does.
fn while_let(jobs: &Jobs) -> u64 {
    let mut sum = 0;
    while let Ok(task) = jobs.lock().expect("no panic").recv() {
        sum += task.compute();
    }
    sum
}

// Honest.

fn block(jobs: &Jobs) -> u64 {
    let mut sum = 0;
    while let Ok(task) = {
        let jobs = jobs.lock().expect("no panic");
        jobs.recv()
    } {
        sum += task.compute();
    }
    sum
}

fn function(jobs: &Jobs) -> u64 {
    let next = || jobs.lock().expect("no panic").recv().ok();
    std::iter::from_fn(next).map(|task| task.compute()).sum()
}

fn dropped(jobs: &Jobs) -> u64 {
    let mut sum = 0;
    loop {
        let guard = jobs.lock().expect("no panic");
        let job = guard.recv();
        drop(guard);
        let Ok(task) = job else { return sum };
        sum += task.compute();
    }
}

fn crossbeam(work: &Work) -> u64 {
    let (sender, jobs) = crossbeam_channel::unbounded();
    work.tasks().into_iter().for_each(|task| sender.send(task).expect("a receiver"));
    drop(sender);
    let do_jobs =
        |jobs: &crossbeam_channel::Receiver<Task>| jobs.iter().map(|it| it.compute()).sum::<u64>();
    thread::scope(|scope| {
        let workers = [scope.spawn(|| do_jobs(&jobs)), scope.spawn(|| do_jobs(&jobs))];
        workers.into_iter().map(|worker| worker.join().expect("a sum")).sum::<u64>()
    })
}

/// A worker for each of these queues.
fn with_queues(queues: [Vec<Task>; 2]) -> u64 {
    thread::scope(|scope| {
        let spawn = |tasks| scope.spawn(|| while_let(&Mutex::new(queue(tasks))));
        let workers = queues.map(spawn);
        workers.into_iter().map(|worker| worker.join().expect("a sum")).sum()
    })
}

fn queue_each(work: &Work) -> u64 {
    let (even, odd) = work.tasks().into_iter().partition(|task| task.number() % 2 == 0);
    with_queues([even, odd])
}

// Wrong: the guard lives as long as before.

fn if_let(jobs: &Jobs) -> u64 {
    let mut sum = 0;
    loop {
        if let Ok(task) = jobs.lock().expect("no panic").recv() {
            sum += task.compute();
        } else {
            return sum;
        }
    }
}

fn matches(jobs: &Jobs) -> u64 {
    let mut sum = 0;
    loop {
        match jobs.lock().expect("no panic").recv() {
            Ok(task) => sum += task.compute(),
            Err(_) => return sum,
        }
    }
}

fn for_each(jobs: &Jobs) -> u64 {
    jobs.lock().expect("no panic").iter().map(|task| task.compute()).sum()
}

fn named_guard(jobs: &Jobs) -> u64 {
    let mut sum = 0;
    loop {
        let guard = jobs.lock().expect("no panic");
        let Ok(task) = guard.recv() else { return sum };
        sum += task.compute();
    }
}

/// The underscore silences a warning, and drops nothing.
fn unused_guard(jobs: &Jobs) -> u64 {
    let turn = Mutex::new(());
    let mut sum = 0;
    loop {
        let guard = jobs.lock().expect("no panic");
        let _guard = turn.lock().expect("no panic");
        match guard.try_recv() {
            Ok(task) => sum += task.compute(),
            Err(_) => return sum,
        }
    }
}

fn read_write_lock(work: &Work) -> u64 {
    let jobs = RwLock::new(work.tasks());
    let do_jobs = || {
        let mut sum = 0;
        while let Some(task) = jobs.write().expect("no panic").pop() {
            sum += task.compute();
        }
        sum
    };
    thread::scope(|scope| {
        let workers = [scope.spawn(do_jobs), scope.spawn(do_jobs)];
        workers.into_iter().map(|worker| worker.join().expect("a sum")).sum::<u64>()
    })
}

fn cloned_handle(work: &Work) -> u64 {
    let jobs = Arc::new(Mutex::new(queue(work.tasks())));
    let spawn = |jobs: Arc<Jobs>| thread::spawn(move || while_let(&jobs));
    let workers = [spawn(Arc::clone(&jobs)), spawn(jobs)];
    workers.into_iter().map(|worker| worker.join().expect("a sum")).sum()
}

fn try_lock(jobs: &Jobs) -> u64 {
    let mut sum = 0;
    loop {
        if let Ok(jobs) = jobs.try_lock() {
            let Ok(task) = jobs.recv() else { return sum };
            sum += task.compute();
        }
        thread::yield_now();
    }
}

// Wrong: one of the two has nothing to do, or something is left.

fn all_in_the_first_queue(work: &Work) -> u64 {
    with_queues([work.tasks(), Vec::new()])
}

fn takes_all(jobs: &Jobs) -> u64 {
    let tasks: Vec<Task> = jobs.lock().expect("no panic").iter().collect();
    tasks.iter().map(Task::compute).sum()
}

fn one_each(jobs: &Jobs) -> u64 {
    let job = jobs.lock().expect("no panic").recv();
    job.map_or(0, |task| task.compute())
}

fn unlocked_sum(work: &Work) -> u64 {
    let jobs = Mutex::new(queue(work.tasks()));
    thread::scope(|scope| {
        let [one, _other] = [scope.spawn(|| function(&jobs)), scope.spawn(|| function(&jobs))];
        one.join().expect("a sum")
    })
}

fn never_closed(work: &Work) -> u64 {
    let (sender, jobs) = channel();
    work.tasks().into_iter().for_each(|task| sender.send(task).expect("a receiver"));
    let jobs = Mutex::new(jobs);
    thread::scope(|scope| {
        let workers = [scope.spawn(|| function(&jobs)), scope.spawn(|| function(&jobs))];
        let sum = workers.into_iter().map(|worker| worker.join().expect("a sum")).sum();
        drop(sender);
        sum
    })
}

fn sleeps_for_the_end(work: &Work) -> u64 {
    let (jobs, total) = (Arc::new(Mutex::new(work.tasks())), Arc::new(Mutex::new(0)));
    for _ in 0..2 {
        let (jobs, total) = (Arc::clone(&jobs), Arc::clone(&total));
        thread::spawn(move || {
            let next = || jobs.lock().expect("no panic").pop();
            while let Some(task) = next() {
                let found = task.compute();
                *total.lock().expect("no panic") += found;
            }
        });
    }
    thread::sleep(Duration::from_secs(3));
    *total.lock().expect("no panic")
}
