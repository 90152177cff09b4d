//! What a program cost, by the kernel's account.

use std::fmt;
use std::time::Duration;

/// What a program and everything that it started cost, by the kernel's account.
///
/// What its process used before it was the program (see [`Prepared`](crate::Prepared)) is in none of
/// these figures.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Usage {
    /// CPU time in the programs' own code.
    pub user: Duration,
    /// CPU time in the kernel on their behalf.
    pub system: Duration,
    /// The most memory that one of the processes had at once, in bytes.
    pub peak_memory: u64,
    /// CPU time of the program's first thread alone, where the system tells.
    pub first_thread: Option<Duration>,
    /// The time from the start of the program to the end of the last process that it started.
    pub whole: Duration,
    /// Whether it is known that the program never started another process.
    pub alone: bool,
    /// How many processes were seen, the program itself included. A process that is gone before
    /// anybody looks, and whose parent has asked for its exit code, is not seen.
    pub processes: usize,
    /// Why the CPU time may not be all there was; nothing where it is known to be all.
    pub missing: Vec<Missing>,
}

impl Usage {
    /// All CPU time together.
    #[must_use]
    pub fn cpu(&self) -> Duration {
        self.user + self.system
    }

    /// Whether it is known that the CPU time is all there was.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.missing.is_empty()
    }

    /// Notes that something is missing, once.
    pub(crate) fn miss(&mut self, missing: Missing) {
        if !self.missing.contains(&missing) {
            self.missing.push(missing);
        }
    }
}

/// Why an account of CPU time is not complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Missing {
    /// A process said that it does not want to know of the end of its children, by ignoring
    /// `SIGCHLD` or with `SA_NOCLDWAIT`. The kernel forgets what such children used.
    Disowned,
    /// More was seen to be used than the account has, and nobody knows why.
    Unaccounted,
    /// Some processes could not be ended.
    Escaped,
    /// The process that keeps the account was ended by somebody else.
    KeeperEnded,
    /// This system does not hand orphans, and with them their accounts, to anybody in particular.
    NoOrphans,
}

impl Missing {
    /// All reasons.
    #[cfg(unix)]
    pub(crate) const ALL: [Missing; 5] = [
        Missing::Disowned,
        Missing::Unaccounted,
        Missing::Escaped,
        Missing::KeeperEnded,
        Missing::NoOrphans,
    ];

    /// A word for it that a program can rely on.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Missing::Disowned => "disowned",
            Missing::Unaccounted => "unaccounted",
            Missing::Escaped => "escaped",
            Missing::KeeperEnded => "keeper-ended",
            Missing::NoOrphans => "no-orphans",
        }
    }

    /// The reason of this name.
    #[cfg(unix)]
    pub(crate) fn named(name: &str) -> Option<Missing> {
        Missing::ALL.into_iter().find(|missing| missing.name() == name)
    }
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Missing::Disowned => {
                "a process did not want to know of the end of its children, and the kernel does \
                 not say what they used"
            }
            Missing::Unaccounted => "processes were seen to use more than the kernel's account has",
            Missing::Escaped => "some processes could not be ended",
            Missing::KeeperEnded => "the process that kept the account was ended by somebody else",
            Missing::NoOrphans => {
                "this system does not say what processes used that outlived their parents"
            }
        })
    }
}

/// A process that outlived the program that had started it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survivor {
    /// Its process number; in a namespace of its own, the one that it has there.
    pub pid: u32,
    /// Its command line, shortened.
    pub command: String,
}

impl fmt::Display for Survivor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (pid {})", self.command, self.pid)
    }
}
