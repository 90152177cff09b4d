//! A program that nobody has thought of: threads and processes that compute, wait, take turns and hand over,
//! as a seed says. What it records of itself is true, and it does not record everything.
//!
//!     random SEED

use std::process::Command;
use std::sync::{Barrier, Mutex};
use std::thread;
use std::time::{Duration, Instant};

use fastrand::Rng;
use lab::task::Task;

fn main() {
    let words: Vec<String> = std::env::args().collect();
    let number = |place: usize| words.get(place).and_then(|word| word.parse::<u64>().ok());
    match words.get(1).map(String::as_str) {
        // A child of ours, which records nothing.
        Some("compute") => spend(number(2).unwrap_or(0)),
        _ => run(number(1).unwrap_or(0)),
    }
}

/// What all threads share.
struct Common {
    lock: Mutex<()>,
    barrier: Barrier,
}

fn run(seed: u64) {
    let mut rng = Rng::with_seed(seed);
    let count = rng.usize(1..=5);
    // Threads meet now and then, each as often as the others, so that none is left behind.
    let meetings = rng.usize(0..3);
    let common = &Common { lock: Mutex::new(()), barrier: Barrier::new(count) };
    let is_joined_at_once = rng.u8(0..6) == 0 && meetings == 0;
    thread::scope(|scope| {
        for place in 0..count {
            let rng = rng.fork();
            let handle = scope.spawn(move || live(place, rng, meetings, common));
            if is_joined_at_once {
                handle.join().expect("it does not panic");
            }
        }
    });
}

/// One thread's life.
fn live(place: usize, mut rng: Rng, meetings: usize, common: &Common) {
    let task = Task::start(format!("task {place}"));
    for round in 0..=meetings {
        for step in 0..rng.usize(1..8) {
            act(task, step, &mut rng, common);
        }
        if round < meetings {
            common.barrier.wait();
        }
    }
    task.end();
}

/// Does one thing.
fn act(task: Task, step: usize, rng: &mut Rng, common: &Common) {
    let microseconds = 1 << rng.u32(6..16);
    match rng.u8(0..10) {
        0..4 => record(task, step, microseconds),
        4 => {
            let _guard = common.lock.lock().expect("nobody panics");
            record(task, step, microseconds);
        }
        5 => spend(microseconds),
        6 => thread::sleep(Duration::from_micros(microseconds)),
        7 => (0..rng.u32(1..200)).for_each(|_| thread::yield_now()),
        8 => {
            let began = Instant::now();
            while began.elapsed() < Duration::from_micros(microseconds) {
                std::hint::spin_loop();
            }
        }
        _ if rng.u8(0..4) == 0 => bear(microseconds),
        _ => (0..rng.u32(1..50)).for_each(|_| record(task, step, 5)),
    }
}

/// Lets a child compute, and waits for it.
fn bear(microseconds: u64) {
    let program = std::env::current_exe().expect("this program's own path");
    let child = Command::new(program).args(["compute", &microseconds.to_string()]).status();
    assert!(child.is_ok_and(|status| status.success()), "a child computes and ends");
}

/// Computes for about so long, and records it.
fn record(task: Task, step: usize, microseconds: u64) {
    let part = task.begin_part(step, 0);
    let began = Instant::now();
    while began.elapsed() < Duration::from_micros(microseconds) {
        busy();
        part.tick();
    }
}

/// Computes for about so long, and tells nobody.
fn spend(microseconds: u64) {
    let began = Instant::now();
    while began.elapsed() < Duration::from_micros(microseconds) {
        busy();
    }
}

fn busy() {
    let sum =
        (0..500_u64).fold(1, |sum: u64, next| std::hint::black_box(sum.wrapping_mul(31) + next));
    std::hint::black_box(sum);
}
