//! Who is executing together with whom, counted as time goes on.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use crate::record::{Lengths, Pair, Stretch, Stretches, Widths};

/// A thread that has a core.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Executing {
    /// The kernel's number of it.
    pub(crate) tid: u32,
    /// Its place among the threads.
    pub(crate) thread: usize,
    /// Since when it has the core.
    pub(crate) since: u64,
}

/// All that have a core now, and what came of it so far.
pub(crate) struct Together {
    /// Who has a core.
    now: Vec<Executing>,
    /// How many cores nobody knows about.
    blind: usize,
    widths: Widths,
    /// The stretch that is going on, where two or more have a core.
    stretch: Option<Stretch>,
    stretches: Longest,
    pairs: Pairs,
}

impl Together {
    /// Keeps so many of the longest stretches, and so many pairs.
    pub(crate) fn new(stretches: usize, pairs: usize) -> Together {
        Together {
            now: Vec::new(),
            blind: 0,
            widths: Widths::default(),
            stretch: None,
            stretches: Longest::new(stretches),
            pairs: Pairs { limit: pairs, listed: HashMap::new(), unlisted: 0 },
        }
    }

    /// Time goes on, and nothing else happens.
    pub(crate) fn advance(&mut self, by: u64) {
        let executing = self.now.len();
        self.widths.add(executing, executing + self.blind, by);
        if let Some(stretch) = &mut self.stretch {
            stretch.beside += by * (executing as u64 - 1);
        }
    }

    /// The only one that has a core, if there is just one and nobody knows of another.
    pub(crate) fn alone(&self) -> Option<Executing> {
        match self.now[..] {
            [one] if self.blind == 0 => Some(one),
            _ => None,
        }
    }

    /// One more core of which nobody knows, or one less.
    pub(crate) fn set_blind(&mut self, cores: usize) {
        self.blind = cores;
    }

    /// A thread gets a core.
    pub(crate) fn enter(&mut self, who: Executing) {
        if let [other] = self.now[..] {
            let threads = [other.thread, who.thread];
            self.stretch = Some(Stretch { start: who.since, end: who.since, threads, beside: 0 });
        }
        self.now.push(who);
    }

    /// A thread loses its core: how it got it, if it had one.
    pub(crate) fn leave(&mut self, tid: u32, time: u64) -> Option<Executing> {
        let place = self.now.iter().position(|executing| executing.tid == tid)?;
        let gone = self.now.swap_remove(place);
        for other in &self.now {
            self.pairs.add(gone, *other, time);
        }
        if self.now.len() == 1
            && let Some(stretch) = self.stretch.take()
        {
            self.stretches.add(Stretch { end: time, ..stretch });
        }
        Some(gone)
    }

    /// What came of it.
    pub(crate) fn finish(self) -> (Widths, Stretches, Vec<Pair>, u64) {
        let mut pairs: Vec<Pair> = self.pairs.listed.into_values().collect();
        pairs.sort_by_key(|pair| (Reverse(pair.together), pair.threads));
        (self.widths, self.stretches.finish(), pairs, self.pairs.unlisted)
    }
}

impl Widths {
    fn add(&mut self, least: usize, most: usize, time: u64) {
        for (widths, width) in [(&mut self.least, least), (&mut self.most, most)] {
            if widths.len() <= width {
                widths.resize(width + 1, 0);
            }
            widths[width] += time;
        }
    }
}

/// A stretch in the order of its worth: its length, the earlier one first, its threads, and what it gives.
type Ranked = (u64, Reverse<u64>, [usize; 2], u64);

/// The longest stretches, and the sums over all.
pub(crate) struct Longest {
    limit: usize,
    /// The shortest of them first.
    kept: BinaryHeap<Reverse<Ranked>>,
    sums: Lengths,
}

impl Longest {
    pub(crate) fn new(limit: usize) -> Longest {
        Longest { limit, kept: BinaryHeap::new(), sums: Lengths::default() }
    }

    /// Takes a stretch; one without length is none.
    pub(crate) fn add(&mut self, stretch: Stretch) {
        if stretch.length() == 0 {
            return;
        }
        self.sums.add(&stretch);
        let Stretch { start, threads, beside, .. } = stretch;
        self.kept.push(Reverse((stretch.length(), Reverse(start), threads, beside)));
        if self.kept.len() > self.limit {
            self.kept.pop();
        }
    }

    pub(crate) fn finish(self) -> Stretches {
        let kept = self.kept.into_sorted_vec().into_iter().map(|Reverse(kept)| {
            let (length, Reverse(start), threads, beside) = kept;
            Stretch { start, end: start + length, threads, beside }
        });
        Stretches { longest: kept.collect(), sums: self.sums }
    }
}

impl Lengths {
    fn add(&mut self, stretch: &Stretch) {
        let power = stretch.length().ilog2() as usize;
        if self.by_power.len() <= power {
            self.by_power.resize(power + 1, [0; 3]);
        }
        let [count, length, beside] = &mut self.by_power[power];
        *count += 1;
        *length += stretch.length();
        *beside += stretch.beside;
        let (first, last) = self.span.get_or_insert((stretch.start, stretch.end));
        (*first, *last) = ((*first).min(stretch.start), (*last).max(stretch.end));
    }
}

/// Pairs up to a limit, and what the others give together.
struct Pairs {
    limit: usize,
    listed: HashMap<[usize; 2], Pair>,
    unlisted: u64,
}

impl Pairs {
    /// Both had a core until one left.
    fn add(&mut self, one: Executing, other: Executing, end: u64) {
        let mut threads = [one.thread, other.thread];
        threads.sort_unstable();
        let start = one.since.max(other.since);
        let length = end - start;
        if length == 0 {
            return;
        }
        if self.listed.len() >= self.limit && !self.listed.contains_key(&threads) {
            self.unlisted += length;
            return;
        }
        let new = Pair { threads, together: 0, times: 0, longest_start: start, longest: 0 };
        let pair = self.listed.entry(threads).or_insert(new);
        pair.together += length;
        pair.times += 1;
        if length > pair.longest {
            (pair.longest, pair.longest_start) = (length, start);
        }
    }
}
