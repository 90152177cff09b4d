//! The writing side: what every task calls, and what costs next to nothing without a trace.

use std::cell::Cell;
use std::io::{self, Write};
use std::marker::PhantomData;
use std::process::exit;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use super::clock::{self, Reading};
use super::pen;
use super::process::{is_recorded, number_task, of_this_process, writer};
use super::writer::{Writer, now};
use trace::event::{Entry, about, kind};
use trace::{GAP, Workload, layout};

/// How much compute may pass between two readings of the thread's CPU clock. One reading costs
/// some 600 ns, so this is about a thousandth of the compute.
const BETWEEN_SAMPLES: u64 = 500_000;

/// Opens the trace that the environment asks for, if it asks for one. The
/// first event does so too; a program that calls this has its trace begin here.
///
/// Where the file cannot be used a message on the standard error says so, and the program goes on
/// unrecorded.
pub fn open() {
    let _ = writer();
}

/// Records something with a text, at this moment, and says when that was.
#[inline]
fn record_now(writer: &'static Writer, kind: u8, about: u64, text: &str) -> u64 {
    let kept = layout::kept(text);
    let (cut, extent) = (kept.len() < text.len(), kept.len() as u32);
    let entry = Entry { cut, extent, about, ..now(kind) };
    pen::write(writer, entry, kept.as_bytes());
    entry.time
}

/// Records a figure that describes what the program does: `fact("page", 3.2, "ms")`. Whoever reads
/// the trace finds it there as it was told.
pub fn fact(name: &str, value: impl Into<f64>, unit: &str) {
    if let Some(writer) = writer() {
        record_fact(writer, 0, name, value.into(), unit);
    }
}

/// The same about one task.
pub(crate) fn task_fact(task: u32, name: &str, value: f64, unit: &str) {
    if let Some(writer) = writer() {
        record_fact(writer, task, name, value, unit);
    }
}

fn record_fact(writer: &'static Writer, task: u32, name: &str, value: f64, unit: &str) {
    let (name, unit) = (layout::kept(name), layout::kept(unit));
    let text = [name, unit].concat();
    let (extent, value) = (text.len() as u32, value.to_bits());
    let about = about(task, name.len() as u16, 0);
    pen::write(writer, Entry { extent, value, about, ..now(kind::FACT) }, text.as_bytes());
}

/// Tells what the workload of this program is, as facts that whoever reads the trace understands.
pub fn describe(workload: Workload) {
    if let Some(writer) = writer() {
        let facts = workload.facts();
        facts.for_each(|(name, value, unit)| record_fact(writer, 0, name, value, unit));
    }
}

/// Tells how long a step waits, where it is not what was told last and the program is recorded
/// already: of itself it is not worth a trace.
pub(crate) fn note_wait(wait: Duration) {
    static TOLD: AtomicU64 = AtomicU64::new(u64::MAX);
    let nanoseconds = u64::try_from(wait.as_nanos()).unwrap_or(u64::MAX);
    if is_recorded() && TOLD.swap(nanoseconds, Ordering::Relaxed) != nanoseconds {
        describe(Workload { wait: Some(wait), ..Workload::default() });
    }
}

/// Records that a task starts, and gives it its number.
pub(crate) fn start_task(name: &str) -> u32 {
    // First: a copy of a process has to know which numbers are its own.
    let writer = writer();
    let task = number_task();
    if let Some(writer) = writer {
        record_now(writer, kind::TASK_STARTED, about(task, 0, 0), name);
    }
    task
}

/// Records that a task ends.
#[inline]
pub(crate) fn end_task(task: u32) {
    if let Some(writer) = writer() {
        pen::write(writer, Entry { extent: task, ..now(kind::TASK_ENDED) }, &[]);
    }
}

/// Something that a task waits for, until this value is dropped, on whatever thread.
#[derive(Debug)]
pub(crate) struct Waiting {
    task: u32,
    /// When the wait began; nothing where nobody recorded that.
    started: Option<u64>,
}

impl Waiting {
    pub(crate) fn start(task: u32, what: &str) -> Waiting {
        let start = |writer| record_now(writer, kind::WAIT_STARTED, about(task, 0, 0), what);
        Waiting { task, started: writer().map(start) }
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        if let (Some(value), Some(writer)) = (self.started, writer()) {
            let about = about(self.task, 0, 0);
            pen::write(writer, Entry { value, about, ..now(kind::WAIT_ENDED) }, &[]);
        }
    }
}

/// Prints a line, and records it before it can be seen. `step` is 0 where it announces none. Where
/// nothing can be printed the program ends.
pub(crate) fn print_line(task: u32, step: u16, line: &str) {
    // The lock makes the order of the events the order of the lines.
    let mut output = io::stdout().lock();
    if let Some(writer) = writer() {
        record_now(writer, kind::LINE, about(task, step, 0), line);
    }
    if let Err(error) = writeln!(output, "{line}") {
        // We still have the lock, so that no other thread can come to say the same.
        end_unprinted(&error);
    }
}

/// Prints a text of no task, and ends its last line. Where nothing can be printed the program ends.
pub(crate) fn print(text: &str) {
    if let Err(error) = writeln!(io::stdout(), "{text}") {
        end_unprinted(&error);
    }
}

/// Ends the program since it cannot print: quietly where the reader has gone, as `head` does once it
/// has seen enough. The trace stays as it is, mapped into its file.
#[cold]
fn end_unprinted(error: &io::Error) -> ! {
    if error.kind() == io::ErrorKind::BrokenPipe {
        exit(0);
    }
    eprintln!("error: cannot print: {error}");
    exit(1);
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
    fn sample(&self, writer: &'static Writer, kind: u8, about: u64) {
        let Reading { before, cpu, after } = Reading::narrow();
        self.sampled.set(after);
        self.seen.set(after);
        // It may have begun in the process that this one is a copy of.
        let Some(writer) = of_this_process(writer) else { return };
        let extent = u32::try_from(after - before).unwrap_or(u32::MAX);
        let entry = Entry { extent, value: cpu, about, ..Entry::at(before, kind) };
        pen::write(writer, Entry { core: clock::core(), ..entry }, &[]);
    }
}

impl Drop for Computing {
    fn drop(&mut self) {
        if let Some(writer) = self.writer {
            self.sample(writer, kind::PART_ENDED, self.seen.get());
        }
    }
}
