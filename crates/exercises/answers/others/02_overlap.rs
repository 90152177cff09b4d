//! Other answers to 02: honest ones first, then wrong ones, each with the mistake that it makes.

use std::process::ExitCode;
use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use answers::{cheats, choose};
use classroom::wire::{Reply, Stream, VARIABLE};
use classroom::{Task, Work, run};
use rayon::prelude::*;
use tokio::runtime::Builder;

fn main() -> ExitCode {
    choose(&[
        ("scope", || run(scope)),
        ("channel", || run(channels)),
        ("tokio", || run(on_tokio)),
        ("smol", || run(on_smol)),
        ("rayon", || run(on_rayon)),
        ("watchdog", || run(watchdog)),
        ("join-in-the-loop", || run(join_in_the_loop)),
        ("lazy-iterator", || run(lazy_iterator)),
        ("one-thread", || run(one_thread)),
        ("two-of-three", || run(two_of_three)),
        ("lock-around-the-wait", || run(lock_around_the_wait)),
        ("sleep-first", || run(sleep_first)),
        ("await-in-the-loop", || run(await_in_the_loop)),
        ("spinning-join", || run(spinning_join)),
        ("main-ends-first", || run(main_ends_first)),
        ("one-left-out", || run(one_left_out)),
        ("hard-coded", || run(hard_coded)),
        ("no-compute", || run(no_compute)),
        ("exit-early", || run(exit_early)),
        ("panics", || run(panics)),
        ("asks-by-itself", || run(asks_by_itself)),
        ("shouts", || run(shouts)),
        ("floods", || run(floods)),
        ("never-asks", never_asks),
        ("output-away", || run(output_away)),
        ("floods-output", || run(floods_output)),
        ("panics-quietly", || run(panics_quietly)),
        ("leaves-a-process", || run(leaves_a_process)),
        ("begets", || run(begets)),
        ("ends-its-parent", || run(ends_its_parent)),
        ("robs-its-parent", || run(robs_its_parent)),
        ("reads-the-solution", || run(reads_the_solution)),
        ("looks-around", || run(looks_around)),
        ("fetched-twice", || run(fetched_twice)),
        ("sleeps-for-the-end", || run(sleeps_for_the_end)),
    ])
}

// Honest.

fn scope(work: &Work) -> u64 {
    let tasks = work.tasks();
    thread::scope(|scope| {
        let handles: Vec<_> =
            tasks.iter().map(|task| scope.spawn(|| task.fetch().compute())).collect();
        handles.into_iter().map(|handle| handle.join().expect("a finished task")).sum()
    })
}

/// Nobody joins: the finds come over a channel, which ends with its last sender.
fn channels(work: &Work) -> u64 {
    let (sender, finds) = channel();
    for task in work.tasks() {
        let sender = sender.clone();
        thread::spawn(move || sender.send(task.fetch().compute()));
    }
    drop(sender);
    finds.into_iter().sum()
}

/// One thread, and three tasks that wait on it.
fn on_tokio(work: &Work) -> u64 {
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let find = |task: Task| async move { task.fetch_async().await.compute() };
        let handles: Vec<_> =
            work.tasks().into_iter().map(|task| tokio::spawn(find(task))).collect();
        let mut sum = 0;
        for handle in handles {
            sum += handle.await.expect("a finished task");
        }
        sum
    })
}

fn on_smol(work: &Work) -> u64 {
    let executor = smol::LocalExecutor::new();
    let find = |task: Task| async move { task.fetch_async().await.compute() };
    let handles: Vec<_> = work.tasks().into_iter().map(|task| executor.spawn(find(task))).collect();
    smol::block_on(executor.run(async {
        let mut sum = 0;
        for handle in handles {
            sum += handle.await;
        }
        sum
    }))
}

/// A pool of its own: the global one has as many threads as there are cores, and three have to wait.
fn on_rayon(work: &Work) -> u64 {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(3).build().expect("a pool");
    pool.install(|| {
        work.tasks().into_par_iter().with_max_len(1).map(|it| it.fetch().compute()).sum()
    })
}

/// A thread beside them would end the program, if it hung for five minutes.
fn watchdog(work: &Work) -> u64 {
    thread::spawn(|| {
        thread::sleep(Duration::from_secs(300));
        std::process::exit(1);
    });
    scope(work)
}

// Wrong.

fn join_in_the_loop(work: &Work) -> u64 {
    let spawn = |task: Task| thread::spawn(move || task.fetch().compute());
    work.tasks().into_iter().map(|task| spawn(task).join().expect("a finished task")).sum()
}

