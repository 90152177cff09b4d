//! The source *recorder*: what the program itself noted down of its tasks and threads.
//!
//! 1. `concurrent`: intervals that overlap;
//! 2. `parallel`, and the pigeonhole argument that it rests on, in [`bounds`](crate::bounds).

mod concurrent;
mod parallel;

use std::time::Duration;

use words::{Time, count};

use crate::circumstances::Circumstances;
use crate::claim::{Evidence, Testimony};
use crate::reason::Reason;
use crate::trace::{Cut, Quantity, Thread, Trace};

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
    // Where processes were allowed different things, one of them was allowed the most.
    let most = |quantity| trace.readings_of_each(quantity).flatten().map(|it| it.value).max();
    Circumstances {
        cores: most(Quantity::Cores),
        quota: most(Quantity::Quota).map(|quota| quota as f64 / 1000.0),
        wall: None,
        others: None,
        run_delay: run_delay(trace),
        steal: grown(Quantity::Steal),
        throttled: grown(Quantity::Throttled),
    }
}

/// How long all threads waited for a core. Those that had ended before their process's last reading
/// told so themselves; the reading is about the others.
fn run_delay(trace: &Trace) -> Option<Duration> {
    let delays = trace.readings_of_each(Quantity::RunDelay).map(|[first, last]| {
        let own = |thread: &&Thread| thread.process == last.process && thread.last < last.time;
        let ended = trace.threads.iter().filter(own).filter_map(|thread| thread.run_delay);
        let [before, living] = [first, last].map(|reading| Duration::from_nanos(reading.value));
        (first != last).then(|| (living + ended.sum::<Duration>()).saturating_sub(before))
    });
    let delays: Vec<Option<Duration>> = delays.collect();
    // Of a process that did not live to tell, nothing is known, nor of all together.
    let all_told = delays.len() == trace.processes.len();
    delays.into_iter().sum::<Option<Duration>>().filter(|_| all_told)
}

/// What is known to be missing in a trace.
fn missing(trace: &Trace) -> Vec<Reason> {
    let (events, processes) = (trace.dropped, trace.unrecorded_processes);
    let several = |number: u64, noun| count(usize::try_from(number).unwrap_or(usize::MAX), noun);
    let dropped = format!(
        "{} found no room in the trace; let it be longer, or the program shorter.",
        several(events, "event")
    );
    let others = format!("{} of this run left no trace.", several(processes, "other process"));
    let counted = [("dropped", events, dropped), ("unrecorded-processes", processes, others)];
    let counted = counted.into_iter().filter(|(_, number, _)| *number > 0);
    let counted = counted.map(|(name, _, sentence)| Reason::new(name, sentence));
    let cut = trace.cut.map(|Cut { from, until }| {
        let (from, until) = (Time(from), Time(until));
        let sentence =
            format!("The trace is too large: it was read up to {from}, of {until} in all.");
        Reason::new("cut", sentence)
    });
    let faults = trace.faults.iter().map(|fault| Reason::new("fault", format!("{fault}.")));
    counted.chain(cut).chain(faults).collect()
}
