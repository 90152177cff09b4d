//! Why a verdict is what it is, in words.

use std::fmt;
use std::time::Duration;

use super::Time;

/// One reason for an answer, or for the lack of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// There was one task only.
    OneTask,
    /// No two tasks were in progress at once.
    OneTaskAfterTheOther {
        /// How many tasks there were.
        tasks: usize,
    },
    /// While a task waited nothing else was in progress.
    WaitsHoldTheThread {
        /// How long the tasks were in progress without computing, all told.
        idle: Duration,
    },
    /// The tasks computed nearly all the time.
    NothingToWaitFor,
    /// The program recorded no task.
    NoTask,
    /// A task has no end on record, so that it may have been in progress still when another began.
    TaskWithoutEnd {
        /// The name of the task without an end.
        task: String,
        /// The name of the task that began afterwards.
        other: String,
    },
    /// A task ended at the very time at which another began on another thread.
    SameMoment {
        /// The name of the task that ended.
        task: String,
        /// The name of the task that began.
        other: String,
    },
    /// Nothing was computed.
    NoCompute,
    /// One thread did all compute.
    OneThread {
        /// The thread's name or number.
        thread: String,
        /// How long it computed, at most.
        compute: Duration,
    },
    /// The process was allowed one core only.
    OneCore,
    /// Several threads computed, and never at the same time.
    TookTurns {
        /// How many threads computed.
        threads: usize,
        /// How much compute can have run beside other compute at most.
        at_most: Duration,
    },
    /// The threads took turns although they hardly had to wait for a core.
    TurnsOfItsOwn,
    /// There was no more than one core's worth of time, so no reason to start several workers.
    NoSecondCore,
    /// Threads that were ready to go on waited for a core.
    Busy {
        /// How long they waited, all told.
        waited: Duration,
    },
    /// The system does not tell how long threads waited for a core, so it may have been long.
    UnknownRunDelay,
    /// The control group was held back.
    Throttled {
        /// For how long.
        throttled: Duration,
    },
    /// The host took cores away.
    Stolen {
        /// For how long, summed over all cores.
        steal: Duration,
    },
    /// The bounds leave both answers open.
    BetweenTheBounds {
        /// How much compute ran beside other compute at least.
        at_least: Duration,
        /// How much compute can have run beside other compute at most.
        at_most: Duration,
    },
    /// The system has no CPU clock for threads.
    NoCpuClock,
    /// A thread was still at a part when its record broke off.
    PartWithoutEnd,
    /// Events found no room in the trace.
    Dropped {
        /// How many.
        events: u64,
    },
    /// Other processes of the run wanted to record too.
    UnrecordedProcesses {
        /// How many.
        processes: u64,
    },
    /// Nobody watched from outside.
    NoWitness,
    /// More was executed than was recorded.
    Unaccounted {
        /// How much, by the kernel's accounts.
        cpu: Duration,
    },
    /// Whoever watched from outside has proof.
    SeenFromOutside,
    /// Inside and outside contradict each other.
    Disagreement,
}

/// Whose doing it is that a run was not what it might have been.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Blame {
    /// The program would have done the same on any machine.
    Program,
    /// On this machine, at this time, no program could have done better.
    Machine,
    /// It may have been either.
    Either,
}

impl Blame {
    /// The name for programs.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Blame::Program => "program",
            Blame::Machine => "machine",
            Blame::Either => "either",
        }
    }
}

impl Reason {
    /// Whom this reason blames, if it blames anybody for certain.
    pub(super) fn blames(&self) -> Option<Blame> {
        match self {
            Reason::OneTask
            | Reason::WaitsHoldTheThread { .. }
            | Reason::NothingToWaitFor
            | Reason::NoCompute
            | Reason::OneThread { .. }
            | Reason::TurnsOfItsOwn => Some(Blame::Program),
            Reason::OneCore | Reason::NoSecondCore => Some(Blame::Machine),
            _ => None,
        }
    }
}

