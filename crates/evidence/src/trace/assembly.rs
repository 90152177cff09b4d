//! Threads, tasks, parts and chunks, put together from the events that tell of them.
//!
//! Events come process by process, thread by thread, each thread's in their order. Nothing is kept of
//! an event but what it tells, and what needs the whole is worked out in the end.

use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use super::chunks::{Chunk, Chunks, Executing, Packed, nanoseconds};
use super::model::{Cut, Fact, Line, Part, Place, Process, Reading, Task, Thread, Trace, Wait};
use crate::steps;
use ::trace::Workload;
use ::trace::event::{Event, Happening, Sample};

/// What stands in the maps besides what stands in the lists. A map has room for twice as much.
pub(super) type PlaceOfTask = [(u32, usize); 2];
pub(super) type DeedsOfTask = [(u32, Deeds); 2];
pub(super) type WaitEnd = [((u32, Duration), Duration); 2];

/// What is known so far, event by event.
#[derive(Default)]
pub(super) struct Assembly {
    /// How many bytes all this may take, and how many it takes.
    pub(super) limit: usize,
    pub(super) weight: usize,
    /// From when on nothing is kept, in nanoseconds.
    pub(super) horizon: Option<u64>,
    pub(super) processes: Vec<Process>,
    pub(super) threads: Vec<Thread>,
    pub(super) tasks: Vec<Task>,
    pub(super) parts: Vec<Part>,
    pub(super) chunks: Vec<Packed>,
    pub(super) lines: Vec<Line>,
    pub(super) waits: Vec<Wait>,
    pub(super) facts: Vec<Fact>,
    readings: Vec<Reading>,
    events: u64,
    /// When the last event was, and the last one that is kept.
    last: Duration,
    pub(super) length: Duration,
    /// How much longer than possible a thread was said to have executed, at most.
    cpu_clock_excess: Duration,
    /// Every name once, however many things are called so.
    pub(super) names: HashSet<Arc<str>>,
    /// How many threads the processes before have.
    threads_before: usize,
    /// How the tasks of each process are numbered.
    numbering: Vec<Numbering>,
    highest_task: u32,
    /// The place in `tasks` of each task, by number.
    pub(super) place_of_task: HashMap<u32, usize>,
    /// What is known of tasks whose start was not read yet, or is another process's to tell.
    pub(super) deeds: HashMap<u32, Deeds>,
    /// When waits ended, by task and start.
    pub(super) wait_ends: HashMap<(u32, Duration), Duration>,
    /// What the thread is at whose events are being read.
    pub(super) at: At,
}

/// Where in a trace of several processes a process's tasks have their numbers.
#[derive(Clone, Copy)]
struct Numbering {
    /// The number that the process gave to the first task of its own.
    first: u32,
    /// The number that this one has here.
    base: u32,
    /// The place of the process whose tasks the smaller numbers are.
    parent: Option<usize>,
}

/// What is known of a task besides its start.
#[derive(Clone, Copy, Default)]
pub(super) struct Deeds {
    pub(super) last: Duration,
    pub(super) end: Option<(Duration, Place)>,
}

/// What a thread is at.
#[derive(Default)]
pub(super) struct At {
    /// The thread's number, once one has recorded anything.
    thread: Option<u32>,
    /// How many events it has recorded.
    events: u32,
    /// The parts that it has begun and not ended, the innermost last.
    pub(super) parts: Vec<Begun>,
    /// When its CPU clock was last read, and what it said.
    sampled: Option<(Duration, Sample)>,
    /// The task that it was last at, and what it did for it that is not yet noted elsewhere: most of
    /// what a thread does in a row is for one task.
    task: u32,
    deeds: Deeds,
}

/// A part that some thread is at.
#[derive(Clone, Copy)]
pub(super) struct Begun {
    /// Its place in `parts`, if it is kept.
    pub(super) part: Option<u32>,
    /// The task that it belongs to.
    task: u32,
}

/// A process whose events are to follow.
pub(super) struct Beginning {
    pub(super) system: u32,
    pub(super) command: String,
    pub(super) file: PathBuf,
    /// When it began to record, since the beginning of the trace.
    pub(super) start: Duration,
    /// The place of the process that it was forked from.
    pub(super) forked_from: Option<usize>,
    pub(super) first_task: u32,
}

