//! A run as lanes on one time axis: what every picture of it is drawn from.
//!
//! Concurrency shows in the lanes of **tasks**, several of them in progress at
//! once; parallelism in the lanes of **threads** and **cores**, several of them
//! executing at once. [`Lanes::of`] works all of that out from a trace, and
//! [`Lanes::at_resolution`] reduces it to what a picture of some width can show.
//! The terminal, the SVG, the HTML report and the files for other programs draw
//! from this one model, so that they cannot disagree.
//!
//! Read in this order:
//!
//! 1. this page: what lanes are made of;
//! 2. `tasks`: when a task computed, waited, or was ready and did not compute;
//! 3. `threads`: when a thread was executing, and what each core did (`growing`: both, bounded), and
//!    [`activity`]: the same exactly, where the system recorded it;
//! 4. `strip`: how many tasks were in progress and how many threads executing
//!    (`holders`: who held tasks and threads up);
//! 5. `proof`: what the verdict rests on, and the contract's edges;
//! 6. `reduce`: the same at a lower resolution, `cells`: the same in columns of
//!    characters, and `pack`: many short lanes in few rows;
//! 7. [`script`]: traces made by hand, for tests.

pub mod activity;
mod cells;
mod growing;
mod holders;
mod pack;
mod proof;
mod reduce;
pub mod script;
mod strip;
mod tasks;
mod threads;

use evidence::trace::{Line, Quantity, Trace};

pub use cells::{Cell, Columns};
pub use holders::Holders;
pub use pack::{Row, rows, stand_out};
pub use proof::{Edge, End, Highlight};
pub use reduce::{Merged, joined};
pub use strip::{Level, Strip};
pub use words::Axis;

use std::collections::HashMap;

use threads::{Cores, Piece, Threads};

/// A time since the beginning of the trace, or a length of time, in nanoseconds.
pub type Time = u64;

/// A run as lanes on one time axis.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lanes {
    /// How long the trace is: where the time axis ends.
    pub length: Time,
    /// How many cores the process may use, where the system told.
    pub available_cores: Option<u64>,
    /// What is shorter than this may have been merged with its neighbours; 0 where nothing was.
    pub resolution: Time,
    /// How many events found no room in the trace, and so in no lane.
    pub dropped: u64,
    /// A lane a task, in the order of their starts.
    pub tasks: Vec<Lane>,
    /// How many tasks there are besides, which have no lane: there are too many.
    pub other_tasks: usize,
    /// A lane a thread, by number.
    pub threads: Vec<Lane>,
    /// A lane a core, by number; none where the system does not tell cores.
    pub cores: Vec<Lane>,
    /// How many tasks were in progress, and how many threads executing.
    pub strip: Strip,
    /// The lines that were printed, in their order.
    pub marks: Vec<Mark>,
    /// What tasks waited for, as far as they recorded it: see [`About::wait`].
    pub waits: Vec<String>,
    /// The contract's edges between printed lines, where a contract was given.
    pub edges: Vec<Edge>,
    /// What the verdict rests on, where a verdict was given.
    pub highlights: Vec<Highlight>,
}

/// What one task, thread or core did, in the order of time.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Lane {
    /// The number of the task (from 1), of the thread (from 0), or of the core.
    pub number: u32,
    /// The number of the process that the task or thread is of.
    pub process: u32,
    /// The name of the task, of the thread (it may have none), or empty.
    pub name: String,
    /// From when it was there, or is known to have been.
    pub start: Time,
    /// Until when it was there, or is known to have been.
    pub end: Time,
    /// Whether its end is on record; if not, something ended the program first.
    pub has_ended: bool,
    /// What it did: spans that do not overlap and are not empty. Only a core's have gaps between.
    pub spans: Vec<Span>,
    /// How long it did what, all told. No reduction changes this.
    pub totals: Totals,
}

/// A time in which a lane's state did not change, or [several such](Merged).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// From when.
    pub start: Time,
    /// Until when.
    pub end: Time,
    /// What it did: in a merged span, what it did for most of the time.
    pub state: State,
    /// What it was about.
    pub about: About,
    /// What was merged into this span, if it is not one piece.
    pub merged: Option<Box<Merged>>,
}

