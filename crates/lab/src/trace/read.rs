//! The reading side.

use std::collections::HashMap;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::atomic::{Ordering, fence};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use super::event::{Event, Happening, Quantity, Sample, Slot, kind};
use super::layout::{
    BLOCK, HEADER, MAGIC, MOST_BLOCKS, SLOT, VERSION, slots_of_text, unpack, word,
};
use super::recorder::GAP;

/// The trace of a run, as far as it was recorded when it was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The number of the process in the system.
    pub process: u32,
    /// The command that the process was started with.
    pub command: String,
    /// When the trace begins, by the monotonic clock that all processes of the
    /// machine share (on systems without one, by some clock of the process).
    pub origin: Duration,
    /// When the trace begins, by the calendar.
    pub began: SystemTime,
    /// How long a step waits.
    pub wait: Duration,
    /// How many times slower than normal waits and compute are.
    pub slowdown: u32,
    /// How many parts a step's compute is split into, where it is split.
    pub parts_of_a_step: u32,
    /// How many events found no room in the file.
    pub dropped: u64,
    /// How many other processes of this run wanted to record into the same
    /// file and could not: what they did is missing here.
    pub unrecorded_processes: u64,
    /// Everything that happened, in the order of time.
    pub events: Vec<Event>,
    /// The threads that recorded anything, by number.
    pub threads: Vec<Thread>,
    /// The tasks, in the order of their starts.
    pub tasks: Vec<Task>,
    /// The parts that were computed, in the order of their starts.
    pub parts: Vec<Part>,
    /// The compute, piece by piece, in the order of the pieces' starts.
    pub chunks: Vec<Chunk>,
    /// How far a thread's CPU time between two readings may be off, as the readings themselves
    /// give away: by the steps in which the clocks advance, and by as much as a
    /// thread was ever said to have executed in less time than that.
    pub clock_error: Duration,
}

/// A thread that recorded something. All times are since the beginning of the trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Thread {
    /// The thread's number, which is its place in [`Trace::threads`].
    pub number: u32,
    /// The thread's name in the program, empty if it has none.
    pub name: String,
    /// The thread's number in the system, where it has one.
    pub system: Option<u32>,
    /// When its first event was recorded.
    pub first: Duration,
    /// When its last event was recorded.
    pub last: Duration,
    /// How long it executed, all told, if it lived to tell.
    pub cpu: Option<Duration>,
    /// How long it waited for a core, all told, if it lived to tell.
    pub run_delay: Option<Duration>,
}

/// A task that was in progress. All times are since the beginning of the trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// The task's number, from 1.
    pub number: u32,
    /// The task's name, which need not be unique.
    pub name: String,
    /// When it started.
    pub start: Duration,
    /// When it ended, if it did.
    pub end: Option<Duration>,
    /// When it last recorded anything.
    pub last: Duration,
}

/// A part that was computed. All times are since the beginning of the trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// The number of the task that it belongs to.
    pub task: u32,
    /// The number of the step that it belongs to.
    pub step: u16,
    /// Its number within the step, from 1, or 0 for all of the step in one piece.
    pub number: u16,
    /// The number of the thread that computed it.
    pub thread: u32,
    /// When it began.
    pub start: Duration,
    /// When it ended, if it did.
    pub end: Option<Duration>,
    /// When its thread last recorded anything about it.
    pub last: Duration,
}

/// A piece of a part's compute, between two readings of its thread's CPU clock.
///
/// The chunks of one thread never overlap. All times are since the beginning of the trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The place in [`Trace::parts`] of the part that it is a piece of: the
    /// innermost one, where a thread was at several.
    pub part: usize,
    /// The number of the thread.
    pub thread: u32,
    /// When it began.
    pub start: Duration,
    /// When it ended.
    pub end: Duration,
    /// The core that the thread was on at the end, where the system tells.
    pub core: Option<u16>,
    /// When the thread was last known to be executing, before the end.
    pub seen: Duration,
    /// For how long of this time the thread was executing, as far as the system tells.
    pub executing: Option<Executing>,
}