/// An iterator of spawns has spawned nothing. Here no `collect` was thought to be needed.
fn lazy_iterator(work: &Work) -> u64 {
    let tasks = work.tasks().into_iter();
    let handles = tasks.map(|task| thread::spawn(move || task.fetch().compute()));
    let mut sum = 0;
    for handle in handles {
        sum += handle.join().expect("a finished task");
    }
    sum
}

/// A thread was added. It does everything, one after the other.
fn one_thread(work: &Work) -> u64 {
    let tasks = work.tasks();
    let all = thread::spawn(move || tasks.iter().map(|task| task.fetch().compute()).sum());
    all.join().expect("finished tasks")
}

/// The first two overlap, the third waits for them.
fn two_of_three(work: &Work) -> u64 {
    let mut sum = 0;
    for two in work.tasks().chunks(2) {
        let spawn = |task: &Task| {
            let task = task.clone();
            thread::spawn(move || task.fetch().compute())
        };
        let handles: Vec<_> = two.iter().map(spawn).collect();
        sum += handles.into_iter().map(|it| it.join().expect("a finished task")).sum::<u64>();
    }
    sum
}

/// All are spawned at once, and wait for each other at a lock that is held during the fetch.
fn lock_around_the_wait(work: &Work) -> u64 {
    let sum = Arc::new(Mutex::new(0));
    let spawn = |task: Task| {
        let sum = Arc::clone(&sum);
        thread::spawn(move || {
            let mut sum = sum.lock().expect("no panic");
            *sum += task.fetch().compute();
        })
    };
    let handles: Vec<_> = work.tasks().into_iter().map(spawn).collect();
    handles.into_iter().for_each(|handle| handle.join().expect("a finished task"));
    *sum.lock().expect("no panic")
}

/// "It needs some time to begin": but the join is still in the loop.
fn sleep_first(work: &Work) -> u64 {
    let spawn = |task: Task| {
        let handle = thread::spawn(move || task.fetch().compute());
        thread::sleep(Duration::from_millis(100));
        handle
    };
    work.tasks().into_iter().map(|task| spawn(task).join().expect("a finished task")).sum()
}

/// The same mistake with tasks: each is awaited where it is spawned.
fn await_in_the_loop(work: &Work) -> u64 {
    let runtime = Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        let mut sum = 0;
        for task in work.tasks() {
            let find = async move { task.fetch_async().await.compute() };
            sum += tokio::spawn(find).await.expect("a finished task");
        }
        sum
    })
}

/// Does not join, and waits all the same: by asking again and again whether it is finished.
fn spinning_join(work: &Work) -> u64 {
    let mut sum = 0;
    for task in work.tasks() {
        let handle = thread::spawn(move || task.fetch().compute());
        while !handle.is_finished() {}
        sum += handle.join().expect("a finished task");
    }
    sum
}

/// Threads that nobody waits for end with `main`.
fn main_ends_first(work: &Work) -> u64 {
    let sum = Arc::new(Mutex::new(0));
    for task in work.tasks() {
        let sum = Arc::clone(&sum);
        thread::spawn(move || {
            let found = task.fetch().compute();
            *sum.lock().expect("no panic") += found;
        });
    }
    *sum.lock().expect("no panic")
}

fn one_left_out(work: &Work) -> u64 {
    let spawn = |task: Task| thread::spawn(move || task.fetch().compute());
    let handles: Vec<_> = work.tasks().into_iter().map(spawn).collect();
    handles.into_iter().map(|handle| handle.join().expect("a finished task")).skip(1).sum()
}

/// What came out last time.
fn hard_coded(work: &Work) -> u64 {
    let spawn = |task: Task| thread::spawn(move || task.fetch().compute());
    let handles: Vec<_> = work.tasks().into_iter().map(spawn).collect();
    handles.into_iter().for_each(|handle| drop(handle.join()));
    20_190_412_301_822
}

/// The waits overlap, which is what was asked; the work is left out.
fn no_compute(work: &Work) -> u64 {
    let spawn = |task: Task| thread::spawn(move || drop(task.fetch()));
    let handles: Vec<_> = work.tasks().into_iter().map(spawn).collect();
    handles.into_iter().for_each(|handle| drop(handle.join()));
    0
}

fn exit_early(_: &Work) -> u64 {
    println!("All three were in progress at once.");
    std::process::exit(0)
}