/// What a span is about, as far as it is about one thing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct About {
    /// The number of the task that was computed for, or whose lane it is.
    pub task: Option<u32>,
    /// The step that was computed or waited for.
    pub step: Option<u16>,
    /// The part of the step, where it was computed in parts.
    pub part: Option<u16>,
    /// The number of the thread that computed.
    pub thread: Option<u32>,
    /// The core that it computed on.
    pub core: Option<u16>,
    /// What it waited for, where a task recorded that: the place in [`Lanes::waits`].
    pub wait: Option<u16>,
}

/// What a lane is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// A core executes it: the task's compute, or the thread's.
    Computing,
    /// It has nothing to do but wait. A task does where a step says so; a thread where the system
    /// recorded that it left its core by itself.
    Waiting,
    /// It could compute and does not. A task's wait is over, and no thread, no
    /// core or no lock is there for it; a thread is in the middle of compute
    /// and off its core.
    Ready,
    /// It is there, and the trace says no more.
    Quiet,
}

impl State {
    /// All four, from what matters most to what matters least.
    pub const ALL: [State; 4] = [State::Computing, State::Ready, State::Waiting, State::Quiet];

    /// The state's name, for people and programs.
    pub const fn name(self) -> &'static str {
        match self {
            State::Computing => "computing",
            State::Waiting => "waiting",
            State::Ready => "ready",
            State::Quiet => "quiet",
        }
    }
}

/// How long a lane was in each state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals([Time; 4]);

impl Totals {
    /// The time in this state.
    pub const fn of(&self, state: State) -> Time {
        self.0[state as usize]
    }

    /// Adds some time in this state.
    pub const fn add(&mut self, state: State, time: Time) {
        self.0[state as usize] += time;
    }

    /// So much of what nothing was known of was a wait.
    const fn move_to_waiting(&mut self, time: Time) {
        self.0[State::Quiet as usize] -= time;
        self.0[State::Waiting as usize] += time;
    }

    /// The state that took the most time; nothing where no time passed.
    pub fn prevailing(&self) -> Option<State> {
        let longest = State::ALL.into_iter().rev().max_by_key(|&state| self.of(state))?;
        (self.of(longest) > 0).then_some(longest)
    }
}

/// A line that was printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mark {
    /// When.
    pub time: Time,
    /// The line's place in the output, counted from 1.
    pub place: usize,
    /// The number of the task that printed it.
    pub task: u32,
    /// The number of the thread that printed it, where that is known.
    pub thread: Option<u32>,
    /// The step that it announces, if it announces one.
    pub step: Option<u16>,
    /// The line.
    pub text: String,
    /// How many later lines of the same task this mark stands for besides,
    /// which the picture has no room to tell apart.
    pub more: usize,
}

impl Lanes {
    /// Works the lanes out: in time n log n for n events. Of a trace that is so long that no
    /// picture can show it all, what is too short to be seen is merged at once.
    pub fn of(trace: &Trace) -> Lanes {
        Lanes::made_of(trace, || threads::pieces(trace))
    }

    /// Works the lanes out from pieces of compute, which come in the order of their starts.
    fn made_of<Pieces: Iterator<Item = Piece>>(
        trace: &Trace,
        pieces: impl Fn() -> Pieces,
    ) -> Lanes {
        let (mut threads, mut cores) = (Threads::of(trace), Cores::new(time(trace.length())));
        let mut tasks = tasks::Tasks::of(trace);
        for piece in pieces() {
            threads.add(&piece);
            cores.add(&piece);
            tasks.add(&piece);
        }
        let (threads, of_threads) = threads.finish(trace.threads.iter().map(|it| time(it.last)));
        let (cores, of_cores) = cores.finish();
        let (tasks, of_tasks) = tasks.finish();
        let ends = tasks.iter().chain(&threads).map(|lane| lane.end);
        let available_cores = available_cores(trace);
        let executing = pieces().map(|piece| (piece.start, piece.stop));
        Lanes {
            length: ends.max().unwrap_or(0).max(time(trace.length())),
            available_cores,
            resolution: of_threads.max(of_cores).max(of_tasks),
            dropped: trace.dropped,
            strip: strip(trace, &tasks, executing, available_cores),
            other_tasks: trace.tasks.len() - tasks.len(),
            tasks,
            threads,
            cores,
            marks: marks(trace),
            waits: tasks::kinds(trace).into_iter().map(str::to_owned).collect(),
            edges: Vec::new(),
            highlights: Vec::new(),
        }
    }

