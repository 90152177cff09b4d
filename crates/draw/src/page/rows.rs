//! Threads that were never there at the same time share a row.

use lanes::{Lane, State, stand_out};

/// Threads one after the other.
pub(super) struct Row<'a> {
    pub(super) lanes: Vec<&'a Lane>,
}

impl Row<'_> {
    /// What stands beside the row.
    pub(super) fn name(&self) -> String {
        match &self.lanes[..] {
            [lane] => name(lane),
            lanes => format!("{} threads", lanes.len()),
        }
    }
}

/// What a thread is called.
pub(super) fn name(lane: &Lane) -> String {
    match lane.name.as_str() {
        "" => format!("Thread {}", lane.number),
        name => name.to_owned(),
    }
}

/// The rows: those that [stand out](stand_out) alone, and the others in as few as there can be. Each takes the
/// first row that is free.
pub(super) fn rows(threads: &[Lane]) -> Vec<Row<'_>> {
    let own = stand_out(threads);
    let mut others: Vec<&Lane> = (0..)
        .zip(threads)
        .filter(|(place, _)| !own.contains(place))
        .map(|(_, lane)| lane)
        .collect();
    others.sort_by_key(|lane| lane.start);
    let own: Vec<Row> = own.iter().map(|&place| Row { lanes: vec![&threads[place]] }).collect();
    let (first, mut rows) = (own.len(), own);
    for lane in others {
        let is_free = |row: &&mut Row| row.lanes.last().is_none_or(|last| last.end <= lane.start);
        match rows[first..].iter_mut().find(is_free) {
            Some(row) => row.lanes.push(lane),
            None => rows.push(Row { lanes: vec![lane] }),
        }
    }
    // A row in which nothing was computed tells nothing.
    rows.retain(|row| row.lanes.iter().any(|lane| lane.totals.of(State::Computing) > 0));
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn thread(number: u32, start: u64, end: u64) -> Lane {
        let mut lane = Lane { number, start, end, ..Lane::default() };
        lane.totals.add(State::Computing, end - start);
        lane
    }

    #[test]
    fn threads_share_a_row_where_one_ends_before_the_other_starts() {
        let threads = [thread(0, 0, 10), thread(1, 5, 20), thread(2, 10, 30)];
        let rows = rows(&threads);
        let numbers = |row: &Row| row.lanes.iter().map(|lane| lane.number).collect::<Vec<_>>();
        assert_eq!(rows.iter().map(numbers).collect::<Vec<_>>(), [vec![0, 2], vec![1]]);
    }

    #[test]
    fn threads_that_computed_nothing_have_no_row() {
        assert!(rows(&[Lane { end: 5, ..Lane::default() }]).is_empty());
    }
}
