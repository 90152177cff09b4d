//! Other answers to 12: honest ones first, then wrong ones, each with the mistake that it makes.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BinaryHeap};
use std::process::ExitCode;
use std::sync::{Condvar, Mutex};
use std::thread;
use std::time::Duration;

use answers::choose;
use classroom::{Task, Work};
use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use rayon::prelude::*;

fn main() -> ExitCode {
    choose(&[
        ("channel-each", || run(channel_each)),
        ("slots", || run(slots)),
        ("heap", || run(|work| on_two(work, heap))),
        ("handles", || run(handles)),
        ("rayon", || run(on_rayon)),
        ("one-worker", || run(|work| with_workers(work, 1, as_they_come))),
        ("in-turn", || run(in_turn)),
        ("every-second-each", || run(every_second_each)),
        ("sorted-in-the-end", || run(|work| on_two(work, sorted_in_the_end))),
        ("collected", || run(collected)),
        ("five-at-first", || run(|work| on_two(work, some_at_first::<5>))),
        ("two-at-first", || run(|work| on_two(work, some_at_first::<2>))),
        ("sorted-by-find", || run(|work| on_two(work, sorted_by_find))),
        ("sleeps-by-number", || run(sleeps_by_number)),
        ("workers-speak", || run(workers_speak)),
        ("numbered-by-arrival", || run(|work| on_two(work, numbered_by_arrival))),
        ("one-kept", || run(|work| on_two(work, one_kept))),
        ("late-ones-dropped", || run(|work| on_two(work, late_ones_dropped))),
    ])
}

type Finds = Receiver<(usize, u64)>;

fn run(solve: fn(&Work)) -> ExitCode {
    classroom::tasks(6).stage("solve", solve).run()
}

fn queue(tasks: Vec<Task>) -> Receiver<Task> {
    let (sender, jobs) = unbounded();
    tasks.into_iter().for_each(|task| sender.send(task).expect("a receiver"));
    jobs
}

fn do_jobs(jobs: &Receiver<Task>, sender: &Sender<(usize, u64)>) {
    for task in jobs {
        sender.send((task.number(), task.compute())).expect("a receiver");
    }
}

/// So many workers that send what they find to whoever says it.
fn with_workers(work: &Work, workers: usize, say_all: fn(&Work, &Finds)) {
    let jobs = queue(work.tasks());
    let (sender, finds) = unbounded();
    thread::scope(|scope| {
        for _ in 0..workers {
            let (jobs, sender) = (jobs.clone(), sender.clone());
            scope.spawn(move || do_jobs(&jobs, &sender));
        }
        drop(sender);
        say_all(work, &finds);
    });
}

fn on_two(work: &Work, say_all: fn(&Work, &Finds)) {
    with_workers(work, 2, say_all);
}

fn as_they_come(work: &Work, finds: &Finds) {
    finds.iter().for_each(|(number, found)| say(work, number, found));
}

fn say(work: &Work, number: usize, found: u64) {
    work.say(format!("{number}: {found}"));
}

// Honest.

/// Whoever asks for a find in order waits for just this one.
fn channel_each(work: &Work) {
    let (give, jobs) = unbounded();
    let send = |task: Task| {
        let (sender, found) = bounded(1);
        give.send((task, sender)).expect("a receiver");
        found
    };
    let finds: Vec<Receiver<u64>> = work.tasks().into_iter().map(send).collect();
    drop(give);
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for (task, sender) in &jobs {
                    sender.send(task.compute()).expect("a receiver");
                }
            });
        }
        for (number, found) in finds.iter().enumerate() {
            say(work, number, found.recv().expect("a find"));
        }
    });
}

fn slots(work: &Work) {
    let jobs = queue(work.tasks());
    let slots = Mutex::new(vec![None; work.tasks().len()]);
    let filled = Condvar::new();
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for task in &jobs {
                    let found = task.compute();
                    slots.lock().expect("no panic")[task.number()] = Some(found);
                    filled.notify_one();
                }
            });
        }
        for number in 0..work.tasks().len() {
            let slots = slots.lock().expect("no panic");
            let slots = filled.wait_while(slots, |slots| slots[number].is_none());
            let found = slots.expect("no panic")[number];
            say(work, number, found.expect("a find"));
        }
    });
}

fn heap(work: &Work, finds: &Finds) {
    let (mut early, mut next) = (BinaryHeap::new(), 0);
    for find in finds {
        early.push(Reverse(find));
        while early.peek().is_some_and(|Reverse((number, _))| *number == next) {
            let Some(Reverse((number, found))) = early.pop() else { return };
            say(work, number, found);
            next += 1;
        }
    }
}