    /// The same for a run that was ended from outside at this moment, long after it last recorded
    /// anything perhaps: the time axis reaches so far, and so do the tasks that had not ended.
    #[must_use]
    pub fn reaching(mut self, end: Time) -> Lanes {
        self.length = self.length.max(end);
        let unfinished = self.tasks.iter_mut().filter(|lane| !lane.has_ended && lane.end < end);
        for lane in unfinished {
            lane.push(Span::new(lane.end, end, State::Quiet, About::default()));
            lane.end = end;
        }
        // Tasks without a lane have no place in a picture, and are counted as they were.
        if self.other_tasks == 0 {
            let tasks = self.tasks.iter().map(|lane| (lane.start, lane.end));
            self.strip.in_progress = Level::count(tasks);
        }
        self
    }

    /// The lane of the task with this number.
    pub fn task(&self, number: u32) -> Option<&Lane> {
        self.tasks.iter().find(|lane| lane.number == number)
    }
}

impl Lane {
    /// Adds a span behind the others, unless it is empty, and joins it to the
    /// last one where that is about the same and does not end earlier.
    fn push(&mut self, span: Span) {
        if span.end <= span.start {
            return;
        }
        self.totals.add(span.state, span.end - span.start);
        match self.spans.last_mut() {
            Some(last) if last.end == span.start && last.is_like(&span) => last.end = span.end,
            _ => self.spans.push(span),
        }
    }
}

impl Span {
    fn new(start: Time, end: Time, state: State, about: About) -> Span {
        Span { start, end, state, about, merged: None }
    }

    fn is_like(&self, other: &Span) -> bool {
        let is_one_piece = self.merged.is_none() && other.merged.is_none();
        is_one_piece && self.state == other.state && self.about == other.about
    }

    /// How long it lasted.
    pub const fn length(&self) -> Time {
        self.end - self.start
    }
}

/// How many cores the processes may use, where they were told.
fn available_cores(trace: &Trace) -> Option<u64> {
    let last = trace.readings_of_each(Quantity::Cores).map(|[_, last]| last.value);
    last.max()
}

/// How many tasks were in progress, those without a lane as well, and how many threads executing.
fn strip(
    trace: &Trace,
    tasks: &[Lane],
    executing: impl Iterator<Item = (Time, Time)>,
    cores: Option<u64>,
) -> Strip {
    let others = trace.tasks[tasks.len()..].iter();
    let others = others.map(|task| (time(task.start), time(task.end.unwrap_or(task.last))));
    let tasks = tasks.iter().map(|lane| (lane.start, lane.end)).chain(others);
    Strip::of(tasks, executing, cores)
}

/// The printed lines, in the order in which they were printed. Where there are too many, all that a task
/// printed in one moment are counted with the first of them.
fn marks(trace: &Trace) -> Vec<Mark> {
    const MOST_MARKS: usize = 1 << 16;
    let moment = match trace.lines.len() {
        ..=MOST_MARKS => 0,
        _ => (time(trace.length()) / (MOST_MARKS as u64 / 8)).max(1),
    };
    let mut last_of_task: HashMap<u32, usize> = HashMap::new();
    let mut marks: Vec<Mark> = Vec::new();
    for (place, line) in (1..).zip(&trace.lines) {
        let last = last_of_task.get(&line.task).copied();
        let is_close = |&last: &usize| time(line.time) - marks[last].time < moment;
        // Once there is no room at all, somebody has to count it.
        let full = (marks.len() >= MOST_MARKS).then(|| last.unwrap_or(MOST_MARKS - 1));
        if let Some(with) = last.filter(is_close).or(full) {
            marks[with].more += 1;
        } else {
            last_of_task.insert(line.task, marks.len());
            marks.push(mark(place, line));
        }
    }
    marks
}

