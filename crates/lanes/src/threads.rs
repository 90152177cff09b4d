//! When a thread was executing, and what each core did.

use evidence::trace::{Chunk, Part, Trace};

use super::{About, Lane, Span, State, Time, time};

/// A chunk of compute, seen as the time in which its thread was executing and
/// the time after that in which it was most likely off its core.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    /// The place of the part in [`Trace::parts`].
    pub(super) part: usize,
    pub(super) start: Time,
    /// When the thread stopped executing.
    pub(super) stop: Time,
    /// When it went on: never before `stop`.
    pub(super) end: Time,
    pub(super) about: About,
}

/// The chunks, in the order of their starts.
pub(super) fn pieces(trace: &Trace) -> Vec<Piece> {
    // Where each thread was when its last chunk ended, and when that was.
    let mut left: Vec<(Time, Option<u16>)> = vec![(Time::MAX, None); trace.threads.len()];
    let piece = |chunk: Chunk| {
        let (start, end) = (time(chunk.start), time(chunk.end));
        let stop = chunk.gap().map_or(end, |gap| time(gap.start));
        let before = &mut left[chunk.thread as usize];
        // A chunk tells its core at its end. A thread that was off its core
        // may have come back on another, but executed where the last chunk ended.
        let core = if stop < end && before.0 == start { before.1 } else { chunk.core };
        *before = (end, chunk.core);
        let about = About { thread: Some(chunk.thread), core, ..about(&trace.parts[chunk.part]) };
        Piece { part: chunk.part, start, stop, end, about }
    };
    trace.chunks.iter().map(piece).collect()
}

fn about(part: &Part) -> About {
    About {
        task: Some(part.task),
        step: Some(part.step),
        part: Some(part.number).filter(|&number| number > 0),
        thread: None,
        core: None,
    }
}

/// A lane a thread, by number.
pub(super) fn thread_lanes(trace: &Trace, pieces: &[Piece]) -> Vec<Lane> {
    let lane = |thread: &evidence::trace::Thread| Lane {
        number: thread.number,
        name: thread.name.clone(),
        start: time(thread.first),
        end: time(thread.first),
        has_ended: thread.cpu.is_some(),
        ..Lane::default()
    };
    let mut lanes: Vec<Lane> = trace.threads.iter().map(lane).collect();
    for piece in pieces {
        let lane = &mut lanes[piece.about.thread.expect("a piece has a thread") as usize];
        lane.rest_until(piece.start);
        lane.push(Span::new(piece.start, piece.stop, State::Computing, piece.about));
        let off = About { core: None, ..piece.about };
        lane.push(Span::new(piece.stop, piece.end, State::Ready, off));
        lane.end = lane.end.max(piece.end);
    }
    for (lane, thread) in lanes.iter_mut().zip(&trace.threads) {
        lane.rest_until(time(thread.last));
    }
    lanes
}

impl Lane {
    /// Nothing is known between the last span and this time.
    fn rest_until(&mut self, time: Time) {
        self.push(Span::new(self.end, time, State::Quiet, About::default()));
        self.end = self.end.max(time);
    }
}

/// A lane a core that is known to have executed something.
pub(super) fn core_lanes(pieces: &[Piece]) -> Vec<Lane> {
    let mut lanes: Vec<Lane> = Vec::new();
    for piece in pieces {
        let Some(core) = piece.about.core else { continue };
        let number = u32::from(core);
        let place = lanes.iter().position(|lane| lane.number == number).unwrap_or_else(|| {
            lanes.push(Lane { number, start: piece.start, has_ended: true, ..Lane::default() });
            lanes.len() - 1
        });
        lanes[place].execute(piece);
    }
    lanes.sort_by_key(|lane| lane.number);
    lanes
}

impl Lane {
    /// Adds what a core executed. A core executes one thread at a time: where
    /// two chunks seem to overlap on it, a thread came to it in the middle of
    /// a chunk, and the earlier chunk ends where the later one begins.
    fn execute(&mut self, piece: &Piece) {
        if let Some(last) = self.spans.last_mut() {
            let surplus = last.end.saturating_sub(piece.start.max(last.start));
            last.end -= surplus;
            self.totals.0[State::Computing as usize] -= surplus;
            if last.start == last.end {
                self.spans.pop();
            }
        }
        self.push(Span::new(piece.start, piece.stop, State::Computing, piece.about));
        self.end = self.end.max(piece.stop);
    }
}
