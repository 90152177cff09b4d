//! Keeps every core busy meanwhile, for the runs that only a loaded machine brings about.

use std::hint::black_box;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};

use anyhow::{Context, Result};
use clap::{Arg, ArgAction};
use lab::work;

use crate::timing;

/// How many threads there are for every core. With one, a program that starts would often find a
/// core on which it is alone with that thread, and the scheduler soon gives it what it asks for;
/// with two, most of its threads have to wait for their turn.
const THREADS_PER_CORE: usize = 2;

/// Threads of ours that compute until this is dropped.
///
/// They have no lower priority than the lessons, with which they share the cores fairly. They live
/// in this process, and so end with it, however it ends.
#[derive(Debug)]
pub(crate) struct Busy {
    stop: Arc<AtomicBool>,
    threads: Vec<JoinHandle<()>>,
}

/// The argument that asks for it.
pub(crate) fn argument() -> Arg {
    Arg::new("busy")
        .long("busy")
        .action(ArgAction::SetTrue)
        .help("Keep every core busy meanwhile, with two threads for each that compute")
}

/// How many threads keep every core busy.
pub(crate) fn threads() -> usize {
    timing::cores() * THREADS_PER_CORE
}

impl Busy {
    /// Keeps every core that we may use busy from now on.
    ///
    /// # Errors
    ///
    /// If the system has no room for more threads.
    pub(crate) fn start() -> Result<Busy> {
        let mut busy = Busy { stop: Arc::default(), threads: Vec::new() };
        for _ in 0..threads() {
            let stop = Arc::clone(&busy.stop);
            let thread = thread::Builder::new().name("busy".to_owned());
            let thread = thread.spawn(move || compute_until(&stop));
            busy.threads.push(thread.context("the cores cannot be kept busy")?);
        }
        Ok(busy)
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.stop.store(true, Ordering::Relaxed);
        for thread in self.threads.drain(..) {
            // There is nothing in it that could panic, and nothing to do about it here.
            let _ = thread.join();
        }
    }
}

/// Does what the lessons do: counts primes, in pieces of well below a millisecond.
fn compute_until(stop: &AtomicBool) {
    while !stop.load(Ordering::Relaxed) {
        black_box(work::count_primes(&black_box(0..2_000), || {}));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_thread_outlives_the_value() {
        let busy = Busy::start().unwrap();
        assert_eq!(busy.threads.len(), threads());
        let stop = Arc::clone(&busy.stop);
        drop(busy);
        assert_eq!(Arc::strong_count(&stop), 1, "a thread still holds the signal to stop");
    }
}
