//! The file as its writer sees it: who takes it, and what its header says.

use std::fs::File;
use std::io;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use super::home::Home;
use super::lineage::Identity;
use super::map::Map;
use super::place::Place;
use super::{clock, system};
use trace::event::{Entry, kind};
use trace::layout::{self, BLOCK, HEADER, MAGIC, MOST_BLOCKS, VERSION, word};

/// An event at this moment, on this core, about nothing yet.
#[inline]
pub(super) fn now(kind: u8) -> Entry {
    Entry { core: clock::core(), ..Entry::at(clock::now(), kind) }
}

/// A trace that a process writes.
#[derive(Debug)]
pub(super) struct Writer {
    map: Map,
    /// How many blocks the file has room for.
    blocks: u64,
    /// Whose trace it is.
    home: Home,
    /// Where it is.
    place: Place,
    /// Numbers the threads of the process, from 0.
    threads: AtomicU32,
    /// What a copy of the process (`fork`) writes instead, if it can write anything; filled only there.
    copy: OnceLock<Option<&'static Writer>>,
}

impl Writer {
    /// Begins a trace for this process, whose first task will have this number. It may have been
    /// forked from another one that has a trace.
    ///
    /// The trace lasts as long as the process: nobody can say which thread will be the last to write.
    pub(super) fn begin(
        place: &Place,
        first_task: u32,
        parent: Option<&Writer>,
    ) -> io::Result<&'static Writer> {
        let home = Home::here();
        let writer = place.open(home.process(), |file| {
            let (map, blocks) = mapped(file)?;
            let (place, threads) = (place.clone(), AtomicU32::new(0));
            let writer = Writer { map, blocks, home, place, threads, copy: OnceLock::new() };
            writer.take()?;
            writer.fill_header(first_task, parent);
            Ok(writer)
        })?;
        Ok(Box::leak(Box::new(writer)))
    }

    /// The words of the file.
    #[inline]
    pub(super) fn words(&self) -> &[AtomicU64] {
        self.map.words()
    }

    /// Makes sure that no other process writes into this file, and leaves the file as it is where one
    /// did that is not of this run.
    fn take(&self) -> io::Result<()> {
        if ![0, MAGIC].contains(&self.words()[word::MAGIC].load(Ordering::Acquire)) {
            return Err(io::Error::other("it is a file of another kind; name another file"));
        }
        let owner = &self.words()[word::OWNER];
        let here = Identity::here().to_word();
        let taken = owner.compare_exchange(0, here, Ordering::AcqRel, Ordering::Acquire);
        taken.map(drop).map_err(|other| {
            let other = Identity::of_word(other);
            // Who does not descend from that process is of another run, and not missing in this trace.
            if other.is_ours() {
                self.words()[word::OTHERS].fetch_add(1, Ordering::Relaxed);
            }
            let other = other.number();
            let message =
                format!("it is the trace of process {other}; name another file, or a folder");
            io::Error::other(message)
        })
    }

    fn fill_header(&self, first_task: u32, parent: Option<&Writer>) {
        let now = clock::now();
        let unix_time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let command = command_line();
        let command = layout::kept(&command).as_bytes();
        let of_parent =
            |place: usize| parent.map_or(0, |parent| parent.words()[place].load(Ordering::Relaxed));
        for (place, value) in [
            (word::VERSION, VERSION),
            (word::PROCESS, self.home.process().into()),
            (word::ORIGIN, now),
            (word::UNIX_TIME, u64::try_from(unix_time.as_nanos()).unwrap_or(0)),
            (word::CLOCK, clock::number()),
            (word::CLOCK_STEP, clock::step(clock::now)),
            (word::CPU_CLOCK_STEP, clock::step(clock::thread_cpu)),
            (word::BLOCKS, self.blocks),
            (word::FIRST_TASK, first_task.into()),
            (word::FORKED_FROM, of_parent(word::PROCESS)),
            (word::FORKED_FROM_ORIGIN, of_parent(word::ORIGIN)),
            (word::COMMAND, command.len() as u64),
        ] {
            self.words()[place].store(value, Ordering::Relaxed);
        }
        for (place, value) in (word::COMMAND + 1..).zip(layout::pack(command)) {
            self.words()[place].store(value, Ordering::Relaxed);
        }
        self.words()[word::MAGIC].store(MAGIC, Ordering::Release);
    }

    /// Whether this is the trace of the process that asks.
    #[inline]
    pub(super) fn is_of_this_process(&self) -> bool {
        self.home.is_here()
    }

    /// The number of the process whose trace it is.
    pub(super) fn process(&self) -> u32 {
        self.home.process()
    }

    /// Where it is.
    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// What a copy of the process writes instead, once that is decided; only the copy may ask.
    pub(super) fn copy(&self) -> &OnceLock<Option<&'static Writer>> {
        &self.copy
    }

    /// Counts a copy of the process, which has a file of its own or none. It is the copy that calls this:
    /// it still has its parent's file before it, and so much of that is for it to write.
    pub(super) fn count_copy(&self, has_file: bool) {
        let counter = if has_file { word::FORKS } else { word::OTHERS };
        self.words()[counter].fetch_add(1, Ordering::Relaxed);
    }

    /// What the system tells about the process at this moment.
    pub(super) fn readings(&self) -> impl Iterator<Item = Entry> {
        system::readings().map(|(quantity, value)| Entry {
            value,
            about: quantity as u64,
            ..now(kind::READING)
        })
    }

    /// Counts an event that was not recorded.
    #[cold]
    pub(super) fn count_dropped(&self) {
        self.words()[word::DROPPED].fetch_add(1, Ordering::Relaxed);
    }

    /// The next thread's number.
    pub(super) fn number_thread(&self) -> u32 {
        self.threads.fetch_add(1, Ordering::Relaxed)
    }

    /// Gives a block to the calling thread: its first and last word, or nothing when all are taken.
    pub(super) fn claim_block(&self) -> Option<(usize, usize)> {
        let claimed = &self.words()[word::CLAIMED];
        if claimed.load(Ordering::Relaxed) >= self.blocks {
            return None;
        }
        let block = claimed.fetch_add(1, Ordering::Relaxed);
        let start = HEADER + usize::try_from(block).ok()? * BLOCK;
        let is_there = block < self.blocks && self.map.populate(start, BLOCK);
        is_there.then_some((start, start + BLOCK))
    }
}

/// Maps a file, which must be long enough, and says how many blocks it has room for.
fn mapped(file: &File) -> io::Result<(Map, u64)> {
    const LEAST: usize = HEADER + BLOCK;
    let words = usize::try_from(file.metadata()?.len()).unwrap_or(0) / size_of::<u64>();
    if words < LEAST {
        let least = LEAST * size_of::<u64>();
        return Err(io::Error::other(format!("it is shorter than {least} bytes; remove it")));
    }
    let map = Map::new(file, words)?;
    if !map.populate(0, HEADER) {
        return Err(io::Error::other("there is no room left on the disk; make some"));
    }
    Ok((map, MOST_BLOCKS.min(((words - HEADER) / BLOCK) as u64)))
}

/// The command that this process was started with.
fn command_line() -> String {
    let arguments = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned());
    arguments.collect::<Vec<_>>().join(" ")
}