/// How long a thread was executing during a [`Chunk`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Executing {
    /// No shorter than this.
    pub at_least: Duration,
    /// No longer than this.
    pub at_most: Duration,
}

impl Chunk {
    /// How long it lasted.
    #[must_use]
    pub fn length(&self) -> Duration {
        self.end.saturating_sub(self.start)
    }

    /// For how long its thread may have been off its core, at most.
    #[must_use]
    pub fn off_core(&self) -> Duration {
        let executing = self.executing.map_or(Duration::ZERO, |executing| executing.at_least);
        self.length().saturating_sub(executing)
    }

    /// When its thread was most likely off its core: it did not come to its next tick.
    ///
    /// This is for showing. A verdict goes by [`Chunk::executing`] alone.
    #[must_use]
    pub fn gap(&self) -> Option<Range<Duration>> {
        let pause = self.end.saturating_sub(self.seen.max(self.start));
        let gap = pause.min(self.off_core());
        let is_long = self.executing.is_some() && gap >= Duration::from_nanos(GAP);
        is_long.then(|| self.end - gap..self.end)
    }
}

/// Why a trace cannot be read.
#[derive(Debug)]
pub struct ReadError {
    path: PathBuf,
    problem: Problem,
}

#[derive(Debug)]
enum Problem {
    Io(io::Error),
    Empty,
    Foreign,
    Version(u64),
    Truncated { length: u64, needed: u64 },
    Damaged { offset: u64 },
}

impl ReadError {
    /// Whether nothing is wrong with the file but that no program has recorded into it (yet).
    #[must_use]
    pub fn is_empty(&self) -> bool {
        matches!(self.problem, Problem::Empty)
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ", self.path.display())?;
        match &self.problem {
            Problem::Io(error) => write!(f, "cannot be read: {error}"),
            Problem::Empty => write!(f, "holds no trace: no program recorded into it yet"),
            Problem::Foreign => write!(f, "is not a trace"),
            Problem::Version(version) => write!(
                f,
                "is a trace of version {version}, and this program reads version {VERSION}: record it anew"
            ),
            Problem::Truncated { length, needed } => write!(
                f,
                "is cut short: it has {length} bytes of at least {needed}; copy or record it anew"
            ),
            Problem::Damaged { offset } => {
                write!(f, "is damaged: there is no event of any known kind at byte {offset}")
            }
        }
    }
}

impl std::error::Error for ReadError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match &self.problem {
            Problem::Io(error) => Some(error),
            _ => None,
        }
    }
}

impl Trace {
    /// Reads what has been recorded so far.
    ///
    /// This works while the program runs and when it is gone, however it went.
    /// What is read is whole, and complete up to some moment for each thread.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or is empty, cut short, damaged or no trace of this version.
    pub fn read(path: impl AsRef<Path>) -> Result<Trace, ReadError> {
        let path = path.as_ref();
        let words = words(path);
        words
            .and_then(|words| decode(&words))
            .map_err(|problem| ReadError { path: path.to_owned(), problem })
    }

    /// Puts a trace together from events, which may be in any order as long as each thread's are
    /// in theirs. What does not follow from the events is as on a machine at rest.
    #[must_use]
    pub fn from_events(mut events: Vec<Event>) -> Trace {
        // Stable: what happened on one thread in the same nanosecond stays in order.
        events.sort_by_key(|event| event.time);
        let mut assembly = Assembly::default();
        for event in &events {
            assembly.add(event);
        }
        assembly.chunks.sort_by_key(|chunk| chunk.start);
        let clock_error = assembly.clock_error.total();
        let Assembly { threads, tasks, parts, chunks, .. } = assembly;
        Trace {
            process: 0,
            command: String::new(),
            origin: Duration::ZERO,
            began: UNIX_EPOCH,
            wait: Duration::from_millis(20),
            slowdown: 1,
            parts_of_a_step: 8,
            dropped: 0,
            unrecorded_processes: 0,
            events,
            threads,
            tasks,
            parts,
            chunks,
            clock_error,
        }
    }

