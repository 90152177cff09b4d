//! The reading side.

use std::ops::Range;
use std::path::Path;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::assembly::Assembly;
use super::file::{self, ReadError};
use ::trace::GAP;
use ::trace::event::{Event, Quantity};

/// The trace of a run, as far as it was recorded when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The number of the process in the system.
    pub process: u32,
    /// The command that the process was started with.
    pub command: String,
    /// When the trace begins, by the monotonic clock that all processes of the
    /// machine share (on systems without one, by some clock of the process).
    pub origin: Duration,
    /// When the trace begins, by the calendar.
    pub began: SystemTime,
    /// How long a step waits, where the program asked for that
    /// (`lab::work::wait`): otherwise nothing is known of waits.
    pub wait: Option<Duration>,
    /// How many times slower than normal waits and compute are.
    pub slowdown: u32,
    /// How many parts a step's compute is split into, where it is split.
    pub parts_of_a_step: u32,
    /// How many events found no room in the file.
    pub dropped: u64,
    /// How many other processes of this run wanted to record into the same
    /// file and could not: what they did is missing here.
    pub unrecorded_processes: u64,
    /// Everything that happened, in the order of time.
    pub events: Vec<Event>,
    /// The threads that recorded anything, by number.
    pub threads: Vec<Thread>,
    /// The tasks, in the order of their starts.
    pub tasks: Vec<Task>,
    /// The parts that were computed, in the order of their starts.
    pub parts: Vec<Part>,
    /// The compute, piece by piece, in the order of the pieces' starts.
    pub chunks: Vec<Chunk>,
    /// What the process read of the system, in the order of time.
    pub readings: Vec<Reading>,
    /// The step in which the monotonic clock advances.
    pub clock_step: Duration,
    /// The step in which a thread's CPU clock advances, or nothing where it
    /// was not seen to advance.
    pub cpu_clock_step: Option<Duration>,
    /// By how much a thread was said to have executed longer than it took, at
    /// most: CPU times may be off by so much.
    pub cpu_clock_excess: Duration,
}

/// A thread that recorded something. All times are since the beginning of the trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// The thread's number, which is its place in [`Trace::threads`].
    pub number: u32,
    /// The thread's name in the program, empty if it has none.
    pub name: String,
    /// The thread's number in the system, where it has one.
    pub system: Option<u32>,
    /// When its first event was recorded.
    pub first: Duration,
    /// When its last event was recorded.
    pub last: Duration,
    /// How long it executed, all told, if it lived to tell.
    pub cpu: Option<Duration>,
    /// How long it waited for a core, all told, if it lived to tell.
    pub run_delay: Option<Duration>,
}

/// A task that was in progress. All times are since the beginning of the trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The task's number, from 1.
    pub number: u32,
    /// The task's name, which need not be unique.
    pub name: String,
    /// When it started.
    pub start: Duration,
    /// When it ended, if it did.
    pub end: Option<Duration>,
    /// When it last recorded anything.
    pub last: Duration,
    /// The place of its start in [`Trace::events`].
    pub start_event: usize,
    /// The place of its end in [`Trace::events`], if it ended.
    pub end_event: Option<usize>,
}

/// A part that was computed. All times are since the beginning of the trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The number of the task that it belongs to.
    pub task: u32,
    /// The number of the step that it belongs to.
    pub step: u16,
    /// Its number within the step, from 1, or 0 for all of the step in one piece.
    pub number: u16,
    /// The number of the thread that computed it.
    pub thread: u32,
    /// When it began.
    pub start: Duration,
    /// When it ended, if it did.
    pub end: Option<Duration>,
    /// When its thread last recorded anything about it.
    pub last: Duration,
}

