//! Lanes as they grow, span by span, without taking more room than pictures need.

use super::{Lane, Time};

/// How many spans the lanes of one kind have at most, but for those that came last: as many again. No
/// picture shows as many at once.
pub(super) const MOST_SPANS: usize = 1 << 15;

/// Lanes of one kind.
#[derive(Debug)]
pub(super) struct Growing {
    lanes: Vec<Lane>,
    /// How long the run is.
    length: Time,
    /// How many spans there are, how many there should be, and how many are too many.
    spans: usize,
    most: usize,
    too_many: usize,
    /// What is shorter than this has been merged with its neighbours, in the part that was looked at.
    pixel: Time,
}

impl Growing {
    /// Lanes, most of them still empty, of a run of this length.
    pub(super) fn new(lanes: Vec<Lane>, length: Time) -> Growing {
        let too_many = 2 * MOST_SPANS;
        Growing { lanes, length, spans: 0, most: MOST_SPANS, too_many, pixel: 0 }
    }

    pub(super) fn lanes(&mut self) -> &mut Vec<Lane> {
        &mut self.lanes
    }

    /// Does something to a lane that may make it longer by a few spans.
    pub(super) fn grow(&mut self, lane: usize, change: impl FnOnce(&mut Lane)) {
        let lane = &mut self.lanes[lane];
        let before = lane.spans.len();
        change(lane);
        self.spans = self.spans + lane.spans.len() - before;
        if self.spans > self.too_many {
            self.coarsen();
        }
    }

    /// Merges spans that are too short until half of them are gone: first what has come since the last
    /// time, and then more, as long as there is more to be merged.
    #[cold]
    fn coarsen(&mut self) {
        self.pixel = self.pixel.max(self.length / self.most as u64).max(1);
        loop {
            for lane in &mut self.lanes {
                *lane = lane.reduced(self.pixel, &[]);
            }
            self.spans = self.lanes.iter().map(|lane| lane.spans.len()).sum();
            if self.spans <= self.most || self.pixel > self.length {
                break;
            }
            self.pixel *= 2;
        }
        // Where there are more lanes than that, each keeps a span.
        self.too_many = 2 * self.spans.max(self.most);
    }

    /// The lanes, and what is too short to be seen in them.
    pub(super) fn finish(self) -> (Vec<Lane>, Time) {
        (self.lanes, self.pixel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{About, Span, State};

    #[test]
    fn lanes_that_grow_too_long_are_merged_and_lose_no_time() {
        let count = 1000;
        let lanes = vec![Lane::default(), Lane::default()];
        let mut growing = Growing { most: 20, too_many: 40, ..Growing::new(lanes, 2 * count) };
        for time in 0..count {
            for (lane, state) in [(0, State::Computing), (1, State::Waiting)] {
                let about = About { step: u16::try_from(time).ok(), ..About::default() };
                growing
                    .grow(lane, |lane| lane.push(Span::new(2 * time, 2 * time + 1, state, about)));
                growing.grow(lane, |lane| {
                    lane.push(Span::new(2 * time + 1, 2 * time + 2, State::Quiet, about));
                });
                assert!(growing.spans <= 2 * growing.most, "{growing:?}");
            }
        }
        let (lanes, pixel) = growing.finish();
        assert_eq!(pixel, 200, "two lanes of 2000, in twenty spans");
        for (lane, state) in lanes.iter().zip([State::Computing, State::Waiting]) {
            assert_eq!(lane.totals.of(state), count);
            let merged = lane.spans.iter().map(|span| match &span.merged {
                Some(merged) => merged.totals.of(state),
                None if span.state == state => span.length(),
                None => 0,
            });
            assert_eq!(merged.sum::<Time>(), count);
        }
    }

    #[test]
    fn where_there_are_more_lanes_than_spans_should_be_they_are_not_looked_at_each_time() {
        let (count, length) = (100, 1000);
        let mut growing = Growing::new(vec![Lane::default(); count], length);
        (growing.most, growing.too_many) = (10, 20);
        let mut looked_at = 0;
        for time in 0..length {
            for lane in 0..count {
                let before = growing.too_many;
                let about = About { part: u16::try_from(time).ok(), ..About::default() };
                growing
                    .grow(lane, |lane| lane.push(Span::new(time, time + 1, State::Ready, about)));
                looked_at += usize::from(growing.too_many != before || growing.spans <= count);
            }
        }
        assert!(growing.spans <= growing.too_many, "{} spans", growing.spans);
        assert!(growing.too_many >= 2 * count);
        assert!(looked_at <= 2 * length as usize, "{looked_at} times");
    }
}