impl fmt::Display for Reason {
    #[expect(clippy::too_many_lines, reason = "one table: a sentence for each reason")]
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Reason::OneTask => write!(f, "There was only one task."),
            Reason::OneTaskAfterTheOther { tasks } => {
                write!(f, "Each of the {tasks} tasks had ended before the next one started.")
            }
            Reason::WaitsHoldTheThread { idle } => write!(
                f,
                "For {} a task was in progress without computing, and no other was begun \
                 meanwhile: whoever waited kept its thread, or nobody had started the others.",
                Time(*idle)
            ),
            Reason::NothingToWaitFor => write!(
                f,
                "The tasks hardly waited, so a thread that was at one had no occasion to begin another."
            ),
            Reason::NoTask => write!(f, "The program recorded no task."),
            Reason::TaskWithoutEnd { task, other } => write!(
                f,
                "Task {task} was started and never ended on record: it may have been in progress \
                 when task {other} started, or it may have died before."
            ),
            Reason::SameMoment { task, other } => write!(
                f,
                "Task {task} ended and task {other} started at the same time, as far as the clock \
                 can tell."
            ),
            Reason::NoCompute => {
                write!(f, "No thread computed anything: threads that wait do not execute.")
            }
            Reason::OneThread { thread, compute } => {
                write!(f, "One thread, {thread}, did all the compute, {}.", Time(*compute))
            }
            Reason::OneCore => write!(f, "The process was allowed to use one core only."),
            Reason::TookTurns { threads, at_most } => write!(
                f,
                "{threads} threads computed, but they took turns: at most {} of compute can have \
                 run beside other compute.",
                Time(*at_most)
            ),
            Reason::TurnsOfItsOwn => write!(
                f,
                "They hardly waited for a core, so it was the program that let one go on at a \
                 time: look for a lock held while computing, a join right after each spawn, or \
                 work handed out piece by piece."
            ),
            Reason::NoSecondCore => write!(
                f,
                "With one core's worth of time there was no reason to start a second worker."
            ),
            Reason::Busy { waited } => write!(
                f,
                "Threads that were ready to go on waited {} for a core, all told: there were more of \
                 them than cores, or the machine was busy with something else.",
                Time(*waited)
            ),
            Reason::UnknownRunDelay => write!(
                f,
                "How long threads waited for a core is not known, so the machine may have been busy."
            ),
            Reason::Throttled { throttled } => write!(
                f,
                "The process had used up its quota and was held back for {}.",
                Time(*throttled)
            ),
            Reason::Stolen { steal } => write!(
                f,
                "The host of this virtual machine took its cores away for {}.",
                Time(*steal)
            ),
            Reason::BetweenTheBounds { at_least, at_most } => write!(
                f,
                "At least {} and at most {} of compute ran beside other compute: too little to \
                 be sure that there was any, too much to be sure that there was none.",
                Time(*at_least),
                Time(*at_most)
            ),
            Reason::NoCpuClock => {
                write!(f, "This system has no clock that says how long a thread was executing.")
            }
            Reason::PartWithoutEnd => {
                write!(f, "A thread was still computing when its record broke off.")
            }
            Reason::Dropped { events } => write!(
                f,
                "{events} events found no room in the trace; let it be longer, or the program shorter."
            ),
            Reason::UnrecordedProcesses { processes } => write!(
                f,
                "{processes} other processes of this run have left no trace of their own."
            ),
            Reason::NoWitness => {
                write!(f, "Nobody outside watched, so there may be more than was recorded.")
            }
            Reason::Unaccounted { cpu } => write!(
                f,
                "The process executed {} more than its recorded compute accounts for.",
                Time(*cpu)
            ),
            Reason::SeenFromOutside => write!(f, "It was seen from outside."),
            Reason::Disagreement => {
                write!(
                    f,
                    "What was recorded inside and what was seen outside contradict each other."
                )
            }
        }
    }
}
