//! Were several threads executing at once?
//!
//! The claim is about recorded compute alone. What a program executes besides is for others to tell.

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::json;
use words::{Answer, Axis, Time, milliseconds};

use super::missing;
use crate::bounds::{Pair, Span, from_above, from_below};
use crate::circumstances::Circumstances;
use crate::claim::{Amount, Claim, Party, Proof, Source};
use crate::reason::{Blame, Reason};
use crate::trace::{Chunk, Trace};

/// Less compute beside other compute than this is not worth the name, and more is proof. Threads
/// that hand over to each other do execute at once for a moment.
pub const THRESHOLD: Duration = Duration::from_micros(200);

/// The CPU clock may run faster or slower than the monotonic clock by one part in so many: the
/// latter is steered by at most 500 parts in a million, the former is not.
const DRIFT: u64 = 1000;

/// What the trace says of parallelism, of a process under these circumstances.
pub(super) fn claim(trace: &Trace, circumstances: &Circumstances) -> Claim {
    let mut spans = spans(trace);
    let (at_least, best) = from_below(&spans);
    let computing = spans.iter().filter(|span| !span.is_empty());
    let compute = computing.map(|span| Duration::from_nanos(span.at_least)).sum();
    spans.extend(open_spans(trace));
    widen(&mut spans, nanoseconds(trace.clock_step));
    spans.retain(|span| !span.is_empty());
    let steal = circumstances.steal.unwrap_or_default();
    Compute {
        threads: spans.iter().map(|span| span.thread).collect::<BTreeSet<_>>().len(),
        compute,
        // A virtual core that its host has taken away executes nothing.
        at_least: Duration::from_nanos(at_least).saturating_sub(steal),
        at_most: Duration::from_nanos(from_above(&spans)),
        proof: best.map(|pair| (pair, at_least)),
    }
    .claim(trace, circumstances)
}

/// What the recorded compute amounts to.
struct Compute {
    /// How many threads computed.
    threads: usize,
    /// How much compute there was, at least.
    compute: Duration,
    /// How much of it ran beside other compute, at least and at most.
    at_least: Duration,
    at_most: Duration,
    /// The two threads of which it shows best, and the bound that the sum of all is.
    proof: Option<(Pair, u64)>,
}

impl Compute {
    fn claim(self, trace: &Trace, circumstances: &Circumstances) -> Claim {
        let Compute { threads, compute, at_least, at_most, ref proof } = self;
        let grounds = self.grounds(trace, circumstances);
        let missing = missing(trace);
        let (answer, reasons) = if at_least > THRESHOLD {
            (Answer::Proven, Vec::new())
        } else if grounds.is_empty() {
            (Answer::Inconclusive, [self.open_questions(trace), missing].concat())
        } else if missing.is_empty() || grounds.iter().any(|ground| ground.name == "one-core") {
            (Answer::RuledOut, grounds)
        } else {
            (Answer::Inconclusive, missing)
        };
        Claim {
            axis: Axis::Parallel,
            source: Source::Recorder,
            answer,
            amount: Amount { at_least, at_most: Some(at_most), of: Some(compute) },
            proof: proof.filter(|_| at_least > THRESHOLD).map(|(pair, _)| self.proof(trace, pair)),
            reasons,
            details: json!({
                "threads": threads,
                "compute_ms": milliseconds(compute),
            }),
        }
    }

    /// Why no two threads can have computed at once.
    fn grounds(&self, trace: &Trace, circumstances: &Circumstances) -> Vec<Reason> {
        let mut grounds = Vec::new();
        if circumstances.cores == Some(1) {
            let sentence = "The process was allowed to use one core only.";
            grounds.push(Reason::new("one-core", sentence).blaming(Blame::Machine));
        }
        match self.threads {
            0 => {
                let sentence = "No thread computed anything: threads that wait do not execute.";
                grounds.push(Reason::new("no-compute", sentence).blaming(Blame::Program));
            }
            1 => {
                let thread = name(trace, trace.parts.first().map_or(0, |part| part.thread));
                let compute = Time(self.compute);
                let sentence = format!("One thread, {thread}, did all the compute, {compute}.");
                grounds.push(Reason::new("one-thread", sentence).blaming(Blame::Program));
            }
            _ if self.at_most <= THRESHOLD => grounds.extend(self.turns()),
            _ => {}
        }
        grounds
    }

    /// Several threads computed, and never at once.
    fn turns(&self) -> Vec<Reason> {
        let sentence = format!(
            "{} threads computed, but they took turns: at most {} of {} of compute can have run \
             beside other compute.",
            self.threads,
            Time(self.at_most),
            Time(self.compute)
        );
        let turns = Reason::new("turns", sentence);
        // What little there is of a short run may have missed each other by chance.
        let own = (self.compute >= 10 * THRESHOLD).then(|| {
            let sentence = "Look for a lock held while computing, a join right after each spawn, or \
                            work handed out piece by piece.";
            Reason::new("turns-of-its-own", sentence).blaming(Blame::Program)
        });
        [turns].into_iter().chain(own).collect()
    }

