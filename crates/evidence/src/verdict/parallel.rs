//! Were several threads executing at once?

use std::collections::BTreeSet;
use std::time::Duration;

use serde_json::{Value, json};

use super::bounds::{Pair, Span, from_above, from_below};
use super::reason::{Blame, Reason};
use super::{Answer, Circumstances, Time, Witness, milliseconds};
use crate::trace::{Chunk, Trace};

/// Less compute beside other compute than this is not worth the name, and more is proof. Threads
/// that hand over to each other do execute at once for a moment.
pub const THRESHOLD: Duration = Duration::from_micros(200);

/// What a process may execute besides its recorded compute without raising doubts: its start and
/// end, its lines, and the upkeep of a runtime.
pub const UNRECORDED: Duration = Duration::from_millis(10);

/// The CPU clock may run faster or slower than the monotonic clock by one part in so many: the
/// latter is steered by at most 500 parts in a million, the former is not.
const DRIFT: u64 = 1000;

/// Two threads that were executing at once. Times are since the beginning of the trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadOverlap {
    /// The numbers of the threads.
    pub threads: [u32; 2],
    /// What the threads are called.
    pub names: [String; 2],
    /// From when both were computing.
    pub start: Duration,
    /// Until when both were computing.
    pub end: Duration,
    /// For how long of this time both were executing, at least.
    pub at_least: Duration,
}

/// What the evidence says of parallelism.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parallel {
    /// The answer.
    pub answer: Answer,
    /// How many threads computed.
    pub threads: usize,
    /// How much recorded compute there was, at least.
    pub compute: Duration,
    /// How much compute ran beside other compute, at least.
    pub at_least: Duration,
    /// How much recorded compute can have run beside other compute, at most.
    pub at_most: Duration,
    /// Two threads of which it shows best.
    pub overlap: Option<ThreadOverlap>,
    /// Why the answer is what it is; nothing where the bounds themselves prove it.
    pub reasons: Vec<Reason>,
    /// What in the machine may have kept threads from executing at once, where it is not proven
    /// that they did.
    pub hindrances: Vec<Reason>,
}

impl Parallel {
    /// Bounds the time at which two threads were executing.
    pub(super) fn judge(
        trace: &Trace,
        circumstances: &Circumstances,
        witness: Option<&Witness>,
    ) -> Parallel {
        let mut spans = spans(trace);
        let (at_least, best) = from_below(&spans);
        let computing = spans.iter().filter(|span| !span.is_empty());
        let compute = computing.map(|span| Duration::from_nanos(span.at_least)).sum();
        spans.extend(open_spans(trace));
        widen(&mut spans, nanoseconds(trace.clock_step));
        spans.retain(|span| !span.is_empty());
        let at_most = from_above(&spans);
        let steal = circumstances.steal.unwrap_or_default();
        let mut parallel = Parallel {
            answer: Answer::Inconclusive,
            threads: spans.iter().map(|span| span.thread).collect::<BTreeSet<_>>().len(),
            compute,
            // A virtual core that its host has taken away executes nothing.
            at_least: Duration::from_nanos(at_least).saturating_sub(steal),
            at_most: Duration::from_nanos(at_most),
            overlap: best.map(|pair| thread_overlap(trace, pair)),
            reasons: Vec::new(),
            hindrances: Vec::new(),
        };
        parallel.decide(trace, circumstances, witness);
        parallel
    }

    fn decide(&mut self, trace: &Trace, circumstances: &Circumstances, witness: Option<&Witness>) {
        if self.at_least > THRESHOLD {
            self.answer = Answer::Proven;
            return;
        }
        self.hindrances = circumstances.hindrances(self.compute);
        let grounds = self.grounds(trace, circumstances);
        let doubts = self.doubts(trace, witness);
        if grounds.is_empty() {
            self.reasons = self.open_questions(trace);
            self.reasons.extend(doubts);
        } else if doubts.is_empty() || grounds.contains(&Reason::OneCore) {
            (self.answer, self.reasons) = (Answer::RuledOut, grounds);
        } else {
            self.reasons = doubts;
        }
    }

    /// Why no two threads can have computed at once.
    fn grounds(&self, trace: &Trace, circumstances: &Circumstances) -> Vec<Reason> {
        let (threads, at_most, compute) = (self.threads, self.at_most, self.compute);
        let mut grounds = Vec::new();
        grounds.extend((circumstances.cores == Some(1)).then_some(Reason::OneCore));
        match threads {
            0 => grounds.push(Reason::NoCompute),
            1 => {
                let thread = name(trace, trace.parts.first().map_or(0, |part| part.thread));
                grounds.push(Reason::OneThread { thread, compute });
                grounds.extend(circumstances.has_one_core().then_some(Reason::NoSecondCore));
            }
            _ if at_most <= THRESHOLD => {
                grounds.push(Reason::TookTurns { threads, at_most });
                // What little there is of a short run may have missed each other by chance.
                let is_clear = self.hindrances.is_empty() && compute >= 10 * THRESHOLD;
                grounds.extend(is_clear.then_some(Reason::TurnsOfItsOwn));
            }
            _ => {}
        }
        grounds
    }

