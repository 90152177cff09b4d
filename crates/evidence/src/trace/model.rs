//! What a trace is made of, once it is read.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use super::chunks::Chunks;
use super::fault::Fault;
use ::trace::Workload;
use ::trace::event::Quantity;

/// The trace of a run, as far as it was recorded when it was read: of one process or of several.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    /// The number in the system of the process that began first.
    pub process: u32,
    /// The command that it was started with.
    pub command: String,
    /// When the trace begins, by the monotonic clock that all processes of the
    /// machine share (on systems without one, by some clock of the process).
    pub origin: Duration,
    /// When the trace begins, by the calendar.
    pub began: SystemTime,
    /// The processes that recorded, in the order of their beginnings.
    pub processes: Vec<Process>,
    /// What cannot be read of what is in the folder, where it was a folder that was read.
    pub faults: Vec<Fault>,
    /// Where the reading stopped, if there is more than a reader keeps.
    pub cut: Option<Cut>,
    /// What the program says of its workload. Where it does not tell how long a step waits, nothing is
    /// known of waits but those that tasks recorded.
    pub workload: Workload,
    /// How many events found no room in their file.
    pub dropped: u64,
    /// How many processes of this run wanted to record and could not, or did and left no trace: what
    /// they did is missing here.
    pub unrecorded_processes: u64,
    /// How many events there are.
    pub events: u64,
    /// The threads that recorded anything, by number.
    pub threads: Vec<Thread>,
    /// The tasks, in the order of their starts.
    pub tasks: Vec<Task>,
    /// The parts that were computed, in the order of their starts.
    pub parts: Vec<Part>,
    /// The compute, piece by piece, in the order of the pieces' starts.
    pub chunks: Chunks,
    /// The lines that were printed, in the order of time.
    pub lines: Vec<Line>,
    /// What tasks waited for, as far as they recorded it, in the order of the waits' starts.
    pub waits: Vec<Wait>,
    /// The figures that the program told, in the order of time.
    pub facts: Vec<Fact>,
    /// What each process read of the system: of each quantity the first and the last reading, in the
    /// order of time.
    pub readings: Vec<Reading>,
    /// The step in which the monotonic clock advances.
    pub clock_step: Duration,
    /// The step in which a thread's CPU clock advances, or nothing where it
    /// was not seen to advance.
    pub cpu_clock_step: Option<Duration>,
    /// By how much a thread was said to have executed longer than it took, at
    /// most: CPU times may be off by so much.
    pub cpu_clock_excess: Duration,
    /// From the beginning to the last event that was read.
    pub length: Duration,
}

/// A process that recorded something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Process {
    /// The process's number, which is its place in [`Trace::processes`].
    pub number: u32,
    /// The number in the system. Others of the same trace may have the same: numbers come again, and
    /// a process that becomes another program (`exec`) keeps its own.
    pub system: u32,
    /// The command that it was started with.
    pub command: String,
    /// The file that holds what it recorded.
    pub file: PathBuf,
    /// When it began to record, since the beginning of the trace.
    pub start: Duration,
    /// The number of the process that it was forked from, where it did not become another program and
    /// that one is on record.
    pub forked_from: Option<u32>,
}

/// What was not read of a trace that is too large.
///
/// What was read is what somebody would have read who came when the run had got so far: all of it,
/// and nothing of what was later. Only readings and the accounts of threads that ended are of
/// the whole run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// From when on nothing was read, since the beginning of the trace.
    pub from: Duration,
    /// When the last event was recorded.
    pub until: Duration,
}

/// Where in a trace an event stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Place {
    /// The number of the thread that recorded it.
    pub thread: u32,
    /// How many events this thread had recorded before.
    pub number: u32,
}

/// A thread that recorded something. All times are since the beginning of the trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// The thread's number, which is its place in [`Trace::threads`].
    pub number: u32,
    /// The number of its process.
    pub process: u32,
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
    /// When it last recorded anything about a part, if it is at one that has no end on record: it may
    /// have gone on executing for any time.
    pub open: Option<Duration>,
}