fn handles(work: &Work) {
    let spawn = |task: Task| thread::spawn(move || task.compute());
    let handles: Vec<_> = work.tasks().into_iter().map(spawn).collect();
    for (number, handle) in handles.into_iter().enumerate() {
        say(work, number, handle.join().expect("a find"));
    }
}

fn on_rayon(work: &Work) {
    let (sender, finds) = unbounded();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("a pool");
    for task in work.tasks() {
        let sender = sender.clone();
        pool.spawn(move || sender.send((task.number(), task.compute())).expect("a receiver"));
    }
    drop(sender);
    heap(work, &finds);
}

// Wrong: somebody waits.

fn in_turn(work: &Work) {
    let (give, jobs) = unbounded();
    let (sender, finds) = unbounded();
    thread::scope(|scope| {
        for _ in 0..2 {
            let (jobs, sender) = (jobs.clone(), sender.clone());
            scope.spawn(move || do_jobs(&jobs, &sender));
        }
        for task in work.tasks() {
            give.send(task).expect("a receiver");
            let (number, found) = finds.recv().expect("a find");
            say(work, number, found);
        }
        drop(give);
    });
}

/// No numbers are needed if everybody takes turns. And then everybody waits for everybody.
fn every_second_each(work: &Work) {
    let (even, odd) = work.tasks().into_iter().partition(|task| task.number() % 2 == 0);
    let worker = |tasks: Vec<Task>| {
        let (sender, finds) = unbounded();
        thread::spawn(move || do_jobs(&queue(tasks), &sender));
        finds
    };
    let [even, odd] = [worker(even), worker(odd)];
    while let Ok((number, found)) = even.recv() {
        say(work, number, found);
        odd.iter().take(1).for_each(|(number, found)| say(work, number, found));
    }
}

// Wrong: the order is there once all is over.

fn sorted_in_the_end(work: &Work, finds: &Finds) {
    let mut finds: Vec<_> = finds.iter().collect();
    finds.sort_unstable();
    finds.into_iter().for_each(|(number, found)| say(work, number, found));
}

fn collected(work: &Work) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).build().expect("a pool");
    let tasks = work.tasks();
    let compute = || tasks.par_iter().with_max_len(1).map(Task::compute).collect();
    let finds: Vec<u64> = pool.install(compute);
    finds.into_iter().enumerate().for_each(|(number, found)| say(work, number, found));
}

fn some_at_first<const SOME: usize>(work: &Work, finds: &Finds) {
    let (mut next, mut early, mut came) = (0, BTreeMap::new(), 0);
    let mut say_next = |early: &mut BTreeMap<usize, u64>| {
        while let Some(found) = early.remove(&next) {
            say(work, next, found);
            next += 1;
        }
    };
    for (number, found) in finds {
        early.insert(number, found);
        came += 1;
        if came >= SOME {
            say_next(&mut early);
        }
    }
    say_next(&mut early);
}

// Wrong: another order.

/// With ten secret numbers this is right once in some three million times.
fn sorted_by_find(work: &Work, finds: &Finds) {
    let mut finds: Vec<_> = finds.iter().collect();
    finds.sort_unstable_by_key(|(_, found)| *found);
    finds.into_iter().for_each(|(number, found)| say(work, number, found));
}

fn sleeps_by_number(work: &Work) {
    let jobs = queue(work.tasks());
    let (sender, finds) = unbounded();
    thread::scope(|scope| {
        for sender in [sender.clone(), sender] {
            scope.spawn(|| {
                let sender = sender;
                for task in &jobs {
                    let found = task.compute();
                    thread::sleep(Duration::from_millis(5 * task.number() as u64));
                    sender.send((task.number(), found)).expect("a receiver");
                }
            });
        }
        as_they_come(work, &finds);
    });
}

fn workers_speak(work: &Work) {
    let (jobs, speaks) = (queue(work.tasks()), Mutex::new(()));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                for task in &jobs {
                    let found = task.compute();
                    let _guard = speaks.lock().expect("no panic");
                    say(work, task.number(), found);
                }
            });
        }
    });
}

fn numbered_by_arrival(work: &Work, finds: &Finds) {
    finds.iter().enumerate().for_each(|(number, (_, found))| say(work, number, found));
}

// Wrong: what came too early is lost.

fn one_kept(work: &Work, finds: &Finds) {
    let (mut kept, mut next) = (None, 0);
    for (number, found) in finds {
        if number != next {
            kept = Some((number, found));
            continue;
        }
        say(work, number, found);
        next += 1;
        if let Some((number, found)) = kept.take_if(|(number, _)| *number == next) {
            say(work, number, found);
            next += 1;
        }
    }
}

fn late_ones_dropped(work: &Work, finds: &Finds) {
    let mut next = 0;
    for (number, found) in finds {
        if number == next {
            say(work, number, found);
            next += 1;
        }
    }
}