fn mark(place: usize, line: &Line) -> Mark {
    let Line { thread, task, step, .. } = *line;
    let thread = Some(thread);
    Mark { time: time(line.time), place, task, thread, step, text: line.text.to_string(), more: 0 }
}

/// A trace's time in nanoseconds.
fn time(duration: std::time::Duration) -> Time {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Script;

    const MS: Time = 1_000_000;

    #[test]
    fn a_task_that_had_not_ended_reaches_to_the_end_of_the_run() {
        let script = Script::new().start(0, 0, 1, "A").end(10, 0, 1).start(20, 0, 2, "B");
        let lanes = Lanes::of(&script.trace());
        let reaching = lanes.clone().reaching(100 * MS);
        assert_eq!((reaching.length, reaching.tasks[0].end), (100 * MS, lanes.tasks[0].end));
        assert_eq!(states(&reaching.tasks[1]), [(20, 100, State::Quiet)]);
        let last = reaching.strip.in_progress.last().expect("a level");
        assert_eq!((last.end, last.most), (100 * MS, 1));
        assert_eq!(lanes.clone().reaching(0).tasks, lanes.tasks);
    }

    /// A lane's spans: from when to when (in milliseconds), and in which state.
    fn states(lane: &Lane) -> Vec<(Time, Time, State)> {
        lane.spans.iter().map(|span| (span.start / MS, span.end / MS, span.state)).collect()
    }

    /// Two tasks on one thread: while A waits B computes, and the other way round.
    fn interleaved() -> Trace {
        Script::new()
            .thread(0, 0, "main")
            .cores(2)
            .start(0, 0, 1, "A")
            .step(0, 0, 1, 1)
            .start(1, 0, 2, "B")
            .step(1, 0, 2, 1)
            .part(20..50, [0, 1], [1, 1, 0])
            .end(50, 0, 1)
            .part(50..80, [0, 1], [2, 1, 0])
            .end(80, 0, 2)
            .trace()
    }

    #[test]
    fn a_task_waits_is_ready_and_computes() {
        let lanes = Lanes::of(&interleaved());
        assert_eq!(
            lanes.tasks.iter().map(states).collect::<Vec<_>>(),
            [
                vec![(0, 20, State::Waiting), (20, 50, State::Computing)],
                vec![(1, 21, State::Waiting), (21, 50, State::Ready), (50, 80, State::Computing)],
            ]
        );
        assert_eq!(lanes.tasks[1].totals.of(State::Ready), 29 * MS);
        assert_eq!(lanes.length, 80 * MS);
    }

    #[test]
    fn where_nobody_knows_of_waits_nobody_knows_who_is_ready() {
        let mut trace = interleaved();
        trace.workload.wait = None;
        let lanes = Lanes::of(&trace);
        let expected = vec![(0, 20, State::Quiet), (20, 50, State::Computing)];
        assert_eq!(states(&lanes.tasks[0]), expected);
    }

    #[test]
    fn a_task_that_records_its_waits_waits_then_and_at_no_other_time() {
        let trace = Script::new()
            .start(0, 0, 1, "A")
            .step(0, 0, 1, 1)
            .part(5..10, [0, 0], [1, 1, 1])
            .wait(10..30, 0, 1, "lock")
            .part(34..40, [0, 0], [1, 1, 2])
            .wait(40..50, 0, 1, "message")
            .wait(45..60, 1, 1, "lock")
            .end(70, 0, 1)
            .trace();
        let lanes = Lanes::of(&trace);
        assert_eq!(
            states(&lanes.tasks[0]),
            [
                (0, 5, State::Ready),
                (5, 10, State::Computing),
                (10, 30, State::Waiting),
                (30, 34, State::Ready),
                (34, 40, State::Computing),
                (40, 50, State::Waiting),
                (50, 60, State::Waiting),
                (60, 70, State::Ready),
            ]
        );
        let waits = lanes.tasks[0].spans.iter().filter_map(|span| span.about.wait);
        let waits: Vec<&str> = waits.map(|wait| lanes.waits[usize::from(wait)].as_str()).collect();
        assert_eq!(waits, ["lock", "message", "lock"]);
    }

    #[test]
    fn what_computes_does_not_wait_whatever_it_records() {
        let trace = Script::new()
            .start(0, 0, 1, "A")
            .wait(0..50, 0, 1, "lock")
            .part(20..30, [1, 0], [1, 1, 1])
            .end(50, 0, 1)
            .trace();
        let expected =
            [(0, 20, State::Waiting), (20, 30, State::Computing), (30, 50, State::Waiting)];
        assert_eq!(states(&Lanes::of(&trace).tasks[0]), expected);
    }

    #[test]
    fn a_wait_without_an_end_lasts_as_long_as_its_task() {
        let trace = Script::new()
            .start(0, 0, 1, "A")
            .wait_for_ever(10, 0, 1, "lock")
            .part(20..30, [1, 0], [1, 1, 1])
            .say(60, 0, 1, "x")
            .end(80, 0, 1)
            .trace();
        let expected = [
            (0, 10, State::Ready),
            (10, 20, State::Waiting),
            (20, 30, State::Computing),
            (30, 80, State::Waiting),
        ];
        assert_eq!(states(&Lanes::of(&trace).tasks[0])[..3], expected[..3]);
        assert_eq!(Lanes::of(&trace).tasks[0].totals.of(State::Waiting), 60 * MS);
    }

    #[test]
    fn lanes_of_several_processes_say_whose_they_are() {
        let mut trace = Script::new()
            .thread(0, 0, "main")
            .thread(0, 1, "")
            .start(0, 0, 1, "A")
            .start(0, 1, 2, "A")
            .end(10, 0, 1)
            .end(20, 1, 2)
            .trace();
        let mut other = trace.processes[0].clone();
        other.number = 1;
        trace.processes.push(other);
        (trace.threads[1].process, trace.tasks[1].process) = (1, 1);
        let lanes = Lanes::of(&trace);
        let names = |lanes: &[Lane]| lanes.iter().map(|lane| lane.name.clone()).collect::<Vec<_>>();
        assert_eq!(names(&lanes.tasks), ["A (process 1)", "A (process 2)"]);
        assert_eq!(names(&lanes.threads), ["main (process 1)", "process 2"]);
        assert_eq!(lanes.tasks.iter().map(|lane| lane.process).collect::<Vec<_>>(), [0, 1]);
    }

    #[test]
    fn lines_that_are_too_many_are_counted_and_none_is_lost() {
        let script = Script::new().start(0, 0, 1, "A").start(0, 0, 2, "B");
        let script = (0..100_000).fold(script, |script, time| {
            let task = if time % 1000 == 0 { 2 } else { 1 };
            script.say(time, 0, task, "x")
        });
        let marks = Lanes::of(&script.trace()).marks;
        assert!(marks.len() <= 1 << 16, "{}", marks.len());
        assert_eq!(marks.iter().map(|mark| 1 + mark.more).sum::<usize>(), 100_000);
        let of_b: usize = marks.iter().filter(|it| it.task == 2).map(|it| 1 + it.more).sum();
        assert_eq!(of_b, 100);
    }

    #[test]
    fn compute_ends_a_wait_before_its_time() {
        let trace = Script::new()
            .start(0, 0, 1, "A")
            .step(0, 0, 1, 1)
            .part(5..10, [0, 0], [1, 1, 0])
            .end(12, 0, 1)
            .trace();
        assert_eq!(
            states(&Lanes::of(&trace).tasks[0]),
            [(0, 5, State::Waiting), (5, 10, State::Computing), (10, 12, State::Ready)]
        );
    }

    #[test]
    fn a_task_that_announces_and_computes_nothing_is_quiet() {
        let trace = Script::new().start(0, 0, 1, "A").say(3, 0, 1, "hello").end(9, 0, 1).trace();
        let lanes = Lanes::of(&trace);
        assert_eq!(states(&lanes.tasks[0]), [(0, 9, State::Quiet)]);
        assert_eq!(lanes.marks[0].text, "hello");
    }

    #[test]
    fn a_task_computes_for_as_long_as_any_of_its_threads_does() {
        let trace = Script::new()
            .start(0, 0, 1, "A")
            .part(0..10, [1, 0], [1, 1, 1])
            .part(4..16, [2, 1], [1, 1, 2])
            .end(20, 0, 1)
            .trace();
        let lanes = Lanes::of(&trace);
        assert_eq!(states(&lanes.tasks[0]), [(0, 16, State::Computing), (16, 20, State::Ready)]);
        assert_eq!(lanes.cores.len(), 2);
        assert_eq!(states(&lanes.cores[1]), [(4, 16, State::Computing)]);
    }

    #[test]
    fn a_thread_that_lost_its_core_is_ready() {
        let trace = Script::new()
            .start(0, 0, 1, "A")
            .part_with_gap(2..30, 10..18, [0, 1], [1, 1])
            .end(40, 0, 1)
            .trace();
        let lanes = Lanes::of(&trace);
        let executing =
            [(2, 10, State::Computing), (10, 18, State::Ready), (18, 30, State::Computing)];
        let thread = states(&lanes.threads[0]);
        assert_eq!(thread[0], (0, 2, State::Quiet));
        assert_eq!(thread[1..4], executing);
        assert_eq!(states(&lanes.tasks[0])[1..4], executing);
        assert_eq!(states(&lanes.cores[0]), [executing[0], executing[2]]);
    }

    #[test]
    fn spans_name_what_they_are_about() {
        let trace =
            Script::new().start(0, 0, 7, "A").part(0..10, [3, 5], [7, 2, 4]).end(10, 0, 7).trace();
        let (task, thread, wait) = (Some(7), Some(3), None);
        let about = About { task, step: Some(2), part: Some(4), thread, core: Some(5), wait };
        let lanes = Lanes::of(&trace);
        assert_eq!(lanes.threads[3].spans[0].about, about);
        assert_eq!(lanes.cores[0].spans[0].about, about);
        let of_task = About { part: None, thread: None, core: None, ..about };
        assert_eq!(lanes.tasks[0].spans[0].about, of_task);
    }

    #[test]
    fn the_strip_counts_tasks_in_progress_and_threads_executing() {
        let strip = Lanes::of(&interleaved()).strip;
        let counts = |levels: &[Level]| -> Vec<(Time, Time, u32)> {
            levels.iter().map(|level| (level.start / MS, level.end / MS, level.most)).collect()
        };
        assert_eq!(counts(&strip.in_progress), [(0, 1, 1), (1, 50, 2), (50, 80, 1)]);
        assert_eq!(counts(&strip.executing), [(20, 80, 1)]);
        assert_eq!(Strip::at_least_two(&strip.in_progress), 49 * MS);
    }

    #[test]
    fn no_more_threads_execute_than_there_are_cores() {
        let trace = Script::new()
            .cores(1)
            .start(0, 0, 1, "A")
            .part(0..10, [0, 0], [1, 1, 1])
            .part(5..15, [1, 0], [1, 1, 2])
            .trace();
        let lanes = Lanes::of(&trace);
        assert!(lanes.strip.executing.iter().all(|level| level.most == 1));
        // The core, too, executes one of them at a time.
        assert_eq!(states(&lanes.cores[0]), [(0, 5, State::Computing), (5, 15, State::Computing)]);
    }

    #[test]
    fn a_task_without_an_end_lasts_until_it_was_last_heard_of() {
        let trace = Script::new()
            .start(0, 0, 1, "A")
            .part(0..10, [0, 0], [1, 1, 0])
            .say(30, 1, 9, "x")
            .trace();
        let lanes = Lanes::of(&trace);
        assert_eq!((lanes.tasks[0].end, lanes.tasks[0].has_ended), (10 * MS, false));
        assert_eq!(lanes.length, 30 * MS);
    }

    #[test]
    fn an_empty_trace_has_no_lanes() {
        assert_eq!(Lanes::of(&Script::new().trace()), Lanes::default());
    }
}
