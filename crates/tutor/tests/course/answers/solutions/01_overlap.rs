//! 01: one after the other.

use std::process::ExitCode;
use std::thread;

use classroom::Work;

fn main() -> ExitCode {
    println!("This is printed by the program.");
    classroom::run(solve)
}

/// The sum of what all tasks find.
fn solve(work: &Work) -> u64 {
    // SOLUTION BEGIN
    let spawn = |task: classroom::Task| thread::spawn(move || task.fetch().compute());
    let threads: Vec<_> = work.tasks().into_iter().map(spawn).collect();
    threads.into_iter().map(|thread| thread.join().expect("a find")).sum()
    // START: let spawn = |task: classroom::Task| thread::spawn(move || task.fetch().compute());
    // START: work.tasks().into_iter().map(|task| spawn(task).join().expect("a find")).sum()
    // SOLUTION END
}