    /// Why the bounds leave the question open.
    fn open_questions(&self, trace: &Trace) -> Vec<Reason> {
        let sentence = format!(
            "At least {} and at most {} of {} of compute ran beside other compute: too little to \
             be sure that there was any, too much to be sure that there was none.",
            Time(self.at_least),
            Time(self.at_most),
            Time(self.compute)
        );
        let mut reasons = vec![Reason::new("between-the-bounds", sentence)];
        if trace.chunks.iter().any(|chunk| chunk.executing.is_none()) {
            let sentence = "This system has no clock that says how long a thread was executing.";
            reasons.push(Reason::new("no-cpu-clock", sentence));
        }
        if trace.parts.iter().any(|part| part.end.is_none()) {
            let sentence = "A thread was still computing when its record broke off.";
            reasons.push(Reason::new("part-without-end", sentence));
        }
        reasons
    }

    fn proof(&self, trace: &Trace, pair: Pair) -> Proof {
        let both = pair.threads.map(|thread| Party {
            name: name(trace, thread),
            number: Some(thread),
            system: trace.threads.get(thread as usize).and_then(|thread| thread.system),
        });
        let [start, end, at_least] =
            [pair.start, pair.end, pair.at_least].map(Duration::from_nanos);
        let sentence = format!(
            "Threads {} and {} were executing at once for at least {} between {} and {}; all in all \
             at least {} of {} of compute ran beside other compute.",
            both[0].name,
            both[1].name,
            Time(at_least),
            Time(start),
            Time(end),
            Time(self.at_least),
            Time(self.compute)
        );
        Proof { both, start, end, at_least, sentence }
    }
}

fn nanoseconds(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}

/// How far a thread's CPU time between two readings may be off, besides the drift.
fn clock_error(trace: &Trace) -> u64 {
    let Some(step) = trace.cpu_clock_step else {
        return u64::MAX;
    };
    nanoseconds(trace.cpu_clock_excess + step + 2 * trace.clock_step)
}

/// The chunks as spans, thread by thread, each thread's in the order of time.
fn spans(trace: &Trace) -> Vec<Span> {
    let mut of_thread: Vec<Vec<Span>> = vec![Vec::new(); trace.threads.len()];
    for chunk in &trace.chunks {
        of_thread[chunk.thread as usize].push(span(trace, &chunk));
    }
    of_thread.concat()
}

/// A chunk, with what its clocks may be wrong by taken into account.
fn span(trace: &Trace, chunk: &Chunk) -> Span {
    let (start, end) = (nanoseconds(chunk.start), nanoseconds(chunk.end));
    let length = end.saturating_sub(start);
    let (at_least, at_most) = match chunk.executing {
        None => (0, length),
        Some(executing) => {
            let clock_error = clock_error(trace);
            let error = |time: u64| (time / DRIFT).saturating_add(clock_error);
            let (least, most) = (nanoseconds(executing.at_least), nanoseconds(executing.at_most));
            (least.saturating_sub(error(least)), length.min(most.saturating_add(error(most))))
        }
    };
    Span { thread: chunk.thread, start, end, at_least, at_most }
}

/// Makes each run of a thread's spans longer by one step of the clock at both
/// ends: for so long it may have lasted unseen.
fn widen(spans: &mut [Span], step: u64) {
    // All but the open ones are in this order already, which a stable sort finds out at once.
    spans.sort_by_key(|span| (span.thread, span.start, span.end));
    for place in 0..spans.len() {
        let Span { thread, start, end, .. } = spans[place];
        let before = place.checked_sub(1).map(|before| spans[before]);
        let before = before.filter(|before| before.thread == thread).map_or(0, |before| before.end);
        let after = spans.get(place + 1).filter(|after| after.thread == thread);
        let after = after.map_or(u64::MAX, |after| after.start);
        let span = &mut spans[place];
        span.start = start.saturating_sub(step).max(before);
        span.end = end.saturating_add(step).min(after);
        let length = span.end.saturating_sub(span.start);
        span.at_most = span.at_most.saturating_add(step.saturating_mul(2)).min(length);
        span.at_least = span.at_least.min(span.at_most);
    }
}

/// Where a part has no end on record its thread may have gone on executing for any time.
fn open_spans(trace: &Trace) -> impl Iterator<Item = Span> {
    const ANY_TIME: Duration = Duration::from_secs(3600);
    let end = nanoseconds(trace.length() + ANY_TIME);
    trace.threads.iter().filter_map(move |thread| {
        let (thread, start) = (thread.number, nanoseconds(thread.open?));
        Some(Span { thread, start, end, at_least: 0, at_most: end.saturating_sub(start) })
    })
}

/// What a thread is called: its name, and its number since names are shared.
fn name(trace: &Trace, thread: u32) -> String {
    match trace.threads.get(thread as usize) {
        Some(known) if !known.name.is_empty() => format!("{thread} ({})", known.name),
        _ => thread.to_string(),
    }
}