    /// From the beginning to the last event.
    #[must_use]
    pub fn length(&self) -> Duration {
        self.events.last().map_or(Duration::ZERO, |event| event.time)
    }

    /// The task with this number.
    #[must_use]
    pub fn task(&self, number: u32) -> Option<&Task> {
        self.tasks.iter().find(|task| task.number == number)
    }

    /// The first and the last reading of a quantity.
    #[must_use]
    pub fn readings(&self, quantity: Quantity) -> Option<(u64, u64)> {
        let mut values = self.events.iter().filter_map(|event| match event.what {
            Happening::Reading { quantity: about, value } if about == quantity => Some(value),
            _ => None,
        });
        let first = values.next()?;
        Some((first, values.next_back().unwrap_or(first)))
    }
}

/// The words of a file, from the header to the end of the last claimed block.
struct Words {
    words: Vec<u64>,
    /// For each slot behind the header, whether it was finished before `words` were read.
    finished: Vec<bool>,
}

/// Reads the file twice, since its writer may be at it: a slot that was
/// finished at the first reading is whole at the second, in whatever order the
/// system copies. (A mapping would need no second reading, but whoever cuts
/// the file short while it is mapped kills the reader.)
fn words(path: &Path) -> Result<Words, Problem> {
    let mut file = File::open(path).map_err(Problem::Io)?;
    let header = read_words(&mut file, HEADER)?;
    check(&header)?;
    let claimed = header[word::CLAIMED].min(header[word::BLOCKS]).min(MOST_BLOCKS);
    let length = HEADER + usize::try_from(claimed).unwrap_or(0) * BLOCK;
    let needed = (length * size_of::<u64>()) as u64;
    let found = file.metadata().map_err(Problem::Io)?.len();
    if found < needed {
        return Err(Problem::Truncated { length: found, needed });
    }
    let first = read_words(&mut file, length)?;
    let finished = first[HEADER..].chunks_exact(SLOT).map(|slot| slot[0] != 0).collect();
    drop(first);
    fence(Ordering::Acquire);
    Ok(Words { words: read_words(&mut file, length)?, finished })
}

/// Reads the beginning of the file, and fills up with zeros where it is shorter.
fn read_words(file: &mut File, length: usize) -> Result<Vec<u64>, Problem> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(0)).map_err(Problem::Io)?;
    let limit = (length * size_of::<u64>()) as u64;
    file.take(limit).read_to_end(&mut bytes).map_err(Problem::Io)?;
    bytes.resize(length * size_of::<u64>(), 0);
    let (words, _) = bytes.as_chunks();
    Ok(words.iter().copied().map(u64::from_ne_bytes).collect())
}

/// Whether this is the header of a trace of this version.
fn check(header: &[u64]) -> Result<(), Problem> {
    match (header[word::MAGIC], header[word::VERSION]) {
        (MAGIC, VERSION) => Ok(()),
        (MAGIC, version) => Err(Problem::Version(version)),
        (0, _) => Err(Problem::Empty),
        _ => Err(Problem::Foreign),
    }
}

fn decode(words: &Words) -> Result<Trace, Problem> {
    let (header, blocks) = words.words.split_at(HEADER);
    let origin = header[word::ORIGIN];
    let mut events: Vec<(u64, Event)> = Vec::new();
    for (number, block) in blocks.chunks_exact(BLOCK).enumerate() {
        let first = number * BLOCK / SLOT;
        let finished = &words.finished[first..first + BLOCK / SLOT];
        decode_block(block, finished, origin, &mut events).map_err(|place| {
            let offset = (HEADER + number * BLOCK + place * SLOT) * size_of::<u64>();
            Problem::Damaged { offset: offset as u64 }
        })?;
    }
    // The blocks of a thread are in order, but those of all threads are mixed.
    events.sort_by_key(|&(block, ref event)| (event.thread, block));
    let events = events.into_iter().map(|(_, event)| event).collect();
    let small = |place: usize| u32::try_from(header[place]).unwrap_or(u32::MAX);
    let command_length = usize::try_from(header[word::COMMAND]).unwrap_or(0);
    Ok(Trace {
        process: small(word::PROCESS),
        command: unpack(&header[word::COMMAND + 1..], command_length),
        origin: Duration::from_nanos(origin),
        began: UNIX_EPOCH + Duration::from_nanos(header[word::UNIX_TIME]),
        wait: Duration::from_nanos(header[word::WAIT]),
        slowdown: small(word::SLOWDOWN),
        parts_of_a_step: small(word::PARTS),
        dropped: header[word::DROPPED],
        unrecorded_processes: header[word::OTHERS],
        ..Trace::from_events(events)
    })
}

