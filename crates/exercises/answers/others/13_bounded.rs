//! Other answers to 13: honest ones first, then wrong ones, each with the mistake that it makes.

use std::collections::VecDeque;
use std::process::ExitCode;
use std::sync::mpsc::sync_channel;
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

use answers::choose;
use classroom::{Task, Work};
use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use tokio::runtime::Builder;

fn main() -> ExitCode {
    choose(&[
        ("std", || run(on_std)),
        ("smaller", || run(|work| with(work, bounded(2), send_all))),
        ("no-place", || run(|work| with(work, bounded(0), send_all))),
        ("heading-and-sum", || run(heading_and_sum)),
        ("condition", || run(condition)),
        ("tickets", || run(tickets)),
        ("tokio", || run(on_tokio)),
        ("large", || run(|work| with(work, bounded(1_000), send_all))),
        ("twelve", || run(|work| with(work, bounded(12), send_all))),
        ("sleeps", || run(|work| with(work, unbounded(), sleeps))),
        ("sleeps-when-full", || run(|work| with(work, unbounded(), sleeps_when_full))),
        ("two-makers", || run(two_makers)),
        ("unbounded-behind-it", || run(unbounded_behind_it)),
        ("all-first", || run(all_first)),
        ("dropped-when-full", || run(|work| with(work, bounded(4), dropped_when_full))),
        ("heading-of-three-lines", || run(heading_of_three_lines)),
        ("one-thread", || run(one_thread)),
        ("confirmed-when-said", || run(confirmed_when_said)),
        ("batches", || run(batches)),
        ("spins-when-full", || run(|work| with(work, unbounded(), spins_when_full))),
        ("cycle", || run(cycle)),
    ])
}

fn run(solve: fn(&Work) -> u64) -> ExitCode {
    classroom::tasks(12).stage("solve", solve).run()
}

type Channel = (Sender<u64>, Receiver<u64>);

/// A thread that makes, and one that says.
fn with(work: &Work, channel: Channel, make: fn(&[Task], &Sender<u64>)) -> u64 {
    let (sender, finds) = channel;
    let tasks = work.tasks();
    thread::spawn(move || make(&tasks, &sender));
    say_all(work, finds.iter())
}

fn send_all(tasks: &[Task], sender: &Sender<u64>) {
    tasks.iter().for_each(|task| sender.send(task.compute()).expect("a receiver"));
}

/// Says them, and adds them up.
fn say_all(work: &Work, finds: impl Iterator<Item = u64>) -> u64 {
    finds.inspect(|found| work.say(found)).sum()
}

// Honest.

fn on_std(work: &Work) -> u64 {
    let (sender, finds) = sync_channel(4);
    let tasks = work.tasks();
    thread::spawn(move || {
        tasks.iter().for_each(|task| sender.send(task.compute()).expect("a receiver"));
    });
    say_all(work, finds.iter())
}

fn heading_and_sum(work: &Work) -> u64 {
    let (sender, finds) = bounded(4);
    let tasks = work.tasks();
    thread::spawn(move || send_all(&tasks, &sender));
    work.say("What was found:");
    let sum = say_all(work, finds.iter());
    work.say(format!("All in all: {sum}"));
    sum
}

fn condition(work: &Work) -> u64 {
    let (list, changed) = (Mutex::new(VecDeque::new()), Condvar::new());
    let tasks = work.tasks();
    let all = tasks.len();
    thread::scope(|scope| {
        scope.spawn(|| {
            for task in tasks {
                let found = task.compute();
                let list = list.lock().expect("no panic");
                let list = changed.wait_while(list, |list| list.len() == 4);
                list.expect("no panic").push_back(found);
                changed.notify_one();
            }
        });
        let next = || {
            let list = list.lock().expect("no panic");
            let mut list = changed.wait_while(list, |list| list.is_empty()).expect("no panic");
            changed.notify_one();
            list.pop_front()
        };
        say_all(work, std::iter::from_fn(next).take(all))
    })
}

fn tickets(work: &Work) -> u64 {
    let (give, take) = unbounded();
    (0..4).for_each(|_| give.send(()).expect("a receiver"));
    let (sender, finds) = unbounded();
    let tasks = work.tasks();
    thread::spawn(move || {
        for task in tasks {
            take.recv().expect("a ticket");
            sender.send(task.compute()).expect("a receiver");
        }
    });
    let give_back = |_: &u64| {
        // Whoever makes may be gone by the time that the last tickets come back.
        let _ = give.send(());
    };
    say_all(work, finds.iter().inspect(give_back))
}

