//! Threads, tasks, parts and chunks, put together from the events that tell of them.

use std::collections::HashMap;
use std::time::Duration;

use super::merge::merged;
use super::read::{Chunk, Executing, Part, Reading, Task, Thread};
use ::trace::event::{Event, Happening, Sample};

/// What is known so far, event by event.
#[derive(Default)]
pub(super) struct Assembly {
    pub(super) threads: Vec<Thread>,
    pub(super) tasks: Vec<Task>,
    pub(super) parts: Vec<Part>,
    pub(super) chunks: Vec<Chunk>,
    pub(super) readings: Vec<Reading>,
    /// How much longer than possible a thread was said to have executed, at most.
    pub(super) cpu_clock_excess: Duration,
    /// The place in `tasks` of each task, by number.
    place_of_task: HashMap<u32, usize>,
    /// What each thread is at, by number.
    at: Vec<At>,
}

/// What a thread is at.
#[derive(Clone, Default)]
struct At {
    /// The parts that it has begun and not ended, the innermost last.
    parts: Vec<Begun>,
    /// What it has computed.
    chunks: Vec<Chunk>,
    /// When its CPU clock was last read, and what it said.
    sampled: Option<(Duration, Sample)>,
}

/// A part that some thread is at.
#[derive(Clone, Copy)]
struct Begun {
    /// Its place in `parts`.
    part: usize,
    /// The place in `tasks` of the task that it belongs to, if that is on record.
    task: Option<usize>,
}

impl Assembly {
    /// Goes through events that are in the order of time.
    pub(super) fn of(events: &[Event]) -> Assembly {
        let mut assembly = Assembly::default();
        for (place, event) in events.iter().enumerate() {
            assembly.add(place, event);
        }
        for at in &mut assembly.at {
            // They are, unless a clock was read for longer than it took to get to the next event.
            at.chunks.sort_by_key(|chunk| chunk.start);
        }
        let total = assembly.at.iter().map(|at| at.chunks.len()).sum();
        let threads = std::mem::take(&mut assembly.at).into_iter().map(|at| at.chunks.into_iter());
        assembly.chunks = merged(threads, total, |chunk| chunk.start);
        assembly
    }

    fn add(&mut self, place: usize, event: &Event) {
        self.note_thread(event);
        match event.what {
            Happening::ThreadEnded { cpu, run_delay } => {
                let thread = &mut self.threads[event.thread as usize];
                (thread.cpu, thread.run_delay) = (cpu, run_delay);
            }
            Happening::TaskStarted { task, ref name } => self.start_task(event, place, task, name),
            Happening::TaskEnded { task } => {
                let known = self.place_of_task(task);
                if let Some(task) = self.touch_task(known, event.time) {
                    task.end.get_or_insert(event.time);
                    task.end_event.get_or_insert(place);
                }
            }
            Happening::Line { task, .. } => {
                let known = self.place_of_task(task);
                self.touch_task(known, event.time);
            }
            Happening::PartStarted { task, step, part, sample } => {
                self.start_part(event, [task, u32::from(step), u32::from(part)], sample);
            }
            Happening::Tick { sample, seen } => self.add_chunk(event, sample, seen),
            Happening::PartEnded { sample, seen } => {
                self.add_chunk(event, sample, seen);
                if let Some(Begun { part, .. }) = self.at[event.thread as usize].parts.pop() {
                    self.parts[part].end = Some(event.time + sample.width);
                }
            }
            Happening::Reading { quantity, value } => {
                self.readings.push(Reading { time: event.time, quantity, value });
            }
            Happening::ThreadStarted { .. } => {}
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

    fn place_of_task(&self, number: u32) -> Option<usize> {
        self.place_of_task.get(&number).copied()
    }

    /// Notes that the task at this place, if there is one, was in progress at this time.
    fn touch_task(&mut self, place: Option<usize>, time: Duration) -> Option<&mut Task> {
        let task = &mut self.tasks[place?];
        task.last = task.last.max(time);
        Some(task)
    }

    fn start_task(&mut self, event: &Event, place: usize, number: u32, name: &str) {
        self.place_of_task.insert(number, self.tasks.len());
        self.tasks.push(Task {
            number,
            name: name.to_owned(),
            start: event.time,
            end: None,
            last: event.time,
            start_event: place,
            end_event: None,
        });
    }

    fn start_part(&mut self, event: &Event, [task, step, number]: [u32; 3], sample: Sample) {
        self.add_chunk(event, sample, event.time);
        let known = self.place_of_task(task);
        self.touch_task(known, event.time);
        let [step, number] = [step, number].map(|small| u16::try_from(small).unwrap_or(u16::MAX));
        let at = &mut self.at[event.thread as usize];
        at.parts.push(Begun { part: self.parts.len(), task: known });
        at.sampled = Some((event.time, sample));
        let (thread, start, last) = (event.thread, event.time, event.time);
        self.parts.push(Part { task, step, number, thread, start, end: None, last });
    }

    /// Adds what the thread computed since its CPU clock was last read, if it is at a part.
    fn add_chunk(&mut self, event: &Event, sample: Sample, seen: Duration) {
        let at = &mut self.at[event.thread as usize];
        let (Some(&Begun { part, task }), Some(before)) = (at.parts.last(), at.sampled) else {
            return;
        };
        at.sampled = Some((event.time, sample));
        let (start, end) = (before.0 + before.1.width, event.time + sample.width);
        let executing = executing(before.1, sample, end.saturating_sub(start));
        if let (Some(first), Some(second)) = (before.1.cpu, sample.cpu) {
            let excess = second.saturating_sub(first).saturating_sub(end.saturating_sub(before.0));
            self.cpu_clock_excess = self.cpu_clock_excess.max(excess);
        }
        let (thread, core) = (event.thread, event.core);
        self.parts[part].last = end;
        at.chunks.push(Chunk { part, thread, start, end, core, seen, executing });
        self.touch_task(task, event.time);
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
