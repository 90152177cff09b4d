//! Traces made by hand, whose lanes are known beforehand: for the tests of whatever draws lanes.
//!
//! All times are in milliseconds.

use std::collections::HashMap;
use std::ops::Range;
use std::time::Duration;

use evidence::trace::Quantity;
use evidence::trace::{Event, Happening, Sample, Trace};

/// Puts a trace together.
#[derive(Debug, Default)]
pub struct Script {
    events: Vec<Event>,
    /// How long each thread has been executing.
    cpu: HashMap<u32, Duration>,
}

fn ms(milliseconds: u64) -> Duration {
    Duration::from_millis(milliseconds)
}

impl Script {
    /// Begins with nothing.
    pub fn new() -> Script {
        Script::default()
    }

    fn add(mut self, time: u64, thread: u32, core: Option<u16>, what: Happening) -> Script {
        self.events.push(Event { time: ms(time), thread, core, what });
        self
    }

    /// A thread's first event.
    pub fn thread(self, time: u64, thread: u32, name: &str) -> Script {
        let name = name.to_owned();
        self.add(time, thread, None, Happening::ThreadStarted { name, system: None })
    }

    /// The process may use so many cores.
    pub fn cores(self, value: u64) -> Script {
        self.add(0, 0, None, Happening::Reading { quantity: Quantity::Cores, value })
    }

    /// A task starts.
    pub fn start(self, time: u64, thread: u32, task: u32, name: &str) -> Script {
        let name = name.to_owned();
        self.add(time, thread, None, Happening::TaskStarted { task, name })
    }

    /// A task ends.
    pub fn end(self, time: u64, thread: u32, task: u32) -> Script {
        self.add(time, thread, None, Happening::TaskEnded { task })
    }

    /// A task announces a step, and waits.
    pub fn step(self, time: u64, thread: u32, task: u32, step: u16) -> Script {
        let text = format!("task {task} step {step}");
        self.add(time, thread, None, Happening::Line { task, step: Some(step), text, cut: false })
    }

    /// A task prints any other line.
    pub fn say(self, time: u64, thread: u32, task: u32, text: &str) -> Script {
        let text = text.to_owned();
        self.add(time, thread, None, Happening::Line { task, step: None, text, cut: false })
    }

    /// A task waits for something, and records it.
    pub fn wait(self, time: Range<u64>, thread: u32, task: u32, what: &str) -> Script {
        let (what, started) = (what.to_owned(), ms(time.start));
        self.add(time.start, thread, None, Happening::WaitStarted { task, what }).add(
            time.end,
            thread,
            None,
            Happening::WaitEnded { task, started },
        )
    }

    /// A task begins to wait for something, and nobody ever says that it has stopped.
    pub fn wait_for_ever(self, time: u64, thread: u32, task: u32, what: &str) -> Script {
        let what = what.to_owned();
        self.add(time, thread, None, Happening::WaitStarted { task, what })
    }

    /// A part of `[task, step, part]`, computed without a break on a core.
    ///
    /// # Panics
    ///
    /// If a number is too large for a trace.
    pub fn part(
        self,
        time: Range<u64>,
        [thread, core]: [u32; 2],
        [task, step, part]: [u32; 3],
    ) -> Script {
        let short = |number| u16::try_from(number).expect("a small number");
        let core = short(core);
        let sample = self.sample(thread);
        let started = Happening::PartStarted { task, step: short(step), part: short(part), sample };
        self.add(time.start, thread, Some(core), started).part_ended(time, thread, core)
    }

    fn part_ended(self, time: Range<u64>, thread: u32, core: u16) -> Script {
        let (script, sample) = self.execute(thread, ms(time.end - time.start));
        let seen = ms(time.end);
        script.add(time.end, thread, Some(core), Happening::PartEnded { sample, seen })
    }

    /// The same, but the thread was off its core from `off` until it came to its next tick.
    ///
    /// # Panics
    ///
    /// If a number is too large for a trace.
    pub fn part_with_gap(
        self,
        time: Range<u64>,
        off: Range<u64>,
        [thread, core]: [u32; 2],
        [task, step]: [u32; 2],
    ) -> Script {
        let short = |number| u16::try_from(number).expect("a small number");
        let (step, core) = (short(step), short(core));
        let sample = self.sample(thread);
        let started = Happening::PartStarted { task, step, part: 0, sample };
        let script = self.add(time.start, thread, Some(core), started);
        let (script, sample) = script.execute(thread, ms(off.start - time.start));
        let tick = Happening::Tick { sample, seen: ms(off.start) };
        script.add(off.end, thread, Some(core), tick).part_ended(off.end..time.end, thread, core)
    }

    fn execute(mut self, thread: u32, time: Duration) -> (Script, Sample) {
        *self.cpu.entry(thread).or_default() += time;
        let sample = self.sample(thread);
        (self, sample)
    }

    fn sample(&self, thread: u32) -> Sample {
        let cpu = self.cpu.get(&thread).copied().unwrap_or_default();
        Sample { cpu: Some(cpu), width: Duration::ZERO }
    }

    /// The trace of all that.
    pub fn trace(self) -> Trace {
        Trace::from_events(self.events)
    }
}

/// Two tasks at once on two cores, and a third behind them that loses its core for a while.
pub fn both() -> Trace {
    Script::new()
        .thread(0, 0, "main")
        .cores(2)
        .start(0, 0, 1, "A")
        .step(0, 0, 1, 1)
        .start(0, 0, 2, "B")
        .step(0, 0, 2, 1)
        .part(20..50, [1, 0], [1, 1, 1])
        .part(20..50, [2, 1], [1, 1, 2])
        .part(50..70, [1, 0], [2, 1, 1])
        .part(50..70, [2, 1], [2, 1, 2])
        .say(50, 0, 1, "A is done")
        .end(50, 0, 1)
        .end(70, 0, 2)
        .start(80, 0, 3, "C")
        .part_with_gap(80..130, 90..110, [0, 1], [3, 1])
        .end(130, 0, 3)
        .trace()
}
