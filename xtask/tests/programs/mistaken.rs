//! Programs with the mistakes that people make most often, for the tests to run: each listed as a lesson.

use std::future::Future;
use std::pin::pin;
use std::process::ExitCode;
use std::sync::{Arc, Barrier, Mutex, mpsc};
use std::task::{Context, Poll, Waker};
use std::thread;

use lab::lesson::{Chapter, Lesson, Runtime};
use lab::prelude::*;
use lab::quadrant::Quadrant;

const CHAPTER: Chapter = Chapter { quadrant: Quadrant::Both, order, lessons: LESSONS, gaps: &[] };

const LESSONS: &[Lesson] = &[
    Lesson::new(Runtime::Std, "threads that nobody joins", detached).named("detached"),
    Lesson::new(Runtime::Std, "a future that nobody polls", unpolled).named("unpolled"),
    Lesson::new(Runtime::Std, "a loop that does not end", endless).named("endless"),
    Lesson::new(Runtime::Std, "compute that does not end", endless_compute)
        .named("endless-compute"),
    Lesson::new(Runtime::Std, "two locks in a circle", deadlock).named("deadlock"),
];

fn order() -> Order {
    par(work::TASKS.map(work::lines))
}

fn main() -> ExitCode {
    lab::lesson::main(&CHAPTER)
}

/// Three threads begin, and the program ends before they do.
fn detached() {
    let (begun, beginnings) = mpsc::channel();
    for name in work::TASKS {
        let begun = begun.clone();
        thread::spawn(move || {
            let task = Task::start(name);
            task.step(1);
            begun.send(()).expect("a receiver");
            thread::park();
        });
    }
    beginnings.iter().take(work::TASKS.len()).for_each(drop);
}

/// B is made, and that is all.
fn unpolled() {
    run_to_its_end(asynchronous("A"));
    drop(asynchronous("B"));
    run_to_its_end(asynchronous("C"));
}

async fn asynchronous(name: &'static str) {
    whole(name);
}

/// Polls a future that never waits.
fn run_to_its_end(future: impl Future<Output = ()>) {
    let done = pin!(future).poll(&mut Context::from_waker(Waker::noop()));
    assert_eq!(done, Poll::Ready(()));
}

/// A and C come to their ends, B does not.
fn endless() {
    whole("A");
    whole("C");
    let task = Task::start("B");
    task.step(1);
    task.step(2);
    loop {
        std::hint::spin_loop();
    }
}

/// The same within the compute of a step.
fn endless_compute() {
    whole("A");
    whole("C");
    let task = Task::start("B");
    task.step(1);
    let part = task.begin_part(1, 0);
    loop {
        part.tick();
    }
}

/// A waits for what B has, and B for what A has.
fn deadlock() {
    whole("C");
    let locks = [(); 2].map(|()| Arc::new(Mutex::new(())));
    let both_have_one = Arc::new(Barrier::new(2));
    let threads = [("A", 0), ("B", 1)].map(|(name, own)| {
        let (locks, both_have_one) = (locks.clone(), Arc::clone(&both_have_one));
        thread::spawn(move || {
            let task = Task::start(name);
            task.step(1);
            let _own = locks[own].lock().expect("a lock");
            both_have_one.wait();
            let waiting = task.waits_for(&format!("lock {}", 1 - own));
            let _other = locks[1 - own].lock().expect("a lock");
            drop(waiting);
            task.end();
        })
    });
    threads.into_iter().for_each(|thread| thread.join().expect("it never ends"));
}

/// A task as it should be.
fn whole(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        primes += task.compute(step);
    }
    task.finish(primes);
}
