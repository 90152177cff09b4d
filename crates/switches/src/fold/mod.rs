//! Events in, a record out: what is known is folded into sums as it comes.

mod intervals;
pub(crate) mod together;
mod tree;
mod turns;

use std::collections::HashMap;

use crate::event::{Event, What};
use crate::record::{Blind, Core, Ending, Exec, Interval, OutOfSight, Record};
use intervals::Intervals;
use together::{Executing, Together};
use tree::{Birth, Tree};
use turns::{Since, Turns};

/// A thread that is preempted and goes on within this time lost it to the switching, or to a moment
/// of the kernel's own work. Nobody took its core.
const SWITCHING: u64 = 10_000;
/// A process that ended sooner after it began a program may have gone out of sight instead.
const SHORT_LIFE: u64 = 1_000_000;

/// How much is kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Intervals; each takes 40 bytes.
    pub(crate) intervals: usize,
    /// Threads, and processes; each takes some 300 bytes.
    pub(crate) threads: usize,
    /// Pairs of threads, for each of several questions; each takes some 100 bytes.
    pub(crate) pairs: usize,
    /// Of the longest stretches; each takes 48 bytes.
    pub(crate) stretches: usize,
    /// Stretches of blindness; each takes 32 bytes.
    pub(crate) blind: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        let (intervals, threads, pairs) = (500_000, 50_000, 50_000);
        Limits { intervals, threads, pairs, stretches: 1_000, blind: 10_000 }
    }
}

/// The thread that stood ready when watching began.
#[derive(Clone, Debug)]
pub(crate) struct First {
    /// Its number, which is its process's as well.
    pub(crate) pid: u32,
    /// Its name.
    pub(crate) name: String,
    /// When watching began.
    pub(crate) began: u64,
}

/// A process that seems to have ended right after it began a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Short {
    pub(crate) pid: u32,
    pub(crate) process: usize,
    pub(crate) began: u64,
    pub(crate) ended: u64,
}

/// What is known so far.
pub(crate) struct Fold {
    limits: Limits,
    began: u64,
    /// Up to here everything is counted.
    now: u64,
    cores: Vec<Place>,
    living: HashMap<u32, Living>,
    tree: Tree,
    together: Together,
    turns: Turns,
    intervals: Intervals,
    blind: Vec<Blind>,
    lost: u64,
    oddities: u64,
    short: Vec<Short>,
    pub(crate) out_of_sight: Vec<OutOfSight>,
}

/// What is known of a core.
struct Place {
    core: Core,
    /// Who is executing there.
    thread: Option<u32>,
    /// Since when it has that thread.
    since: u64,
    /// Since when nobody knows who is.
    blind: Option<u64>,
    /// Nothing is known yet, so that anybody may turn out to be there.
    unsure: bool,
}

impl Place {
    /// For how long threads of the tree were executing here until now.
    fn taken(&self, now: u64) -> u64 {
        self.core.executed + if self.thread.is_some() { now - self.since } else { 0 }
    }
}

/// What is known of a living thread.
struct Living {
    pid: u32,
    thread: usize,
    doing: Doing,
    /// When it began a program, if it has not lost its core since.
    exec: Option<u64>,
}

/// What a living thread is doing.
#[derive(Clone, Copy)]
enum Doing {
    /// It has this core.
    Executing(usize),
    /// It was preempted; the place of the core, and for how long threads of the tree had been there.
    Ready { since: u64, core: usize, taken: u64 },
    /// It waits.
    Waiting,
    /// Records were lost.
    Unknown,
}

impl Fold {
    /// For cores with these numbers, and a thread that has not begun.
    pub(crate) fn new(limits: Limits, cores: &[u32], first: First) -> Fold {
        let core = |&number: &u32| Place {
            core: Core { number, ..Core::default() },
            thread: None,
            since: 0,
            blind: None,
            unsure: true,
        };
        let mut fold = Fold {
            limits,
            began: first.began,
            now: first.began,
            cores: cores.iter().map(core).collect(),
            living: HashMap::new(),
            tree: Tree::new(limits.threads),
            together: Together::new(limits.stretches, limits.pairs),
            turns: Turns::new(limits.pairs),
            intervals: Intervals::new(limits.intervals),
            blind: Vec::new(),
            lost: 0,
            oddities: 0,
            short: Vec::new(),
            out_of_sight: Vec::new(),
        };
        fold.birth(first.pid, first.pid, None, first.name);
        fold
    }

    /// Takes the next event. Events must come in the order of time.
    pub(crate) fn apply(&mut self, event: Event) {
        let Event { time, core, pid, tid, what } = event;
        self.advance(time);
        match what {
            What::In => self.enter(core, pid, tid),
            What::Blind => self.lose_sight(core),
            What::Sight { lost } => self.regain_sight(core, lost),
            What::Out { preempted } => {
                self.present(core, pid, tid);
                self.leave(core, if preempted { Ending::Preempted } else { Ending::Left });
            }
            What::Ended => {
                self.present(core, pid, tid);
                self.end(core, tid);
            }
            What::Born { pid: new_pid, tid: new_tid } => {
                self.present(core, pid, tid);
                self.begotten(tid, new_pid, new_tid);
            }
            What::Named { tid: named, name, exec } => {
                self.present(core, pid, tid);
                self.name(named, &name, exec);
            }
        }
    }

