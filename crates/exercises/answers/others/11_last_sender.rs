//! Other answers to 11: honest ones first, then wrong ones, each with the mistake that it makes.

use std::process::ExitCode;
use std::sync::mpsc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use answers::choose;
use classroom::{Work, run};
use crossbeam_channel::{Receiver, Sender, TryRecvError, unbounded};

fn main() -> ExitCode {
    choose(&[
        ("moved-into-the-last", || run(moved_into_the_last)),
        ("sender-in-a-function", || run(sender_in_a_function)),
        ("as-many-as-tasks", || run(as_many_as_tasks)),
        ("std", || run(on_std)),
        ("joins-first", || run(joins_first)),
        ("three-and-out", || run(three_and_out)),
        ("timeout", || run(timeout)),
        ("ends-when-empty", || run(ends_when_empty)),
        ("spins", || run(spins)),
        ("clone-kept", || run(clone_kept)),
        ("forgotten", || run(forgotten)),
        ("dropped-after-the-loop", || run(dropped_after_the_loop)),
        ("underscore", || run(underscore)),
        ("receiver-detached", || run(receiver_detached)),
        ("receiver-dropped", || run(receiver_dropped)),
        ("exits", || run(exits)),
        ("one-by-one", || run(one_by_one)),
    ])
}

/// A thread for each task, which sends what it finds over a clone of this.
fn spawn_all(work: &Work, sender: &Sender<u64>) -> Vec<JoinHandle<()>> {
    let spawn = |task: classroom::Task| {
        let sender = sender.clone();
        thread::spawn(move || {
            // Where nobody receives, nobody misses it.
            let _ = sender.send(task.fetch().compute());
        })
    };
    work.tasks().into_iter().map(spawn).collect()
}

// Honest.

fn moved_into_the_last(work: &Work) -> u64 {
    let (sender, finds) = unbounded();
    let mut tasks = work.tasks();
    let last = tasks.pop();
    for task in tasks {
        let sender = sender.clone();
        thread::spawn(move || sender.send(task.fetch().compute()));
    }
    thread::spawn(move || last.map(|task| sender.send(task.fetch().compute())));
    finds.iter().sum()
}

fn sender_in_a_function(work: &Work) -> u64 {
    fn finds(work: &Work) -> Receiver<u64> {
        let (sender, finds) = unbounded();
        spawn_all(work, &sender);
        finds
    }
    finds(work).iter().sum()
}

/// The sender is still there, and nobody waits for its end.
fn as_many_as_tasks(work: &Work) -> u64 {
    let (sender, finds) = unbounded();
    let threads = spawn_all(work, &sender);
    finds.iter().take(threads.len()).sum()
}

fn on_std(work: &Work) -> u64 {
    let (sender, finds) = mpsc::channel();
    for task in work.tasks() {
        let sender = sender.clone();
        thread::spawn(move || sender.send(task.fetch().compute()));
    }
    drop(sender);
    finds.iter().sum()
}

fn joins_first(work: &Work) -> u64 {
    let (sender, finds) = unbounded();
    for thread in spawn_all(work, &sender) {
        thread.join().expect("a finished task");
    }
    finds.try_iter().sum()
}

// Wrong: it ends by something else.

fn three_and_out(work: &Work) -> u64 {
    let (sender, finds) = unbounded();
    spawn_all(work, &sender);
    finds.iter().take(3).sum()
}

/// However long one waits, a page may be later.
fn timeout(work: &Work) -> u64 {
    let (sender, finds) = unbounded();
    spawn_all(work, &sender);
    let next = || finds.recv_timeout(Duration::from_millis(100)).ok();
    std::iter::from_fn(next).sum()
}

fn ends_when_empty(work: &Work) -> u64 {
    let (sender, finds) = unbounded();
    spawn_all(work, &sender);
    thread::sleep(Duration::from_millis(20));
    finds.try_iter().sum()
}

fn spins(work: &Work) -> u64 {
    let (sender, finds) = unbounded();
    let mut left = spawn_all(work, &sender).len();
    let mut sum = 0;
    while left > 0 {
        match finds.try_recv() {
            Ok(found) => (sum, left) = (sum + found, left - 1),
            Err(TryRecvError::Empty) => {}
            Err(TryRecvError::Disconnected) => break,
        }
    }
    sum
}

// Wrong: a sender is left.

fn clone_kept(work: &Work) -> u64 {
    let (sender, finds) = unbounded();
    let _for_later = sender.clone();
    spawn_all(work, &sender);
    drop(sender);
    finds.iter().sum()
}

fn forgotten(work: &Work) -> u64 {
    let (sender, finds) = unbounded();
    spawn_all(work, &sender);
    std::mem::forget(sender);
    finds.iter().sum()
}

fn dropped_after_the_loop(work: &Work) -> u64 {
    let (sender, finds) = unbounded();
    spawn_all(work, &sender);
    let sum = finds.iter().sum();
    drop(sender);
    sum
}

/// What is not bound is not moved.
fn underscore(work: &Work) -> u64 {
    let (sender, finds) = unbounded();
    spawn_all(work, &sender);
    let _ = sender;
    finds.iter().sum()
}

// Wrong: it does not wait for what it should.

fn receiver_detached(work: &Work) -> u64 {
    let (sender, finds) = unbounded();
    spawn_all(work, &sender).into_iter().for_each(|thread| thread.join().expect("a find"));
    thread::spawn(move || finds.iter().sum::<u64>());
    0
}

fn receiver_dropped(work: &Work) -> u64 {
    let (sender, finds) = unbounded();
    let threads = spawn_all(work, &sender);
    let first = finds.iter().take(1).sum();
    drop(finds);
    threads.into_iter().for_each(|thread| thread.join().expect("a finished task"));
    first
}

fn exits(work: &Work) -> u64 {
    let (sender, finds) = unbounded();
    let left = spawn_all(work, &sender).len();
    let mut received = 0;
    for found in finds {
        println!("{found}");
        received += 1;
        if received == left {
            std::process::exit(0);
        }
    }
    0
}

fn one_by_one(work: &Work) -> u64 {
    let find = |task: classroom::Task| {
        let (sender, finds) = unbounded();
        thread::spawn(move || sender.send(task.fetch().compute()));
        finds.iter().sum::<u64>()
    };
    work.tasks().into_iter().map(find).sum()
}
