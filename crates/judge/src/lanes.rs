//! A run as lanes: of each task, when it waited for its page and when it was computed.

use std::collections::BTreeMap;

use classroom::wire::Request;

use crate::hall::Hall;

/// What was being done with a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Stretch {
    /// Somebody waited for its page, or to begin to compute it.
    Waits,
    /// Somebody computed it.
    Computes,
}

/// A task, and what was done with it: from when until when, in nanoseconds since the first of all requests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Its name.
    pub task: String,
    /// In the order of their beginnings.
    pub stretches: Vec<(Stretch, u64, u64)>,
}

/// The lanes of all tasks, in their order. That of a task with which nothing was done is empty.
///
/// What was still waited for at the end is drawn to the last moment of which anything is known.
#[must_use]
pub fn lanes(hall: &Hall) -> Vec<Lane> {
    let entries = &hall.log.entries;
    let first = entries.iter().map(|entry| entry.came).min().unwrap_or(0);
    let times = entries.iter().flat_map(|entry| [Some(entry.came), entry.over()]);
    let last = times.flatten().max().unwrap_or(first);
    let all = 0..hall.paper.tasks.len();
    let mut lanes: BTreeMap<usize, Vec<_>> = all.map(|task| (task, Vec::new())).collect();
    for entry in entries {
        if let Request::Fetch { task } | Request::Compute { task } = entry.request {
            let until = entry.over().unwrap_or(last).min(last);
            lanes.entry(task).or_default().push((Stretch::Waits, entry.came, until));
        }
    }
    for span in hall.log.computes() {
        lanes.entry(span.task).or_default().push((Stretch::Computes, span.from, span.to));
    }
    let lane = |(task, mut stretches): (usize, Vec<(Stretch, u64, u64)>)| {
        for (_, from, to) in &mut stretches {
            (*from, *to) = (from.saturating_sub(first), to.saturating_sub(first));
        }
        stretches.sort_by_key(|&(_, from, to)| (from, to));
        Lane { task: hall.paper.name(task).to_owned(), stretches }
    };
    lanes.into_iter().map(lane).collect()
}

#[cfg(test)]
mod tests {
    use classroom::wire::Line;

    use super::*;
    use crate::log::Entry;
    use crate::paper::Paper;
    use crate::seed::Seed;

    fn entry(request: Request, came: u64, replied: Option<u64>) -> Entry {
        let line = Line { number: 1, thread: 1, awaited: false, request };
        Entry {
            came,
            replied,
            dropped: None,
            worker: (0, line.thread),
            number: line.number,
            awaited: line.awaited,
            request: line.request,
            reply: None,
        }
    }

    #[test]
    fn a_lane_has_what_was_done_with_its_task() {
        let paper = Paper::set("solve", 3, 10, true, Seed::new(1));
        let mut hall = Hall::new(paper);
        hall.log.entries = vec![
            entry(Request::Fetch { task: 0 }, 100, Some(150)),
            entry(Request::Compute { task: 0 }, 150, Some(160)),
            entry(Request::Computed { task: 0, found: 7 }, 190, None),
            entry(Request::Fetch { task: 2 }, 180, None),
        ];
        let [first, nothing, last] = &lanes(&hall)[..] else { panic!("three lanes") };
        assert_eq!([&first.task, &nothing.task, &last.task], ["A", "B", "C"]);
        let (waits, computes) = (Stretch::Waits, Stretch::Computes);
        assert_eq!(first.stretches, [(waits, 0, 50), (waits, 50, 60), (computes, 60, 90)]);
        assert_eq!(nothing.stretches, []);
        assert_eq!(last.stretches, [(waits, 80, 90)]);
    }
}
