//! Somebody who watches a process, and ends it and what it has started where nobody should wait for it any
//! longer: then its pipes end, and whoever reads them fails and does not hang.

use std::process::Child;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

/// So long no call takes, on however busy a machine.
pub(super) const IN_VAIN: Duration = Duration::from_secs(300);

/// A watch over a process, until it is told that the process is done, or is dropped.
#[derive(Debug)]
pub(super) struct Watch {
    done: Sender<()>,
    thread: JoinHandle<bool>,
}

impl Watch {
    /// Watches a process, which may take so long.
    pub(super) fn over(process: &Child, patience: Duration) -> Watch {
        let end = end_of(process);
        let (done, is_done) = mpsc::channel();
        let thread = thread::spawn(move || {
            let is_late = is_done.recv_timeout(patience) == Err(RecvTimeoutError::Timeout);
            if is_late {
                end();
            }
            is_late
        });
        Watch { done, thread }
    }

    /// Takes note that the process is done. Returns whether it had to be ended.
    pub(super) fn was_in_vain(self) -> bool {
        drop(self.done);
        self.thread.join().expect("a watch to its end")
    }
}

/// What ends a process that may be waited for by somebody else, and whatever that has started. They have no
/// process group of their own: whoever presses Ctrl-C while tests run ends all of it.
#[cfg(unix)]
fn end_of(process: &Child) -> impl FnOnce() + Send + 'static {
    use rustix::process::{Pid, Signal, kill_process};

    let process = Pid::from_child(process);
    move || {
        let mut all = vec![process.as_raw_nonzero().get()];
        let mut next = 0;
        while let Some(&parent) = all.get(next) {
            all.extend(children(parent));
            next += 1;
        }
        for process in all.into_iter().filter_map(Pid::from_raw) {
            // One that has ended at last need not be.
            let _gone = kill_process(process, Signal::KILL);
        }
    }
}

/// Whom a process has started, as far as the system tells. Linux does.
#[cfg(unix)]
fn children(process: i32) -> Vec<i32> {
    let threads = std::fs::read_dir(format!("/proc/{process}/task"));
    let threads = threads.into_iter().flatten().flatten();
    let lists = threads.filter_map(|it| std::fs::read_to_string(it.path().join("children")).ok());
    lists
        .flat_map(|list| list.split(' ').filter_map(|it| it.parse().ok()).collect::<Vec<_>>())
        .collect()
}

/// Here only whoever waits for a process could end it.
#[cfg(not(unix))]
fn end_of(_process: &Child) -> impl FnOnce() + Send + 'static {
    || ()
}
