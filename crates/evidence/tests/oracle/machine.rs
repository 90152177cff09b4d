//! A machine with a few cores that runs threads under a random scheduler, and
//! notes down both what the recorder would and what really happened.

use std::collections::VecDeque;
use std::time::Duration;

use evidence::trace::{Event, Happening, Quantity, Sample};
use fastrand::Rng;

/// What a thread does next. Times are in nanoseconds.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Executes for so long.
    Execute(u64),
    /// Has nothing to do for so long.
    Wait(u64),
    /// Takes one from a counter, and waits while there is none: a lock, or a channel.
    Take(usize),
    /// Adds one to a counter.
    Give(usize),
    /// Starts a task.
    StartTask(u32),
    /// Prints a line of a task.
    Line(u32),
    /// Ends a task.
    EndTask(u32),
    /// Begins a part of a task.
    StartPart(u32),
    /// Calls `tick`.
    Tick,
    /// Ends the part.
    EndPart,
}

/// What a machine is like.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Machine {
    /// How many cores it has.
    pub(crate) cores: usize,
    /// How many threads of other processes want a core all the time.
    pub(crate) others: usize,
    /// How long a thread may stay on its core while others wait, at most.
    pub(crate) slice: u64,
    /// In what steps the CPU clock of a thread advances.
    pub(crate) cpu_step: u64,
    /// In what steps the wall clock advances.
    pub(crate) wall_step: u64,
    /// By how many parts in a million the CPU clock runs fast.
    pub(crate) cpu_drift: i64,
    /// When everything ends, whatever state it is in.
    pub(crate) kill: Option<u64>,
    /// For how many events the trace has room.
    pub(crate) room: usize,
    /// How often the recorder reads the CPU clock anew when it took long.
    pub(crate) readings: usize,
}

/// What was recorded of a run, and what it really was.
#[derive(Debug, Default)]
pub(crate) struct Run {
    /// What the recorder noted, and how many events found no room.
    pub(crate) events: Vec<Event>,
    pub(crate) dropped: u64,
    /// How long the threads executed, all told.
    pub(crate) cpu: u64,
    /// How long they executed within recorded parts.
    pub(crate) cpu_in_parts: u64,
    /// ∫ max(0, n − 1) dt over all threads that execute.
    pub(crate) beside: u64,
    /// The same over those that execute a recorded part.
    pub(crate) beside_in_parts: u64,
    /// When each task really started and ended.
    pub(crate) tasks: Vec<(u64, Option<u64>)>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Ready,
    Running,
    Waiting(u64),
    Blocked(usize),
    Ended,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sampled {
    Start(u32),
    Tick(u64),
    End(u64),
}

/// The small steps of recording, between each of which a thread may lose its core.
#[derive(Clone, Copy, Debug)]
enum Recording {
    Execute(u64),
    WallBefore,
    Cpu,
    WallAfter(Sampled),
    Tick,
}

struct Thread {
    steps: std::vec::IntoIter<Step>,
    recording: VecDeque<Recording>,
    state: State,
    /// How long it still executes before its next step.
    work: u64,
    cpu: u64,
    run_delay: u64,
    /// What the recorder remembers of this thread.
    before: u64,
    cpu_read: u64,
    sampled: u64,
    seen: u64,
    readings: usize,
    depth: usize,
    known: bool,
    /// Whether it belongs to the process that is recorded.
    ours: bool,
}

struct Core {
    thread: Option<usize>,
    slice: u64,
}

struct World<'a> {
    machine: &'a Machine,
    rng: &'a mut Rng,
    now: u64,
    threads: Vec<Thread>,
    cores: Vec<Core>,
    counters: Vec<usize>,
    run: Run,
}

/// Runs the threads of a program, each given by its steps, with these counters and so many tasks.
pub(crate) fn run(
    machine: &Machine,
    rng: &mut Rng,
    program: &[Vec<Step>],
    counters: &[usize],
    tasks: usize,
) -> Run {
    let others = (0..machine.others).map(|_| thread(Vec::new(), false));
    let threads = program.iter().map(|steps| thread(steps.clone(), true)).chain(others).collect();
    let cores = (0..machine.cores).map(|_| Core { thread: None, slice: 0 }).collect();
    let run = Run { tasks: vec![(u64::MAX, None); tasks], ..Run::default() };
    let counters = counters.to_vec();
    let mut world = World { machine, rng, now: 0, threads, cores, counters, run };
    world.record_readings();
    while world.go_on() {}
    if machine.kill.is_none_or(|kill| world.now < kill) {
        world.now += 1;
        world.record_readings();
    }
    world.run
}

fn thread(steps: Vec<Step>, ours: bool) -> Thread {
    Thread {
        steps: steps.into_iter(),
        recording: VecDeque::new(),
        state: State::Ready,
        work: if ours { 0 } else { u64::MAX },
        cpu: 0,
        run_delay: 0,
        before: 0,
        cpu_read: 0,
        sampled: 0,
        seen: 0,
        readings: 0,
        depth: 0,
        known: false,
        ours,
    }
}

