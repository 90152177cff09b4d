//! Lanes cut into columns of equal length, for pictures made of characters.

use super::{Level, Span, State, Time, Totals};

/// What happened within one column.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// For how long the lane was in each state.
    pub totals: Totals,
    /// The task that was computed for most of the time that is spent computing.
    pub task: Option<u32>,
}

/// The time axis, cut into columns.
#[derive(Clone, Copy, Debug)]
pub struct Columns {
    /// Where the time axis ends.
    pub length: Time,
    /// How many columns there are.
    pub count: usize,
}

impl Columns {
    /// When a column begins; that of the one behind the last is when the last one ends.
    pub fn start(&self, column: usize) -> Time {
        let start = u128::from(self.length) * column as u128 / self.count as u128;
        u64::try_from(start).expect("a time before the end")
    }

    /// How long a column is.
    pub fn length_of(&self, column: usize) -> Time {
        self.start(column + 1) - self.start(column)
    }

    /// The column that this time falls into: the last one that does not begin after it.
    pub fn at(&self, time: Time) -> usize {
        let next = u128::from(time) + 1;
        let column = (next * self.count as u128 - 1) / u128::from(self.length.max(1));
        usize::try_from(column).unwrap_or(usize::MAX).min(self.count - 1)
    }

    /// Cuts spans, which must be in order, into columns.
    pub fn cells(&self, spans: &[Span]) -> Vec<Cell> {
        let mut cells = vec![Cell::default(); self.count];
        let mut computed: Vec<(Option<u32>, Time)> = Vec::new();
        let mut current = 0;
        for span in spans {
            self.each_column(span.start, span.end, |column, time| {
                if column != current {
                    cells[current].task = most(&mut computed);
                    current = column;
                }
                let computing = add(&mut cells[column].totals, span, time);
                note(&mut computed, span.about.task, computing);
            });
        }
        cells[current].task = most(&mut computed);
        cells
    }

    /// The average of a count in each column.
    pub fn means(&self, levels: &[Level]) -> Vec<f64> {
        let mut areas = vec![0.0; self.count];
        for level in levels {
            self.each_column(level.start, level.end, |column, time| {
                areas[column] += level.mean() * time as f64;
            });
        }
        let mean = |(area, column)| area / self.length_of(column).max(1) as f64;
        areas.iter().zip(0..).map(mean).collect()
    }

    /// Calls `visit` with each column that the interval touches, and for how long it does.
    fn each_column(&self, start: Time, end: Time, mut visit: impl FnMut(usize, Time)) {
        let mut from = start;
        let mut column = self.at(start);
        while from < end {
            let last = column + 1 == self.count;
            let until = if last { end } else { end.min(self.start(column + 1)) };
            visit(column, until - from);
            (from, column) = (until, column + 1);
        }
    }
}

/// Adds `time` of a span, and returns for how long of it somebody computed.
fn add(totals: &mut Totals, span: &Span, time: Time) -> Time {
    let Some(merged) = &span.merged else {
        totals.add(span.state, time);
        return if span.state == State::Computing { time } else { 0 };
    };
    // What was merged is spread evenly.
    let share = |part: Time| {
        let share = u128::from(part) * u128::from(time) / u128::from(span.length());
        u64::try_from(share).expect("a part of a time")
    };
    for state in State::ALL {
        totals.add(state, share(merged.totals.of(state)));
    }
    share(merged.totals.of(State::Computing))
}

fn note(computed: &mut Vec<(Option<u32>, Time)>, task: Option<u32>, time: Time) {
    match computed.iter_mut().find(|(known, _)| *known == task) {
        Some((_, sum)) => *sum += time,
        None if time > 0 => computed.push((task, time)),
        None => {}
    }
}

/// The task with the most time; the list is empty afterwards.
fn most(computed: &mut Vec<(Option<u32>, Time)>) -> Option<u32> {
    let longest = computed.iter().max_by_key(|(_, time)| *time).and_then(|&(task, _)| task);
    computed.clear();
    longest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Lanes;
    use crate::script::Script;

    #[test]
    fn every_time_falls_into_the_column_that_begins_last_before_it() {
        for (length, count) in [(7, 3), (100, 60), (1_000_003, 80), (5, 9)] {
            let columns = Columns { length, count };
            for time in (0..length).step_by((length as usize).div_ceil(500)) {
                let column = columns.at(time);
                assert!(columns.start(column) <= time, "{time} of {length} in {count}");
                assert!(time < columns.start(column + 1), "{time} of {length} in {count}");
            }
            assert_eq!(columns.at(length), count - 1);
        }
    }

    #[test]
    fn cells_hold_all_of_a_lane_and_name_the_task_that_computed_most() {
        let trace = Script::new()
            .part(0..13, [0, 0], [1, 1, 1])
            .part(13..20, [0, 0], [2, 1, 1])
            .part(30..32, [0, 0], [1, 2, 1])
            .trace();
        let lanes = Lanes::of(&trace);
        for lanes in [&lanes, &lanes.at_resolution(2)] {
            let columns = Columns { length: lanes.length, count: 4 };
            let cells = columns.cells(&lanes.threads[0].spans);
            let times = |cell: &Cell| State::ALL.map(|state| cell.totals.of(state));
            let sum: Time = cells.iter().flat_map(times).sum();
            // What was merged is spread in whole nanoseconds.
            assert!((31_999_900..=32_000_000).contains(&sum), "{sum}");
        }
        let columns = Columns { length: lanes.length, count: 4 };
        let tasks: Vec<_> = columns.cells(&lanes.cores[0].spans).iter().map(|c| c.task).collect();
        assert_eq!(tasks, [Some(1), Some(1), Some(2), Some(1)]);
    }
}
