//! What can be measured of a program as it stands: the keys of predictions, on the student's own machine.

use std::collections::HashSet;

use classroom::wire::Request;

use crate::examine::{lines_before, says};
use crate::finding::Finding;
use crate::hall::Hall;

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
    /// How many tasks were computed at once, at most; the greatest of all runs.
    ComputesAtOnce,
    /// How many signs of life there were while tasks computed, the least of all runs.
    Beats,
    /// How many tasks' lines came before the first line that is of no task, the least of all runs.
    LinesBeforeLast,
    /// How many tasks' lines came before that of the first task, the greatest of all runs.
    LinesBeforeFirst,
    /// How many tasks were computed before the first line was printed, the greatest of all runs.
    MadeBeforeFirst,
    /// How many tasks were computed before the long one was let go, the least of all runs.
    ComputedBesideLong,
    /// In how many of the runs everybody waited for ever.
    Hangs,
}

impl Measure {
    /// All of them, with their names in the manifest.
    pub const ALL: &[(&str, Measure)] = &[
        ("fetches-at-once", Measure::FetchesAtOnce),
        ("wrong-counters", Measure::WrongCounters),
        ("threads", Measure::Threads),
        ("computed", Measure::Computed),
        ("computes-at-once", Measure::ComputesAtOnce),
        ("beats", Measure::Beats),
        ("lines-before-last", Measure::LinesBeforeLast),
        ("lines-before-first", Measure::LinesBeforeFirst),
        ("made-before-first", Measure::MadeBeforeFirst),
        ("computed-beside-long", Measure::ComputedBesideLong),
        ("hangs", Measure::Hangs),
    ];

    /// What one run gives, which hung or did not.
    #[must_use]
    pub fn of(self, hall: &Hall, hung: bool) -> u64 {
        let Hall { paper, log, counters, .. } = hall;
        let first_line = || log.entries.iter().find(|it| is_line(&it.request))?.replied;
        let number = match self {
            Measure::FetchesAtOnce => log.most_fetches_at_once(),
            Measure::WrongCounters => usize::from(counters[0] != paper.sum()),
            Measure::Threads => {
                let asked =
                    log.entries.iter().filter(|it| !matches!(it.request, Request::Answer { .. }));
                asked.map(|entry| entry.worker).collect::<HashSet<_>>().len()
            }
            Measure::Computed => log.computes().len(),
            Measure::ComputesAtOnce => log.most_computes_at_once(),
            Measure::Beats => {
                let spans = log.computes();
                let beats = log.entries.iter().filter(|it| it.request == Request::Beat);
                beats
                    .filter(|it| spans.iter().any(|at| at.from < it.came && it.came < at.to))
                    .count()
            }
            Measure::LinesBeforeLast => lines_before(hall, |text| says(paper, text).is_none()),
            Measure::LinesBeforeFirst => lines_before(hall, |text| says(paper, text) == Some(0)),
            Measure::MadeBeforeFirst => log.computed_before(first_line().unwrap_or(u64::MAX)),
            Measure::ComputedBesideLong => {
                let computes = log.entries.iter().filter(|it| is_compute(&it.request));
                let waits = computes.filter_map(|it| Some((it.replied? - it.came, it.replied?)));
                waits.max().map_or(0, |(_, done)| log.computed_before(done))
            }
            Measure::Hangs => usize::from(hung),
        };
        number as u64
    }

    /// Whether a run that came to this can be measured: what is measured may be just that.
    #[must_use]
    pub fn allows(self, finding: &Finding) -> bool {
        match self {
            Measure::Hangs => {
                matches!(finding.name(), "hung" | "deadlock" | "lost-signal" | "slept-again")
            }
            Measure::Computed => finding.name() == "work-missing",
            _ => false,
        }
    }

    /// What several runs give together.
    #[must_use]
    pub fn of_all(self, runs: &[u64]) -> u64 {
        let number = match self {
            Measure::WrongCounters | Measure::Hangs => Some(runs.iter().sum()),
            Measure::Computed
            | Measure::Beats
            | Measure::LinesBeforeLast
            | Measure::ComputedBesideLong => runs.iter().min().copied(),
            _ => runs.iter().max().copied(),
        };
        number.unwrap_or(0)
    }
}

fn is_compute(request: &Request) -> bool {
    matches!(request, Request::Compute { .. })
}

fn is_line(request: &Request) -> bool {
    matches!(request, Request::Say { .. })
}
