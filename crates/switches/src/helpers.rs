//! Threads that a program's runtime has for itself: they compile and collect garbage, and are none of the
//! program's work. They are told by their names.
//!
//! The names are those that the kernel knows, of 15 bytes at most: of `HotSpot` (`os::set_native_thread_name`,
//! as seen of `OpenJDK` 17), of .NET (as its diagnostics guide lists them), and of V8 where it names its threads.
//! Node 20 calls every thread `node`, so that its helpers cannot be told from workers.

use crate::beside::Beside;
use crate::judge::{AtOnce, judge};
use crate::record::{Record, Thread};

/// How the names of helper threads begin.
const NAMES: &[&str] = &[
    "C1 CompilerThre",
    "C2 CompilerThre",
    "G1 ",
    "GC Thread#",
    "Sweeper thread",
    "VM Periodic Tas",
    "VM Thread",
    "Common-Cleaner",
    "Reference Handl",
    "Signal Dispatch",
    "Monitor Deflati",
    ".NET BGC",
    ".NET EventPipe",
    ".NET Finalizer",
    ".NET Server GC",
    ".NET SigHandler",
    ".NET SynchManag",
    ".NET Tiered Com",
    "V8Worker",
    "DelayedTaskSche",
];

/// What a runtime's helper threads did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Helpers {
    /// Which threads: places in [`Record::threads`], those first that executed most.
    pub threads: Vec<usize>,
    /// How long they executed, all told, in nanoseconds.
    pub executed: u64,
    /// How much of all execution was beside other execution only because of them, in nanoseconds.
    pub beside: u64,
}

/// Whether a thread's name says that it helps a runtime.
#[must_use]
pub fn is_helper(name: &str) -> bool {
    NAMES.iter().any(|begin| name.starts_with(begin))
}

impl Thread {
    /// Whether its name says that it helps a runtime.
    #[must_use]
    pub fn is_helper(&self) -> bool {
        is_helper(self.name())
    }
}

impl Record {
    /// What the helper threads of a runtime did, where there are any.
    ///
    /// Anybody may give a thread such a name: who is to be judged has none.
    #[must_use]
    pub fn helpers(&self) -> Option<Helpers> {
        let is_busy = |&place: &usize| {
            let thread: &Thread = &self.threads[place];
            thread.is_helper() && thread.executed > 0
        };
        let mut threads: Vec<usize> = (0..self.threads.len()).filter(is_busy).collect();
        threads.sort_by_key(|&place| std::cmp::Reverse(self.threads[place].executed));
        let executed = threads.iter().map(|&place| self.threads[place].executed).sum();
        let beside = self.beside().at_least.saturating_sub(self.beside_without_helpers().at_least);
        (!threads.is_empty()).then_some(Helpers { threads, executed, beside })
    }

    /// How much executed beside other execution, as if there were no helper threads.
    #[must_use]
    pub fn beside_without_helpers(&self) -> Beside {
        self.beside_among(|thread| !thread.is_helper())
    }

    /// Whether work was done at once, as if there were no helper threads.
    #[must_use]
    pub fn at_once_without_helpers(&self) -> AtOnce {
        judge(self.beside_without_helpers(), |stretch| self.is_beginning(stretch))
    }
}
