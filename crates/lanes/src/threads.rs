//! When a thread was executing, and what each core did.

use evidence::trace::{Chunk, Part, Trace};

use super::activity::{self, Activity};
use super::growing::Growing;
use super::{About, Lane, Span, State, Time, time};

/// A chunk of compute, seen as the time in which its thread was executing and
/// the time after that in which it was most likely off its core.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) start: Time,
    /// When the thread stopped executing.
    pub(super) stop: Time,
    /// When it went on: never before `stop`.
    pub(super) end: Time,
    pub(super) about: About,
}

/// The chunks, in the order of their starts. They are seen so one at a time: there may be millions.
pub(super) fn pieces(trace: &Trace) -> impl Iterator<Item = Piece> {
    // Where each thread was when its last chunk ended, and when that was.
    let mut left: Vec<(Time, Option<u16>)> = vec![(Time::MAX, None); trace.threads.len()];
    trace.chunks.iter().map(move |chunk: Chunk| {
        let (start, end) = (time(chunk.start), time(chunk.end));
        let stop = chunk.gap().map_or(end, |gap| time(gap.start));
        let before = &mut left[chunk.thread as usize];
        // A chunk tells its core at its end. A thread that was off its core
        // may have come back on another, but executed where the last chunk ended.
        let core = if stop < end && before.0 == start { before.1 } else { chunk.core };
        *before = (end, chunk.core);
        let about = About { thread: Some(chunk.thread), core, ..about(&trace.parts[chunk.part]) };
        Piece { start, stop, end, about }
    })
}

fn about(part: &Part) -> About {
    About {
        task: Some(part.task),
        step: Some(part.step),
        part: Some(part.number).filter(|&number| number > 0),
        ..About::default()
    }
}

/// Lanes of threads, by number, as they grow.
pub(super) struct Threads {
    lanes: Growing,
    /// What a thread does that neither computes nor is in the middle of it.
    rest: State,
}

impl Threads {
    pub(super) fn of(trace: &Trace) -> Threads {
        let is_alone = trace.processes.len() <= 1;
        let lane = |thread: &evidence::trace::Thread| Lane {
            number: thread.number,
            process: thread.process,
            name: match (is_alone, thread.name.as_str()) {
                (true, name) => name.to_owned(),
                (false, "") => format!("process {}", thread.process + 1),
                (false, name) => format!("{name} (process {})", thread.process + 1),
            },
            start: time(thread.first),
            end: time(thread.first),
            has_ended: thread.cpu.is_some(),
            ..Lane::default()
        };
        let lanes = trace.threads.iter().map(lane).collect();
        Threads { lanes: Growing::new(lanes, time(trace.length())), rest: State::Quiet }
    }

    /// The threads of a run without a trace. Whoever watched them knows that they wait between their turns.
    pub(super) fn of_activity(activity: &Activity) -> Threads {
        let lane = |(number, thread): (u32, &activity::Thread)| Lane {
            number,
            process: thread.process,
            name: thread.name.clone(),
            start: thread.start,
            end: thread.start,
            has_ended: thread.has_ended,
            ..Lane::default()
        };
        let lanes = (0..).zip(&activity.threads).map(lane).collect();
        Threads { lanes: Growing::new(lanes, activity.length), rest: State::Waiting }
    }

    /// Adds a piece. They come in the order of their starts.
    pub(super) fn add(&mut self, piece: &Piece) {
        let place = piece.about.thread.expect("a piece has a thread") as usize;
        let rest = self.rest;
        self.lanes.grow(place, |lane| {
            lane.rest_until(piece.start, rest);
            lane.push(Span::new(piece.start, piece.stop, State::Computing, piece.about));
            let off = About { core: None, ..piece.about };
            lane.push(Span::new(piece.stop, piece.end, State::Ready, off));
            lane.end = lane.end.max(piece.end);
        });
    }

    /// The lanes, and what is too short to be seen in them; each thread was there until one of these times.
    pub(super) fn finish(mut self, ends: impl Iterator<Item = Time>) -> (Vec<Lane>, Time) {
        let rest = self.rest;
        for (lane, end) in self.lanes.lanes().iter_mut().zip(ends) {
            lane.rest_until(end, rest);
        }
        self.lanes.finish()
    }
}

impl Lane {
    /// It did nothing else between the last span and this time.
    fn rest_until(&mut self, time: Time, rest: State) {
        self.push(Span::new(self.end, time, rest, About::default()));
        self.end = self.end.max(time);
    }
}

/// Lanes of cores that are known to have executed something, as they grow.
pub(super) struct Cores {
    lanes: Growing,
}

impl Cores {
    /// None yet, of a run of this length.
    pub(super) fn new(length: Time) -> Cores {
        Cores { lanes: Growing::new(Vec::new(), length) }
    }

    /// Adds a piece. They come in the order of their starts.
    pub(super) fn add(&mut self, piece: &Piece) {
        let Some(core) = piece.about.core else { return };
        let (number, lanes) = (u32::from(core), self.lanes.lanes());
        let place = lanes.iter().position(|lane| lane.number == number).unwrap_or_else(|| {
            lanes.push(Lane { number, start: piece.start, has_ended: true, ..Lane::default() });
            lanes.len() - 1
        });
        self.lanes.grow(place, |lane| lane.execute(piece));
    }

    /// The lanes, by number, and what is too short to be seen in them.
    pub(super) fn finish(self) -> (Vec<Lane>, Time) {
        let (mut lanes, pixel) = self.lanes.finish();
        lanes.sort_by_key(|lane| lane.number);
        (lanes, pixel)
    }
}

impl Lane {
    /// Adds what a core executed. A core executes one thread at a time: where
    /// two chunks seem to overlap on it, a thread came to it in the middle of
    /// a chunk, and the earlier chunk ends where the later one begins.
    fn execute(&mut self, piece: &Piece) {
        let mut start = piece.start;
        match self.spans.last_mut() {
            // Of what is merged nobody knows what there was at its end.
            Some(last) if last.merged.is_some() => start = start.max(last.end),
            Some(last) => {
                let surplus = last.end.saturating_sub(start.max(last.start));
                last.end -= surplus;
                self.totals.0[State::Computing as usize] -= surplus;
                if last.start == last.end {
                    self.spans.pop();
                }
            }
            None => {}
        }
        self.push(Span::new(start, piece.stop, State::Computing, piece.about));
        self.end = self.end.max(piece.stop);
    }
}
