//! What is known of a program after its end.

use std::fmt;
use std::time::Duration;

use super::finding::Finding;
use super::lines::Line;

/// How a program came to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It ended by itself, with this exit code.
    Exited(i32),
    /// It was ended by a signal that did not come from us.
    Signal {
        /// The signal's number on this system.
        number: i32,
        /// Its name, `SIGSEGV` for example.
        name: String,
    },
    /// We ended it, for its time was up.
    TimedOut,
    /// We ended it, for it had printed too much.
    OutputLimit,
    /// We ended it, for somebody pressed Ctrl-C.
    Interrupted,
}

impl Ending {
    /// The end by a signal with this number.
    #[cfg(unix)]
    pub(super) fn from_signal(number: i32) -> Ending {
        let name = signal_hook::low_level::signal_name(number);
        Ending::Signal { number, name: name.unwrap_or("an unknown signal").to_owned() }
    }

    /// Whether the program ended by itself and said that all was well.
    pub fn is_success(&self) -> bool {
        *self == Ending::Exited(0)
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Ending::Exited(code) => write!(f, "exited with code {code}"),
            Ending::Signal { number, name } => write!(f, "killed by {name} (signal {number})"),
            Ending::TimedOut => f.write_str("ended after its time limit"),
            Ending::OutputLimit => f.write_str("ended after its output limit"),
            Ending::Interrupted => f.write_str("interrupted"),
        }
    }
}

/// What a program and everything that it started cost, by the kernel's account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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
    /// Whether it is known that the CPU time is all there was. The kernel forgets what a
    /// process used whose parent said that it does not want to know of its end.
    pub complete: bool,
}

impl Usage {
    /// All CPU time together.
    pub fn cpu(&self) -> Duration {
        self.user + self.system
    }
}

/// A process that outlived the program that had started it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Survivor {
    /// Its process number.
    pub pid: u32,
    /// Its command line, shortened.
    pub command: String,
}

impl fmt::Display for Survivor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (pid {})", self.command, self.pid)
    }
}

/// What is known of a program after its end.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its lines in the order in which they arrived, as many as the request keeps.
    pub lines: Vec<Line>,
    /// All bytes that it printed.
    pub printed: u64,
    /// The bytes of those that are in no line of `lines`.
    pub dropped: u64,
    /// How it ended.
    pub ending: Ending,
    /// The time from its start to its end; its children may have lived on for a moment.
    pub wall: Duration,
    /// How long after its time limit everything had ended; only where it was reached.
    pub overrun: Option<Duration>,
    /// What it and everything that it started cost; `None` where the system does not tell.
    pub usage: Option<Usage>,
    /// To how many cores it was restricted, where it was.
    pub cores: Option<usize>,
    /// What was wrong, most important first.
    pub findings: Vec<Finding>,
}

impl Report {
    /// Whether the program ended well and nothing was wrong.
    pub fn is_clean(&self) -> bool {
        self.ending.is_success() && self.findings.is_empty()
    }
}

/// The error of a program that is not there, or is no program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CannotRun(pub(super) String);

impl fmt::Display for CannotRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it cannot be run: {}", self.0)
    }
}

impl std::error::Error for CannotRun {}
