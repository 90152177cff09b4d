//! Chunks of compute, and how they are packed: a long trace has millions of them.

use std::ops::Range;
use std::time::Duration;

use ::trace::GAP;

/// A piece of a part's compute, between two readings of its thread's CPU clock.
///
/// The chunks of one thread never overlap. All times are since the beginning of the trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// The place in [`Trace::parts`](super::Trace::parts) of the part that it is a piece of: the
    /// innermost one, where a thread was at several.
    pub part: usize,
    /// The number of the thread.
    pub thread: u32,
    /// When it began.
    pub start: Duration,
    /// When it ended.
    pub end: Duration,
    /// The core that the thread was on at the end, where the system tells.
    pub core: Option<u16>,
    /// When the thread was last known to be executing, before the end.
    pub seen: Duration,
    /// For how long of this time the thread was executing, as far as the system tells.
    pub executing: Option<Executing>,
}

/// How long a thread was executing during a [`Chunk`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Executing {
    /// No shorter than this.
    pub at_least: Duration,
    /// No longer than this.
    pub at_most: Duration,
}

impl Chunk {
    /// How long it lasted.
    #[must_use]
    pub fn length(&self) -> Duration {
        self.end.saturating_sub(self.start)
    }

    /// For how long its thread may have been off its core, at most.
    #[must_use]
    pub fn off_core(&self) -> Duration {
        let executing = self.executing.map_or(Duration::ZERO, |executing| executing.at_least);
        self.length().saturating_sub(executing)
    }

    /// When its thread was most likely off its core: it did not come to its next tick.
    ///
    /// This is for showing. A verdict goes by [`Chunk::executing`] alone.
    #[must_use]
    pub fn gap(&self) -> Option<Range<Duration>> {
        let pause = self.end.saturating_sub(self.seen.max(self.start));
        let gap = pause.min(self.off_core());
        let is_long = self.executing.is_some() && gap >= Duration::from_nanos(GAP);
        is_long.then(|| self.end - gap..self.end)
    }
}

/// The compute of a trace, piece by piece, in the order of the pieces' starts. Each takes 48 bytes
/// here; what comes out is a [`Chunk`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chunks {
    packed: Vec<Packed>,
}

/// A chunk, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Packed {
    pub(super) start: u64,
    pub(super) end: u64,
    pub(super) thread: u32,
    pub(super) part: u32,
    seen: u64,
    /// [`UNKNOWN`] where the system does not tell.
    at_least: u64,
    /// What is to be added to `at_least` to make it `at_most`; [`WIDE`] for all the rest of the chunk.
    width: u32,
    /// [`NO_CORE`] where the system does not tell.
    core: u16,
}

const UNKNOWN: u64 = u64::MAX;
const WIDE: u32 = u32::MAX;
const NO_CORE: u16 = u16::MAX;

impl Packed {
    pub(super) fn of(chunk: &Chunk) -> Packed {
        let width = |executing: Executing| {
            let width = nanoseconds(executing.at_most.saturating_sub(executing.at_least));
            u32::try_from(width).unwrap_or(WIDE)
        };
        Packed {
            start: nanoseconds(chunk.start),
            end: nanoseconds(chunk.end),
            thread: chunk.thread,
            part: u32::try_from(chunk.part).unwrap_or(u32::MAX),
            seen: nanoseconds(chunk.seen),
            at_least: chunk.executing.map_or(UNKNOWN, |known| nanoseconds(known.at_least)),
            width: chunk.executing.map_or(WIDE, width),
            core: chunk.core.unwrap_or(NO_CORE),
        }
    }

    fn unpacked(&self) -> Chunk {
        let Packed { start, end, thread, part, seen, at_least, width, core } = *self;
        let at_most = match width {
            WIDE => end.saturating_sub(start).max(at_least),
            width => at_least.saturating_add(width.into()),
        };
        let [start, end, seen] = [start, end, seen].map(Duration::from_nanos);
        let executing = (at_least != UNKNOWN).then(|| {
            let [at_least, at_most] = [at_least, at_most].map(Duration::from_nanos);
            Executing { at_least, at_most }
        });
        let core = Some(core).filter(|&core| core != NO_CORE);
        Chunk { part: part as usize, thread, start, end, core, seen, executing }
    }
}

impl Chunks {
    /// The same, in order.
    pub(super) fn of(mut packed: Vec<Packed>) -> Chunks {
        // In place: there is no room for a second one of these.
        packed.sort_unstable();
        Chunks { packed }
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.packed.len()
    }

    /// Whether nothing was computed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.packed.is_empty()
    }

    /// One after the other.
    #[must_use]
    pub fn iter(&self) -> Iter<'_> {
        Iter { packed: self.packed.iter() }
    }
}

/// Chunks, one after the other.
#[derive(Clone, Debug)]
pub struct Iter<'a> {
    packed: std::slice::Iter<'a, Packed>,
}

impl Iterator for Iter<'_> {
    type Item = Chunk;

    fn next(&mut self) -> Option<Chunk> {
        self.packed.next().map(Packed::unpacked)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.packed.size_hint()
    }
}

impl ExactSizeIterator for Iter<'_> {}

impl<'a> IntoIterator for &'a Chunks {
    type Item = Chunk;
    type IntoIter = Iter<'a>;

    fn into_iter(self) -> Iter<'a> {
        self.iter()
    }
}

/// A time in nanoseconds; that of a damaged trace may be too long for any.
pub(super) fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chunk() -> impl Strategy<Value = Chunk> {
        let time = || any::<u64>().prop_map(Duration::from_nanos);
        let executing = (0..u64::MAX / 2, 0..1_u64 << 34, any::<bool>());
        let parts = (0_usize..1000, any::<u32>(), prop::option::of(0_u16..1000));
        (parts, [time(), time(), time()], executing).prop_map(
            |((part, thread, core), [start, end, seen], (at_least, width, is_known))| {
                let [at_least, at_most] = [at_least, at_least + width].map(Duration::from_nanos);
                let executing = is_known.then_some(Executing { at_least, at_most });
                Chunk { part, thread, start, end, core, seen, executing }
            },
        )
    }

    proptest! {
        #[test]
        fn what_was_packed_comes_out_as_it_was(chunk in chunk()) {
            let out = Packed::of(&chunk).unpacked();
            let is_exact = chunk.executing.is_none_or(|known| {
                nanoseconds(known.at_most - known.at_least) < WIDE.into()
            });
            if is_exact {
                prop_assert_eq!(out, chunk);
            } else {
                // The bound is given up, and so stays true.
                let at_most = |chunk: &Chunk| chunk.executing.map(|known| known.at_most);
                prop_assert!(at_most(&out) >= at_most(&chunk).min(Some(chunk.length())));
            }
        }
    }
}
