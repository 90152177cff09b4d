//! The writing side: what every task calls, and what costs next to nothing without a trace.

use std::cell::Cell;
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::marker::PhantomData;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use super::clock::{self, UNKNOWN_TIME};
use super::event::{Entry, about, kind};
use super::layout::{self, BLOCK, HEADER, MAGIC, MOST_BLOCKS, SLOT, VERSION, word};
use super::map::Map;
use super::{VARIABLE, system};
use crate::work;

/// The length of a trace that nobody prepared a file for: some two million events.
const LENGTH: u64 = 64 << 20;

/// How much compute may pass between two readings of the thread's CPU clock. One reading costs
/// some 600 ns, so this is about a thousandth of the compute.
const BETWEEN_SAMPLES: u64 = 500_000;

/// A thread that does not come to its next tick for this long was most likely taken off its core.
pub(super) const GAP: u64 = 100_000;

/// This process's recorder, if it has one; decided once, at the first use.
static RECORDER: OnceLock<Option<Recorder>> = OnceLock::new();

/// Numbers the tasks of this process, from 1.
static TASKS: AtomicU32 = AtomicU32::new(1);

/// Numbers the threads of this process, from 0.
static THREADS: AtomicU32 = AtomicU32::new(0);

thread_local! {
    static PEN: Pen = const { Pen::new() };
}

/// Opens the trace that the environment asks for, if it asks for one. The
/// first event does so too; a program that calls this has its trace begin here.
///
/// Where the file cannot be used a message on the standard error says so, and the program goes on
/// unrecorded.
pub fn open() {
    let _ = recorder();
}

#[inline]
fn recorder() -> Option<&'static Recorder> {
    RECORDER.get_or_init(from_environment).as_ref()
}

#[cold]
fn from_environment() -> Option<Recorder> {
    let path = PathBuf::from(std::env::var_os(VARIABLE)?);
    match Recorder::create(&path) {
        Ok(recorder) => {
            let _ = PEN.try_with(|pen| recorder.record_readings(pen));
            Some(recorder)
        }
        Err(error) => {
            let path = path.display();
            eprintln!("lab: this run is not recorded: {VARIABLE} names `{path}`: {error}");
            None
        }
    }
}

/// Records that a task starts, and gives it its number.
pub(crate) fn start_task(name: &str) -> u32 {
    let task = TASKS.fetch_add(1, Ordering::Relaxed);
    if let Some(recorder) = recorder() {
        recorder.record_now(kind::TASK_STARTED, about(task, 0, 0), name);
    }
    task
}

/// Records that a task ends.
#[inline]
pub(crate) fn end_task(task: u32) {
    if let Some(recorder) = recorder() {
        recorder.record(Entry { extent: task, ..Entry::now(kind::TASK_ENDED) }, &[]);
    }
}

/// Prints a line, and records it before it can be seen. `step` is 0 where it announces none.
///
/// # Panics
///
/// If the standard output cannot be written to, as `println!` does.
pub(crate) fn print_line(task: u32, step: u16, line: &str) {
    // The lock makes the order of the events the order of the lines.
    let mut output = io::stdout().lock();
    if let Some(recorder) = recorder() {
        recorder.record_now(kind::LINE, about(task, step, 0), line);
    }
    writeln!(output, "{line}").expect("the standard output takes a line");
}

/// A part that the calling thread is computing.
///
/// It ends where this value is dropped. Parts of one thread may be nested, as happens where a
/// thread that waits for its own part to be joined takes up another one.
#[derive(Debug)]
pub(crate) struct Computing {
    recorder: Option<&'static Recorder>,
    /// When the CPU clock was last read.
    sampled: Cell<u64>,
    /// When the thread was last known to be executing.
    seen: Cell<u64>,
    /// A part must end on the thread that started it, whose CPU clock it goes by.
    on_its_thread: PhantomData<*const ()>,
}

impl Computing {
    /// Begins a part; `part` is 0 for the whole of a step.
    pub(crate) fn start(task: u32, step: u16, part: u16) -> Computing {
        let recorder = recorder();
        let computing = Computing {
            recorder,
            sampled: Cell::new(0),
            seen: Cell::new(0),
            on_its_thread: PhantomData,
        };
        if let Some(recorder) = recorder {
            computing.sample(recorder, kind::PART_STARTED, about(task, step, part));
        }
        computing
    }

    /// Notes that the thread is executing. Call it every few microseconds of compute: it costs
    /// one reading of the monotonic clock.
    #[inline]
    pub(crate) fn tick(&self) {
        if let Some(recorder) = self.recorder {
            let now = clock::now();
            let seen = self.seen.replace(now);
            if now - self.sampled.get() >= BETWEEN_SAMPLES || now - seen >= GAP {
                self.sample(recorder, kind::TICK, seen);
            }
        }
    }

    /// Records what the thread's CPU clock says.
    #[cold]
    fn sample(&self, recorder: &Recorder, kind: u8, about: u64) {
        let Reading { before, cpu, after } = Reading::narrow();
        let extent = u32::try_from(after - before).unwrap_or(u32::MAX);
        let entry = Entry { extent, value: cpu, about, ..Entry::at(before, kind) };
        recorder.record(Entry { core: clock::core(), ..entry }, &[]);
        self.sampled.set(after);
        self.seen.set(after);
    }
}

