//! How many tasks were in progress and how many threads executing, moment by moment.

use super::{Lane, State, Time};

/// The two counts that make the quadrant.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Strip {
    /// How many tasks were in progress: several at once are *concurrent*.
    pub(crate) in_progress: Vec<Level>,
    /// How many threads were executing recorded compute: several at once are *parallel*.
    pub(crate) executing: Vec<Level>,
}

/// A time in which a count did not change, or whose changes there is no room to
/// show. Levels follow upon one another without gaps; where there is none,
/// before the first and after the last, the count is zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Level {
    /// From when.
    pub(crate) start: Time,
    /// Until when.
    pub(crate) end: Time,
    /// The least count in this time.
    pub(crate) least: u32,
    /// The largest count in this time.
    pub(crate) most: u32,
    /// The sum of count times time.
    pub(crate) area: u64,
}

impl Level {
    /// How many of the intervals are under way at each moment.
    pub(crate) fn count(intervals: impl Iterator<Item = (Time, Time)>) -> Vec<Level> {
        levels(intervals, u32::MAX)
    }

    /// How long it lasts.
    pub(crate) const fn length(&self) -> Time {
        self.end - self.start
    }

    /// The count, on average.
    #[expect(clippy::cast_precision_loss, reason = "nobody sees the sixteenth digit")]
    pub(crate) fn mean(&self) -> f64 {
        self.area as f64 / self.length() as f64
    }
}

impl Strip {
    /// Counts in the lanes. There are no more threads executing than cores for
    /// them, even where the trace knows the moments of change only roughly.
    pub(super) fn of(tasks: &[Lane], threads: &[Lane], cores: Option<u64>) -> Strip {
        let limit = cores.and_then(|cores| u32::try_from(cores).ok()).unwrap_or(u32::MAX);
        let spans = threads.iter().flat_map(|lane| &lane.spans);
        let executing = spans.filter(|span| span.state == State::Computing);
        Strip {
            in_progress: levels(tasks.iter().map(|lane| (lane.start, lane.end)), u32::MAX),
            executing: levels(executing.map(|span| (span.start, span.end)), limit),
        }
    }

    /// For how long the count was at least two.
    pub(crate) fn at_least_two(levels: &[Level]) -> Time {
        levels.iter().filter(|level| level.least >= 2).map(Level::length).sum()
    }
}

/// How many of the intervals are under way at each moment, up to a limit.
fn levels(intervals: impl Iterator<Item = (Time, Time)>, limit: u32) -> Vec<Level> {
    let (mut starts, mut ends): (Vec<Time>, Vec<Time>) = intervals.unzip();
    starts.sort_unstable();
    ends.sort_unstable();
    let mut levels: Vec<Level> = Vec::new();
    let (mut count, mut before) = (0_u32, starts.first().copied().unwrap_or(0));
    let mut starts = starts.into_iter().peekable();
    for end in ends {
        // At the same moment starts come first, and the level between is empty.
        while let Some(start) = starts.next_if(|&start| start <= end) {
            push(&mut levels, before, start, count.min(limit));
            (count, before) = (count + 1, start);
        }
        push(&mut levels, before, end, count.min(limit));
        (count, before) = (count - 1, end);
    }
    levels
}

fn push(levels: &mut Vec<Level>, start: Time, end: Time, count: u32) {
    if end <= start {
        return;
    }
    let area = u64::from(count) * (end - start);
    match levels.last_mut() {
        Some(last) if last.most == count => {
            last.end = end;
            last.area += area;
        }
        _ => levels.push(Level { start, end, least: count, most: count, area }),
    }
}