impl Assembly {
    /// Nothing yet, and room for so many bytes.
    pub(super) fn new(limit: usize) -> Assembly {
        Assembly { limit, ..Assembly::default() }
    }

    /// The events of a process follow.
    pub(super) fn begin(&mut self, beginning: Beginning) {
        let Beginning { system, command, file, start, forked_from, first_task: first } = beginning;
        let number = u32::try_from(self.processes.len()).unwrap_or(u32::MAX);
        let base = if number == 0 { first } else { self.highest_task.saturating_add(1) };
        self.numbering.push(Numbering { first, base, parent: forked_from });
        let forked_from = forked_from.and_then(|place| u32::try_from(place).ok());
        self.processes.push(Process { number, system, command, file, start, forked_from });
        self.threads_before = self.threads.len();
        self.at = At::default();
    }

    /// The number that a task of the process has among those of all, or 0 for one that is another
    /// process's of which nothing is known.
    fn number(&mut self, task: u32) -> u32 {
        let mut place = self.processes.len().checked_sub(1);
        while let Some(Numbering { first, base, parent }) = place.map(|place| self.numbering[place])
        {
            if let Some(own) = task.checked_sub(first) {
                let number = base.checked_add(own).unwrap_or(0);
                self.highest_task = self.highest_task.max(number);
                return number;
            }
            place = parent;
        }
        0
    }

    /// Takes in an event of the process that began last.
    pub(super) fn add(&mut self, event: Event) {
        let thread = self.note_thread(&event);
        let place = Place { thread, number: self.at.events };
        self.at.events = self.at.events.saturating_add(1);
        self.events += 1;
        steps::take(1);
        self.last = self.last.max(event.time);
        if !self.note_account(thread, &event) && self.is_kept(event.time) {
            self.length = self.length.max(event.time);
            let known = &mut self.threads[thread as usize];
            known.last = known.last.max(event.time);
            self.take_in(event, place);
            if self.weight > self.limit {
                self.shrink();
            }
        }
    }

    /// Whether what happens at this time is kept.
    pub(super) fn is_kept(&self, time: Duration) -> bool {
        self.horizon.is_none_or(|horizon| nanoseconds(time) < horizon)
    }

    /// Accounts for something that is kept.
    fn weigh<T>(&mut self, _thing: &T, besides: usize) {
        self.weight += size_of::<T>() + besides;
    }

    /// Sees to it that the thread is on the list, and returns its number among those of all processes.
    fn note_thread(&mut self, event: &Event) -> u32 {
        let process = self.processes.len() - 1;
        let place = self.threads_before + event.thread as usize;
        // Threads that fell in between got no room for even one event.
        for number in self.threads.len()..=place {
            let [number, process] =
                [number, process].map(|it| u32::try_from(it).unwrap_or(u32::MAX));
            let (name, first, last) = (String::new(), event.time, event.time);
            let (system, cpu, run_delay, open) = (None, None, None, None);
            let thread =
                Thread { number, process, name, system, first, last, cpu, run_delay, open };
            self.weigh(&thread, 0);
            self.threads.push(thread);
        }
        let thread = &mut self.threads[place];
        if let Happening::ThreadStarted { ref name, system } = event.what {
            (thread.name, thread.system, thread.first) = (name.clone(), system, event.time);
            self.weight += name.len();
        }
        let number = thread.number;
        if self.at.thread != Some(number) {
            self.note_deeds();
            self.at = At { thread: Some(number), ..At::default() };
        }
        number
    }

    /// Takes in an account of a thread or of the process, which is of its whole life. Says whether it
    /// was one.
    fn note_account(&mut self, thread: u32, event: &Event) -> bool {
        let process = self.threads[thread as usize].process;
        match event.what {
            Happening::ThreadEnded { cpu, run_delay } => {
                let known = &mut self.threads[thread as usize];
                (known.cpu, known.run_delay) = (cpu, run_delay);
                known.last = known.last.max(event.time);
            }
            Happening::Reading { quantity, value } => {
                self.note_reading(Reading { time: event.time, process, quantity, value });
            }
            _ => return false,
        }
        if self.is_kept(event.time) {
            self.length = self.length.max(event.time);
        }
        true
    }

