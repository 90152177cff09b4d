//! `select!` polls several futures in turn until one is finished. Here a task prints step 1, waits, and
//! prints step 2; when it is dropped, at its end or before, it says so. A waits for a letter, which
//! `notify_one` sends once `select!` is done; then comes C. B only gives others a turn.
//!
//! Predict: after steps 1 of A and B come step 2 of B and, as line 4, that B is dropped. Which is line 5?
//! - `Task A - Step 2`
//! - `Task A - dropped`
//! - `Task C - Step 1`
//!
//! Change: `() = task("A", LETTER.notified()) => {}` to
//! `_ = tokio::spawn(task("A", LETTER.notified())) => {}`. Line 5 is step 1 of C then. Which is line 6?
//! - `Task A - Step 2`
//! - `Task C - Step 2`

use lab::prelude::*;
use tokio::runtime::Builder;
use tokio::sync::Notify;
use tokio::task::yield_now;
use tokio::time::sleep;

static LETTER: Notify = Notify::const_new();

/// Whichever of A and B is done first; then C. An arm has a pattern, a future, and what comes after it.
pub fn run() {
    let runtime = Builder::new_current_thread().enable_time().build().expect("a runtime");
    runtime.block_on(async {
        tokio::select! {
            () = task("A", LETTER.notified()) => {}
            () = task("B", yield_now()) => {}
        }
        LETTER.notify_one();
        task("C", sleep(work::wait())).await;
    });
}

async fn task(name: &'static str, waiting: impl Future<Output = ()>) {
    let task = Dropped(Task::start(name));
    task.0.step(1);
    waiting.await;
    task.0.step(2);
}

/// A task that says when it is dropped.
struct Dropped(Task);

impl Drop for Dropped {
    fn drop(&mut self) {
        self.0.say(format_args!("Task {} - dropped", self.0.name()));
        self.0.end();
    }
}

/// What may begin before what, in lines.
#[must_use]
pub fn order() -> Order {
    let step = |name, n| line(format!("Task {name} - Step {n}")).label(format!("{name}{n}"));
    let gone = |name| line(format!("Task {name} - dropped")).label(format!("{name}D"));
    let begin = par(["A", "B"].map(|name| step(name, 1)));
    seq([begin, step("B", 2), gone("B"), gone("A"), step("C", 1), step("C", 2), gone("C")])
}

// Answer, by line 5: `Task A - dropped`. A future goes on only while somebody polls it. Once B is
// done, `select!` polls A no more, and drops it where it waits: A is *cancelled*. What it had begun is
// lost, and when the letter is sent nobody is there to read it. (A thread would run on. And no message is
// lost in the `select!` of crossbeam-channel, or of Go: those choose among channels. If a future may be
// dropped at an `.await`, keep outside of it what it has done. Or hand `&mut future` to `select!`: then
// only the reference is dropped, and the future can be polled again.)
//
// Then, by line 6: `Task A - Step 2`. The runtime has the task now, and `select!` drops only a handle to
// it, which ends no task. A goes on when the letter comes, while C waits. No thread was started for it:
// the runtime's only thread polls A, too. (*Concurrent only*, like the run before the change. A handle
// tells of a panic as well, in a `Result`: hence `_`.)
