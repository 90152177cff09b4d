//! One thread, one task after the other.

use std::thread::sleep;

use lab::prelude::*;

pub fn run() {
    for name in work::TASKS {
        task(name);
    }
}

fn task(name: &'static str) {
    let task = Task::start(name);
    let mut primes = 0;
    for step in work::STEPS {
        task.step(step);
        sleep(work::wait());
        primes += task.compute(step);
    }
    task.finish(primes);
}
