//! For how long compute ran beside other compute: the pigeonhole argument.
//!
//! A [`Span`] is a stretch of one thread's time of which it was executing no
//! less and no more than so long, nobody knows when. Let n(t) be the number of
//! threads executing at time t within their spans. What is bounded here is
//!
//! ```text
//! ∫ max(0, n(t) − 1) dt,    the compute that ran beside other compute:
//! ```
//!
//! for two threads, the time at which both were executing.
//!
//! **From below.** Choose any set of spans. Where k(t) of them lie over each
//! other, all but their time off the core was time on it, so that
//!
//! ```text
//! ∫ max(0, n − 1) dt  ≥  ∫ max(0, k − 1) dt  −  Σ off,    off = length − at_least.
//! ```
//!
//! Each choice gives a true bound, so a span is left out where it costs more
//! than it brings: a thread that was off its core for most of a span says
//! nothing. And it holds in any window of time, so the windows are chosen too.
//!
//! **From above.** While n threads execute, n − 1 of them are other threads than
//! any one of them. A span gives no more than what it executed, and no more than the time in
//! which another span lies over it. The thread that gives most is not counted.
//!
//! This is taken apart where no span lies, which makes it sharper.

use std::ops::Range;

use crate::steps;

/// A stretch of one thread's time, in nanoseconds. The spans of one thread do not overlap.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    /// The thread's number.
    pub(crate) thread: u32,
    /// When it begins.
    pub(crate) start: u64,
    /// When it ends.
    pub(crate) end: u64,
    /// How long the thread was executing, at least.
    pub(crate) at_least: u64,
    /// How long the thread was executing, at most; no more than the length.
    pub(crate) at_most: u64,
}

impl Span {
    /// Whether it took no time at all. Such a span says nothing.
    pub(crate) const fn is_empty(&self) -> bool {
        self.start >= self.end
    }

    /// For how long the thread was off its core, at most.
    fn off(&self) -> u64 {
        self.end - self.start - self.at_least
    }
}

/// Two threads that were executing at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Pair {
    /// The numbers of the threads.
    pub(crate) threads: [u32; 2],
    /// When both were computing.
    pub(crate) start: u64,
    /// Until when both were computing.
    pub(crate) end: u64,
    /// For how long of this time both were executing, at least.
    pub(crate) at_least: u64,
}

/// How much compute ran beside other compute at least, in nanoseconds, and the
/// two threads of which it can be shown best, if of any two.
///
/// The work grows with the number of spans and, for the pair, with the number
/// of threads that are at it at the same time, never with its square.
pub(crate) fn from_below(spans: &[Span]) -> (u64, Option<Pair>) {
    /// A span is considered if its thread was off its core for no more than one part in so many.
    const PICKINESS: [u64; 4] = [1, 2, 4, 8];
    let mut chosen: Vec<bool> = spans.iter().map(|span| !span.is_empty()).collect();
    let mut edges = edges(spans);
    let mut crowding = Crowding::of_so_many(spans.len());
    let mut best = (0, Vec::new());
    for pickiness in PICKINESS {
        narrow(spans, &mut chosen, &mut edges, &mut crowding, pickiness);
        let bound = in_windows(spans, &edges);
        if bound > best.0 {
            best = (bound, chosen.clone());
        }
    }
    let (bound, chosen) = best;
    (bound, best_pair(spans, &chosen))
}

/// How much compute can have run beside other compute at most, in nanoseconds.
pub(crate) fn from_above(spans: &[Span]) -> u64 {
    let edges = edges(spans);
    let mut crowding = Crowding::of_so_many(spans.len());
    crowding.look_at(&edges);
    let Crowding { shared, stretch, surplus } = crowding;
    let mut given: Vec<(usize, u32, u128)> = (0..spans.len())
        .map(|place| {
            let span = &spans[place];
            (stretch[place], span.thread, span.at_most.min(shared[place]).into())
        })
        .collect();
    // A thread's are in order already, which a stable sort makes use of.
    given.sort_by_key(|&(stretch, thread, _)| (stretch, thread));
    let sum = |given: &[(usize, u32, u128)]| given.iter().map(|given| given.2).sum::<u128>();
    let of_one_stretch = |given: &[(usize, u32, u128)]| {
        let most = given.chunk_by(|a, b| a.1 == b.1).map(sum).max().unwrap_or_default();
        surplus[given[0].0].min(sum(given) - most)
    };
    limited(given.chunk_by(|a, b| a.0 == b.0).map(of_one_stretch).sum())
}

/// A sum of times, which may be those of a damaged trace: they make no sense, but do no harm either.
fn limited(sum: u128) -> u64 {
    u64::try_from(sum).unwrap_or(u64::MAX)
}

/// The beginning or the end of a span, by its place.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Edge {
    time: u64,
    /// At the same time ends come first: spans that only touch do not overlap.
    begins: bool,
    /// Half the size of a `usize`: a million events have a million of these.
    span: u32,
}

impl Edge {
    const fn span(self) -> usize {
        self.span as usize
    }
}

