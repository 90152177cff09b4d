//! What can happen in a run, and what is noted down of it.

use std::time::Duration;

use crate::layout::{UNKNOWN_CORE, UNKNOWN_TIME, unpack};

/// Something that happened at some time on some thread.
#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    /// When, since the beginning of the trace.
    pub time: Duration,
    /// The number of the thread within its process, counted from 0 in the order of their first
    /// events.
    pub thread: u32,
    /// The core that the thread was on, where the system tells.
    pub core: Option<u16>,
    /// What it was.
    pub what: Happening,
}

/// What an [`Event`] is about.
///
/// Tasks are numbered from 1 in the order of their starts. A process that was forked from another
/// one goes on counting where that one was: a smaller number than its first is a task of its parent.
#[derive(Clone, Debug, PartialEq)]
pub enum Happening {
    /// A thread's first event.
    ThreadStarted {
        /// The thread's name in the program, empty if it has none.
        name: String,
        /// The thread's number in the system, where it has one.
        system: Option<u32>,
    },
    /// A thread's last event, where it lived to tell.
    ThreadEnded {
        /// How long it executed, all told.
        cpu: Option<Duration>,
        /// How long it waited for a core, all told.
        run_delay: Option<Duration>,
    },
    /// A task is in progress from here on.
    TaskStarted {
        /// The task's number.
        task: u32,
        /// The task's name, which is not unique.
        name: String,
    },
    /// A task is not in progress any more.
    TaskEnded {
        /// The task's number.
        task: u32,
    },
    /// A task printed a line.
    ///
    /// Lines are recorded in the very order in which they are printed, and before they are.
    Line {
        /// The task's number.
        task: u32,
        /// The number of the step that the line announces; the step's wait begins here.
        step: Option<u16>,
        /// The line, without its end, cut after 1024 bytes.
        text: String,
        /// Whether the line was longer.
        cut: bool,
    },
    /// The thread begins to compute a part.
    PartStarted {
        /// The task's number.
        task: u32,
        /// The number of the step.
        step: u16,
        /// The number of the part within the step, from 1, or 0 for all of the step in one piece.
        part: u16,
        /// The thread's CPU clock at this time.
        sample: Sample,
    },
    /// The thread is computing a part.
    Tick {
        /// The thread's CPU clock at this time.
        sample: Sample,
        /// When the thread was last known to be executing.
        seen: Duration,
    },
    /// The thread has computed its part, the last one that it began.
    PartEnded {
        /// The thread's CPU clock at this time.
        sample: Sample,
        /// When the thread was last known to be executing.
        seen: Duration,
    },
    /// A task begins to wait.
    WaitStarted {
        /// The task's number.
        task: u32,
        /// What it waits for, in the program's own words.
        what: String,
    },
    /// A task has stopped waiting. It may wait for several things at once.
    WaitEnded {
        /// The task's number.
        task: u32,
        /// When the wait began that is over now.
        started: Duration,
    },
    /// A figure that the program tells.
    Fact {
        /// The number of the task that it is about, if it is about one.
        task: Option<u32>,
        /// What it is the figure of.
        name: String,
        /// The figure.
        value: f64,
        /// The unit that it is in.
        unit: String,
    },
    /// Something that the system said about the whole process or machine.
    Reading {
        /// What it is about.
        quantity: Quantity,
        /// The value, in the unit that the quantity says.
        value: u64,
    },
}

/// A reading of a thread's CPU clock, taken at some moment between the event's time and `width` later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// How long the thread had been executing by then, where the system tells.
    pub cpu: Option<Duration>,
    /// How long the reading took, as the monotonic clock says.
    pub width: Duration,
}

/// What a [`Happening::Reading`] is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Quantity {
    /// How many cores the process may use.
    Cores,
    /// How long the process's threads have been executing, all told, in nanoseconds.
    ProcessCpu,
    /// How long the threads that the process had at the time had waited for a core, all told, in
    /// nanoseconds.
    RunDelay,
    /// For how long the host took cores away from this virtual machine since it started, in nanoseconds.
    Steal,
    /// For how long the process's group was held back for having used up its quota, in nanoseconds.
    Throttled,
    /// How many cores' worth of time the quota of the process's group allows, in thousandths.
    Quota,
}

