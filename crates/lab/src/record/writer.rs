//! The file as its writer sees it: who takes it, and where each thread writes.

use std::cell::Cell;
use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::clock;
use super::map::Map;
use super::{recorder, system};
use crate::work;
use trace::event::{Entry, kind};
use trace::layout::{self, BLOCK, HEADER, MAGIC, MOST_BLOCKS, SLOT, UNKNOWN_TIME, VERSION, word};

/// The length of a trace that nobody prepared a file for: some two million events.
const LENGTH: u64 = 64 << 20;

/// Numbers the threads of this process, from 0.
static THREADS: AtomicU32 = AtomicU32::new(0);

thread_local! {
    static PEN: Pen = const { Pen::new() };
}

/// An event at this moment, on this core, about nothing yet.
#[inline]
pub(super) fn now(kind: u8) -> Entry {
    Entry { core: clock::core(), ..Entry::at(clock::now(), kind) }
}

/// A trace that this process writes.
#[derive(Debug)]
pub(super) struct Writer {
    map: Map,
    /// How many blocks the file has room for.
    blocks: u64,
}

impl Writer {
    /// Takes the file for this process.
    pub(super) fn create(path: &Path) -> io::Result<Writer> {
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let words = Writer::prepare(&file)?;
        let map = Map::new(&file, words)?;
        let blocks = MOST_BLOCKS.min(((words - HEADER) / BLOCK) as u64);
        let writer = Writer { map, blocks };
        writer.take()?;
        writer.fill_header();
        Ok(writer)
    }

    /// Makes the file long enough, and returns its length in words.
    fn prepare(file: &File) -> io::Result<usize> {
        const LEAST: usize = HEADER + BLOCK;
        if file.metadata()?.len() == 0 {
            file.set_len(LENGTH)?;
        }
        let words = usize::try_from(file.metadata()?.len()).unwrap_or(0) / size_of::<u64>();
        if words >= LEAST {
            return Ok(words);
        }
        let least = LEAST * size_of::<u64>();
        Err(io::Error::other(format!("it is shorter than {least} bytes; remove it")))
    }

    /// Makes sure that no other process writes into this file.
    fn take(&self) -> io::Result<()> {
        if !self.map.populate(0, HEADER) {
            return Err(io::Error::other("there is no room left on the disk; make some"));
        }
        if ![0, MAGIC].contains(&self.map.words()[word::MAGIC].load(Ordering::Acquire)) {
            return Err(io::Error::other("it is a file of another kind; name another file"));
        }
        let owner = &self.map.words()[word::OWNER];
        let process = u64::from(std::process::id());
        let taken = owner.compare_exchange(0, process, Ordering::AcqRel, Ordering::Acquire);
        taken.map(drop).map_err(|other| {
            self.map.words()[word::OTHERS].fetch_add(1, Ordering::Relaxed);
            io::Error::other(format!("it is the trace of process {other}; name another file"))
        })
    }

    fn fill_header(&self) {
        let now = clock::now();
        let unix_time = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let command = command_line();
        let command = layout::kept(&command).as_bytes();
        for (place, value) in [
            (word::VERSION, VERSION),
            (word::PROCESS, u64::from(std::process::id())),
            (word::ORIGIN, now),
            (word::UNIX_TIME, u64::try_from(unix_time.as_nanos()).unwrap_or(0)),
            (word::SLOWDOWN, u64::from(work::slowdown())),
            (word::CLOCK_STEP, clock::step(clock::now)),
            (word::CPU_CLOCK_STEP, clock::step(clock::thread_cpu)),
            (word::BLOCKS, self.blocks),
            (word::PARTS, work::PARTS as u64),
            (word::COMMAND, command.len() as u64),
        ] {
            self.map.words()[place].store(value, Ordering::Relaxed);
        }
        for (place, value) in (word::COMMAND + 1..).zip(layout::pack(command)) {
            self.map.words()[place].store(value, Ordering::Relaxed);
        }
        self.map.words()[word::MAGIC].store(MAGIC, Ordering::Release);
    }