/// Appends the finished events of one block, each with the number of the
/// block among its thread's, or says which slot makes no sense.
fn decode_block(
    block: &[u64],
    finished: &[bool],
    origin: u64,
    events: &mut Vec<(u64, Event)>,
) -> Result<(), usize> {
    let slots = block.as_chunks::<SLOT>().0;
    if !finished[0] {
        return Ok(());
    }
    let head = Slot::from_words(slots[0]);
    // Every thread has claimed a block, so there are no more threads than blocks.
    if head.kind != kind::BLOCK || u64::from(head.extent) >= MOST_BLOCKS {
        return Err(0);
    }
    let mut place = 1;
    while finished.get(place) == Some(&true) {
        let slot = Slot::from_words(slots[place]);
        let end = place + 1 + slots_of_text(slot.text_length());
        let text = slots.get(place + 1..end).ok_or(place)?.as_flattened();
        let event = slot.decode(head.extent, text, origin).ok_or(place)?;
        events.push((head.value, event));
        place = end;
    }
    Ok(())
}

/// What is known so far, event by event.
#[derive(Default)]
struct Assembly {
    threads: Vec<Thread>,
    tasks: Vec<Task>,
    parts: Vec<Part>,
    chunks: Vec<Chunk>,
    /// The place in `tasks` of each task, by number.
    place_of_task: HashMap<u32, usize>,
    /// What each thread is at, by number.
    at: Vec<At>,
    clock_error: ClockError,
}

/// What a thread is at.
#[derive(Clone, Default)]
struct At {
    /// The places of the parts that it has begun and not ended, the innermost last.
    parts: Vec<usize>,
    /// When its CPU clock was last read, and what it said.
    sampled: Option<(Duration, Sample)>,
}

impl Assembly {
    fn add(&mut self, event: &Event) {
        self.note_thread(event);
        match event.what {
            Happening::ThreadEnded { cpu, run_delay } => {
                let thread = &mut self.threads[event.thread as usize];
                (thread.cpu, thread.run_delay) = (cpu, run_delay);
            }
            Happening::TaskStarted { task, ref name } => {
                self.place_of_task.insert(task, self.tasks.len());
                let (start, name) = (event.time, name.clone());
                self.tasks.push(Task { number: task, name, start, end: None, last: start });
            }
            Happening::TaskEnded { task } => {
                if let Some(task) = self.touch_task(task, event.time) {
                    task.end.get_or_insert(event.time);
                }
            }
            Happening::Line { task, .. } => {
                self.touch_task(task, event.time);
            }
            Happening::PartStarted { task, step, part, sample } => {
                self.start_part(event, [task, u32::from(step), u32::from(part)], sample);
            }
            Happening::Tick { sample, seen } => self.add_chunk(event, sample, seen),
            Happening::PartEnded { sample, seen } => {
                self.add_chunk(event, sample, seen);
                if let Some(place) = self.at[event.thread as usize].parts.pop() {
                    self.parts[place].end = Some(event.time + sample.width);
                }
            }
            Happening::ThreadStarted { .. } | Happening::Reading { .. } => {}
        }
    }

    /// Notes that the thread is there, and still is at this time.
    fn note_thread(&mut self, event: &Event) {
        // Threads that fell in between got no room for even one event, or are still to come.
        for number in self.threads.len()..=event.thread as usize {
            let number = u32::try_from(number).unwrap_or(u32::MAX);
            let (name, first, last) = (String::new(), event.time, event.time);
            let (system, cpu, run_delay) = (None, None, None);
            self.threads.push(Thread { number, name, system, first, last, cpu, run_delay });
            self.at.push(At::default());
        }
        let thread = &mut self.threads[event.thread as usize];
        if let Happening::ThreadStarted { ref name, system } = event.what {
            (thread.name, thread.system, thread.first) = (name.clone(), system, event.time);
        }
        thread.last = event.time;
    }