    /// Why what was recorded is not all that there was.
    fn doubts(&self, trace: &Trace, witness: Option<&Witness>) -> Vec<Reason> {
        let mut doubts = super::missing(trace);
        match witness {
            None => doubts.push(Reason::NoWitness),
            Some(witness) => {
                let cpu = witness.cpu.saturating_sub(self.compute);
                let is_much = Parallel::is_unaccounted(witness.cpu, self.compute);
                doubts.extend(is_much.then_some(Reason::Unaccounted { cpu }));
            }
        }
        doubts
    }

    /// Why the bounds leave the question open.
    fn open_questions(&self, trace: &Trace) -> Vec<Reason> {
        let (at_least, at_most) = (self.at_least, self.at_most);
        let mut reasons = vec![Reason::BetweenTheBounds { at_least, at_most }];
        if trace.chunks.iter().any(|chunk| chunk.executing.is_none()) {
            reasons.push(Reason::NoCpuClock);
        }
        if trace.parts.iter().any(|part| part.end.is_none()) {
            reasons.push(Reason::PartWithoutEnd);
        }
        reasons
    }

    /// Whose doing it is that no threads were executing at once, where they were not.
    #[must_use]
    pub fn blame(&self) -> Blame {
        super::blame(&self.reasons, &self.hindrances)
    }

    /// Whether `executed` exceeds what was `recorded` by more than a process's upkeep.
    pub(super) fn is_unaccounted(executed: Duration, recorded: Duration) -> bool {
        executed > recorded + recorded / 20 + UNRECORDED
    }

    /// Goes by what was seen from outside.
    pub(super) fn adopt(&mut self) {
        (self.answer, self.reasons) = (Answer::Proven, vec![Reason::SeenFromOutside]);
    }

    /// Goes by nobody, since inside and outside contradict each other.
    pub(super) fn leave_open(&mut self) {
        (self.answer, self.reasons) = (Answer::Inconclusive, vec![Reason::Disagreement]);
    }

    /// Why the answer is what it is, in words.
    #[must_use]
    pub fn sentence(&self) -> String {
        let mut sentences = Vec::new();
        if !self.reasons.is_empty() {
            sentences.push(super::sentences(&self.reasons));
        } else if let Some(overlap) = self.overlap.as_ref().filter(|_| self.at_least > THRESHOLD) {
            let ThreadOverlap { names: [first, second], start, end, at_least, .. } = overlap;
            sentences.push(format!(
                "Threads {first} and {second} were executing at once for at least {} between {} \
                 and {}; all in all at least {} of compute ran beside other compute.",
                Time(*at_least),
                Time(*start),
                Time(*end),
                Time(self.at_least)
            ));
        } else if self.at_least > THRESHOLD {
            let at_least = Time(self.at_least);
            sentences.push(format!("At least {at_least} of compute ran beside other compute."));
        }
        sentences.join(" ")
    }

    pub(super) fn to_json(&self) -> Value {
        let overlap = self.overlap.as_ref().map(|overlap| {
            json!({
                "threads": overlap.names,
                "from_ms": milliseconds(overlap.start),
                "to_ms": milliseconds(overlap.end),
                "at_least_ms": milliseconds(overlap.at_least),
            })
        });
        json!({
            "verdict": self.answer.name(),
            "sentence": self.sentence(),
            "blame": (self.answer != Answer::Proven).then(|| self.blame().name()),
            "evidence": {
                "threads": self.threads,
                "compute_ms": milliseconds(self.compute),
                "at_least_ms": milliseconds(self.at_least),
                "at_most_ms": milliseconds(self.at_most),
                "overlap": overlap,
            },
        })
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
        of_thread[chunk.thread as usize].push(span(trace, chunk));
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
    let open = trace.parts.iter().filter(|part| part.end.is_none());
    let threads: BTreeSet<u32> = open.map(|part| part.thread).collect();
    let end = nanoseconds(trace.length() + ANY_TIME);
    threads.into_iter().map(move |thread| {
        // Parts may be nested: what counts is when the thread was last heard of.
        let parts = trace.parts.iter().filter(|part| part.thread == thread);
        let last = parts.map(|part| part.last).max().unwrap_or_default();
        let start = nanoseconds(last);
        Span { thread, start, end, at_least: 0, at_most: end.saturating_sub(start) }
    })
}

/// What a thread is called: its name, and its number since names are shared.
fn name(trace: &Trace, thread: u32) -> String {
    match trace.threads.get(thread as usize) {
        Some(known) if !known.name.is_empty() => format!("{thread} ({})", known.name),
        _ => thread.to_string(),
    }
}

fn thread_overlap(trace: &Trace, pair: Pair) -> ThreadOverlap {
    ThreadOverlap {
        threads: pair.threads,
        names: pair.threads.map(|thread| name(trace, thread)),
        start: Duration::from_nanos(pair.start),
        end: Duration::from_nanos(pair.end),
        at_least: Duration::from_nanos(pair.at_least),
    }
}
