//! What the kernel writes into its rings, as far as it is of use here.

/// One record of one core's ring.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Event {
    /// When, in nanoseconds of the monotonic clock.
    pub(crate) time: u64,
    /// Whose ring it was in: the core's place in the list of cores.
    pub(crate) core: usize,
    /// The process of the thread that had the core.
    pub(crate) pid: u32,
    /// The thread that had the core.
    pub(crate) tid: u32,
    /// What happened.
    pub(crate) what: What,
}

/// What happened on a core.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum What {
    /// The thread got the core.
    In,
    /// The thread lost the core.
    Out {
        /// Whether it would have gone on: it did not leave by itself.
        preempted: bool,
    },
    /// The thread begot another, perhaps in a process of its own.
    Born {
        /// The process of the new thread.
        pid: u32,
        /// The new thread.
        tid: u32,
    },
    /// The thread ended. It gives no record of leaving the core.
    Ended,
    /// A thread has another name.
    Named {
        /// Which thread: not always the one that had the core.
        tid: u32,
        /// The name, of at most 15 bytes.
        name: Box<str>,
        /// Whether it has it because it began another program.
        exec: bool,
    },
    /// From here on the ring had no room, and nobody knows what happened on this core.
    Blind,
    /// There was room again.
    Sight {
        /// How many records found no room meanwhile.
        lost: u64,
    },
}