fn on_tokio(work: &Work) -> u64 {
    let runtime = Builder::new_multi_thread().worker_threads(1).build().expect("a runtime");
    let (sender, mut finds) = tokio::sync::mpsc::channel(4);
    let tasks = work.tasks();
    runtime.spawn(async move {
        for task in tasks {
            sender.send(task.compute()).await.expect("a receiver");
        }
    });
    say_all(work, std::iter::from_fn(|| finds.blocking_recv()))
}

// Wrong: nothing bounds it.

/// However long one sleeps, a line may take longer.
fn sleeps(tasks: &[Task], sender: &Sender<u64>) {
    for task in tasks {
        sender.send(task.compute()).expect("a receiver");
        thread::sleep(Duration::from_millis(5));
    }
}

fn sleeps_when_full(tasks: &[Task], sender: &Sender<u64>) {
    for task in tasks {
        if sender.len() >= 4 {
            thread::sleep(Duration::from_millis(10));
        }
        sender.send(task.compute()).expect("a receiver");
    }
}

/// Four wait in the channel, and at each end of it somebody holds one.
fn two_makers(work: &Work) -> u64 {
    let (sender, finds) = bounded(4);
    for tasks in work.tasks().chunks(4) {
        let (tasks, sender) = (tasks.to_vec(), sender.clone());
        thread::spawn(move || send_all(&tasks, &sender));
    }
    drop(sender);
    say_all(work, finds.iter())
}

fn unbounded_behind_it(work: &Work) -> u64 {
    let (sender, finds) = bounded(4);
    let (list, listed) = unbounded();
    let tasks = work.tasks();
    thread::spawn(move || send_all(&tasks, &sender));
    thread::spawn(move || finds.iter().for_each(|found| list.send(found).expect("a receiver")));
    say_all(work, listed.iter())
}

fn all_first(work: &Work) -> u64 {
    let finds: Vec<u64> = work.tasks().iter().map(Task::compute).collect();
    say_all(work, finds.into_iter())
}

/// Three more may wait than should, as there are three more lines.
fn heading_of_three_lines(work: &Work) -> u64 {
    for line in ["What was found", "in twelve tasks", "is this:"] {
        work.say(line);
    }
    with(work, bounded(7), send_all)
}

// Wrong: something is lost.

fn dropped_when_full(tasks: &[Task], sender: &Sender<u64>) {
    for task in tasks {
        let _ = sender.try_send(task.compute());
    }
}

// Wrong: nothing is made while a line is said.

fn one_thread(work: &Work) -> u64 {
    say_all(work, work.tasks().iter().map(Task::compute))
}

fn batches(work: &Work) -> u64 {
    let say_four = |four: &[Task]| {
        let finds: Vec<u64> = four.iter().map(Task::compute).collect();
        say_all(work, finds.into_iter())
    };
    work.tasks().chunks(4).map(say_four).sum()
}

/// There is a second thread, and the two take turns.
fn confirmed_when_said(work: &Work) -> u64 {
    let (sender, finds) = bounded(4);
    let (confirm, confirmed) = bounded(4);
    let tasks = work.tasks();
    thread::spawn(move || {
        for task in tasks {
            sender.send(task.compute()).expect("a receiver");
            confirmed.recv().expect("a sender");
        }
    });
    let mut sum = 0;
    for found in finds {
        work.say(found);
        sum += found;
        confirm.send(()).expect("a receiver");
    }
    sum
}

// Wrong: it does not wait, or for ever.

fn spins_when_full(tasks: &[Task], sender: &Sender<u64>) {
    for task in tasks {
        while sender.len() >= 4 {}
        sender.send(task.compute()).expect("a receiver");
    }
}

/// Each waits for the other one to receive.
fn cycle(work: &Work) -> u64 {
    let (sender, finds) = bounded(0);
    let (confirm, confirmed) = bounded(0);
    let tasks = work.tasks();
    thread::spawn(move || {
        for task in tasks {
            sender.send(task.compute()).expect("a receiver");
        }
        confirmed.iter().for_each(drop);
    });
    let mut sum = 0;
    for found in finds {
        confirm.send(()).expect("a receiver");
        work.say(found);
        sum += found;
    }
    sum
}