/// A task that was in progress. All times are since the beginning of the trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The task's number, from 1, which no other task of the trace has.
    pub number: u32,
    /// The number of the process that started it.
    pub process: u32,
    /// The task's name, which need not be unique.
    pub name: Arc<str>,
    /// When it started.
    pub start: Duration,
    /// When it ended, if it did.
    pub end: Option<Duration>,
    /// When it last recorded anything.
    pub last: Duration,
    /// Where its start stands.
    pub start_event: Place,
    /// Where its end stands, if it ended.
    pub end_event: Option<Place>,
}

/// A line that a task printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// When, since the beginning of the trace.
    pub time: Duration,
    /// The number of the thread that printed it.
    pub thread: u32,
    /// The number of the task.
    pub task: u32,
    /// The step that it announces, if it announces one.
    pub step: Option<u16>,
    /// The line, without its end.
    pub text: Box<str>,
    /// Whether it was longer.
    pub cut: bool,
}

/// A time in which a task waited. All times are since the beginning of the trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// The number of the task.
    pub task: u32,
    /// What it waited for, in the program's own words.
    pub what: Arc<str>,
    /// The number of the thread on which it began to wait.
    pub thread: u32,
    /// When it began.
    pub start: Duration,
    /// When it was over, if it was.
    pub end: Option<Duration>,
}

/// A figure that the program told.
#[derive(Clone, Debug, PartialEq)]
pub struct Fact {
    /// When, since the beginning of the trace.
    pub time: Duration,
    /// The number of the process that told it.
    pub process: u32,
    /// The number of the task that it is about, if it is about one.
    pub task: Option<u32>,
    /// What it is the figure of.
    pub name: Arc<str>,
    /// The figure.
    pub value: f64,
    /// The unit that it is in.
    pub unit: Arc<str>,
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

/// What a process read of the system at some moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// When, since the beginning of the trace.
    pub time: Duration,
    /// The number of the process that read it.
    pub process: u32,
    /// What was read.
    pub quantity: Quantity,
    /// What it was, in the quantity's unit.
    pub value: u64,
}

impl Trace {
    /// From the beginning to the last event.
    #[must_use]
    pub fn length(&self) -> Duration {
        self.length
    }

    /// The task with this number.
    #[must_use]
    pub fn task(&self, number: u32) -> Option<&Task> {
        self.tasks.iter().find(|task| task.number == number)
    }

    /// What the tasks are called.
    #[must_use]
    pub fn names(&self) -> Names {
        let first = self.tasks.first().map(|task| task.process);
        Names { are_shared: self.tasks.iter().any(|task| Some(task.process) != first) }
    }

    /// The first and the last reading of a quantity, by whatever process.
    #[must_use]
    pub fn first_and_last(&self, quantity: Quantity) -> Option<[Reading; 2]> {
        ends(self.readings.iter().filter(|reading| reading.quantity == quantity))
    }

    /// The first and the last reading of a quantity by each process that read it.
    pub fn readings_of_each(&self, quantity: Quantity) -> impl Iterator<Item = [Reading; 2]> {
        let own = move |reading: &&Reading, process: u32| {
            reading.quantity == quantity && reading.process == process
        };
        self.processes.iter().filter_map(move |process| {
            ends(self.readings.iter().filter(|reading| own(reading, process.number)))
        })
    }
}

/// What the tasks of a trace are called: by their names, and where several processes have tasks by the
/// numbers of these as well, counted from 1. Processes that do the same work have tasks of the same
/// names.
#[derive(Clone, Copy, Debug)]
pub struct Names {
    are_shared: bool,
}

impl Names {
    /// What a task is called.
    #[must_use]
    pub fn of(self, task: &Task) -> String {
        match self.are_shared {
            true => format!("{} (process {})", task.name, task.process + 1),
            false => task.name.to_string(),
        }
    }
}

fn ends<'a>(mut readings: impl DoubleEndedIterator<Item = &'a Reading>) -> Option<[Reading; 2]> {
    let first = *readings.next()?;
    Some([first, readings.next_back().copied().unwrap_or(first)])
}