/// The edges of all spans that are not empty, in order.
fn edges(spans: &[Span]) -> Vec<Edge> {
    let both = |(span, &Span { start, end, .. }): (u32, &Span)| {
        [Edge { time: start, begins: true, span }, Edge { time: end, begins: false, span }]
    };
    // They are gone through a few dozen times at most, however many they are.
    steps::take(2 * spans.len());
    let mut edges = Vec::with_capacity(2 * spans.len());
    edges.extend((0..).zip(spans).filter(|(_, span)| !span.is_empty()).flat_map(both));
    // Where the spans of a thread follow one another, their edges are in order already, and a
    // stable sort merges what is.
    edges.sort();
    edges
}

/// How spans lie over each other.
struct Crowding {
    /// For how long another span lies over this one.
    shared: Vec<u64>,
    /// Which stretch without a break each span belongs to.
    stretch: Vec<usize>,
    /// ∫ max(0, k − 1) dt of each stretch.
    surplus: Vec<u128>,
}

impl Crowding {
    /// Room for so many spans.
    fn of_so_many(spans: usize) -> Crowding {
        Crowding { shared: vec![0; spans], stretch: vec![0; spans], surplus: Vec::new() }
    }

    /// Looks at those spans whose edges are there; what is said of others means nothing.
    fn look_at(&mut self, edges: &[Edge]) {
        let Crowding { shared, stretch, surplus } = self;
        surplus.clear();
        let (mut before, mut over, mut crowded) = (0, 0_u128, 0);
        for &edge in edges {
            let (Edge { time, begins, .. }, span) = (edge, edge.span());
            if over > 1 {
                crowded += time - before;
                let surplus = surplus.last_mut().expect("a span has begun");
                *surplus += (over - 1) * u128::from(time - before);
            }
            before = time;
            if begins {
                if over == 0 {
                    surplus.push(0);
                }
                over += 1;
                stretch[span] = surplus.len() - 1;
                shared[span] = crowded;
            } else {
                over -= 1;
                shared[span] = crowded - shared[span];
            }
        }
    }
}

/// Chooses spans of those `chosen`, such that they make the bound from below good, and keeps their
/// edges.
///
/// What a span brings, the time in which others lie over it, only shrinks as
/// others are left out. So one that does not bring what it costs now never
/// will, and leaving it out is right whatever else is left out. That is why a
/// pickier choice need not begin with all spans again.
fn narrow(
    spans: &[Span],
    chosen: &mut [bool],
    edges: &mut Vec<Edge>,
    crowding: &mut Crowding,
    pickiness: u64,
) {
    /// Any choice is as true as any other; this many rounds make it good enough.
    const ROUNDS: usize = 8;
    let is_clear = |span: &Span| span.off().saturating_mul(pickiness) < span.end - span.start;
    for edge in edges.iter().filter(|edge| edge.begins) {
        chosen[edge.span()] = is_clear(&spans[edge.span()]);
    }
    edges.retain(|edge| chosen[edge.span()]);
    for _ in 0..ROUNDS {
        crowding.look_at(edges);
        for edge in edges.iter().filter(|edge| edge.begins) {
            let place = edge.span();
            chosen[place] = crowding.shared[place] > spans[place].off();
        }
        let before = edges.len();
        edges.retain(|edge| chosen[edge.span()]);
        if edges.len() == before {
            break;
        }
    }
}

/// The best bound that those spans give in any windows of time whose edges are there.
///
/// A window gives ∫ max(0, k − 1) dt and costs the time off the core of every
/// span that reaches into it. Going from edge to edge, all windows so far are
/// either closed, or the last one is open.
fn in_windows(spans: &[Span], edges: &[Edge]) -> u64 {
    let (mut closed, mut open) = (0_i128, i128::MIN / 2);
    let (mut before, mut over, mut off) = (0, 0_i128, 0_i128);
    for &edge in edges {
        let (Edge { time, begins, .. }, span) = (edge, edge.span());
        let given = (over - 1).max(0) * i128::from(time - before);
        open = open.max(closed - off) + given;
        closed = closed.max(open);
        before = time;
        let cost = i128::from(spans[span].off());
        if begins {
            open -= cost;
            off += cost;
            over += 1;
        } else {
            off -= cost;
            over -= 1;
        }
    }
    u64::try_from(closed).unwrap_or_default()
}

/// Finds two threads that were executing at once for longest.
fn best_pair(spans: &[Span], chosen: &[bool]) -> Option<Pair> {
    /// Against how many others that are at it a thread is held, those that began last, and of how many it
    /// is known that they are at it: more would be slow, and show no more.
    const OTHERS: usize = 64;
    const KNOWN: usize = 8 * OTHERS;
    let runs = Runs::of(spans, chosen);
    let mut active: Vec<&Range<usize>> = Vec::new();
    let mut best: Option<Pair> = None;
    for run in &runs.runs {
        steps::take(active.len());
        active.retain(|other| runs.end(other) > runs.start(run));
        let pairs = active.iter().rev().take(OTHERS).map(|other| runs.beside(run, other));
        best = best.into_iter().chain(pairs).max_by_key(|pair| pair.at_least);
        if active.len() >= KNOWN {
            active.remove(0);
        }
        active.push(run);
    }
    best.filter(|pair| pair.at_least > 0)
}

