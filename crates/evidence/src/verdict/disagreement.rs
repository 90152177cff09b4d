//! Where inside and outside contradict each other.

use std::fmt;
use std::time::Duration;

use super::{Answer, Time};

/// A contradiction between what a process recorded and what was seen from outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Disagreement {
    /// The process recorded more compute than it executed.
    MoreRecordedThanExecuted {
        /// How much it recorded, at least.
        recorded: Duration,
        /// How much it executed, by the kernel's accounts.
        executed: Duration,
    },
    /// The process executed much more than it recorded.
    MoreExecutedThanRecorded {
        /// How much it recorded, at most.
        recorded: Duration,
        /// How much it executed, by the kernel's accounts.
        executed: Duration,
    },
    /// The one answer is proven and the other ruled out.
    Concurrent {
        /// The answer from inside.
        inside: Answer,
        /// The answer from outside.
        outside: Answer,
    },
    /// The one answer is proven and the other ruled out.
    Parallel {
        /// The answer from inside.
        inside: Answer,
        /// The answer from outside.
        outside: Answer,
    },
}

impl Disagreement {
    /// Whether one of the two must be wrong. Who executes more than it records
    /// may only have failed to say so.
    pub(super) fn is_contradiction(&self) -> bool {
        !matches!(self, Disagreement::MoreExecutedThanRecorded { .. })
    }
}

impl fmt::Display for Disagreement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Disagreement::MoreRecordedThanExecuted { recorded, executed } => write!(
                f,
                "The trace tells of at least {} of compute, and the kernel of {} of execution: \
                 the trace is not to be believed.",
                Time(recorded),
                Time(executed)
            ),
            Disagreement::MoreExecutedThanRecorded { recorded, executed } => write!(
                f,
                "The kernel tells of {} of execution, and the trace of at most {} of compute: \
                 something was computed that no task recorded.",
                Time(executed),
                Time(recorded)
            ),
            Disagreement::Concurrent { inside, outside } => {
                write!(f, "Concurrent is {inside} by the trace and {outside} by the output.")
            }
            Disagreement::Parallel { inside, outside } => {
                write!(f, "Parallel is {inside} by the trace and {outside} by the kernel.")
            }
        }
    }
}