    /// Notes that the task was in progress at this time.
    fn touch_task(&mut self, number: u32, time: Duration) -> Option<&mut Task> {
        let task = &mut self.tasks[*self.place_of_task.get(&number)?];
        task.last = task.last.max(time);
        Some(task)
    }

    fn start_part(&mut self, event: &Event, [task, step, number]: [u32; 3], sample: Sample) {
        self.add_chunk(event, sample, event.time);
        self.touch_task(task, event.time);
        let [step, number] = [step, number].map(|small| u16::try_from(small).unwrap_or(u16::MAX));
        let at = &mut self.at[event.thread as usize];
        at.parts.push(self.parts.len());
        at.sampled = Some((event.time, sample));
        let (thread, start, last) = (event.thread, event.time, event.time);
        self.parts.push(Part { task, step, number, thread, start, end: None, last });
    }

    /// Adds what the thread computed since its CPU clock was last read, if it is at a part.
    fn add_chunk(&mut self, event: &Event, sample: Sample, seen: Duration) {
        let at = &mut self.at[event.thread as usize];
        let (Some(&part), Some(before)) = (at.parts.last(), at.sampled) else {
            return;
        };
        at.sampled = Some((event.time, sample));
        let (start, end) = (before.0 + before.1.width, event.time + sample.width);
        let executing = executing(before.1, sample, end.saturating_sub(start));
        self.clock_error.note(before, (event.time, sample));
        let (thread, core) = (event.thread, event.core);
        self.parts[part].last = end;
        let task = self.parts[part].task;
        self.touch_task(task, event.time);
        self.chunks.push(Chunk { part, thread, start, end, core, seen, executing });
    }
}

/// How long a thread was executing between the ends of two readings of its CPU clock, where that
/// took `length` by the wall clock.
///
/// The clock said its first time at some moment during the first reading. What
/// the thread executed until the end of that reading is not part of the chunk,
/// and was no more than the reading's width; likewise at the second reading.
fn executing(first: Sample, second: Sample, length: Duration) -> Option<Executing> {
    let widest = Duration::from_nanos(u64::from(u32::MAX));
    if first.width == widest || second.width == widest {
        return None;
    }
    let between = second.cpu?.checked_sub(first.cpu?)?;
    Some(Executing {
        at_least: between.saturating_sub(first.width).min(length),
        at_most: (between + second.width).min(length),
    })
}

/// What pairs of readings of a thread's CPU clock give away about the clocks.
#[derive(Default)]
struct ClockError {
    /// The largest step, in nanoseconds, of which all CPU times between two
    /// readings are multiples: the clock's own step, or a multiple of it while
    /// there are few readings.
    cpu_step: u64,
    /// The same for the monotonic clock.
    step: u64,
    /// How much longer than possible a thread was said to have executed.
    excess: Duration,
}

impl ClockError {
    fn note(&mut self, first: (Duration, Sample), second: (Duration, Sample)) {
        let wall = (second.0 + second.1.width).saturating_sub(first.0);
        self.step = greatest_common_divisor(self.step, nanoseconds(wall));
        if let (Some(first), Some(second)) = (first.1.cpu, second.1.cpu) {
            let cpu = second.saturating_sub(first);
            self.cpu_step = greatest_common_divisor(self.cpu_step, nanoseconds(cpu));
            self.excess = self.excess.max(cpu.saturating_sub(wall));
        }
    }

    fn total(&self) -> Duration {
        self.excess + Duration::from_nanos(self.cpu_step) + 2 * Duration::from_nanos(self.step)
    }
}

/// Euclid's algorithm; that of zero and another number is the other number.
fn greatest_common_divisor(mut a: u64, mut b: u64) -> u64 {
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
