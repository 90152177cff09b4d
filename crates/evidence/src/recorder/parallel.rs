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
use crate::steps;
use crate::trace::{Chunk, Trace};

/// Less compute beside other compute than this is not worth the name, and more is proof. Threads
/// that hand over to each other do execute at once for a moment.
pub const THRESHOLD: Duration = Duration::from_micros(200);

/// The CPU clock may run faster or slower than the monotonic clock by one part in so many: the
/// latter is steered by at most 500 parts in a million, the former is not.
const DRIFT: u64 = 1000;

/// What the trace says of parallelism, of a process under these circumstances.
pub(super) fn claim(trace: &Trace, circumstances: &Circumstances) -> Claim {
    let bounds = Bounds::of(trace, BATCH);
    let steal = circumstances.steal.unwrap_or_default();
    Compute {
        threads: bounds.threads.len(),
        compute: Duration::from_nanos(bounds.compute),
        // A virtual core that its host has taken away executes nothing.
        at_least: Duration::from_nanos(bounds.at_least).saturating_sub(steal),
        at_most: Duration::from_nanos(bounds.at_most),
        proof: bounds.best.map(|pair| (pair, bounds.at_least)),
    }
    .claim(trace, circumstances)
}

/// How many chunks are looked at together. A trace may have millions.
const BATCH: usize = 1 << 14;

/// What is known of all recorded compute, in nanoseconds.
#[derive(Debug, Default)]
struct Bounds {
    /// The threads that computed.
    threads: BTreeSet<u32>,
    /// How much compute there was, at least.
    compute: u64,
    /// How much of it ran beside other compute, at least and at most.
    at_least: u64,
    at_most: u64,
    /// The two threads of which it shows best.
    best: Option<Pair>,
}

impl Bounds {
    /// Goes through the chunks batch by batch, in the order of time.
    ///
    /// **From below** the sum of the batches' bounds is true: where n threads execute chunks of one batch
    /// and m those of another, (n − 1) + (m − 1) are fewer than n + m − 1. **From above** one is missing for
    /// as long as two batches overlap; so batches end where no chunk is under way, if there is such a place.
    fn of(trace: &Trace, batch: usize) -> Bounds {
        let mut bounds = Bounds::default();
        let mut spans: Vec<Span> = Vec::new();
        let (mut until, mut first) = (0_u64, 0_u64);
        // The earlier batch may have lasted unseen for a step of the clock, and the later one as well.
        let unseen = nanoseconds(trace.clock_step).saturating_mul(2);
        for chunk in &trace.chunks {
            let span = span(trace, &chunk);
            let is_enough = spans.len() >= batch && span.start >= until;
            if is_enough || spans.len() >= 4 * batch {
                let overlap = until.saturating_add(unseen).saturating_sub(span.start);
                bounds.at_most = bounds.at_most.saturating_add(overlap);
                bounds.add(std::mem::take(&mut spans), &[], trace);
                first = span.start;
            }
            until = until.max(span.end);
            spans.push(span);
        }
        let open: Vec<Span> = open_spans(trace).collect();
        let early = open.iter().map(|span| first.saturating_sub(span.start));
        bounds.at_most = early.fold(bounds.at_most, u64::saturating_add);
        bounds.add(spans, &open, trace);
        bounds
    }

    /// Adds a batch, and those spans that reach beyond all chunks.
    fn add(&mut self, mut spans: Vec<Span>, open: &[Span], trace: &Trace) {
        steps::take(spans.len() + open.len());
        // Stable, so that those of a thread stay in order.
        spans.sort_by_key(|span| span.thread);
        let (at_least, best) = from_below(&spans);
        self.at_least = self.at_least.saturating_add(at_least);
        self.best = self.best.into_iter().chain(best).max_by_key(|pair| pair.at_least);
        let computing = spans.iter().filter(|span| !span.is_empty());
        self.compute = computing.fold(self.compute, |sum, it| sum.saturating_add(it.at_least));
        spans.extend(open);
        widen(&mut spans, nanoseconds(trace.clock_step));
        spans.retain(|span| !span.is_empty());
        self.threads.extend(spans.iter().map(|span| span.thread));
        self.at_most = self.at_most.saturating_add(from_above(&spans));
    }
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::trace::{Event, Happening, Sample};

    /// Parts that are computed without a break: the thread, the pause before, and the length.
    fn trace(parts: &[(u32, u64, u64)]) -> Trace {
        let mut clocks = [(0, 0); 4];
        let mut events = Vec::new();
        for &(thread, pause, length) in parts {
            let (now, cpu) = &mut clocks[thread as usize];
            let mut event = |what: fn(Sample, Duration) -> Happening, now: u64, cpu: u64| {
                let [time, cpu] = [now, cpu].map(Duration::from_micros);
                let sample = Sample { cpu: Some(cpu), width: Duration::ZERO };
                events.push(Event { time, thread, core: None, what: what(sample, time) });
            };
            let begin = |sample, _| Happening::PartStarted { task: 1, step: 1, part: 1, sample };
            *now += pause;
            event(begin, *now, *cpu);
            (*now, *cpu) = (*now + length, *cpu + length);
            event(|sample, seen| Happening::PartEnded { sample, seen }, *now, *cpu);
        }
        Trace::from_events(events)
    }

    /// For how long more than one thread computed, each but one counted, in nanoseconds.
    fn beside(parts: &[(u32, u64, u64)]) -> u64 {
        let mut clocks = [0; 4];
        let mut computing = vec![0_u64; 4000];
        for &(thread, pause, length) in parts {
            let start = clocks[thread as usize] + pause;
            clocks[thread as usize] = start + length;
            (start..start + length).for_each(|moment| computing[moment as usize] += 1);
        }
        1000 * computing.iter().map(|count| count.saturating_sub(1)).sum::<u64>()
    }

    proptest! {
        #[test]
        fn batches_of_any_size_bound_what_was_so(
            parts in prop::collection::vec((0_u32..4, 0_u64..50, 1_u64..50), 0..40),
            batch in 1_usize..10,
        ) {
            let (trace, beside) = (trace(&parts), beside(&parts));
            for batch in [batch, usize::MAX / 4] {
                let Bounds { at_least, at_most, .. } = Bounds::of(&trace, batch);
                prop_assert!(at_least <= beside && beside <= at_most, "{at_least} {beside} {at_most}");
            }
        }

        #[test]
        fn threads_that_take_turns_do_so_in_batches_of_any_size(
            parts in prop::collection::vec((0_u32..4, 1_u64..50), 0..40),
            batch in 1_usize..10,
        ) {
            // Each begins when the one before has ended.
            let (mut now, mut ends) = (0, [0; 4]);
            let in_turn = parts.iter().map(|&(thread, length)| {
                let pause = now + 1 - ends[thread as usize];
                now += 1 + length;
                ends[thread as usize] = now;
                (thread, pause, length)
            });
            let trace = trace(&in_turn.collect::<Vec<_>>());
            prop_assert_eq!(Bounds::of(&trace, batch).at_most, 0);
        }
    }
}