    /// All that seem to have ended right after they began a program, since this was last asked.
    pub(crate) fn short_lives(&mut self) -> Vec<Short> {
        std::mem::take(&mut self.short)
    }

    /// Counts the time until now. An event that comes too late is taken as of now.
    fn advance(&mut self, time: u64) {
        if time < self.now {
            self.oddities += 1;
            return;
        }
        let by = time - self.now;
        self.now = time;
        if by == 0 {
            return;
        }
        self.together.advance(by);
        if let Some(alone) = self.together.alone() {
            self.tree.threads[alone.thread].alone += by;
            let living = &self.living;
            self.turns.alone(alone, by, |tid| match living.get(&tid).map(|living| living.doing) {
                Some(Doing::Ready { .. }) => Since::Preempted,
                Some(Doing::Waiting) => Since::Left,
                Some(Doing::Unknown | Doing::Executing(_)) => Since::Unknown,
                None => Since::Ended,
            });
        }
    }

    /// A thread gets a core.
    fn enter(&mut self, core: usize, pid: u32, tid: u32) {
        if self.cores[core].thread.is_some() {
            // Whoever was there must have left, and that is not on record.
            self.oddities += 1;
            self.leave(core, Ending::Unknown);
        }
        self.cores[core].unsure = false;
        self.be_known(pid, tid);
        if let Some(Doing::Executing(elsewhere)) = self.living.get(&tid).map(|living| living.doing)
        {
            self.oddities += 1;
            self.leave(elsewhere, Ending::Unknown);
        }
        self.count_ready(tid);
        let Some(living) = self.living.get_mut(&tid) else { return };
        living.doing = Doing::Executing(core);
        let place = &mut self.cores[core];
        (place.thread, place.since) = (Some(tid), self.now);
        let number = place.core.number;
        let thread = &mut self.tree.threads[living.thread];
        thread.turns += 1;
        thread.first.get_or_insert(self.now);
        if !thread.cores.contains(&number) {
            thread.cores.push(number);
        }
        self.together.enter(Executing { tid, thread: living.thread, since: self.now });
    }

    /// A thread that was preempted goes on: who had its core meanwhile?
    fn count_ready(&mut self, tid: u32) {
        let Some(living) = self.living.get(&tid) else { return };
        let Doing::Ready { since, core, taken } = living.doing else { return };
        let all = self.now - since;
        let own = (self.cores[core].taken(self.now) - taken).min(all);
        let ready = &mut self.tree.threads[living.thread].ready;
        ready.all += all;
        ready.taken_by_own += own;
        if all - own < SWITCHING {
            ready.switching += all - own;
        } else {
            ready.taken_by_others += all - own;
        }
    }

    /// Whoever is on a core leaves it.
    fn leave(&mut self, core: usize, ending: Ending) {
        let (time, place) = (self.now, &mut self.cores[core]);
        let Some(tid) = place.thread.take() else { return };
        place.core.executed += time - place.since;
        let (number, taken) = (place.core.number, place.core.executed);
        let Some(gone) = self.together.leave(tid, time) else { return };
        if let Some(living) = self.living.get_mut(&tid) {
            living.exec = None;
            living.doing = match ending {
                Ending::Preempted => Doing::Ready { since: time, core, taken },
                Ending::Unknown => Doing::Unknown,
                _ => Doing::Waiting,
            };
            self.tree.executed(living.pid, gone.thread, time - gone.since, time);
        }
        self.tree.threads[gone.thread].preempted += u64::from(ending == Ending::Preempted);
        self.intervals.push(Interval {
            start: gone.since,
            end: time,
            executed: time - gone.since,
            thread: u32::try_from(gone.thread).unwrap_or(u32::MAX),
            core: number,
            pieces: 1,
            ending,
        });
    }

    /// Whoever makes a record is executing on that core, whatever was believed before.
    fn present(&mut self, core: usize, pid: u32, tid: u32) {
        let unsure = std::mem::take(&mut self.cores[core].unsure);
        match self.cores[core].thread {
            Some(there) if there == tid => {}
            Some(there) if self.living.get(&there).is_some_and(|living| living.pid == pid) => {
                self.exec(core, there, pid, tid);
            }
            Some(_) => self.enter(core, pid, tid),
            None => {
                self.oddities += u64::from(!unsure);
                self.enter(core, pid, tid);
            }
        }
    }

