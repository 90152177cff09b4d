//! What the kernel recorded of one run: the data that every question is asked of.

/// What happened to every thread of a process tree while it was watched.
///
/// Times are nanoseconds of the monotonic clock, as the caller reads it; amounts are nanoseconds.
/// Threads and processes are named by their place in [`threads`](Record::threads) and
/// [`processes`](Record::processes), because the kernel gives a number to another thread once its
/// owner has ended.
///
/// Totals, and what ran beside what, are counted while the run goes on and are exact, however long
/// it is. Only the intervals are coarsened where there are too many of them: see
/// [`coarsened`](Record::coarsened).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Record {
    /// When watching began: no thread of the tree was executing.
    pub began: u64,
    /// When watching ended. Threads may still have been executing.
    pub ended: u64,
    /// All threads of the tree, in the order in which they were born. The first is the one that
    /// stood ready.
    pub threads: Vec<Thread>,
    /// All processes of the tree, in the order in which they were born.
    pub processes: Vec<Process>,
    /// When which thread was executing, on which core, in the order of their starts.
    pub intervals: Vec<Interval>,
    /// What was made coarse, or left out, to keep within bounds.
    pub coarsened: Coarsened,
    /// The cores that were watched: all that were online when watching began.
    pub cores: Vec<Core>,
    /// Where records were lost, so that nobody knows who was executing.
    pub blind: Vec<Blind>,
    /// How many records the kernel could not write because a ring was full.
    pub lost: u64,
    /// Processes that the kernel would not show any longer.
    pub out_of_sight: Vec<OutOfSight>,
    /// Records that did not fit to those before them, and were made to fit. Each may be wrong by
    /// microseconds. None is expected.
    pub oddities: u64,
    /// By how much records came too late to be put in order, all told: that much is uncertain of every
    /// amount. A core that a virtual machine's host took away while a record was being written makes it late.
    pub late: u64,
    /// How long so many threads were executing at once.
    pub(crate) widths: Widths,
    /// Stretches of time in which at least two threads were executing.
    pub(crate) stretches: Stretches,
    /// Who was executing together with whom.
    pub(crate) pairs: Vec<Pair>,
    /// How long pairs were executing together for which there was no room.
    pub(crate) unlisted_pairs: u64,
    /// Who went on alone after whom.
    pub(crate) changes: Vec<Change>,
}

/// One thread of the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Thread {
    /// The kernel's number of it.
    pub tid: u32,
    /// Its process: a place in [`Record::processes`].
    pub process: usize,
    /// The thread that begot it: a place in [`Record::threads`]. None for the first, and where that
    /// record was lost.
    pub parent: Option<usize>,
    /// Its names, each with the time from which it had it. The first is the one it was born with.
    /// After the eighth only the newest is kept.
    pub names: Vec<(u64, String)>,
    /// When it was born, or first seen.
    pub born: u64,
    /// When it ended; `None` if it was still there when watching ended.
    pub ended: Option<u64>,
    /// The thread that took over its number by exec, or the one whose number it took over.
    pub exec: Option<Exec>,
    /// When it first got a core.
    pub first: Option<u64>,
    /// When it last lost a core.
    pub last: Option<u64>,
    /// How long it was executing.
    pub executed: u64,
    /// How long it was executing while no other thread of the tree was.
    pub alone: u64,
    /// How often it got a core.
    pub turns: u64,
    /// How often it was preempted: it lost its core and would have gone on. A thread that yields
    /// counts as preempted.
    pub preempted: u64,
    /// How long it stood ready after it was preempted.
    ///
    /// A thread that was woken and waits for a core stands ready as well, but the kernel does not
    /// show when it is woken. That time is not in here.
    pub ready: Ready,
    /// The numbers of the cores that it was executing on, in the order in which it got there.
    pub cores: Vec<u32>,
    /// How many threads this stands for: 1, or more where there were too many to keep apart.
    pub stands_for: u64,
}

impl Thread {
    /// The name that it had last.
    pub fn name(&self) -> &str {
        self.names.last().map_or("", |(_, name)| name)
    }

    /// The name that it had at some time.
    pub fn name_at(&self, time: u64) -> &str {
        let until = self.names.partition_point(|&(since, _)| since <= time);
        self.names.get(until.saturating_sub(1)).map_or("", |(_, name)| name)
    }
}

/// How exec joins two threads: whoever calls it in a process of several threads goes on with the
/// number of the first, and all others end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exec {
    /// This thread went on as that one.
    WentOnAs(usize),
    /// That thread went on as this one.
    Was(usize),
}

/// How long a thread stood ready, and who had its core meanwhile.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Ready {
    /// All told.
    pub all: u64,
    /// While a thread of the same tree had the core that it had lost.
    pub taken_by_own: u64,
    /// While none had: somebody else was executing there, or the core's host had taken it away.
    pub taken_by_others: u64,
    /// In gaps too short to tell from the switching itself.
    pub switching: u64,
}