    /// Keeps the first and the last reading of each quantity.
    fn note_reading(&mut self, reading: Reading) {
        let own = self.readings.iter_mut().rev().take_while(|it| it.process == reading.process);
        let mut known: Vec<_> = own.filter(|it| it.quantity == reading.quantity).collect();
        known.sort_unstable_by_key(|known| known.time);
        match known.as_mut_slice() {
            [first, _] if reading.time < first.time => **first = reading,
            [_, last] if reading.time >= last.time => **last = reading,
            [_, _] => {}
            _ => self.readings.push(reading),
        }
    }

    fn take_in(&mut self, event: Event, place: Place) {
        let (time, thread) = (event.time, place.thread);
        match event.what {
            Happening::TaskStarted { task, name } => self.start_task(task, time, place, name),
            Happening::TaskEnded { task } => {
                self.touch(task, Deeds { last: time, end: Some((time, place)) });
            }
            Happening::Line { task, step, text, cut } => {
                let task = self.touch(task, Deeds { last: time, end: None });
                let line = Line { time, thread, task, step, text: text.into(), cut };
                self.weigh(&line, line.text.len());
                self.lines.push(line);
            }
            Happening::PartStarted { task, step, part, sample } => {
                self.add_chunk(time, event.core, sample, time);
                self.start_part(time, [task, u32::from(step), u32::from(part)], sample);
            }
            Happening::Tick { sample, seen } => self.add_chunk(time, event.core, sample, seen),
            Happening::PartEnded { sample, seen } => {
                self.add_chunk(time, event.core, sample, seen);
                if let Some(Begun { part: Some(part), .. }) = self.at.parts.pop() {
                    self.parts[part as usize].end = Some(time + sample.width);
                }
            }
            Happening::WaitStarted { task, what } => self.start_wait(task, time, thread, what),
            Happening::WaitEnded { task, started } => {
                let task = self.touch(task, Deeds { last: time, end: None });
                self.weight += size_of::<WaitEnd>();
                self.wait_ends.insert((task, started), time);
            }
            Happening::Fact { task, name, value, unit } => {
                let task = task.map(|task| self.touch(task, Deeds { last: time, end: None }));
                let process = self.threads[thread as usize].process;
                let (name, unit) = (self.name(name), self.name(unit));
                let fact = Fact { time, process, task, name, value, unit };
                self.weigh(&fact, 0);
                self.facts.push(fact);
            }
            Happening::ThreadStarted { .. }
            | Happening::ThreadEnded { .. }
            | Happening::Reading { .. } => {}
        }
    }

    /// The name, which others may have as well.
    fn name(&mut self, name: String) -> Arc<str> {
        if let Some(known) = self.names.get(name.as_str()) {
            return Arc::clone(known);
        }
        let name: Arc<str> = name.into();
        self.weigh(&name, name.len());
        self.names.insert(Arc::clone(&name));
        name
    }

    fn start_task(&mut self, task: u32, start: Duration, place: Place, name: String) {
        let (number, name) = (self.number(task), self.name(name));
        let process = self.threads[place.thread as usize].process;
        let (end, last, start_event, end_event) = (None, start, place, None);
        let mut task = Task { number, process, name, start, end, last, start_event, end_event };
        if let Some(deeds) = self.deeds.remove(&number) {
            task.take_in(deeds);
        }
        self.weigh(&task, size_of::<PlaceOfTask>());
        self.place_of_task.insert(number, self.tasks.len());
        self.tasks.push(task);
    }

    /// Notes what a task did, and returns its number among those of all processes.
    fn touch(&mut self, task: u32, deeds: Deeds) -> u32 {
        let number = self.number(task);
        self.touch_known(number, deeds);
        number
    }

    /// Notes what the task did that has this number among those of all processes.
    fn touch_known(&mut self, number: u32, deeds: Deeds) {
        if self.at.task != number {
            self.note_deeds();
            self.at.task = number;
        }
        self.at.deeds.add(deeds);
    }

    /// Notes with the task what its thread did for it in a row.
    pub(super) fn note_deeds(&mut self) {
        let (number, deeds) = (self.at.task, std::mem::take(&mut self.at.deeds));
        let process = self.processes.len() - 1;
        let known = self.place_of_task.get(&number).map(|&place| &mut self.tasks[place]);
        match known.filter(|task| task.process as usize == process) {
            Some(task) => task.take_in(deeds),
            None if number == 0 => {}
            None => {
                let known = self.deeds.len();
                self.deeds.entry(number).or_default().add(deeds);
                if self.deeds.len() > known {
                    self.weight += size_of::<DeedsOfTask>();
                }
            }
        }
    }

