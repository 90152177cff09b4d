//! 01: which line comes last?
//!
//! Three tasks, each on a thread of its own. Each fetches a page, for which it has to wait, computes what is
//! hidden in it, and says what it has found. `main` says "All done."
//!
//! Predict: how many of the three tasks' lines come before that of `main`?
//!
//! Then change `solve`, so that "All done." is the last line of every run. The other lines may come in any
//! order, and none of them waits for another.
//!
//! You are judged by this: a page comes when nothing else goes on any more, and one of the three comes
//! last. Whatever does not wait for it is said before. In a last run it is the lines that take so long.
//!
//! Judge it: cargo xtask exercise 01

use std::process::ExitCode;
use std::thread;

use classroom::{Task, Work};

fn main() -> ExitCode {
    classroom::run(solve)
}

/// Says what each task finds, and then that this was all.
fn solve(work: &Work) {
    thread::scope(|scope| {
        let spawn = |task: Task| scope.spawn(move || report(work, &task));
        let handles: Vec<_> = work.tasks().into_iter().map(spawn).collect();
        // SOLUTION BEGIN
        for handle in handles {
            handle.join().expect("a finished task");
        }
        work.say("All done.");
        // START: work.say("All done.");
        // START: for handle in handles {
        // START:     handle.join().expect("a finished task");
        // START: }
        // SOLUTION END
    });
}

/// Says what a task finds.
fn report(work: &Work, task: &Task) {
    let found = task.fetch().compute();
    work.say(format!("{} found {found}.", task.name()));
}