/// One process of the tree.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Process {
    /// The kernel's number of it.
    pub pid: u32,
    /// The process that begot it: a place in [`Record::processes`].
    pub parent: Option<usize>,
    /// The name of the program it last began, or was born with.
    pub name: String,
    /// When it was born, or first seen.
    pub born: u64,
    /// When its last thread ended; `None` if it was still there when watching ended.
    pub ended: Option<u64>,
    /// How often it began another program.
    pub execs: u64,
    /// How many threads it had, all told.
    pub threads: u64,
    /// How long its threads were executing, all told.
    pub executed: u64,
    /// How many processes this stands for: 1, or more where there were too many to keep apart.
    pub stands_for: u64,
}

/// A stretch of time in which a thread had a core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Interval {
    /// When it got the core.
    pub start: u64,
    /// When it lost it.
    pub end: u64,
    /// How long it was executing: the length, or less where several intervals were made one.
    pub executed: u64,
    /// Which thread: a place in [`Record::threads`].
    pub thread: u32,
    /// The number of the core.
    pub core: u32,
    /// How many intervals were made one: 1 where this is exact.
    pub pieces: u32,
    /// How it lost the core.
    pub ending: Ending,
}

/// How a thread lost its core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// It would have gone on. It stands ready until its next interval.
    Preempted,
    /// It left by itself: it waits for something.
    Left,
    /// It ended.
    Ended,
    /// It called exec, and went on under the number of its process's first thread.
    Exec,
    /// Watching ended.
    Unfinished,
    /// Records were lost.
    Unknown,
}

/// What was made coarse to keep within bounds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Coarsened {
    /// Intervals of one thread on one core that were no further apart than this were made one.
    pub gap: u64,
    /// How many intervals went into others.
    pub merged: u64,
    /// How many intervals were left out altogether.
    pub left_out: u64,
}

/// One core.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Core {
    /// The system's number of it.
    pub number: u32,
    /// How long threads of the tree were executing on it.
    pub executed: u64,
    /// How long the host of a virtual machine had taken it away, as far as it says so, rounded up.
    pub stolen: u64,
}

/// A stretch of time in which nobody knows what a core did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Blind {
    /// The number of the core.
    pub core: u32,
    /// The last record before.
    pub start: u64,
    /// The first record after.
    pub end: u64,
    /// How many records were lost.
    pub lost: u64,
}

/// A process that the kernel would not show any longer.
///
/// That happens where a program is begun that its user may not read, or that runs with more rights
/// than its user has. Whatever it does from then on, and begets, is not on record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutOfSight {
    /// The process: a place in [`Record::processes`].
    pub process: usize,
    /// Since when.
    pub since: u64,
    /// Whether it was seen alive afterwards. Otherwise it is concluded from how short it lived.
    pub seen_alive: bool,
}

/// For how long so many threads were executing at once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Widths {
    /// By number of threads known to be executing.
    pub(crate) least: Vec<u64>,
    /// By number of threads that may have been executing.
    pub(crate) most: Vec<u64>,
}

/// A stretch of time in which at least two threads were executing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stretch {
    /// When the second thread came.
    pub start: u64,
    /// When the second last thread went.
    pub end: u64,
    /// The two threads that it began with.
    pub threads: [usize; 2],
    /// `∫ (n − 1) dt` over it, for n threads at a time: its length where there were two.
    pub beside: u64,
}

impl Stretch {
    /// How long it lasted.
    pub fn length(&self) -> u64 {
        self.end - self.start
    }
}

/// Stretches of time in which at least two threads were executing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Stretches {
    /// The longest ones, longest first.
    pub(crate) longest: Vec<Stretch>,
    /// What all of them give.
    pub(crate) sums: Lengths,
}

/// How many stretches of which length there were.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lengths {
    /// For each power of two of nanoseconds, what stretches shorter than the next give together:
    /// how many, how long, `∫ (n − 1) dt`.
    pub(crate) by_power: Vec<[u64; 3]>,
    /// When the first began, and the last ended.
    pub(crate) span: Option<(u64, u64)>,
}

/// Two threads that were executing at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Pair {
    /// Which two: places in [`Record::threads`], in ascending order. Twice the same where one place
    /// [stands for](Thread::stands_for) many threads.
    pub threads: [usize; 2],
    /// How long both were executing, all told.
    pub together: u64,
    /// How often.
    pub times: u64,
    /// When their longest time together began.
    pub longest_start: u64,
    /// How long it was.
    pub longest: u64,
}

/// One thread went on alone after another had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Change {
    /// Who had been executing alone: a place in [`Record::threads`].
    pub from: usize,
    /// Who went on alone.
    pub to: usize,
    /// How often the first had left by itself: it waited.
    pub left: u64,
    /// How often the first stood ready.
    pub preempted: u64,
    /// How often the first had ended.
    pub ended: u64,
    /// How often nobody knows, because records were lost.
    pub unknown: u64,
}
