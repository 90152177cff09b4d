//! The pigeonhole argument, over windows of time.
//!
//! Take the window between two looks at a process tree. Each look reads, for
//! every thread, how long it has executed so far. If all threads together
//! executed for longer in the window than the window is long, then the time that
//! is too much was spent beside other execution: one core has no more time than
//! there is.
//!
//! Three things make this bound smaller, so that it is never too large:
//!
//! - A look takes time. The window is measured from the beginning of the first
//!   look to the end of the second.
//! - What the kernel says of a thread that is executing goes up by a whole clock
//!   tick at a time. What was executed before the first look may therefore show
//!   only at the second: for a thread that was executing at the first look, this
//!   much is taken off.
//! - The kernel begins to count when a thread is woken, and not when it gets to
//!   its core. Where that core was asleep, some microseconds lie between the two,
//!   tens of them in a virtual machine, in which the thread that woke the other
//!   goes on. Two threads that do nothing but wake each other then seem to execute
//!   for longer than there is time: for each time that a thread was given a
//!   core, [`EARLY`] is taken off.
//!
//! A short window hides behind the tick, a long one behind the time in which
//! nothing happens. So windows of 20 ms, 40 ms, 80 ms and so on are all looked
//! at, side by side, and the length that proves most is taken.

use std::collections::HashMap;
use std::time::Duration;

/// The length of the shortest windows. Each next length is twice as long.
const SHORTEST: Duration = Duration::from_millis(20);

/// By how much the kernel may count too early when a thread is given a core. Of 12 µs on a virtual
/// machine with two cores, as measured, nearly all were beside nothing.
pub(super) const EARLY: Duration = Duration::from_micros(50);

/// How many lengths there are: the longest is more than a day.
const LENGTHS: u32 = 23;

/// After how many threads those that have ended are forgotten, so that memory
/// stays bounded. What is forgotten makes the bound smaller and never larger.
const THREADS: usize = 10_000;

/// A thread: its number, and when it began, since numbers are given again.
pub(super) type Identity = (u32, u64);

/// A thread as long as it carries out one program. Whoever becomes another program goes on as the first
/// thread of its process, with that one's number and beginning, and what it has executed itself.
pub(super) type Life = (Identity, u64);

/// What a look found out about a thread.
#[derive(Clone, Copy, Debug)]
pub(super) struct Reading {
    /// How long it has executed so far; behind by up to a tick if it is `running`.
    pub(super) executed: Duration,
    /// How many times it was given a core so far.
    pub(super) turns: u32,
    /// Whether it was executing, or waiting for a core.
    pub(super) running: bool,
}

/// One look at all threads, which lasted from `from` to `to`.
#[derive(Clone, Debug)]
pub(super) struct Look {
    pub(super) from: Duration,
    pub(super) to: Duration,
    pub(super) threads: HashMap<Life, Reading>,
}

/// A window in which more was executed than one core has time for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Window {
    /// When it began, since the start of the program.
    pub(super) from: Duration,
    /// When it ended.
    pub(super) to: Duration,
    /// How long all threads together executed in it, at least.
    pub(super) executed: Duration,
    /// The two threads that executed for longest in it.
    pub(super) busiest: [Identity; 2],
}

impl Window {
    /// How long threads executed beside others in it, at least.
    pub(super) fn beside(&self) -> Duration {
        self.executed.saturating_sub(allowed(self.to.saturating_sub(self.from)))
    }
}

/// How long one core can execute in a window, by clocks that may disagree a little.
pub(super) fn allowed(window: Duration) -> Duration {
    window + window / 1000
}

/// The windows of all lengths.
#[derive(Debug)]
pub(super) struct Windows {
    /// By how much a reading of a running thread may be behind.
    lag: Duration,
    /// The first and the last reading of each thread, with the end of the look.
    threads: HashMap<Life, (Known, Known)>,
    lengths: Vec<Length>,
    last: Option<Look>,
    best: Option<Window>,
}

/// A reading, and when the look that made it began.
#[derive(Clone, Copy, Debug)]
struct Known {
    at: Duration,
    reading: Reading,
}

/// The windows of one length.
#[derive(Debug)]
struct Length {
    length: Duration,
    /// The look with which the present window began.
    since: Option<Look>,
    /// What all windows so far have proven.
    beside: Duration,
}

impl Windows {
    /// No windows yet. A reading of a running thread may be behind by `lag`.
    pub(super) fn new(lag: Duration) -> Windows {
        let length = |place| Length {
            length: SHORTEST * 2_u32.pow(place),
            since: None,
            beside: Duration::ZERO,
        };
        let lengths = (0..LENGTHS).map(length).collect();
        Windows { lag, threads: HashMap::new(), lengths, last: None, best: None }
    }