/// A piece of a part's compute, between two readings of its thread's CPU clock.
///
/// The chunks of one thread never overlap. All times are since the beginning of the trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The place in [`Trace::parts`] of the part that it is a piece of: the
    /// innermost one, where a thread was at several.
    pub part: usize,
    /// The number of the thread.
    pub thread: u32,
    /// When it began.
    pub start: Duration,
    /// When it ended.
    pub end: Duration,
    /// The core that the thread was on at the end, where the system tells.
    pub core: Option<u16>,
    /// When the thread was last known to be executing, before the end.
    pub seen: Duration,
    /// For how long of this time the thread was executing, as far as the system tells.
    pub executing: Option<Executing>,
}

/// What the process read of the system at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// When, since the beginning of the trace.
    pub time: Duration,
    /// What was read.
    pub quantity: Quantity,
    /// What it was, in the quantity's unit.
    pub value: u64,
}

/// How long a thread was executing during a [`Chunk`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Executing {
    /// No shorter than this.
    pub at_least: Duration,
    /// No longer than this.
    pub at_most: Duration,
}

impl Chunk {
    /// How long it lasted.
    #[must_use]
    pub fn length(&self) -> Duration {
        self.end.saturating_sub(self.start)
    }

    /// For how long its thread may have been off its core, at most.
    #[must_use]
    pub fn off_core(&self) -> Duration {
        let executing = self.executing.map_or(Duration::ZERO, |executing| executing.at_least);
        self.length().saturating_sub(executing)
    }

    /// When its thread was most likely off its core: it did not come to its next tick.
    ///
    /// This is for showing. A verdict goes by [`Chunk::executing`] alone.
    #[must_use]
    pub fn gap(&self) -> Option<Range<Duration>> {
        let pause = self.end.saturating_sub(self.seen.max(self.start));
        let gap = pause.min(self.off_core());
        let is_long = self.executing.is_some() && gap >= Duration::from_nanos(GAP);
        is_long.then(|| self.end - gap..self.end)
    }
}

impl Trace {
    /// Reads what has been recorded so far.
    ///
    /// This works while the program runs and when it is gone, however it went.
    /// What is read is whole, and complete up to some moment for each thread.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or is empty, cut short, damaged or no trace of this version.
    pub fn read(path: impl AsRef<Path>) -> Result<Trace, ReadError> {
        file::read(path.as_ref())
    }

    /// Puts a trace together from events, which may be in any order as long as each thread's are
    /// in theirs. What does not follow from the events is as on a machine at rest.
    #[must_use]
    pub fn from_events(mut events: Vec<Event>) -> Trace {
        // Stable: what happened on one thread in the same nanosecond stays in order.
        events.sort_by_key(|event| event.time);
        let assembly = Assembly::of(&events);
        let Assembly { threads, tasks, parts, chunks, readings, cpu_clock_excess, .. } = assembly;
        Trace {
            process: 0,
            command: String::new(),
            origin: Duration::ZERO,
            began: UNIX_EPOCH,
            wait: Some(Duration::from_millis(20)),
            slowdown: 1,
            parts_of_a_step: 8,
            dropped: 0,
            unrecorded_processes: 0,
            events,
            threads,
            tasks,
            parts,
            chunks,
            readings,
            clock_step: Duration::from_nanos(1),
            cpu_clock_step: Some(Duration::from_nanos(1)),
            cpu_clock_excess,
        }
    }

    /// From the beginning to the last event.
    #[must_use]
    pub fn length(&self) -> Duration {
        self.events.last().map_or(Duration::ZERO, |event| event.time)
    }

    /// The task with this number.
    #[must_use]
    pub fn task(&self, number: u32) -> Option<&Task> {
        self.tasks.iter().find(|task| task.number == number)
    }

    /// The first and the last reading of a quantity.
    #[must_use]
    pub fn first_and_last(&self, quantity: Quantity) -> Option<[Reading; 2]> {
        let mut readings = self.readings.iter().filter(|reading| reading.quantity == quantity);
        let first = *readings.next()?;
        Some([first, readings.next_back().copied().unwrap_or(first)])
    }
}