/// The CPU clock, read between two readings of the monotonic clock.
struct Reading {
    before: u64,
    cpu: u64,
    after: u64,
}

impl Reading {
    fn new() -> Reading {
        let before = clock::now();
        let cpu = clock::thread_cpu();
        Reading { before, cpu, after: clock::now() }
    }

    /// Takes another reading where the thread lost its core in between. That
    /// is not rare: reading the CPU clock is a system call, and the end of a
    /// system call is where Linux likes to give the core to another thread.
    fn narrow() -> Reading {
        const WIDE: u64 = 5_000;
        const READINGS: usize = 3;
        let mut reading = Reading::new();
        for _ in 1..READINGS {
            if reading.after - reading.before < WIDE {
                break;
            }
            reading = Reading::new();
        }
        reading
    }
}

impl Drop for Computing {
    fn drop(&mut self) {
        if let Some(recorder) = self.recorder {
            self.sample(recorder, kind::PART_ENDED, self.seen.get());
        }
    }
}

/// A trace that this process writes.
#[derive(Debug)]
struct Recorder {
    map: Map,
    /// How many blocks the file has room for.
    blocks: u64,
}

impl Recorder {
    /// Takes the file for this process.
    fn create(path: &Path) -> io::Result<Recorder> {
        let file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)?;
        let words = Recorder::prepare(&file)?;
        let map = Map::new(&file, words)?;
        let blocks = MOST_BLOCKS.min(((words - HEADER) / BLOCK) as u64);
        let recorder = Recorder { map, blocks };
        recorder.take()?;
        recorder.fill_header();
        Ok(recorder)
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
        let wait = work::wait().as_nanos();
        let command = command_line();
        let command = layout::kept(&command).as_bytes();
        for (place, value) in [
            (word::VERSION, VERSION),
            (word::PROCESS, u64::from(std::process::id())),
            (word::ORIGIN, now),
            (word::UNIX_TIME, u64::try_from(unix_time.as_nanos()).unwrap_or(0)),
            (word::WAIT, u64::try_from(wait).unwrap_or(u64::MAX)),
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

    /// Records what the system tells about the process at this moment.
    fn record_readings(&self, pen: &Pen) {
        for (quantity, value) in system::readings() {
            let entry = Entry { value, about: quantity as u64, ..Entry::now(kind::READING) };
            self.count(pen.write(self, entry, &[]));
        }
    }

    /// Records something with a text, at this moment.
    #[inline]
    fn record_now(&self, kind: u8, about: u64, text: &str) {
        let kept = layout::kept(text);
        let (cut, extent) = (kept.len() < text.len(), kept.len() as u32);
        let entry = Entry { cut, extent, about, ..Entry::now(kind) };
        self.record(entry, kept.as_bytes());
    }

    #[inline]
    fn record(&self, entry: Entry, text: &[u8]) {
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
    fn write(&self, recorder: &Recorder, entry: Entry, text: &[u8]) -> bool {
        let head = Entry::head(entry.kind);
        let length = (head + layout::words_of_text(text.len())).next_multiple_of(SLOT);
        if self.next.get() + length > self.end.get() && !self.turn_page(recorder, entry.time) {
            return false;
        }
        let start = self.next.replace(self.next.get() + length);
        let words = &recorder.map.words()[start..start + length];
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
    fn turn_page(&self, recorder: &Recorder, time: u64) -> bool {
        let Some((start, end)) = recorder.claim_block() else {
            return false;
        };
        self.next.set(start);
        self.end.set(end);
        let is_first = self.thread.get().is_none();
        let thread = self.thread.get().unwrap_or_else(|| THREADS.fetch_add(1, Ordering::Relaxed));
        self.thread.set(Some(thread));
        let entry = |kind, extent, value| Entry { extent, value, ..Entry::at(time, kind) };
        let number = self.blocks.replace(self.blocks.get() + 1);
        self.write(recorder, entry(kind::BLOCK, thread, number), &[]);
        if is_first {
            let current = std::thread::current();
            let name = layout::kept(current.name().unwrap_or_default()).as_bytes();
            let entry = entry(kind::THREAD_STARTED, name.len() as u32, system::thread_number());
            self.write(recorder, entry, name);
        }
        true
    }
}

impl Drop for Pen {
    /// The thread ends: now its own accounts are complete.
    fn drop(&mut self) {
        let (Some(_), Some(Some(recorder))) = (self.thread.get(), RECORDER.get()) else {
            return;
        };
        if system::is_main_thread() {
            recorder.record_readings(self);
        }
        let about = system::thread_run_delay().unwrap_or(UNKNOWN_TIME);
        let value = clock::thread_cpu();
        let entry = Entry { value, about, ..Entry::now(kind::THREAD_ENDED) };
        recorder.count(self.write(recorder, entry, &[]));
    }
}

/// The command that this process was started with.
fn command_line() -> String {
    let arguments = std::env::args_os().map(|argument| argument.to_string_lossy().into_owned());
    arguments.collect::<Vec<_>>().join(" ")
}