    /// Takes in the next look.
    pub(super) fn look(&mut self, look: Look) {
        for (&life, &reading) in &look.threads {
            if !self.may_be_the_same(life, reading, look.to) {
                self.forget(life);
            }
            let known = Known { at: look.from, reading };
            self.threads
                .entry(life)
                .and_modify(|(_, last)| *last = known)
                .or_insert((known, known));
        }
        for place in 0..self.lengths.len() {
            match &self.lengths[place].since {
                Some(since) if look.to - since.from < self.lengths[place].length => {}
                Some(_) => self.close(place, &look),
                None => self.lengths[place].since = Some(look.clone()),
            }
        }
        if self.threads.len() > THREADS {
            self.threads.retain(|life, _| look.threads.contains_key(life));
        }
        self.last = Some(look);
    }

    /// Whether a thread may have come to this reading by itself. In the middle of an exec that it calls, a
    /// thread has the number of the first already, and still its program: what it has executed seems to be
    /// the first one's.
    fn may_be_the_same(&self, life: Life, reading: Reading, until: Duration) -> bool {
        let Some((_, last)) = self.threads.get(&life) else { return true };
        let lag = if last.reading.running { self.lag } else { Duration::ZERO };
        let turns = reading.turns.saturating_sub(last.reading.turns);
        let time = until.saturating_sub(last.at) + lag + EARLY * turns;
        reading.turns >= last.reading.turns && reading.executed <= last.reading.executed + time
    }

    /// Forgets what was read of a thread: from now on it is a new one.
    fn forget(&mut self, life: Life) {
        self.threads.remove(&life);
        for since in self.lengths.iter_mut().filter_map(|length| length.since.as_mut()) {
            since.threads.remove(&life);
        }
    }

    /// Ends the present window of a length with a look, and begins the next.
    fn close(&mut self, place: usize, look: &Look) {
        let Some(since) = self.lengths[place].since.replace(look.clone()) else { return };
        let window = self.window(&since, look);
        self.lengths[place].beside += window.beside();
        if self.best.as_ref().is_none_or(|best| window.beside() > best.beside()) {
            self.best = Some(window);
        }
    }

    /// What was executed between two looks, at least.
    fn window(&self, since: &Look, until: &Look) -> Window {
        let mut executed: Vec<(Duration, Identity)> = self
            .threads
            .iter()
            .filter_map(|(life, (first, last))| {
                let before = match since.threads.get(life) {
                    Some(&before) => before,
                    // It is new, or was overlooked. What it executed before it was first seen
                    // may have been before the window.
                    None if first.at >= since.to => first.reading,
                    None => return None,
                };
                let lag = if before.running { self.lag } else { Duration::ZERO };
                let early = EARLY * last.reading.turns.saturating_sub(before.turns);
                let executed = last.reading.executed.saturating_sub(before.executed + lag + early);
                // Whatever its clock says, a thread is on one core at a time.
                Some((executed.min(until.to.saturating_sub(since.from)), life.0))
            })
            .collect();
        executed.sort_unstable_by(|a, b| b.cmp(a));
        let busiest = [0, 1].map(|place| executed.get(place).map_or((0, 0), |&(_, thread)| thread));
        let executed = executed.iter().map(|(executed, _)| executed).sum();
        Window { from: since.from, to: until.to, executed, busiest }
    }

