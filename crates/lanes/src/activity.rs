//! Who executed when, exactly: what an operating system recorded of a run's threads.
//!
//! A trace tells when a thread computed, and how long it had a core meanwhile, but not at which moments.
//! Where the system recorded these, nothing has to be guessed: a chunk of compute is cut into the turns in
//! which its thread had a core. And where there is no trace, the turns alone make lanes of threads and
//! cores, for any program.

use std::collections::HashMap;

use evidence::trace::Trace;

use super::threads::{Cores, Piece, Threads, pieces};
use super::{About, Lane, Lanes, Level, Mark, Span, State, Strip, Time, time};

/// How many waits of a thread are told apart, at most: a picture shows no more.
const MOST_WAITS: Time = 1_000;

/// What an operating system recorded of a run's threads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Activity {
    /// How long the run was.
    pub length: Time,
    /// How many cores the program was allowed to use, where that is known.
    pub available_cores: Option<u64>,
    /// Its threads.
    pub threads: Vec<Thread>,
    /// Who had a core when, in the order of the starts.
    pub turns: Vec<Turn>,
}

/// One thread.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Thread {
    /// The number of its lane. Beside a trace it is the trace's, and `None` if the trace does not know the
    /// thread.
    pub number: Option<u32>,
    /// The number of its process.
    pub process: u32,
    /// Its name.
    pub name: String,
    /// From when it was there.
    pub start: Time,
    /// Until when it was there.
    pub end: Time,
    /// Whether it ended by then.
    pub has_ended: bool,
}

/// A time in which a thread had a core.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Turn {
    /// Which thread: a place in [`Activity::threads`].
    pub thread: usize,
    /// The number of the core.
    pub core: u16,
    /// From when.
    pub start: Time,
    /// Until when.
    pub end: Time,
    /// Whether it lost the core and would have gone on. Otherwise it left, and waited for something.
    pub is_preempted: bool,
}

/// A task, as far as a program's lines tell of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PrintedTask {
    /// What the lines call it.
    pub name: String,
    /// When the first of them was printed.
    pub start: Time,
    /// When the last one was.
    pub end: Time,
}

impl Lanes {
    /// The lanes of a run that left a trace and was watched: as of the trace, with exact times for
    /// what the trace calls compute; and where it says nothing of a thread, that this waited. Times are since
    /// the beginning of the trace.
    pub fn watched(trace: &Trace, activity: &Activity) -> Lanes {
        let turns = activity.by_number();
        let mut exact = within(trace, &turns);
        exact.sort_by_key(|piece| piece.start);
        let mut lanes = Lanes::made_of(trace, || exact.iter().copied());
        let least = (lanes.length / MOST_WAITS).max(1);
        for lane in &mut lanes.threads {
            lane.wait_between(turns.get(&lane.number).map_or(&[], Vec::as_slice), least);
        }
        Lanes { available_cores: activity.available_cores, ..lanes }
    }

    /// The lanes of a run that was watched and left no trace: of threads and cores.
    ///
    /// A thread computes while it has a core. It is ready while another one has it that took it away, and
    /// waits when it left by itself.
    pub fn of_activity(activity: &Activity) -> Lanes {
        let turns = activity.by_thread();
        let mut threads = Threads::of_activity(activity);
        let mut cores = Cores::new(activity.length);
        let mut pieces: Vec<Piece> = Vec::with_capacity(activity.turns.len());
        for (place, turns) in turns.iter().enumerate() {
            let thread = Some(u32::try_from(place).unwrap_or(u32::MAX));
            let about = About { thread, ..About::default() };
            pieces.extend(cut(turns, 0..activity.length, about));
        }
        pieces.sort_by_key(|piece| piece.start);
        for piece in &pieces {
            threads.add(piece);
            cores.add(piece);
        }
        let (threads, of_threads) = threads.finish(activity.threads.iter().map(|it| it.end));
        let (cores, of_cores) = cores.finish();
        let executing = pieces.iter().map(|piece| (piece.start, piece.stop));
        Lanes {
            length: activity.length,
            available_cores: activity.available_cores,
            resolution: of_threads.max(of_cores),
            threads,
            cores,
            strip: Strip::of(std::iter::empty(), executing, None),
            ..Lanes::default()
        }
    }

