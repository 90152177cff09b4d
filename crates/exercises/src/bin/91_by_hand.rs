//! 91, optional: three futures, driven by hand.
//!
//! A future does nothing by itself. Somebody has to poll it; and whoever does so hands it a waker, by which it
//! says when it is worth the while to poll it again. Runtimes do that. Here `main` does: it polls, and sleeps
//! until its waker is used.
//!
//! Predict: three futures are there before the first of them is polled. How many fetches are in progress at once,
//! at most?
//!
//! Then change `solve`, so that each of them gets on as soon as it can, whichever it is. `main` sleeps as long as
//! none can, and it stays the only thread.
//!
//! You are judged by this: pages come one at a time, when nothing else goes on any more, and A's last of all; or
//! each while another one's line is being printed, when `main` does not sleep.
//!
//! Judge it: cargo xtask exercise 91

use std::process::ExitCode;
use std::sync::Arc;
use std::task::{Context, Wake, Waker};
use std::thread::{self, Thread};

use classroom::{Task, Work};

fn main() -> ExitCode {
    classroom::run(solve)
}

/// Has each task say what it found, and then says that this was all.
fn solve(work: &Work) {
    let find = |task| Box::pin(find(work, task));
    let mut futures: Vec<_> = work.tasks().into_iter().map(find).collect();
    let waker = Waker::from(Arc::new(Unparks(thread::current())));
    let mut context = Context::from_waker(&waker);
    for future in &mut futures {
        while future.as_mut().poll(&mut context).is_pending() {
            thread::park();
        }
    }
    work.say("All done.");
}

/// Waits for the task's page, without the thread; then says what is hidden in it.
async fn find(work: &Work, task: Task) {
    let found = task.fetch_async().await.compute();
    work.say(format!("{}: {found}", task.name()));
}

/// Wakes a thread that is parked. If it is not, it will not stop at the next `park` either.
struct Unparks(Thread);

impl Wake for Unparks {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}
