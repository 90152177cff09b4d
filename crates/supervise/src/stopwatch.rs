//! The clock of a run. It stands still while the program is stopped with us.

use std::time::{Duration, Instant};

/// The clock of a run.
#[derive(Clone, Debug)]
pub(crate) struct Stopwatch {
    started: Instant,
    /// When it stood still, and for how long.
    pauses: Vec<(Instant, Duration)>,
    /// Since when it stands still, if it does.
    paused: Option<Instant>,
}

impl Stopwatch {
    pub(crate) fn started_at(started: Instant) -> Stopwatch {
        Stopwatch { started, pauses: Vec::new(), paused: None }
    }

    /// Stops the clock, if it runs.
    pub(crate) fn pause(&mut self, at: Instant) {
        self.paused.get_or_insert(at);
    }

    /// Lets the clock run on, if it is stopped.
    pub(crate) fn resume(&mut self, at: Instant) {
        if let Some(since) = self.paused.take() {
            self.pauses.push((since, at.saturating_duration_since(since)));
        }
    }

    /// Whether it stands still.
    pub(crate) fn is_paused(&self) -> bool {
        self.paused.is_some()
    }

    /// For how long it stood still, all told.
    pub(crate) fn stood_still(&self) -> Duration {
        let now = self.paused.map_or(Duration::ZERO, |since| since.elapsed());
        self.pauses.iter().map(|(_, length)| *length).sum::<Duration>() + now
    }

    /// What it shows now.
    pub(crate) fn elapsed(&self) -> Duration {
        self.elapsed_at(Instant::now())
    }

    /// What it showed then.
    pub(crate) fn elapsed_at(&self, at: Instant) -> Duration {
        let at = self.paused.map_or(at, |since| at.min(since));
        let still = |(since, length): &(Instant, Duration)| {
            at.saturating_duration_since(*since).min(*length)
        };
        let still: Duration = self.pauses.iter().map(still).sum();
        at.saturating_duration_since(self.started).saturating_sub(still)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_pause_counts_nowhere() {
        let start = Instant::now();
        let mut watch = Stopwatch::started_at(start);
        watch.pause(start + SECOND);
        assert_eq!(watch.elapsed_at(start + 5 * SECOND), SECOND);
        watch.resume(start + 10 * SECOND);
        assert_eq!(watch.elapsed_at(start + 11 * SECOND), 2 * SECOND);
        assert_eq!(watch.stood_still(), 9 * SECOND);
    }

    #[test]
    fn what_happened_before_or_in_a_pause_keeps_its_time() {
        let start = Instant::now();
        let mut watch = Stopwatch::started_at(start);
        watch.pause(start + 2 * SECOND);
        watch.pause(start + 3 * SECOND);
        watch.resume(start + 4 * SECOND);
        watch.resume(start + 9 * SECOND);
        let shown = [1, 2, 3, 4, 5].map(|at| watch.elapsed_at(start + at * SECOND).as_secs());
        assert_eq!(shown, [1, 2, 2, 2, 3]);
    }
}