impl Quantity {
    /// All of them, in the order of their codes.
    const ALL: [Quantity; 6] = [
        Quantity::Cores,
        Quantity::ProcessCpu,
        Quantity::RunDelay,
        Quantity::Steal,
        Quantity::Throttled,
        Quantity::Quota,
    ];
}

/// The kinds of entries, as they stand in the lowest byte of an entry's first word.
pub mod kind {
    /// A block begins: whose it is.
    pub const BLOCK: u8 = 1;
    /// The entry of a [`ThreadStarted`](super::Happening::ThreadStarted).
    pub const THREAD_STARTED: u8 = 2;
    /// The entry of a [`ThreadEnded`](super::Happening::ThreadEnded).
    pub const THREAD_ENDED: u8 = 3;
    /// The entry of a [`TaskStarted`](super::Happening::TaskStarted).
    pub const TASK_STARTED: u8 = 4;
    /// The entry of a [`TaskEnded`](super::Happening::TaskEnded).
    pub const TASK_ENDED: u8 = 5;
    /// The entry of a [`Line`](super::Happening::Line).
    pub const LINE: u8 = 6;
    /// The entry of a [`PartStarted`](super::Happening::PartStarted).
    pub const PART_STARTED: u8 = 7;
    /// The entry of a [`Tick`](super::Happening::Tick).
    pub const TICK: u8 = 8;
    /// The entry of a [`PartEnded`](super::Happening::PartEnded).
    pub const PART_ENDED: u8 = 9;
    /// The entry of a [`Reading`](super::Happening::Reading).
    pub const READING: u8 = 10;
    /// The entry of a [`WaitStarted`](super::Happening::WaitStarted).
    pub const WAIT_STARTED: u8 = 11;
    /// The entry of a [`WaitEnded`](super::Happening::WaitEnded).
    pub const WAIT_ENDED: u8 = 12;
    /// The entry of a [`Fact`](super::Happening::Fact): its text is the name, and the unit behind it.
    pub const FACT: u8 = 13;
}

/// An event's entry, field by field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// What happened; never 0.
    pub kind: u8,
    /// Whether the text was longer.
    pub cut: bool,
    /// The core, or [`UNKNOWN_CORE`].
    pub core: u16,
    /// The length of the text, the width of a sample in nanoseconds, or the
    /// number of what the entry is about where that is all there is to say.
    pub extent: u32,
    /// When it happened, in nanoseconds of the monotonic clock.
    pub time: u64,
    /// The CPU clock in nanoseconds, a reading's value, the bits of a fact's, a thread's number in the
    /// system, or in the end of a wait the time at which it began.
    pub value: u64,
    /// What it is about: see [`about`]. In ticks and ends of parts the time at which the thread was
    /// last known to be executing; in a fact the length of its name stands in place of the step.
    pub about: u64,
}

/// The words of an entry before its text, at most.
pub const WORDS: usize = 4;

/// Packs a task, a step and a part into one word.
pub const fn about(task: u32, step: u16, part: u16) -> u64 {
    task as u64 | (step as u64) << 32 | (part as u64) << 48
}

impl Entry {
    /// An event at a time in nanoseconds, about nothing yet.
    #[inline]
    pub const fn at(time: u64, kind: u8) -> Entry {
        Entry { kind, cut: false, core: UNKNOWN_CORE, extent: 0, time, value: 0, about: 0 }
    }

    /// The kind of the entry that begins with this word.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "it stands in the lowest byte")]
    pub const fn kind_of(first: u64) -> u8 {
        first as u8
    }

    /// How many words an entry of a kind has before its text.
    #[inline]
    pub const fn head(kind: u8) -> usize {
        if kind == kind::TASK_ENDED { 2 } else { WORDS }
    }

