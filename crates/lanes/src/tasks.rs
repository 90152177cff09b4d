//! When a task computed, waited, or was ready and did not compute.

use std::collections::HashMap;
use std::iter::Peekable;
use std::ops::Range;

use evidence::trace::Trace;

use super::growing::Growing;
use super::threads::Piece;
use super::{About, Lane, Span, State, Time, time};

/// How many lanes of tasks there are at most. No picture shows as many.
pub(super) const MOST_LANES: usize = 1 << 14;

/// Lanes of tasks, in the order of their starts, as they grow.
///
/// Between its lines, and between them and its start and end, a task computed, and the rest is told
/// from what it announced and from what it recorded of its waits.
pub(super) struct Tasks<'a> {
    trace: &'a Trace,
    lanes: Growing,
    place_of: HashMap<u32, usize>,
    progress: Vec<Progress>,
    /// The lines that were not yet come to.
    lines: Peekable<std::slice::Iter<'a, evidence::trace::Line>>,
    waits: Waits,
    /// How long a step waits.
    wait: Option<Time>,
}

/// How far a task has got.
#[derive(Clone, Debug)]
struct Progress {
    /// Up to when its lane is filled.
    cursor: Time,
    /// When its last line was printed, and which step that announced.
    begin: Time,
    step: Option<u16>,
    /// When somebody first computed for it after that.
    computed: Option<Time>,
    /// The waits that it recorded and that were not yet come to.
    waits: Range<usize>,
}

