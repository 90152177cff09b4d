//! The source *recorder*: what the program itself noted down of its tasks and threads.
//!
//! 1. `concurrent`: intervals that overlap;
//! 2. `parallel`, and the pigeonhole argument that it rests on, in [`bounds`](crate::bounds).

mod concurrent;
mod parallel;

use std::time::Duration;

use crate::circumstances::Circumstances;
use crate::claim::{Evidence, Testimony};
use crate::reason::Reason;
use crate::trace::{Quantity, Trace};

pub use parallel::THRESHOLD;

impl Testimony for Trace {
    fn testify(&self, evidence: &mut Evidence) {
        let circumstances = circumstances(self);
        // What the judge knows of the surroundings goes before what the program says of them.
        evidence.circumstances = evidence.circumstances.clone().or(&circumstances);
        evidence.missing.extend(missing(self));
        evidence.claims.push(concurrent::claim(self));
        evidence.claims.push(parallel::claim(self, &circumstances));
    }
}

/// What the process recorded of its surroundings at its beginning and at its end.
#[expect(clippy::cast_precision_loss, reason = "nobody allows 2⁵³ cores")]
fn circumstances(trace: &Trace) -> Circumstances {
    let grown = |quantity| {
        let [first, last] = trace.first_and_last(quantity)?;
        Some(Duration::from_nanos(last.value.saturating_sub(first.value)))
    };
    let cores = trace.first_and_last(Quantity::Cores);
    let quota = trace.first_and_last(Quantity::Quota);
    Circumstances {
        cores: cores.map(|[first, last]| first.value.max(last.value)),
        quota: quota.map(|[_, last]| last.value as f64 / 1000.0),
        wall: None,
        others: None,
        run_delay: run_delay(trace),
        steal: grown(Quantity::Steal),
        throttled: grown(Quantity::Throttled),
    }
}

/// How long all threads waited for a core. Those that had ended before the process's last reading
/// told so themselves; the reading is about the others.
fn run_delay(trace: &Trace) -> Option<Duration> {
    let [first, last] = trace.first_and_last(Quantity::RunDelay)?;
    if first == last {
        return None;
    }
    let ended = trace.threads.iter().filter(|thread| thread.last < last.time);
    let ended: Duration = ended.filter_map(|thread| thread.run_delay).sum();
    let [before, living] = [first, last].map(|reading| Duration::from_nanos(reading.value));
    Some((living + ended).saturating_sub(before))
}

/// What is known to be missing in a trace.
fn missing(trace: &Trace) -> Vec<Reason> {
    let (events, processes) = (trace.dropped, trace.unrecorded_processes);
    let dropped = format!(
        "{events} events found no room in the trace; let it be longer, or the program shorter."
    );
    let others =
        format!("{processes} other processes of this run have left no trace of their own.");
    [("dropped", events, dropped), ("unrecorded-processes", processes, others)]
        .into_iter()
        .filter(|(_, number, _)| *number > 0)
        .map(|(name, _, sentence)| Reason::new(name, sentence))
        .collect()
}