    fn start_wait(&mut self, task: u32, start: Duration, thread: u32, what: String) {
        let task = self.touch(task, Deeds { last: start, end: None });
        let what = self.name(what);
        let wait = Wait { task, what, thread, start, end: None };
        self.weigh(&wait, 0);
        self.waits.push(wait);
    }

    fn start_part(&mut self, start: Duration, [task, step, number]: [u32; 3], sample: Sample) {
        let task = self.touch(task, Deeds { last: start, end: None });
        let [step, number] = [step, number].map(|small| u16::try_from(small).unwrap_or(u16::MAX));
        let part = u32::try_from(self.parts.len()).ok();
        self.at.parts.push(Begun { part, task });
        self.at.sampled = Some((start, sample));
        let thread = self.at.thread.unwrap_or_default();
        let part = Part { task, step, number, thread, start, end: None, last: start };
        self.weigh(&part, size_of::<Begun>());
        self.parts.push(part);
    }

    /// Adds what the thread computed since its CPU clock was last read, if it is at a part.
    fn add_chunk(&mut self, time: Duration, core: Option<u16>, sample: Sample, seen: Duration) {
        let (Some(&Begun { part: Some(part), task }), Some(before)) =
            (self.at.parts.last(), self.at.sampled)
        else {
            return;
        };
        self.at.sampled = Some((time, sample));
        let (start, end) = (before.0 + before.1.width, time + sample.width);
        let executing = executing(before.1, sample, end.saturating_sub(start));
        if let (Some(first), Some(second)) = (before.1.cpu, sample.cpu) {
            let excess = second.saturating_sub(first).saturating_sub(end.saturating_sub(before.0));
            self.cpu_clock_excess = self.cpu_clock_excess.max(excess);
        }
        let known = &mut self.parts[part as usize];
        known.last = known.last.max(end);
        let (thread, part) = (known.thread, part as usize);
        let chunk = Packed::of(&Chunk { part, thread, start, end, core, seen, executing });
        self.weigh(&chunk, 0);
        self.chunks.push(chunk);
        self.touch_known(task, Deeds { last: time, end: None });
    }

    /// The events of the process are all there.
    pub(super) fn end(&mut self) {
        self.note_deeds();
        // What it did for other processes' tasks is known to be true by now.
        let (tasks, place_of_task) = (&mut self.tasks, &self.place_of_task);
        self.deeds.retain(|number, deeds| match place_of_task.get(number) {
            Some(&place) => {
                tasks[place].take_in(*deeds);
                false
            }
            None => true,
        });
    }

    /// Forgets all that the process that began last has told: its record is damaged.
    pub(super) fn forget(&mut self) {
        let Some(process) = self.processes.pop().map(|process| process.number) else { return };
        self.numbering.pop();
        self.deeds.clear();
        let threads = self.threads.partition_point(|thread| thread.process < process);
        self.threads.truncate(threads);
        let is_others = |thread: u32| (thread as usize) < threads;
        self.parts.retain(|part| is_others(part.thread));
        self.chunks.retain(|chunk| is_others(chunk.thread));
        self.lines.retain(|line| is_others(line.thread));
        self.waits.retain(|wait| is_others(wait.thread));
        self.tasks.retain(|task| task.process < process);
        self.facts.retain(|fact| fact.process < process);
        self.readings.retain(|reading| reading.process < process);
        let tasks = self.tasks.len();
        self.place_of_task.retain(|_, &mut place| place < tasks);
        self.weigh_anew();
    }

    /// Brings everything in the order of time.
    fn put_in_order(&mut self) {
        self.put_parts_in_order();
        self.place_of_task = HashMap::new();
        self.tasks.sort_unstable_by_key(|task| (task.start, task.start_event));
        self.lines.sort_by_key(|line| line.time);
        self.facts.sort_by_key(|fact| fact.time);
        self.readings.sort_by_key(|reading| reading.time);
        for wait in &mut self.waits {
            wait.end = self.wait_ends.get(&(wait.task, wait.start)).copied();
        }
        self.waits.sort_by_key(|wait| (wait.start, wait.task));
    }

