//! When a task computed, waited, or was ready and did not compute.

use std::collections::HashMap;

use evidence::trace::Trace;

use super::threads::Piece;
use super::{About, Lane, Mark, Span, State, Time, time};

/// A lane a task, in the order of their starts.
pub(super) fn lanes(trace: &Trace, pieces: &[Piece], marks: &[Mark]) -> Vec<Lane> {
    let numbers = trace.tasks.iter().map(|task| task.number);
    let place_of: HashMap<u32, usize> = numbers.zip(0..).collect();
    let mut deeds = vec![Deeds::default(); trace.tasks.len()];
    for mark in marks {
        if let Some(&place) = place_of.get(&mark.task) {
            deeds[place].lines.push((mark.time, mark.step));
        }
    }
    let parts = trace.parts.iter().map(|part| place_of.get(&part.task).copied());
    let place_of_part: Vec<Option<usize>> = parts.collect();
    for piece in pieces {
        if let Some(place) = place_of_part[piece.part] {
            deeds[place].compute(piece);
        }
    }
    let names = trace.names();
    let lane = |(task, deeds): (&evidence::trace::Task, Deeds)| {
        let last_compute = deeds.computed.last().map_or(0, |computed| computed.end);
        let lane = Lane {
            number: task.number,
            name: names.of(task),
            start: time(task.start),
            end: time(task.end.unwrap_or(task.last)).max(last_compute),
            has_ended: task.end.is_some(),
            ..Lane::default()
        };
        deeds.fill(lane, trace.workload.wait.map(time))
    };
    trace.tasks.iter().zip(deeds).map(lane).collect()
}

/// What a task is known to have done.
#[derive(Clone, Debug, Default)]
struct Deeds {
    /// When it printed a line, and which step that announced.
    lines: Vec<(Time, Option<u16>)>,
    /// When some thread was computing for it: in order, and none overlap.
    computed: Vec<Span>,
}

impl Deeds {
    /// Adds a piece of compute, as far as no other thread was computing for
    /// the task at the same time. Pieces come in the order of their starts.
    fn compute(&mut self, piece: &Piece) {
        let covered = self.computed.last().map_or(0, |last| last.end);
        let start = piece.start.max(covered);
        if start >= piece.stop {
            return;
        }
        match self.computed.last_mut() {
            Some(last) if last.end == start && last.about.step == piece.about.step => {
                last.end = piece.stop;
            }
            _ => {
                let About { task, step, .. } = piece.about;
                let about = About { task, step, ..About::default() };
                self.computed.push(Span::new(start, piece.stop, State::Computing, about));
            }
        }
    }

    /// Fills the lane: between the lines, and between them and the task's
    /// start and end, it computed, and the rest is told from what it announced.
    ///
    /// Where nobody knows how long a step waits, nobody knows either from when
    /// on the task was ready.
    fn fill(self, mut lane: Lane, wait: Option<Time>) -> Lane {
        let mut computed = self.computed.into_iter().peekable();
        let mut cursor = lane.start;
        let begins = [(lane.start, None)].into_iter().chain(self.lines.iter().copied());
        let ends = self.lines.iter().map(|&(time, _)| time).chain([lane.end]);
        for ((begin, step), end) in begins.zip(ends) {
            let first = computed.peek().map(|span| span.start).filter(|&start| start < end);
            let about = About { task: Some(lane.number), step, ..About::default() };
            let timer = begin + step.and(wait).unwrap_or(0);
            let stretch = Stretch {
                about,
                // Whoever computes has stopped waiting, whatever the timer says.
                wait_is_over: first.map_or(timer, |first| timer.min(first)),
                is_ready: wait.is_some() && (first.is_some() || cursor > begin),
            };
            while let Some(span) = computed.next_if(|span| span.start < end) {
                stretch.rest(&mut lane, cursor, span.start);
                cursor = span.end;
                lane.push(span);
            }
            stretch.rest(&mut lane, cursor, end);
            cursor = cursor.max(end);
        }
        lane
    }
}

/// The time between two lines of a task.
struct Stretch {
    about: About,
    wait_is_over: Time,
    /// Whether the task, where it neither waits nor computes, is ready to. It
    /// is if it computes at all in this time: without compute nobody knows
    /// what it was at, and it may have been waiting for something else.
    is_ready: bool,
}

impl Stretch {
    /// Adds a time in which nobody computed for the task.
    fn rest(&self, lane: &mut Lane, start: Time, end: Time) {
        let turn = self.wait_is_over.clamp(start, end.max(start));
        lane.push(Span::new(start, turn, State::Waiting, self.about));
        let then = if self.is_ready { State::Ready } else { State::Quiet };
        lane.push(Span::new(turn, end, then, self.about));
    }
}