    /// For how long threads executed beside others, at least, and the window that shows it best.
    pub(super) fn finish(mut self) -> (Duration, Option<Window>) {
        if let Some(last) = self.last.take() {
            (0..self.lengths.len()).for_each(|place| self.close(place, &last));
        }
        let beside = self.lengths.iter().map(|length| length.beside).max().unwrap_or_default();
        (beside, self.best.filter(|best| !best.beside().is_zero()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TICK: u64 = 4;

    fn ms(milliseconds: u64) -> Duration {
        Duration::from_millis(milliseconds)
    }

    /// What each of some threads did in each millisecond: `true` where it executed.
    type Schedule = Vec<Vec<bool>>;

    /// For how long threads executed beside others, to the millisecond.
    fn truth(schedule: &Schedule) -> Duration {
        let length = schedule.first().map_or(0, Vec::len);
        let at_once = |time: usize| schedule.iter().filter(|thread| thread[time]).count() as u64;
        ms((0..length).map(|time| at_once(time).saturating_sub(1)).sum())
    }

    /// What the kernel says of a thread at a time: up to date while it does not execute, and
    /// otherwise as of the last tick; and too much by a moment for each turn.
    fn reading(thread: &[bool], time: usize) -> Reading {
        let running = time > 0 && thread[time - 1];
        let executed = |time: usize| thread[..time].iter().filter(|&&executed| executed).count();
        let began = thread[..time].iter().rposition(|&executed| !executed).map_or(0, |at| at + 1);
        let tick = time - time % TICK as usize;
        let until = if running { tick.max(began) } else { time };
        let begins = |at: usize| thread[at] && (at == 0 || !thread[at - 1]);
        let turns = (0..time).filter(|&at| begins(at)).count() as u32;
        Reading { executed: ms(executed(until) as u64) + EARLY * turns, turns, running }
    }

    /// Looks at a schedule at these times.
    fn bound(schedule: &Schedule, times: &[usize]) -> Duration {
        let mut windows = Windows::new(ms(TICK));
        for &time in times {
            let threads = schedule.iter().enumerate();
            let threads =
                threads.map(|(number, thread)| (((number as u32, 0), 0), reading(thread, time)));
            let (from, to) = (ms(time as u64), ms(time as u64));
            windows.look(Look { from, to, threads: threads.collect() });
        }
        windows.finish().0
    }

    #[test]
    fn two_threads_that_execute_all_the_time_are_seen_to() {
        let schedule = vec![vec![true; 1000]; 2];
        let times: Vec<usize> = (1..100).map(|look| look * 10).collect();
        let bound = bound(&schedule, &times);
        assert!(bound > truth(&schedule) * 9 / 10, "{bound:?}");
    }

    #[test]
    fn two_threads_that_take_turns_are_not_seen_at_once() {
        let turns = |first: bool| (0..1000).map(|time| (time / 5 % 2 == 0) == first).collect();
        let schedule = vec![turns(true), turns(false)];
        let times: Vec<usize> = (1..100).map(|look| look * 10).collect();
        assert_eq!(bound(&schedule, &times), Duration::ZERO);
    }

    #[test]
    fn whoever_becomes_another_program_has_executed_nothing_in_no_time() {
        let mut windows = Windows::new(ms(TICK));
        let reading = |executed| Reading { executed: ms(executed), turns: 1, running: true };
        // The first thread has executed for 10 ms and the second for 200, and goes on as the first.
        let looks = [
            (0, vec![(((1, 0), 7), reading(10)), (((2, 0), 7), reading(0))]),
            (200, vec![(((1, 0), 7), reading(10)), (((2, 0), 7), reading(200))]),
            (230, vec![(((1, 0), 8), reading(205))]),
            (260, vec![(((1, 0), 8), reading(230))]),
        ];
        for (time, threads) in looks {
            let threads = threads.into_iter().collect();
            windows.look(Look { from: ms(time), to: ms(time), threads });
        }
        assert_eq!(windows.finish().0, Duration::ZERO);
    }

    #[test]
    fn whoever_has_executed_for_longer_than_there_was_time_is_somebody_else() {
        let mut windows = Windows::new(ms(TICK));
        let reading = |executed, running| Reading { executed: ms(executed), turns: 1, running };
        // As above; and the second thread has got the first one's number before its program is another.
        let looks = [
            (0, vec![(((1, 0), 7), reading(10, false)), (((2, 0), 7), reading(0, true))]),
            (200, vec![(((1, 0), 7), reading(10, false)), (((2, 0), 7), reading(200, true))]),
            (202, vec![(((1, 0), 7), reading(202, true))]),
            (230, vec![(((1, 0), 8), reading(205, true))]),
            (260, vec![(((1, 0), 8), reading(230, true))]),
        ];
        for (time, threads) in looks {
            let threads = threads.into_iter().collect();
            windows.look(Look { from: ms(time), to: ms(time), threads });
        }
        assert_eq!(windows.finish().0, Duration::ZERO);
    }

    fn any_schedule() -> impl Strategy<Value = Schedule> {
        // Runs of execution and of rest, up to 60 ms long.
        let runs = prop::collection::vec((any::<bool>(), 1..60_usize), 40);
        let thread = runs.prop_map(|runs| {
            let mut thread: Vec<bool> = runs
                .into_iter()
                .flat_map(|(executes, length)| std::iter::repeat_n(executes, length))
                .collect();
            thread.resize(1000, false);
            thread
        });
        prop::collection::vec(thread, 1..5)
    }

    proptest! {
        #[test]
        fn no_more_is_proven_than_was_so(
            schedule in any_schedule(),
            mut times in prop::collection::btree_set(0..1000_usize, 2..80),
        ) {
            let times: Vec<usize> = std::mem::take(&mut times).into_iter().collect();
            prop_assert!(bound(&schedule, &times) <= truth(&schedule));
        }
    }
}