impl World<'_> {
    /// Does what happens next, and says whether anything did.
    fn go_on(&mut self) -> bool {
        for core in 0..self.cores.len() {
            self.occupy(core);
        }
        let ours = |thread: &Thread| thread.ours && thread.state != State::Ended;
        if !self.threads.iter().any(ours) || self.machine.kill.is_some_and(|kill| self.now >= kill)
        {
            return false;
        }
        let Some(length) = self.time_to_next() else {
            return false;
        };
        self.pass(length);
        true
    }

    /// Sees to it that a core has a thread that has something to execute, if there is one.
    fn occupy(&mut self, core: usize) {
        loop {
            if self.cores[core].thread.is_none() {
                let ready: Vec<usize> = (0..self.threads.len())
                    .filter(|&thread| self.threads[thread].state == State::Ready)
                    .collect();
                let Some(&thread) = self.rng.choice(&ready) else {
                    return;
                };
                self.threads[thread].state = State::Running;
                let slice = self.rng.u64(self.machine.slice / 4..=self.machine.slice);
                self.cores[core] = Core { thread: Some(thread), slice };
            }
            let thread = self.cores[core].thread.expect("the core is taken");
            if self.cores[core].slice == 0 {
                self.threads[thread].state = State::Ready;
            } else if self.threads[thread].work > 0 || self.step(thread, core) {
                return;
            }
            if self.threads[thread].state != State::Running {
                self.cores[core].thread = None;
            }
        }
    }

    fn time_to_next(&self) -> Option<u64> {
        let running = self
            .cores
            .iter()
            .filter_map(|core| Some(self.threads[core.thread?].work.min(core.slice)));
        let waking = self.threads.iter().filter_map(|thread| match thread.state {
            State::Waiting(until) => Some(until - self.now),
            _ => None,
        });
        let kill = self.machine.kill.map(|kill| kill - self.now);
        running.chain(waking).chain(kill).min()
    }

    /// Lets time pass during which nothing changes.
    fn pass(&mut self, length: u64) {
        let (mut executing, mut in_parts) = (0, 0);
        for core in &mut self.cores {
            let Some(thread) = core.thread else { continue };
            let thread = &mut self.threads[thread];
            core.slice -= length;
            thread.work = if thread.ours { thread.work - length } else { u64::MAX };
            thread.cpu += length;
            if thread.ours {
                executing += 1;
                in_parts += u64::from(thread.depth > 0);
            }
        }
        self.run.cpu += executing * length;
        self.run.cpu_in_parts += in_parts * length;
        self.run.beside += executing.saturating_sub(1) * length;
        self.run.beside_in_parts += in_parts.saturating_sub(1) * length;
        self.now += length;
        for thread in &mut self.threads {
            match thread.state {
                State::Ready => thread.run_delay += length,
                State::Waiting(until) if until <= self.now => thread.state = State::Ready,
                _ => {}
            }
        }
    }

    /// Lets a thread take its next step; true if it has something to execute now.
    fn step(&mut self, number: usize, core: usize) -> bool {
        if let Some(recording) = self.threads[number].recording.pop_front() {
            self.record(number, core, recording);
            return self.threads[number].work > 0;
        }
        let Some(step) = self.threads[number].steps.next() else {
            self.threads[number].state = State::Ended;
            self.end_thread(number, core);
            return false;
        };
        let (now, wall) = (self.now, self.wall());
        if matches!(step, Step::StartTask(_) | Step::Line(_) | Step::EndTask(_)) {
            self.threads[number].recording.push_back(Recording::Execute(30));
        }
        match step {
            Step::Execute(length) => self.threads[number].work = length,
            Step::Wait(length) => self.threads[number].state = State::Waiting(now + length.max(1)),
            Step::Take(counter) if self.counters[counter] > 0 => self.counters[counter] -= 1,
            Step::Take(counter) => self.threads[number].state = State::Blocked(counter),
            Step::Give(counter) => self.give(counter),
            Step::StartTask(task) => {
                self.run.tasks[task as usize - 1].0 = now;
                self.emit(
                    number,
                    core,
                    wall,
                    Happening::TaskStarted { task, name: task.to_string() },
                );
            }
            Step::Line(task) => {
                let (step, text, cut) = (None, String::new(), false);
                self.emit(number, core, wall, Happening::Line { task, step, text, cut });
            }
            Step::EndTask(task) => {
                self.run.tasks[task as usize - 1].1 = Some(now);
                self.emit(number, core, wall, Happening::TaskEnded { task });
            }
            Step::StartPart(task) => self.sample(number, Sampled::Start(task)),
            Step::Tick => {
                let recording = [Recording::Execute(30), Recording::Tick];
                self.threads[number].recording.extend(recording);
            }
            Step::EndPart => {
                let seen = self.threads[number].seen;
                self.sample(number, Sampled::End(seen));
            }
        }
        self.threads[number].work > 0
    }

    fn give(&mut self, counter: usize) {
        let blocked = |thread: &&mut Thread| thread.state == State::Blocked(counter);
        match self.threads.iter_mut().find(blocked) {
            Some(thread) => thread.state = State::Ready,
            None => self.counters[counter] += 1,
        }
    }

    /// Queues the small steps of reading the CPU clock between two readings of the wall clock.
    fn sample(&mut self, number: usize, what: Sampled) {
        let cpu = self.rng.u64(200..700);
        // An interrupt may come between the two clocks.
        let call = if self.rng.u8(0..16) > 0 { 30 } else { self.rng.u64(0..200_000) };
        let thread = &mut self.threads[number];
        thread.readings = 0;
        thread.recording.extend(reading(call, cpu, what));
    }

    fn record(&mut self, number: usize, core: usize, recording: Recording) {
        let (now, Machine { cpu_step, cpu_drift, readings, .. }) = (self.wall(), *self.machine);
        let thread = &mut self.threads[number];
        match recording {
            Recording::Execute(length) => thread.work = length,
            Recording::WallBefore => thread.before = now,
            Recording::Cpu => {
                let drift = i128::from(thread.cpu) * i128::from(cpu_drift) / 1_000_000;
                let cpu = u64::try_from(i128::from(thread.cpu) + drift).expect("a small drift");
                thread.cpu_read = cpu / cpu_step * cpu_step;
            }
            Recording::WallAfter(what) => {
                thread.readings += 1;
                if now - thread.before >= 5_000 && thread.readings < readings {
                    thread.recording.extend(reading(30, 500, what));
                } else {
                    self.sampled(number, core, what);
                }
            }
            Recording::Tick => {
                let seen = std::mem::replace(&mut thread.seen, now);
                if now - thread.sampled >= 500_000 || now - seen >= 100_000 {
                    self.sample(number, Sampled::Tick(seen));
                }
            }
        }
    }

    /// The CPU clock has been read: records the event.
    fn sampled(&mut self, number: usize, core: usize, what: Sampled) {
        let now = self.wall();
        let thread = &mut self.threads[number];
        (thread.sampled, thread.seen) = (now, now);
        let width = Duration::from_nanos(now - thread.before);
        let sample = Sample { cpu: Some(Duration::from_nanos(thread.cpu_read)), width };
        let what = match what {
            Sampled::Start(task) => {
                thread.depth += 1;
                Happening::PartStarted { task, step: 1, part: 1, sample }
            }
            Sampled::Tick(seen) => Happening::Tick { sample, seen: Duration::from_nanos(seen) },
            Sampled::End(seen) => {
                thread.depth -= 1;
                Happening::PartEnded { sample, seen: Duration::from_nanos(seen) }
            }
        };
        let time = thread.before;
        self.emit(number, core, time, what);
    }

    /// What the wall clock says.
    fn wall(&self) -> u64 {
        self.now / self.machine.wall_step * self.machine.wall_step
    }

    fn emit(&mut self, number: usize, core: usize, time: u64, what: Happening) {
        if self.run.events.len() >= self.machine.room {
            self.run.dropped += 1;
            return;
        }
        let time = Duration::from_nanos(time);
        let (thread, core) =
            (u32::try_from(number).expect("a few threads"), u16::try_from(core).ok());
        if !std::mem::replace(&mut self.threads[number].known, true) {
            let what = Happening::ThreadStarted { name: String::new(), system: Some(thread) };
            self.run.events.push(Event { time, thread, core, what });
        }
        self.run.events.push(Event { time, thread, core, what });
    }

    fn end_thread(&mut self, number: usize, core: usize) {
        if self.threads[number].known {
            let thread = &self.threads[number];
            let cpu = Some(Duration::from_nanos(thread.cpu));
            let run_delay = Some(Duration::from_nanos(thread.run_delay));
            self.emit(number, core, self.wall(), Happening::ThreadEnded { cpu, run_delay });
        }
    }

    fn record_readings(&mut self) {
        let cores = self.machine.cores as u64;
        let unrecorded = self.threads.iter().filter(|thread| thread.ours && !thread.known);
        let run_delay = unrecorded.map(|thread| thread.run_delay).sum();
        for (quantity, value) in [(Quantity::Cores, cores), (Quantity::RunDelay, run_delay)] {
            // The main thread is there before all others and ends after them.
            self.emit(0, 0, self.now, Happening::Reading { quantity, value });
        }
    }
}

fn reading(call: u64, cpu: u64, what: Sampled) -> [Recording; 6] {
    [
        Recording::Execute(call),
        Recording::WallBefore,
        Recording::Execute(cpu),
        Recording::Cpu,
        Recording::Execute(call),
        Recording::WallAfter(what),
    ]
}