    /// A thread that is not its process's first called exec: it goes on with the first one's number.
    fn exec(&mut self, core: usize, before: u32, pid: u32, tid: u32) {
        self.leave(core, Ending::Exec);
        self.bury(tid);
        let old = self.living.get(&before).map(|living| living.thread);
        let parent = old.and_then(|old| self.tree.threads[old].parent);
        let name = old.map_or_else(String::new, |old| self.tree.threads[old].name().to_owned());
        let new = self.birth(pid, tid, parent, name);
        // Only now, so that the process is never without a thread.
        self.bury(before);
        if let Some(old) = old {
            self.tree.threads[old].exec = Some(Exec::WentOnAs(new));
            self.tree.threads[new].exec = Some(Exec::Was(old));
        }
        self.enter(core, pid, tid);
    }

    /// The thread on a core ends.
    fn end(&mut self, core: usize, tid: u32) {
        let exec = self.living.get(&tid).and_then(|living| living.exec);
        self.leave(core, Ending::Ended);
        if let (Some(began), Some(living)) = (exec, self.living.get(&tid))
            && self.now - began < SHORT_LIFE
        {
            let process = self.tree.threads[living.thread].process;
            self.short.push(Short { pid: living.pid, process, began, ended: self.now });
        }
        self.bury(tid);
    }

    /// A thread is no more: its place.
    fn bury(&mut self, tid: u32) -> Option<usize> {
        let dead = self.living.remove(&tid)?;
        self.tree.death(dead.pid, dead.thread, self.now);
        Some(dead.thread)
    }

    /// A thread begets another.
    fn begotten(&mut self, parent: u32, pid: u32, tid: u32) {
        let parent = self.living.get(&parent).map(|living| living.thread);
        if self.living.contains_key(&tid) {
            // The number is given again, so its owner's end must have been lost.
            self.oddities += 1;
            self.bury(tid);
        }
        let name = parent.map_or_else(String::new, |at| self.tree.threads[at].name().to_owned());
        self.birth(pid, tid, parent, name);
    }

    /// A thread is seen whose birth is not on record.
    fn be_known(&mut self, pid: u32, tid: u32) {
        if !self.living.contains_key(&tid) {
            self.birth(pid, tid, None, String::new());
        }
    }

    fn birth(&mut self, pid: u32, tid: u32, parent: Option<usize>, name: String) -> usize {
        let thread = self.tree.birth(Birth { pid, tid, parent, name, time: self.now });
        self.living.insert(tid, Living { pid, thread, doing: Doing::Waiting, exec: None });
        thread
    }

    fn name(&mut self, tid: u32, name: &str, exec: bool) {
        let Some(living) = self.living.get_mut(&tid) else { return };
        if exec {
            living.exec = Some(self.now);
        }
        self.tree.name(living.thread, name, exec, self.now);
    }

    /// From here on nobody knows what happens on a core.
    fn lose_sight(&mut self, core: usize) {
        self.leave(core, Ending::Unknown);
        self.cores[core].blind.get_or_insert(self.now);
        self.count_blind();
    }

    /// Records come again from a core.
    fn regain_sight(&mut self, core: usize, lost: u64) {
        self.lost += lost;
        self.leave(core, Ending::Unknown);
        self.cores[core].unsure = true;
        if let Some(start) = self.cores[core].blind.take() {
            let core = self.cores[core].core.number;
            let blind = Blind { core, start, end: self.now, lost };
            self.keep(blind);
        }
        self.count_blind();
    }

    /// Where there are too many, the last one grows over the new one.
    fn keep(&mut self, blind: Blind) {
        if self.blind.len() < self.limits.blind {
            return self.blind.push(blind);
        }
        if let Some(last) = self.blind.iter_mut().rev().find(|last| last.core == blind.core) {
            last.end = blind.end;
            last.lost += blind.lost;
        }
    }

    fn count_blind(&mut self) {
        self.together.set_blind(self.cores.iter().filter(|core| core.blind.is_some()).count());
    }

    /// Watching ends.
    pub(crate) fn finish(mut self, time: u64) -> Record {
        self.advance(time.max(self.now));
        for core in 0..self.cores.len() {
            if self.cores[core].blind.is_some() {
                self.regain_sight(core, 0);
            }
            self.leave(core, Ending::Unfinished);
        }
        let waiting: Vec<u32> = self.living.keys().copied().collect();
        waiting.into_iter().for_each(|tid| self.count_ready(tid));
        let (widths, stretches, pairs, unlisted_pairs) = self.together.finish();
        let (intervals, coarsened) = self.intervals.finish();
        Record {
            began: self.began,
            ended: self.now,
            threads: self.tree.threads,
            processes: self.tree.processes,
            intervals,
            coarsened,
            cores: self.cores.into_iter().map(|place| place.core).collect(),
            blind: self.blind,
            lost: self.lost,
            out_of_sight: self.out_of_sight,
            oddities: self.oddities,
            late: 0,
            widths,
            stretches,
            pairs,
            unlisted_pairs,
            changes: self.turns.finish(),
        }
    }
}

#[cfg(test)]
mod tests;
