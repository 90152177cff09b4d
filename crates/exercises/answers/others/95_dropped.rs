//! Other answers to 95: honest ones first, then wrong ones, each with the mistake that it makes.

use std::cell::Cell;
use std::process::ExitCode;
use std::rc::Rc;
use std::thread;
use std::time::Duration;

use answers::choose;
use classroom::{Task, Work, run};
use smol::LocalExecutor;
use smol::future::{or, yield_now, zip};

fn main() -> ExitCode {
    choose(&[
        ("detached", || run(detached)),
        ("awaited", || run(awaited)),
        ("zipped", || run(zipped)),
        ("tokio", || run(on_tokio)),
        ("last-one-held", || run(last_one_held)),
        ("held-in-the-loop", || run(held_in_the_loop)),
        ("awaited-in-the-loop", || run(awaited_in_the_loop)),
        ("collected-futures", || run(collected_futures)),
        ("cancelled", || run(cancelled)),
        ("raced", || run(raced)),
        ("does-not-wait", || run(does_not_wait)),
        ("sleeps", || run(sleeps)),
        ("yields", || run(yields)),
        ("blocking-fetch", || run(blocking_fetch)),
        ("thread-each", || run(thread_each)),
        ("executor-each", || run(executor_each)),
        ("hard-coded", || run(hard_coded)),
        ("sleeps-for-the-end", || run(sleeps_for_the_end)),
    ])
}

async fn find(task: Task) -> u64 {
    task.fetch_async().await.compute()
}

type Sum = Rc<Cell<u64>>;

/// Adds what a task finds.
async fn add(task: Task, sum: Sum) {
    let found = find(task).await;
    sum.set(sum.get() + found);
}

// Honest.

fn detached(work: &Work) -> u64 {
    let (sender, finds) = smol::channel::unbounded();
    let here = LocalExecutor::new();
    for task in work.tasks() {
        let sender = sender.clone();
        here.spawn(async move { sender.send(find(task).await).await }).detach();
    }
    drop(sender);
    smol::block_on(here.run(async {
        let mut sum = 0;
        while let Ok(found) = finds.recv().await {
            sum += found;
        }
        sum
    }))
}

fn awaited(work: &Work) -> u64 {
    let here = LocalExecutor::new();
    let finds: Vec<_> = work.tasks().into_iter().map(|task| here.spawn(find(task))).collect();
    smol::block_on(here.run(async {
        let mut sum = 0;
        for found in finds {
            sum += found.await;
        }
        sum
    }))
}

fn zipped(work: &Work) -> u64 {
    let [a, b, c] = work.tasks().try_into().expect("three tasks");
    let ((a, b), c) = smol::block_on(zip(zip(find(a), find(b)), find(c)));
    a + b + c
}

/// What is dropped there goes on.
fn on_tokio(work: &Work) -> u64 {
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let (sender, mut finds) = tokio::sync::mpsc::unbounded_channel();
        for task in work.tasks() {
            let sender = sender.clone();
            drop(tokio::spawn(async move { sender.send(find(task).await) }));
        }
        drop(sender);
        let mut sum = 0;
        while let Some(found) = finds.recv().await {
            sum += found;
        }
        sum
    })
}

// Wrong: some are cancelled.

/// Whatever takes its place drops it.
fn last_one_held(work: &Work) -> u64 {
    let (here, sum) = (LocalExecutor::new(), Sum::default());
    let mut last = None;
    for task in work.tasks() {
        last = Some(here.spawn(add(task, Rc::clone(&sum))));
    }
    smol::block_on(here.run(async {
        if let Some(last) = last {
            last.await;
        }
    }));
    sum.get()
}

/// A name holds it up to the end of the block in which the name stands.
fn held_in_the_loop(work: &Work) -> u64 {
    let (here, sum) = (LocalExecutor::new(), Sum::default());
    for task in work.tasks() {
        let _held = here.spawn(add(task, Rc::clone(&sum)));
    }
    smol::block_on(here.run(async {
        while !here.is_empty() {
            yield_now().await;
        }
    }));
    sum.get()
}

