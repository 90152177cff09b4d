//! The writing side: what every task calls, and what costs next to nothing without a trace.

use std::cell::Cell;
use std::io::{self, Write};
use std::marker::PhantomData;
use std::path::PathBuf;
use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use super::clock::{self, Reading};
use super::writer::{Writer, now};
use trace::event::{Entry, about, kind};
use trace::{GAP, VARIABLE};

/// How much compute may pass between two readings of the thread's CPU clock. One reading costs
/// some 600 ns, so this is about a thousandth of the compute.
const BETWEEN_SAMPLES: u64 = 500_000;

/// What this process records with, if it is recorded; decided once, at the first use.
static WRITER: OnceLock<Option<Writer>> = OnceLock::new();

/// Numbers the tasks of this process, from 1.
static TASKS: AtomicU32 = AtomicU32::new(1);

/// Opens the trace that the environment asks for, if it asks for one. The
/// first event does so too; a program that calls this has its trace begin here.
///
/// Where the file cannot be used a message on the standard error says so, and the program goes on
/// unrecorded.
pub fn open() {
    let _ = writer();
}

#[inline]
fn writer() -> Option<&'static Writer> {
    WRITER.get_or_init(from_environment).as_ref()
}

/// What this process records with, where that is decided already.
pub(super) fn opened() -> Option<&'static Writer> {
    WRITER.get()?.as_ref()
}

/// Notes how long a step of this program waits, where the program is recorded.
pub(crate) fn note_wait(wait: Duration) {
    if let Some(writer) = opened() {
        writer.note_wait(wait);
    }
}

#[cold]
fn from_environment() -> Option<Writer> {
    let path = std::env::var_os(VARIABLE).filter(|path| !path.is_empty())?;
    let path = PathBuf::from(path);
    match Writer::create(&path) {
        Ok(writer) => {
            writer.begin();
            Some(writer)
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
    if let Some(writer) = writer() {
        writer.record_now(kind::TASK_STARTED, about(task, 0, 0), name);
    }
    task
}

/// Records that a task ends.
#[inline]
pub(crate) fn end_task(task: u32) {
    if let Some(writer) = writer() {
        writer.record(Entry { extent: task, ..now(kind::TASK_ENDED) }, &[]);
    }
}

/// Prints a line, and records it before it can be seen. `step` is 0 where it announces none. Where
/// nothing can be printed the program ends.
pub(crate) fn print_line(task: u32, step: u16, line: &str) {
    // The lock makes the order of the events the order of the lines.
    let mut output = io::stdout().lock();
    if let Some(writer) = writer() {
        writer.record_now(kind::LINE, about(task, step, 0), line);
    }
    if let Err(error) = writeln!(output, "{line}") {
        // We still have the lock, so that no other thread can come to say the same.
        end_unprinted(&error);
    }
}

/// Ends the program since it cannot print: quietly where the reader has gone, as `head` does once it
/// has seen enough. The trace stays as it is, mapped into its file.
#[cold]
fn end_unprinted(error: &io::Error) -> ! {
    if error.kind() == io::ErrorKind::BrokenPipe {
        process::exit(0);
    }
    eprintln!("error: cannot print: {error}");
    process::exit(1);
}

/// A part that the calling thread is computing.
///
/// It ends where this value is dropped. Parts of one thread may be nested, as happens where a
/// thread that waits for its own part to be joined takes up another one.
#[derive(Debug)]
pub(crate) struct Computing {
    writer: Option<&'static Writer>,
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
        let writer = writer();
        let computing = Computing {
            writer,
            sampled: Cell::new(0),
            seen: Cell::new(0),
            on_its_thread: PhantomData,
        };
        if let Some(writer) = writer {
            computing.sample(writer, kind::PART_STARTED, about(task, step, part));
        }
        computing
    }

    /// Notes that the thread is executing. Call it every few microseconds of compute: it costs
    /// one reading of the monotonic clock.
    #[inline]
    pub(crate) fn tick(&self) {
        if let Some(writer) = self.writer {
            let now = clock::now();
            let seen = self.seen.replace(now);
            if now - self.sampled.get() >= BETWEEN_SAMPLES || now - seen >= GAP {
                self.sample(writer, kind::TICK, seen);
            }
        }
    }

    /// Records what the thread's CPU clock says.
    #[cold]
    fn sample(&self, writer: &Writer, kind: u8, about: u64) {
        let Reading { before, cpu, after } = Reading::narrow();
        let extent = u32::try_from(after - before).unwrap_or(u32::MAX);
        let entry = Entry { extent, value: cpu, about, ..Entry::at(before, kind) };
        writer.record(Entry { core: clock::core(), ..entry }, &[]);
        self.sampled.set(after);
        self.seen.set(after);
    }
}

impl Drop for Computing {
    fn drop(&mut self) {
        if let Some(writer) = self.writer {
            self.sample(writer, kind::PART_ENDED, self.seen.get());
        }
    }
}