impl<'a> Tasks<'a> {
    pub(super) fn of(trace: &'a Trace) -> Tasks<'a> {
        let names = trace.names();
        let lane = |task: &evidence::trace::Task| Lane {
            number: task.number,
            process: task.process,
            name: names.of(task),
            start: time(task.start),
            end: time(task.end.unwrap_or(task.last)),
            has_ended: task.end.is_some(),
            ..Lane::default()
        };
        let lanes: Vec<Lane> = trace.tasks.iter().take(MOST_LANES).map(lane).collect();
        let place_of: HashMap<u32, usize> = lanes.iter().map(|lane| lane.number).zip(0..).collect();
        let waits = Waits::of(trace, &place_of);
        let progress = |(place, lane): (usize, &Lane)| Progress {
            cursor: lane.start,
            begin: lane.start,
            step: None,
            computed: None,
            waits: waits.of_task(place),
        };
        let progress = lanes.iter().enumerate().map(progress).collect();
        let lanes = Growing::new(lanes, time(trace.length()));
        let (lines, wait) = (trace.lines.iter().peekable(), trace.workload.wait.map(time));
        Tasks { trace, lanes, place_of, progress, lines, waits, wait }
    }

    /// Adds a piece of compute, as far as no other thread was computing for the task at the same
    /// time. Pieces come in the order of their starts.
    pub(super) fn add(&mut self, piece: &Piece) {
        self.print_until(piece.start);
        let task = piece.about.task.and_then(|task| self.place_of.get(&task));
        let Some(&place) = task else { return };
        let progress = &mut self.progress[place];
        let start = piece.start.max(progress.cursor);
        if start >= piece.stop {
            return;
        }
        progress.computed.get_or_insert(start);
        self.rest(place, start);
        self.progress[place].cursor = piece.stop;
        let About { task, step, .. } = piece.about;
        let about = About { task, step, ..About::default() };
        self.lanes.grow(place, |lane| {
            lane.push(Span::new(start, piece.stop, State::Computing, about));
            lane.end = lane.end.max(piece.stop);
        });
    }

    /// Comes to the lines up to this time. A line that is printed when compute begins comes first.
    fn print_until(&mut self, until: Time) {
        while let Some(line) = self.lines.next_if(|line| time(line.time) <= until) {
            let Some(&place) = self.place_of.get(&line.task) else { continue };
            let begin = time(line.time);
            self.rest(place, begin);
            let progress = &mut self.progress[place];
            (progress.begin, progress.step, progress.computed) = (begin, line.step, None);
            progress.cursor = progress.cursor.max(begin);
        }
    }

    /// The lanes, and what is too short to be seen in them.
    pub(super) fn finish(mut self) -> (Vec<Lane>, Time) {
        self.print_until(Time::MAX);
        for place in 0..self.progress.len() {
            let end = self.lanes.lanes()[place].end;
            self.rest(place, end);
        }
        self.lanes.finish()
    }

    /// Fills a task's lane up to this time, during which nobody computed for it.
    ///
    /// Where nobody knows how long a step waits, nobody knows either from when on the task was ready;
    /// but a task that records its waits is asked for nothing else. Ready it is if it computes at all
    /// between two lines: without compute nobody knows what it was at, and it may have been waiting for
    /// something else.
    fn rest(&mut self, place: usize, end: Time) {
        let Progress { cursor, begin, step, computed, .. } = self.progress[place].clone();
        let about = About { task: Some(self.trace.tasks[place].number), step, ..About::default() };
        let (records_waits, waits) = (self.waits.are_recorded(place), &mut self.waits);
        let is_ready =
            (records_waits || self.wait.is_some()) && (computed.is_some() || cursor > begin);
        let then = if is_ready { State::Ready } else { State::Quiet };
        let timer = begin + step.and(self.wait).unwrap_or(0);
        // Whoever computes has stopped waiting, whatever the timer says.
        let wait_is_over = computed.map_or(timer, |first| timer.min(first));
        let of_task = &mut self.progress[place].waits;
        self.lanes.grow(place, |lane| {
            let mut from = cursor;
            if records_waits {
                while let Some((start, until, what)) = waits.next(of_task, from, end) {
                    lane.push(Span::new(from, start, then, about));
                    let about = About { wait: Some(what), ..about };
                    lane.push(Span::new(start, until, State::Waiting, about));
                    from = until;
                }
            } else {
                from = wait_is_over.clamp(cursor, end.max(cursor));
                lane.push(Span::new(cursor, from, State::Waiting, about));
            }
            lane.push(Span::new(from, end, then, about));
        });
        let progress = &mut self.progress[place];
        progress.cursor = progress.cursor.max(end);
    }
}

/// What tasks recorded of their waits.
struct Waits {
    /// The place of the task, from when to when, and for what: task by task, in the order of time.
    all: Vec<(usize, Time, Time, u16)>,
}

impl Waits {
    fn of(trace: &Trace, place_of: &HashMap<u32, usize>) -> Waits {
        let kinds: HashMap<&str, u16> = kinds(trace).into_iter().zip(0..).collect();
        let wait = |wait: &evidence::trace::Wait| {
            let place = *place_of.get(&wait.task)?;
            let what = kinds.get(&*wait.what).copied().unwrap_or(u16::MAX);
            Some((place, time(wait.start), wait.end.map_or(Time::MAX, time), what))
        };
        let mut all: Vec<_> = trace.waits.iter().filter_map(wait).collect();
        all.sort_unstable();
        Waits { all }
    }

    /// Where a task's are.
    fn of_task(&self, place: usize) -> Range<usize> {
        let start = self.all.partition_point(|wait| wait.0 < place);
        start..start + self.all[start..].partition_point(|wait| wait.0 == place)
    }

    /// Whether a task has recorded any.
    fn are_recorded(&self, place: usize) -> bool {
        self.all.binary_search_by_key(&place, |wait| wait.0).is_ok()
    }

    /// The next wait of those that are still to come, as far as it lies between these times. It stays
    /// there where it lasts longer.
    fn next(&self, rest: &mut Range<usize>, from: Time, end: Time) -> Option<(Time, Time, u16)> {
        if from >= end {
            return None;
        }
        loop {
            let &(_, start, until, what) = self.all[rest.clone()].first()?;
            if start >= end {
                return None;
            }
            rest.start += usize::from(until <= end);
            if until > from {
                return Some((start.max(from), until.min(end), what));
            }
        }
    }
}

/// Everything that tasks waited for, each once, in the order in which it first came up. Few are told
/// apart: a program has few kinds of waits.
pub(super) fn kinds(trace: &Trace) -> Vec<&str> {
    const MOST: usize = 1000;
    let mut seen = std::collections::HashSet::new();
    let kinds = trace.waits.iter().map(|wait| &*wait.what).filter(|&what| seen.insert(what));
    kinds.take(MOST).collect()
}
