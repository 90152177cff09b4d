//! What a lesson holds in its hands while it works.
//!
//! A [`Task`] prints its lines, does its compute, and leaves events in the
//! [trace](crate::trace) of the run where somebody asked for one.

use std::fmt;

use crate::work::{self, Part};

/// An independent piece of work with a name, in progress from [`Task::start`] to [`Task::finish`].
///
/// A task is a small handle: copies of it may be handed to other threads,
/// which compute parts for it.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    name: &'static str,
}

impl Task {
    /// Starts a task.
    #[must_use]
    pub fn start(name: &'static str) -> Task {
        Task { name }
    }

    /// The task's name.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.name
    }

    /// Prints a line of progress, `Task A - Step 1`.
    pub fn step(self, step: usize) {
        self.say(format_args!("Task {} - Step {step}", self.name));
    }

    /// Prints any other line.
    #[expect(
        clippy::unused_self,
        reason = "the recorder will note which task printed the line"
    )]
    pub fn say(self, line: impl fmt::Display) {
        println!("{line}");
    }

    /// Does the compute of one step in one piece, and returns its number of primes.
    #[must_use]
    pub fn compute(self, step: usize) -> usize {
        self.compute_part(&work::whole(step))
    }

    /// Does one part of a step's compute on the calling thread, and returns its number of primes.
    #[must_use]
    #[expect(
        clippy::unused_self,
        reason = "the recorder will note for which task the part is"
    )]
    pub fn compute_part(self, part: &Part) -> usize {
        work::count_primes(&part.range, || {})
    }

    /// Prints the result, `Task A - 78498 primes`, and ends the task.
    pub fn finish(self, primes: usize) {
        self.say(format_args!("Task {} - {primes} primes", self.name));
        self.end();
    }

    /// Ends the task without a line.
    pub fn end(self) {}
}
