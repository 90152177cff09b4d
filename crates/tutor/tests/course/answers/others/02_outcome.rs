//! Other answers to 02.

use std::process::ExitCode;

use classroom::{Work, run};

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("loop") => run(in_a_loop),
        Some("backwards") => run(backwards),
        Some("nothing") => run(|_: &Work| 0_u64),
        Some("first") => run(|work: &Work| work.tasks()[0].compute()),
        Some("quits") => ExitCode::SUCCESS,
        Some("more") => run(|work: &Work| backwards(work) + 1),
        Some("forgets") => run(forgets),
        _ => {
            println!("loop\nbackwards\nnothing\nfirst\nquits\nmore\nforgets");
            ExitCode::SUCCESS
        }
    }
}

fn in_a_loop(work: &Work) -> u64 {
    let mut sum = 0;
    for task in work.tasks() {
        sum += task.compute();
    }
    sum
}

fn backwards(work: &Work) -> u64 {
    work.tasks().iter().rev().map(|task| task.compute()).sum()
}

fn forgets(work: &Work) -> u64 {
    let _found = backwards(work);
    0
}