    /// The entry as it stands in the file, without its text.
    #[inline]
    #[must_use]
    pub fn to_words(self) -> [u64; WORDS] {
        let first = u64::from(self.kind)
            | u64::from(self.cut) << 8
            | u64::from(self.core) << 16
            | u64::from(self.extent) << 32;
        [first, self.time, self.value, self.about]
    }

    /// The entry that these words stand for, whatever they are.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "each field is cut out of its word")]
    #[must_use]
    pub fn from_words([first, time, value, about]: [u64; WORDS]) -> Entry {
        Entry {
            kind: Entry::kind_of(first),
            cut: first >> 8 & 1 == 1,
            core: (first >> 16) as u16,
            extent: (first >> 32) as u32,
            time,
            value,
            about,
        }
    }

    /// The length of the entry's text, in bytes.
    #[inline]
    pub fn text_length(self) -> usize {
        match self.kind {
            kind::THREAD_STARTED
            | kind::TASK_STARTED
            | kind::LINE
            | kind::WAIT_STARTED
            | kind::FACT => self.extent as usize,
            _ => 0,
        }
    }

    /// The event that the entry holds, or nothing where there is no such event.
    /// `text` are the words of its text, and `origin` is the trace's beginning.
    ///
    /// Where it is called it is optimised as its caller is, and not as this crate.
    #[inline]
    pub fn decode(self, thread: u32, text: &[u64], origin: u64) -> Option<Event> {
        let (task, step, part) = self.about_fields();
        let text = unpack(text, self.text_length());
        let sample =
            Sample { cpu: known(self.value), width: Duration::from_nanos(u64::from(self.extent)) };
        let since_origin = |time: u64| Duration::from_nanos(time.saturating_sub(origin));
        let seen = since_origin(self.about);
        let what = match self.kind {
            kind::THREAD_STARTED => {
                Happening::ThreadStarted { name: text, system: u32::try_from(self.value).ok() }
            }
            kind::THREAD_ENDED => {
                Happening::ThreadEnded { cpu: known(self.value), run_delay: known(self.about) }
            }
            kind::TASK_STARTED => Happening::TaskStarted { task, name: text },
            kind::TASK_ENDED => Happening::TaskEnded { task: self.extent },
            kind::LINE => {
                let step = Some(step).filter(|&step| step > 0);
                Happening::Line { task, step, text, cut: self.cut }
            }
            kind::PART_STARTED => Happening::PartStarted { task, step, part, sample },
            kind::TICK => Happening::Tick { sample, seen },
            kind::PART_ENDED => Happening::PartEnded { sample, seen },
            kind::READING => {
                let quantity = *Quantity::ALL.get(usize::try_from(self.about).ok()?)?;
                Happening::Reading { quantity, value: self.value }
            }
            kind::WAIT_STARTED => Happening::WaitStarted { task, what: text },
            kind::WAIT_ENDED => Happening::WaitEnded { task, started: since_origin(self.value) },
            kind::FACT => {
                let (name, unit) = text.split_at_checked(usize::from(step))?;
                let (name, unit) = (name.to_owned(), unit.to_owned());
                let (task, value) = (Some(task).filter(|&task| task > 0), self.value);
                Happening::Fact { task, name, value: f64::from_bits(value), unit }
            }
            _ => return None,
        };
        let time = since_origin(self.time);
        let core = Some(self.core).filter(|&core| core != UNKNOWN_CORE);
        Some(Event { time, thread, core, what })
    }

    /// What [`about`] packed.
    #[inline]
    #[expect(clippy::cast_possible_truncation, reason = "each field is cut out of its word")]
    fn about_fields(self) -> (u32, u16, u16) {
        (self.about as u32, (self.about >> 32) as u16, (self.about >> 48) as u16)
    }
}

#[inline]
fn known(nanoseconds: u64) -> Option<Duration> {
    (nanoseconds != UNKNOWN_TIME).then(|| Duration::from_nanos(nanoseconds))
}