    /// All that the events told.
    pub(super) fn finish(mut self) -> Trace {
        steps::take(self.parts.len() + self.threads.len());
        self.put_in_order();
        self.note_open_parts();
        let mut workload = Workload::default();
        for Fact { name, value, unit, .. } in &self.facts {
            workload.hear(name, *value, unit);
        }
        let from = self.horizon.map(Duration::from_nanos);
        let cut = from.map(|from| Cut { from, until: self.last });
        let first = self.processes.first();
        Trace {
            process: first.map_or(0, |process| process.system),
            command: first.map_or_else(String::new, |process| process.command.clone()),
            origin: Duration::ZERO,
            began: UNIX_EPOCH,
            processes: self.processes,
            faults: Vec::new(),
            cut,
            workload,
            dropped: 0,
            unrecorded_processes: 0,
            events: self.events,
            threads: self.threads,
            tasks: self.tasks,
            parts: self.parts,
            chunks: Chunks::of(self.chunks),
            lines: self.lines,
            waits: self.waits,
            facts: self.facts,
            readings: self.readings,
            clock_step: Duration::from_nanos(1),
            cpu_clock_step: Some(Duration::from_nanos(1)),
            cpu_clock_excess: self.cpu_clock_excess,
            length: self.length,
        }
    }

    /// Sorts the parts by their starts, in place, and tells the chunks where theirs have gone.
    fn put_parts_in_order(&mut self) {
        if self.parts.is_sorted_by_key(|part| part.start) {
            return;
        }
        let count = u32::try_from(self.parts.len()).unwrap_or(u32::MAX);
        let mut order: Vec<u32> = (0..count).collect();
        order.sort_unstable_by_key(|&place| (self.parts[place as usize].start, place));
        let mut to = vec![0; order.len()];
        (0..).zip(&order).for_each(|(new, &old)| to[old as usize] = new);
        drop(order);
        for chunk in &mut self.chunks {
            chunk.part = to[chunk.part as usize];
        }
        for place in 0..to.len() {
            while to[place] as usize != place {
                let other = to[place] as usize;
                self.parts.swap(place, other);
                to.swap(place, other);
            }
        }
    }

    /// Notes of each thread when it was last heard of, if it is at a part without an end. Parts may be
    /// nested, so that this need not be the last one.
    fn note_open_parts(&mut self) {
        let mut last = vec![(false, Duration::ZERO); self.threads.len()];
        for part in &self.parts {
            let (is_open, known) = &mut last[part.thread as usize];
            *is_open |= part.end.is_none();
            *known = part.last.max(*known);
        }
        for (thread, (is_open, last)) in self.threads.iter_mut().zip(last) {
            thread.open = is_open.then_some(last);
        }
    }
}

impl Task {
    /// Takes in what is known besides its start. It has ended when it first did.
    fn take_in(&mut self, deeds: Deeds) {
        self.last = self.last.max(deeds.last);
        if let Some((end, event)) = deeds.end
            && self.end.is_none_or(|known| end < known)
        {
            (self.end, self.end_event) = (Some(end), Some(event));
        }
    }
}

impl Deeds {
    fn add(&mut self, other: Deeds) {
        self.last = self.last.max(other.last);
        if self.end.is_none() || other.end.is_some_and(|end| Some(end) < self.end) {
            self.end = other.end;
        }
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

impl Trace {
    /// Puts the trace of one process together from events, which may be in any order as long as each
    /// thread's are in theirs. What does not follow from the events is as on a machine at rest.
    #[must_use]
    pub fn from_events(mut events: Vec<Event>) -> Trace {
        // Stable: what happened on one thread in the same nanosecond stays in order.
        events.sort_by_key(|event| (event.thread, event.time));
        let mut assembly = Assembly::new(usize::MAX);
        assembly.begin(Beginning {
            system: 0,
            command: String::new(),
            file: PathBuf::new(),
            start: Duration::ZERO,
            forked_from: None,
            first_task: 1,
        });
        events.into_iter().for_each(|event| assembly.add(event));
        assembly.end();
        let mut trace = assembly.finish();
        trace.workload.wait.get_or_insert(Duration::from_millis(20));
        trace
    }
}