    /// Adds tasks, of which only their lines are known, and these lines. A task's number is its place, from 1.
    #[must_use]
    pub fn with_lines(mut self, tasks: &[PrintedTask], marks: Vec<Mark>) -> Lanes {
        let lane = |(number, task): (u32, &PrintedTask)| {
            let PrintedTask { name, start, end } = task.clone();
            let mut lane = Lane { number, name, start, end, has_ended: true, ..Lane::default() };
            let about = About { task: Some(number), ..About::default() };
            lane.push(Span::new(start, end, State::Quiet, about));
            lane
        };
        self.tasks = (1..).zip(tasks).map(lane).collect();
        self.strip.in_progress = Level::count(tasks.iter().map(|task| (task.start, task.end)));
        self.length = tasks.iter().map(|task| task.end).fold(self.length, Time::max);
        self.marks = marks;
        self
    }
}

impl Activity {
    /// Each thread's turns.
    fn by_thread(&self) -> Vec<Vec<Turn>> {
        let mut turns = vec![Vec::new(); self.threads.len()];
        for turn in &self.turns {
            turns[turn.thread].push(*turn);
        }
        turns
    }

    /// The turns of each thread that the trace knows, by its number there.
    fn by_number(&self) -> HashMap<u32, Vec<Turn>> {
        let numbered = self.threads.iter().zip(self.by_thread());
        numbered.filter_map(|(thread, turns)| Some((thread.number?, turns))).collect()
    }
}

/// What a trace calls compute, as far as its threads had cores then. A thread that nobody watched is
/// believed.
fn within(trace: &Trace, turns: &HashMap<u32, Vec<Turn>>) -> Vec<Piece> {
    let mut exact = Vec::new();
    for (chunk, piece) in trace.chunks.iter().zip(pieces(trace)) {
        match turns.get(&chunk.thread) {
            Some(turns) => {
                exact.extend(cut(turns, time(chunk.start)..time(chunk.end), piece.about));
            }
            None => exact.push(piece),
        }
    }
    exact
}

impl Lane {
    /// It waited where nothing else is known of it and it had left its core by itself, for so long at least.
    fn wait_between(&mut self, turns: &[Turn], least: Time) {
        for span in std::mem::take(&mut self.spans) {
            if span.state != State::Quiet || span.merged.is_some() {
                self.spans.push(span);
                continue;
            }
            let mut at = span.start;
            let mut rest = |start: Time, end: Time, state: State| {
                if start < end {
                    self.spans.push(Span { start, end, state, ..span.clone() });
                }
            };
            for [start, end] in waits(turns, span.start..span.end) {
                if end - start >= least {
                    rest(at, start, State::Quiet);
                    rest(start, end, State::Waiting);
                    self.totals.move_to_waiting(end - start);
                    at = end;
                }
            }
            rest(at, span.end, State::Quiet);
        }
    }
}

/// When a thread was off its core and had left it by itself, within a time: between two turns, or after the
/// last.
fn waits(turns: &[Turn], within: std::ops::Range<Time>) -> impl Iterator<Item = [Time; 2]> {
    let first = turns.partition_point(|turn| turn.end <= within.start).saturating_sub(1);
    let turns = &turns[first..];
    let until = move |place: usize| turns.get(place + 1).map_or(Time::MAX, |next| next.start);
    let waits = turns.iter().enumerate().filter(|(_, turn)| !turn.is_preempted);
    waits
        .map(move |(place, turn)| [turn.end.max(within.start), until(place).min(within.end)])
        .take_while(move |[start, _]| *start < within.end)
        .filter(|[start, end]| start < end)
}

