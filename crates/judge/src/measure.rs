//! What can be measured of a program as it stands: the keys of predictions, on the student's own machine.

use std::collections::HashSet;

use classroom::wire::Request;

use crate::log::Log;
use crate::paper::Paper;

/// A number that can be measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Measure {
    /// How many fetches were in progress at once, at most; the greatest of all runs.
    FetchesAtOnce,
    /// In how many runs the counter was wrong.
    WrongCounters,
    /// How many threads asked for anything, the greatest of all runs.
    Threads,
    /// How many tasks were computed, the least of all runs.
    Computed,
}

impl Measure {
    /// All of them, with their names in the manifest.
    pub const ALL: &[(&str, Measure)] = &[
        ("fetches-at-once", Measure::FetchesAtOnce),
        ("wrong-counters", Measure::WrongCounters),
        ("threads", Measure::Threads),
        ("computed", Measure::Computed),
    ];

    /// What one run gives.
    #[must_use]
    pub fn of(self, paper: &Paper, log: &Log, counter: u64) -> u64 {
        let number = match self {
            Measure::FetchesAtOnce => log.most_fetches_at_once(),
            Measure::WrongCounters => usize::from(counter != paper.sum()),
            Measure::Threads => {
                let asked =
                    log.entries.iter().filter(|it| !matches!(it.request, Request::Answer { .. }));
                asked.map(|entry| entry.worker).collect::<HashSet<_>>().len()
            }
            Measure::Computed => log.computes().len(),
        };
        number as u64
    }

    /// What several runs give together.
    #[must_use]
    pub fn of_all(self, runs: &[u64]) -> u64 {
        let number = match self {
            Measure::WrongCounters => Some(runs.iter().sum()),
            Measure::Computed => runs.iter().min().copied(),
            Measure::FetchesAtOnce | Measure::Threads => runs.iter().max().copied(),
        };
        number.unwrap_or(0)
    }
}