/// Chosen spans, and those of one thread that follow each other without a break.
struct Runs {
    /// Thread by thread, in the order of time.
    spans: Vec<Span>,
    /// The time off the core in all spans before this one; one more than there are spans.
    off_before: Vec<u128>,
    /// From which span to which, in the order of their beginnings.
    runs: Vec<Range<usize>>,
}

impl Runs {
    fn of(spans: &[Span], chosen: &[bool]) -> Runs {
        let chosen = spans.iter().zip(chosen).filter(|&(_, &chosen)| chosen);
        let mut spans: Vec<Span> = chosen.map(|(&span, _)| span).collect();
        spans.sort_by_key(|span| (span.thread, span.start));
        let mut off = 0;
        let sums = spans.iter().map(|span| {
            off += u128::from(span.off());
            off
        });
        let off_before = [0].into_iter().chain(sums).collect();
        let follows = |a: &Span, b: &Span| a.thread == b.thread && a.end == b.start;
        let mut end = 0;
        let mut runs: Vec<Range<usize>> = Vec::new();
        for run in spans.chunk_by(follows) {
            runs.push(end..end + run.len());
            end += run.len();
        }
        runs.sort_by_key(|run| spans[run.start].start);
        Runs { spans, off_before, runs }
    }

    fn start(&self, run: &Range<usize>) -> u64 {
        self.spans[run.start].start
    }

    fn end(&self, run: &Range<usize>) -> u64 {
        self.spans[run.end - 1].end
    }

    /// For how long a run's thread may have been off its core between two times.
    fn off_between(&self, run: &Range<usize>, start: u64, end: u64) -> u128 {
        let spans = &self.spans[run.clone()];
        let first = spans.partition_point(|span| span.end <= start);
        let last = spans.partition_point(|span| span.start < end);
        self.off_before[run.start + last] - self.off_before[run.start + first]
    }

    fn beside(&self, run: &Range<usize>, other: &Range<usize>) -> Pair {
        let start = self.start(run).max(self.start(other));
        let end = self.end(run).min(self.end(other));
        let off = self.off_between(run, start, end) + self.off_between(other, start, end);
        let threads = [self.spans[other.start].thread, self.spans[run.start].thread];
        Pair { threads, start, end, at_least: (end - start).saturating_sub(limited(off)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(thread: u32, start: u64, end: u64, at_least: u64, at_most: u64) -> Span {
        Span { thread, start, end, at_least, at_most }
    }

    #[test]
    fn two_threads_executed_at_once_for_their_overlap_less_what_each_was_off() {
        // They lie over each other for 8, and were off their cores for 1 and for 2.
        let spans = [span(1, 0, 10, 9, 9), span(2, 2, 10, 6, 6)];
        let pair = Pair { threads: [1, 2], start: 2, end: 10, at_least: 5 };
        assert_eq!(from_below(&spans), (5, Some(pair)));
        // The second gives 6; the first, which gives more, is not counted.
        assert_eq!(from_above(&spans), 6);
    }

    #[test]
    fn threads_that_only_touch_did_not_execute_at_once() {
        let spans = [span(1, 0, 10, 10, 10), span(2, 10, 20, 10, 10)];
        assert_eq!((from_below(&spans), from_above(&spans)), ((0, None), 0));
    }

    #[test]
    fn threads_that_share_one_core_are_not_found_to_execute_at_once() {
        let spans = [span(1, 0, 10, 5, 5), span(2, 0, 10, 5, 5)];
        assert_eq!((from_below(&spans), from_above(&spans)), ((0, None), 5));
    }

    #[test]
    fn a_span_that_says_nothing_is_left_out() {
        let clear = [span(1, 0, 10, 10, 10), span(2, 0, 10, 9, 9)];
        let dim = [span(3, 5, 45, 3, 3), span(1, 10, 90, 2, 2), span(2, 10, 90, 2, 2)];
        assert_eq!(from_below(&[clear.as_slice(), &dim].concat()).0, from_below(&clear).0);
    }

    #[test]
    fn of_three_threads_at_once_two_are_beside_another() {
        let spans = [1, 2, 3].map(|thread| span(thread, 0, 10, 10, 10));
        assert_eq!((from_below(&spans).0, from_above(&spans)), (20, 20));
    }

    #[test]
    fn three_threads_that_execute_longer_than_one_core_has_time_were_not_on_one_core() {
        // Each was off for longer than it could make good beside one other alone.
        let spans = [1, 2, 3].map(|thread| span(thread, 0, 12, 5, 5));
        assert_eq!(from_below(&spans), (3, None));
    }

    #[test]
    fn stretches_do_not_spoil_each_other() {
        let good = [span(1, 0, 10, 10, 10), span(2, 0, 10, 10, 10)];
        let bad = [span(1, 20, 30, 4, 4), span(2, 20, 30, 4, 4)];
        assert_eq!(from_below(&[good, bad].concat()).0, 10);
    }
}