    /// Notes how long a step waits.
    pub(super) fn note_wait(&self, wait: Duration) {
        let nanoseconds = u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX);
        self.map.words()[word::WAIT].store(nanoseconds, Ordering::Relaxed);
    }

    /// Records under what circumstances the process begins.
    pub(super) fn begin(&self) {
        let _ = PEN.try_with(|pen| self.record_readings(pen));
    }

    /// Records what the system tells about the process at this moment.
    fn record_readings(&self, pen: &Pen) {
        for (quantity, value) in system::readings() {
            let entry = Entry { value, about: quantity as u64, ..now(kind::READING) };
            self.count(pen.write(self, entry, &[]));
        }
    }

    /// Records something with a text, at this moment.
    #[inline]
    pub(super) fn record_now(&self, kind: u8, about: u64, text: &str) {
        let kept = layout::kept(text);
        let (cut, extent) = (kept.len() < text.len(), kept.len() as u32);
        let entry = Entry { cut, extent, about, ..now(kind) };
        self.record(entry, kept.as_bytes());
    }

    #[inline]
    pub(super) fn record(&self, entry: Entry, text: &[u8]) {
        // A thread that is being taken down has put its pen away.
        self.count(PEN.try_with(|pen| pen.write(self, entry, text)).unwrap_or(false));
    }

    /// Counts an event that was not recorded.
    #[inline]
    fn count(&self, recorded: bool) {
        if !recorded {
            self.map.words()[word::DROPPED].fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Gives a block to the calling thread: its first and last word, or nothing when all are taken.
    fn claim_block(&self) -> Option<(usize, usize)> {
        let claimed = &self.map.words()[word::CLAIMED];
        if claimed.load(Ordering::Relaxed) >= self.blocks {
            return None;
        }
        let block = claimed.fetch_add(1, Ordering::Relaxed);
        let start = HEADER + usize::try_from(block).ok()? * BLOCK;
        let is_there = block < self.blocks && self.map.populate(start, BLOCK);
        is_there.then_some((start, start + BLOCK))
    }
}

/// Where the calling thread writes next.
struct Pen {
    /// The next word, and the end of the block.
    next: Cell<usize>,
    end: Cell<usize>,
    /// The thread's number, once it has recorded something.
    thread: Cell<Option<u32>>,
    /// How many blocks the thread has filled.
    blocks: Cell<u64>,
}

impl Pen {
    const fn new() -> Pen {
        Pen { next: Cell::new(0), end: Cell::new(0), thread: Cell::new(None), blocks: Cell::new(0) }
    }

    /// Writes an event, or says that there is no room for it.
    #[inline]
    fn write(&self, writer: &Writer, entry: Entry, text: &[u8]) -> bool {
        let head = Entry::head(entry.kind);
        let length = (head + layout::words_of_text(text.len())).next_multiple_of(SLOT);
        if self.next.get() + length > self.end.get() && !self.turn_page(writer, entry.time) {
            return false;
        }
        let start = self.next.replace(self.next.get() + length);
        let words = &writer.map.words()[start..start + length];
        for (word, value) in words[head..].iter().zip(layout::pack(text)) {
            word.store(value, Ordering::Relaxed);
        }
        let [first, rest @ ..] = entry.to_words();
        for (word, value) in words[1..head].iter().zip(rest) {
            word.store(value, Ordering::Relaxed);
        }
        // Whoever sees this word sees all that was stored before it.
        words[0].store(first, Ordering::Release);
        true
    }

    /// Begins a block of this thread's own.
    #[cold]
    fn turn_page(&self, writer: &Writer, time: u64) -> bool {
        let Some((start, end)) = writer.claim_block() else {
            return false;
        };
        self.next.set(start);
        self.end.set(end);
        let is_first = self.thread.get().is_none();
        let thread = self.thread.get().unwrap_or_else(|| THREADS.fetch_add(1, Ordering::Relaxed));
        self.thread.set(Some(thread));
        let entry = |kind, extent, value| Entry { extent, value, ..Entry::at(time, kind) };
        let number = self.blocks.replace(self.blocks.get() + 1);
        self.write(writer, entry(kind::BLOCK, thread, number), &[]);
        if is_first {
            let current = std::thread::current();
            let name = layout::kept(current.name().unwrap_or_default()).as_bytes();
            let entry = entry(kind::THREAD_STARTED, name.len() as u32, system::thread_number());
            self.write(writer, entry, name);
        }
        true
    }
}

impl Drop for Pen {
    /// The thread ends: now its own accounts are complete.
    fn drop(&mut self) {
        let (Some(_), Some(writer)) = (self.thread.get(), recorder::opened()) else {
            return;
        };
        if system::is_main_thread() {
            writer.record_readings(self);
        }
        let about = system::thread_run_delay().unwrap_or(UNKNOWN_TIME);
        let value = clock::thread_cpu();
        let entry = Entry { value, about, ..now(kind::THREAD_ENDED) };
        writer.count(self.write(writer, entry, &[]));
    }
}

/// The command that this process was started with.
fn command_line() -> String {
    let arguments = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned());
    arguments.collect::<Vec<_>>().join(" ")
}