/// Those of a thread's turns that lie within a time, each with the time after it in which the thread stood
/// ready.
fn cut(turns: &[Turn], within: std::ops::Range<Time>, about: About) -> impl Iterator<Item = Piece> {
    let first = turns.partition_point(|turn| turn.end <= within.start);
    let turns = &turns[first..];
    turns.iter().enumerate().take_while(move |(_, turn)| turn.start < within.end).map(
        move |(place, turn)| {
            let (start, stop) = (turn.start.max(within.start), turn.end.min(within.end));
            let next = turns.get(place + 1).map_or(stop, |next| next.start.min(within.end));
            let end = if turn.is_preempted { next.max(stop) } else { stop };
            Piece { start, stop, end, about: About { core: Some(turn.core), ..about } }
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::script::Script;

    const MS: Time = 1_000_000;

    fn turn(thread: usize, core: u16, times: [Time; 2], is_preempted: bool) -> Turn {
        Turn { thread, core, start: times[0] * MS, end: times[1] * MS, is_preempted }
    }

    fn thread(number: u32, until: Time) -> Thread {
        let (number, name) = (Some(number), format!("thread-{number}"));
        Thread { number, name, end: until * MS, has_ended: true, ..Thread::default() }
    }

    fn states(lane: &Lane) -> Vec<(Time, Time, State)> {
        lane.spans.iter().map(|span| (span.start / MS, span.end / MS, span.state)).collect()
    }

    #[test]
    fn without_a_trace_a_thread_executes_stands_ready_and_waits() {
        let activity = Activity {
            length: 100 * MS,
            threads: vec![thread(0, 100), thread(1, 80)],
            turns: vec![
                turn(0, 0, [0, 10], false),
                turn(1, 1, [5, 20], true),
                turn(1, 0, [30, 50], false),
                turn(0, 0, [60, 100], false),
            ],
            ..Activity::default()
        };
        let lanes = Lanes::of_activity(&activity);
        let (executes, ready, waits) = (State::Computing, State::Ready, State::Waiting);
        let expected = [(0, 10, executes), (10, 60, waits), (60, 100, executes)];
        assert_eq!(states(&lanes.threads[0]), expected);
        let expected = [
            (0, 5, waits),
            (5, 20, executes),
            (20, 30, ready),
            (30, 50, executes),
            (50, 80, waits),
        ];
        assert_eq!(states(&lanes.threads[1]), expected);
        let on_core = |core: usize| states(&lanes.cores[core]).len();
        assert_eq!([on_core(0), on_core(1)], [3, 1]);
        assert_eq!(Strip::at_least_two(&lanes.strip.executing), 5 * MS);
    }

    #[test]
    fn compute_of_a_trace_is_cut_into_the_turns_of_its_thread() {
        let trace = Script::new()
            .start(0, 0, 1, "A")
            .step(0, 0, 1, 1)
            .part(10..50, [0, 0], [1, 1, 1])
            .end(60, 0, 1)
            .trace();
        let activity = Activity {
            length: 70 * MS,
            threads: vec![Thread { number: None, ..thread(9, 70) }, thread(0, 70)],
            turns: vec![
                turn(1, 1, [0, 20], true),
                turn(0, 1, [20, 30], false),
                turn(1, 0, [30, 60], false),
            ],
            ..Activity::default()
        };
        let lanes = Lanes::watched(&trace, &activity);
        let computing = |lane: &Lane| {
            let computing = states(lane).into_iter().filter(|span| span.2 == State::Computing);
            computing.map(|(start, end, _)| (start, end)).collect::<Vec<_>>()
        };
        assert_eq!(computing(&lanes.tasks[0]), [(10, 20), (30, 50)]);
        assert!(states(&lanes.threads[0]).contains(&(20, 30, State::Ready)));
        // The core that the thread was on is known for each turn, and not only for the last.
        let cores: Vec<u32> = lanes.cores.iter().map(|lane| lane.number).collect();
        assert_eq!((cores, lanes.cores[1].spans[0].end), (vec![0, 1], 20 * MS));
    }

    #[test]
    fn a_thread_of_which_the_trace_says_nothing_waits_where_it_left_its_core_by_itself() {
        let trace =
            Script::new().start(0, 0, 1, "A").part(20..30, [0, 0], [1, 1, 1]).end(90, 0, 1).trace();
        let activity = Activity {
            length: 90 * MS,
            threads: vec![thread(0, 90)],
            turns: vec![
                turn(0, 0, [0, 10], false),
                turn(0, 0, [15, 40], true),
                turn(0, 0, [50, 60], false),
                turn(0, 0, [85, 90], false),
            ],
            ..Activity::default()
        };
        let lane = &Lanes::watched(&trace, &activity).threads[0];
        let (executes, waits, quiet) = (State::Computing, State::Waiting, State::Quiet);
        let expected = [
            (0, 10, quiet),
            (10, 15, waits),
            (15, 20, quiet),
            (20, 30, executes),
            // It was preempted, and what it executed outside of compute nobody recorded.
            (30, 60, quiet),
            (60, 85, waits),
            (85, 90, quiet),
        ];
        assert_eq!(states(lane), expected);
        assert_eq!([waits, quiet].map(|state| lane.totals.of(state)), [30 * MS, 50 * MS]);
    }

    #[test]
    fn lines_alone_make_tasks() {
        let task = |name: &str, start, end| PrintedTask { name: name.to_owned(), start, end };
        let tasks = [task("A", MS, 10 * MS), task("B", 5 * MS, 20 * MS)];
        let lanes = Lanes::default().with_lines(&tasks, Vec::new());
        assert_eq!(lanes.tasks.iter().map(|lane| lane.number).collect::<Vec<_>>(), [1, 2]);
        assert_eq!(Strip::at_least_two(&lanes.strip.in_progress), 5 * MS);
        assert_eq!(lanes.length, 20 * MS);
    }
}
