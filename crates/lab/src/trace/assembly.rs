//! Threads, tasks, parts and chunks, put together from the events that tell of them.

use std::collections::HashMap;
use std::time::Duration;

use super::event::{Event, Happening, Sample};
use super::read::{Chunk, Executing, Part, Task, Thread};

/// What is known so far, event by event.
#[derive(Default)]
pub(super) struct Assembly {
    pub(super) threads: Vec<Thread>,
    pub(super) tasks: Vec<Task>,
    pub(super) parts: Vec<Part>,
    pub(super) chunks: Vec<Chunk>,
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
    /// The places of the parts that it has begun and not ended, the innermost last.
    parts: Vec<usize>,
    /// When its CPU clock was last read, and what it said.
    sampled: Option<(Duration, Sample)>,
}

impl Assembly {
    /// Goes through events that are in the order of time.
    pub(super) fn of(events: &[Event]) -> Assembly {
        let mut assembly = Assembly::default();
        for (place, event) in events.iter().enumerate() {
            assembly.add(place, event);
        }
        assembly.chunks.sort_by_key(|chunk| chunk.start);
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
                if let Some(task) = self.touch_task(task, event.time) {
                    task.end.get_or_insert(event.time);
                    task.end_event.get_or_insert(place);
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
        if let (Some(first), Some(second)) = (before.1.cpu, sample.cpu) {
            let excess = second.saturating_sub(first).saturating_sub(end.saturating_sub(before.0));
            self.cpu_clock_excess = self.cpu_clock_excess.max(excess);
        }
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