fn cancelled(work: &Work) -> u64 {
    let here = LocalExecutor::new();
    let finds: Vec<_> = work.tasks().into_iter().map(|task| here.spawn(find(task))).collect();
    smol::block_on(here.run(async {
        let mut sum = 0;
        for found in finds {
            sum += found.cancel().await.unwrap_or(0);
        }
        sum
    }))
}

/// Whoever loses is dropped.
fn raced(work: &Work) -> u64 {
    let [a, b, c] = work.tasks().try_into().expect("three tasks");
    smol::block_on(or(find(a), or(find(b), find(c))))
}

fn does_not_wait(work: &Work) -> u64 {
    let (here, sum) = (LocalExecutor::new(), Sum::default());
    for task in work.tasks() {
        here.spawn(add(task, Rc::clone(&sum))).detach();
    }
    smol::block_on(here.run(async {}));
    sum.get()
}

/// Long enough, one would think.
fn sleeps(work: &Work) -> u64 {
    let (here, sum) = (LocalExecutor::new(), Sum::default());
    for task in work.tasks() {
        here.spawn(add(task, Rc::clone(&sum))).detach();
    }
    let while_they_run = smol::Timer::after(Duration::from_millis(100));
    smol::block_on(here.run(while_they_run));
    sum.get()
}

fn yields(work: &Work) -> u64 {
    let (here, sum) = (LocalExecutor::new(), Sum::default());
    for task in work.tasks() {
        here.spawn(add(task, Rc::clone(&sum))).detach();
    }
    smol::block_on(here.run(async {
        for _ in 0..10 {
            yield_now().await;
        }
    }));
    sum.get()
}

// Wrong: one after the other.

fn awaited_in_the_loop(work: &Work) -> u64 {
    let here = LocalExecutor::new();
    smol::block_on(here.run(async {
        let mut sum = 0;
        for task in work.tasks() {
            sum += here.spawn(find(task)).await;
        }
        sum
    }))
}

fn collected_futures(work: &Work) -> u64 {
    let finds: Vec<_> = work.tasks().into_iter().map(find).collect();
    smol::block_on(async {
        let mut sum = 0;
        for found in finds {
            sum += found.await;
        }
        sum
    })
}

fn blocking_fetch(work: &Work) -> u64 {
    let here = LocalExecutor::new();
    let find = |task: Task| here.spawn(async move { task.fetch().compute() });
    let finds: Vec<_> = work.tasks().into_iter().map(find).collect();
    smol::block_on(here.run(async {
        let mut sum = 0;
        for found in finds {
            sum += found.await;
        }
        sum
    }))
}

// Wrong: more than one thread; nothing at all.

fn thread_each(work: &Work) -> u64 {
    let tasks = work.tasks().into_iter();
    let threads: Vec<_> = tasks.map(|task| thread::spawn(|| smol::block_on(find(task)))).collect();
    threads.into_iter().map(|thread| thread.join().expect("a find")).sum()
}

/// An executor for each task, each on a thread.
fn executor_each(work: &Work) -> u64 {
    let run = |task: Task| {
        thread::spawn(move || {
            let here = LocalExecutor::new();
            smol::block_on(here.run(here.spawn(find(task))))
        })
    };
    let threads: Vec<_> = work.tasks().into_iter().map(run).collect();
    threads.into_iter().map(|thread| thread.join().expect("a find")).sum()
}

fn hard_coded(work: &Work) -> u64 {
    awaited(work);
    12_884_901_888
}

fn sleeps_for_the_end(work: &Work) -> u64 {
    let (here, sum) = (LocalExecutor::new(), Rc::new(Cell::new(0)));
    for task in work.tasks() {
        let sum = Rc::clone(&sum);
        here.spawn(async move {
            let found = find(task).await;
            sum.set(sum.get() + found);
        })
        .detach();
    }
    smol::block_on(here.run(smol::Timer::after(Duration::from_millis(1500))));
    sum.get()
}
