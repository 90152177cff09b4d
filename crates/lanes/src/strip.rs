//! How many tasks were in progress and how many threads executing, moment by moment.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::Time;
use super::growing::MOST_SPANS;
use super::reduce::reduced_levels;

/// The two counts that make the quadrant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Strip {
    /// How many tasks were in progress: several at once are *concurrent*.
    pub in_progress: Vec<Level>,
    /// How many threads were executing recorded compute: several at once are *parallel*.
    pub executing: Vec<Level>,
}

/// A time in which a count did not change, or whose changes there is no room to
/// show. Levels follow upon one another without gaps; where there is none,
/// before the first and after the last, the count is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Level {
    /// From when.
    pub start: Time,
    /// Until when.
    pub end: Time,
    /// The least count in this time.
    pub least: u32,
    /// The largest count in this time.
    pub most: u32,
    /// The sum of count times time.
    pub area: u64,
}

impl Level {
    /// How many of the intervals are under way at each moment. They come in the order of their starts.
    pub fn count(intervals: impl Iterator<Item = (Time, Time)>) -> Vec<Level> {
        levels(intervals, u32::MAX)
    }

    /// How long it lasts.
    pub const fn length(&self) -> Time {
        self.end - self.start
    }

    /// The count, on average.
    pub fn mean(&self) -> f64 {
        self.area as f64 / self.length() as f64
    }
}

impl Strip {
    /// Counts tasks, and pieces of compute, each from when to when. There are no more threads executing
    /// than cores for them, even where the trace knows the moments of change only roughly.
    pub(super) fn of(
        tasks: impl Iterator<Item = (Time, Time)>,
        pieces: impl Iterator<Item = (Time, Time)>,
        cores: Option<u64>,
    ) -> Strip {
        let limit = cores.and_then(|cores| u32::try_from(cores).ok()).unwrap_or(u32::MAX);
        Strip { in_progress: levels(tasks, u32::MAX), executing: levels(pieces, limit) }
    }

    /// For how long the count was at least two.
    pub fn at_least_two(levels: &[Level]) -> Time {
        levels.iter().filter(|level| level.least >= 2).map(Level::length).sum()
    }
}

/// How many of the intervals are under way at each moment, up to a limit.
/// Intervals come in the order of their starts.
fn levels(intervals: impl Iterator<Item = (Time, Time)>, limit: u32) -> Vec<Level> {
    let mut levels = Levels::default();
    // When those end that are under way: few, however many there are in all.
    let mut ends: BinaryHeap<Reverse<Time>> = BinaryHeap::new();
    let mut before = 0;
    let mut turn = |ends: &BinaryHeap<_>, time| {
        let count = u32::try_from(ends.len()).unwrap_or(u32::MAX);
        levels.push(std::mem::replace(&mut before, time), time, count.min(limit));
    };
    for (start, end) in intervals {
        while let Some(&Reverse(first)) = ends.peek().filter(|&&Reverse(first)| first <= start) {
            turn(&ends, first);
            ends.pop();
        }
        turn(&ends, start);
        ends.push(Reverse(end));
    }
    while let Some(&Reverse(first)) = ends.peek() {
        turn(&ends, first);
        ends.pop();
    }
    levels.levels
}

/// Levels as they grow, without taking more room than pictures need.
#[derive(Default)]
struct Levels {
    levels: Vec<Level>,
    /// What is shorter than this has been merged with its neighbours.
    pixel: Time,
}

impl Levels {
    /// Adds a level behind the others, unless it is empty; nothing at all counts only between levels.
    fn push(&mut self, start: Time, end: Time, count: u32) {
        if end <= start || (count == 0 && self.levels.is_empty()) {
            return;
        }
        let area = u64::from(count).saturating_mul(end - start);
        match self.levels.last_mut() {
            Some(last) if last.least == count && last.most == count => {
                last.end = end;
                last.area = last.area.saturating_add(area);
            }
            _ => self.levels.push(Level { start, end, least: count, most: count, area }),
        }
        if self.levels.len() > 2 * MOST_SPANS {
            self.coarsen(end);
        }
    }

    /// Merges levels that are too short until half of them are gone: first what has come since the last
    /// time, and then more.
    #[cold]
    fn coarsen(&mut self, length: Time) {
        self.pixel = self.pixel.max(length / MOST_SPANS as u64).max(1);
        loop {
            self.levels = reduced_levels(&self.levels, self.pixel);
            if self.levels.len() <= MOST_SPANS || self.pixel > length {
                break;
            }
            self.pixel *= 2;
        }
    }
}