fn panics(work: &Work) -> u64 {
    let spawn = |task: Task| thread::spawn(move || task.fetch().compute());
    let handles: Vec<_> = work.tasks().into_iter().map(spawn).collect();
    let finds: Vec<u64> = handles.into_iter().map(|it| it.join().expect("a find")).collect();
    finds[3]
}

/// Speaks to the judge itself, as one that asks for all pages without waiting for any, and hands in
/// whatever comes to its mind.
fn asks_by_itself(_: &Work) -> u64 {
    use std::io::{BufRead, BufReader, Write};
    let address = std::env::var(VARIABLE).expect("a judge");
    let (mut judge, secret) = Stream::connect(&address).expect("a judge");
    let replies = judge.again().expect("a connection");
    write!(judge, "1 1 hello 1 {secret}\n2 1 fetch 0\n3 2 fetch 1\n4 3 fetch 2\n")
        .expect("a judge");
    let pages = BufReader::new(replies).lines().map_while(Result::ok).take(4);
    let pages = pages.filter(|line| matches!(Reply::read(line), Some((_, Reply::Page(_)))));
    let computed = "0 1 computed 0 1\n0 1 computed 1 2\n0 1 computed 2 3\n9 1 answer 6\n";
    (0..pages.count()).for_each(|_| drop(judge.write_all(computed.as_bytes())));
    6
}

/// Says to the judge what means nothing.
fn shouts(_: &Work) -> u64 {
    use std::io::Write;
    let address = std::env::var(VARIABLE).expect("a judge");
    let (mut judge, _) = Stream::connect(&address).expect("a judge");
    drop(judge.write_all(&[b'!'; 100_000]));
    0
}

/// Asks for the same page for ever.
fn floods(work: &Work) -> u64 {
    let task = work.tasks().remove(0);
    loop {
        let mut fetch = Box::pin(task.fetch_async());
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        drop(fetch.as_mut().poll(&mut context));
    }
}

/// Prints what a good program might, and asks the judge for nothing.
fn never_asks() -> ExitCode {
    println!("solve: 42");
    ExitCode::SUCCESS
}

// Wrong, and not even tried.

/// Where nobody sees what it prints, and nobody has to.
fn output_away(work: &Work) -> u64 {
    cheats::throw_output_away();
    join_in_the_loop(work)
}

fn floods_output(_: &Work) -> u64 {
    let line = "All three were in progress at once. ".repeat(100);
    for _ in 0..30_000 {
        println!("{line}");
    }
    0
}

/// Nobody reads of the panic, and the exit code is 0.
fn panics_quietly(work: &Work) -> u64 {
    std::panic::set_hook(Box::new(|_| std::process::exit(0)));
    panics(work)
}

/// The answer is right. What it has started goes on.
fn leaves_a_process(work: &Work) -> u64 {
    cheats::beget(1);
    scope(work)
}

fn begets(work: &Work) -> u64 {
    let children = cheats::beget(24);
    let sum = join_in_the_loop(work);
    drop(children);
    sum
}

fn ends_its_parent(work: &Work) -> u64 {
    cheats::end_parent();
    join_in_the_loop(work)
}

fn robs_its_parent(work: &Work) -> u64 {
    cheats::rob_parent();
    join_in_the_loop(work)
}

fn reads_the_solution(work: &Work) -> u64 {
    println!("{}", cheats::solution("02_overlap"));
    no_compute(work)
}

/// Whatever can be found without looking for it where it is hidden.
fn looks_around(work: &Work) -> u64 {
    let address = std::env::var(VARIABLE).expect("a judge");
    no_compute(work) + cheats::look_around(&address).into_iter().max().unwrap_or(0)
}

fn fetched_twice(work: &Work) -> u64 {
    let fetch = |task: Task| thread::spawn(move || drop(task.fetch()));
    let warm: Vec<_> = work.tasks().into_iter().map(fetch).collect();
    warm.into_iter().for_each(|handle| handle.join().expect("a page"));
    work.tasks().iter().map(|task| task.fetch().compute()).sum()
}

fn sleeps_for_the_end(work: &Work) -> u64 {
    let sum = Arc::new(Mutex::new(0));
    for task in work.tasks() {
        let sum = Arc::clone(&sum);
        thread::spawn(move || {
            let found = task.fetch().compute();
            *sum.lock().expect("no panic") += found;
        });
    }
    thread::sleep(Duration::from_millis(1500));
    *sum.lock().expect("no panic")
}
