//! Other answers to 01.

use std::process::ExitCode;
use std::sync::mpsc::channel;
use std::thread;

use classroom::{Task, Work, run};

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("scope") => run(scope),
        Some("channel") => run(by_channel),
        Some("nothing") => run(|_: &Work| 0_u64),
        Some("one-by-one") => run(one_by_one),
        Some("quits") => ExitCode::SUCCESS,
        Some("more") => run(|work: &Work| scope(work) + 1),
        Some("forgets") => run(forgets),
        _ => {
            println!("scope\nchannel\nnothing\none-by-one\nquits\nmore\nforgets");
            ExitCode::SUCCESS
        }
    }
}

fn scope(work: &Work) -> u64 {
    let tasks = work.tasks();
    thread::scope(|scope| {
        let spawn = |task| scope.spawn(move || Task::fetch(task).compute());
        let threads: Vec<_> = tasks.iter().map(spawn).collect();
        threads.into_iter().map(|thread| thread.join().expect("a find")).sum()
    })
}

fn by_channel(work: &Work) -> u64 {
    let (finds, found) = channel();
    for task in work.tasks() {
        let finds = finds.clone();
        thread::spawn(move || finds.send(task.fetch().compute()));
    }
    drop(finds);
    found.iter().sum()
}

fn one_by_one(work: &Work) -> u64 {
    work.tasks().iter().map(|task| task.fetch().compute()).sum()
}

fn forgets(work: &Work) -> u64 {
    let _found = scope(work);
    0
}
