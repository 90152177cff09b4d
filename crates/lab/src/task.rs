//! What a lesson holds in its hands while it works.
//!
//! A [`Task`] prints its lines, does its compute, and leaves events in the
//! [`trace`] of the run where somebody asked for one.

use std::fmt;

use crate::name::Name;
use crate::record;
use crate::work;

/// An independent piece of work with a name, in progress from [`Task::start`] to [`Task::finish`].
///
/// A task is a small handle: copies of it may be handed to other threads,
/// which compute parts for it.
#[derive(Clone, Copy, Debug)]
pub struct Task {
    name: Name,
    /// Tells tasks of the same name apart in the trace.
    number: u32,
}

impl Task {
    /// Starts a task. Any name will do, and need not be different from others, but only its first
    /// [63 bytes](Task::LONGEST_NAME) are kept.
    ///
    /// ```
    /// # use lab::prelude::*;
    /// let task = Task::start("A");
    /// let another = Task::start(format!("request {}", 17));
    /// assert_eq!(another.name(), "request 17");
    /// # task.end();
    /// # another.end();
    /// ```
    #[must_use]
    pub fn start(name: impl AsRef<str>) -> Task {
        Task::named(Name::kept(name.as_ref()))
    }

    /// How many bytes of a name are kept.
    pub const LONGEST_NAME: usize = Name::LONGEST;

    fn named(name: &str) -> Task {
        Task { name: Name::of(name), number: record::start_task(name) }
    }

    /// The task's name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Prints a line of progress, `Task A - Step 1`.
    pub fn step(self, step: usize) {
        record::print_line(
            self.number,
            short(step),
            &format!("Task {} - Step {step}", self.name()),
        );
    }

    /// Prints any other line.
    pub fn say(self, line: impl fmt::Display) {
        record::print_line(self.number, 0, &line.to_string());
    }

    /// Does the compute of one step in one piece, and returns its number of primes.
    #[must_use]
    pub fn compute(self, step: usize) -> usize {
        let part = self.begin_part(step, 0);
        work::count_primes(&work::whole(step).range, || part.tick())
    }

    /// Does one part of a step's compute on the calling thread, and returns its number of primes.
    #[must_use]
    pub fn compute_part(self, part: work::Part) -> usize {
        let computing = self.begin_part(part.step, part.number);
        work::count_primes(&part.range, || computing.tick())
    }

    /// Begins compute of another kind on the calling thread, which lasts until
    /// the [`Computation`] that this returns is dropped.
    ///
    /// ```
    /// # use lab::prelude::*;
    /// let task = Task::start("sum");
    /// let part = task.begin_part(1, 1);
    /// let sum: u64 = (0..1_000_000).inspect(|_| part.tick()).sum();
    /// drop(part);
    /// task.say(sum);
    /// task.end();
    /// ```
    #[must_use]
    pub fn begin_part(self, step: usize, number: usize) -> Computation {
        Computation { computing: record::Computing::start(self.number, short(step), short(number)) }
    }

    /// Notes that the task waits from now on, until what this returns is dropped: for a lock, a
    /// message, or whatever the words say. (A task that waits for a timer after each of its steps
    /// need not: [`work::wait`] tells that of all of them.)
    ///
    /// A task may be waiting on one thread and go on on another, and wait for several things at once.
    ///
    /// ```
    /// # use lab::prelude::*;
    /// # use std::sync::Mutex;
    /// # let numbers = Mutex::new(vec![1, 2, 3]);
    /// let task = Task::start("A");
    /// let waiting = task.waits_for("lock");
    /// let numbers = numbers.lock().expect("nobody panics with the lock");
    /// drop(waiting);
    /// # drop(numbers);
    /// # task.end();
    /// ```
    #[must_use = "the wait lasts until this is dropped"]
    pub fn waits_for(self, what: &str) -> Waiting {
        Waiting { _waiting: record::Waiting::start(self.number, what) }
    }

    /// Records a figure about this task, as [`record::fact`] does about the program.
    pub fn fact(self, name: &str, value: impl Into<f64>, unit: &str) {
        record::task_fact(self.number, name, value.into(), unit);
    }

    /// Prints the result, `Task A - 78498 primes`, and ends the task.
    pub fn finish(self, primes: usize) {
        self.say(format_args!("Task {} - {primes} primes", self.name()));
        self.end();
    }

    /// Ends the task without a line.
    pub fn end(self) {
        record::end_task(self.number);
    }
}

/// A part of a task's compute that the calling thread is at, from [`Task::begin_part`] until it is
/// dropped, which must happen on the same thread.
#[derive(Debug)]
pub struct Computation {
    computing: record::Computing,
}

impl Computation {
    /// Tells the trace that the thread is executing.
    ///
    /// Compute calls this every few microseconds. It reads the thread's CPU
    /// clock about every half millisecond and costs one reading of the
    /// monotonic clock else; without a trace it costs nothing.
    #[inline]
    pub fn tick(&self) {
        self.computing.tick();
    }
}

/// A wait of a task, from [`Task::waits_for`] until it is dropped.
#[derive(Debug)]
pub struct Waiting {
    _waiting: record::Waiting,
}

/// A trace has room for small numbers of steps and parts; the few that are larger all look alike.
fn short(number: usize) -> u16 {
    u16::try_from(number).unwrap_or(u16::MAX)
}
