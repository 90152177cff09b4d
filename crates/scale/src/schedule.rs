//! A model on so many cores: whoever comes first has the first core that is free.
//!
//! That is list scheduling: no core is idle while there is a part that it could compute. What it takes is
//! at most the work divided by the cores, and the span (Graham, *Bounds on multiprocessing timing
//! anomalies*, 1969; Brent, *The parallel evaluation of general arithmetic expressions*, 1974): at any
//! moment either all cores compute, which the work allows for no longer than its share, or the longest
//! chain goes on. A wait goes on by itself, so that it changes nothing about that.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use lanes::Time;

use crate::model::{Model, Stage};

/// How a model goes on so many cores.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schedule {
    /// How many cores there are.
    pub cores: usize,
    /// How long it takes.
    pub length: Time,
    /// For how long of that no two cores compute: there is one part to be computed, or all wait.
    pub alone: Time,
}

impl Schedule {
    /// Lays a model on so many cores, at least one.
    #[must_use]
    pub fn of(model: &Model, cores: usize) -> Schedule {
        let mut machine = Machine::new(model, cores.max(1));
        machine.admit();
        machine.run();
        Schedule { cores: cores.max(1), length: machine.now, alone: machine.alone }
    }
}

/// Something that will have happened: when, who came first, and to which task.
type Event = Reverse<(Time, u64, usize, Kind)>;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Waited,
    Computed,
}

/// A machine in the middle of its work.
struct Machine<'a> {
    model: &'a Model,
    cores: usize,
    now: Time,
    alone: Time,
    busy: usize,
    /// Parts that could be computed, in the order in which they came: of which task, and for how long.
    ready: VecDeque<(usize, Time)>,
    events: BinaryHeap<Event>,
    /// How many events there have been.
    number: u64,
    tasks: Vec<Progress>,
    /// How many tasks have begun, and how many of the first ends are over.
    begun: usize,
    over: usize,
}

/// How far a task has got.
#[derive(Clone, Copy, Debug, Default)]
struct Progress {
    /// The stage that comes next.
    next: usize,
    /// How many parts of the stage before that are left.
    left: usize,
    has_ended: bool,
}

impl<'a> Machine<'a> {
    fn new(model: &'a Model, cores: usize) -> Machine<'a> {
        let tasks = vec![Progress::default(); model.tasks().len()];
        let (ready, events) = (VecDeque::new(), BinaryHeap::new());
        let [now, alone, number] = [0; 3];
        let [busy, begun, over] = [0; 3];
        Machine { model, cores, now, alone, busy, ready, events, number, tasks, begun, over }
    }

    fn run(&mut self) {
        loop {
            self.occupy();
            let Some(&Reverse((time, ..))) = self.events.peek() else { return };
            if self.busy <= 1 {
                self.alone += time - self.now;
            }
            self.now = time;
            // All that happens at one moment comes before the cores are given away.
            while let Some(&Reverse((at, _, task, kind))) = self.events.peek() {
                if at > time {
                    break;
                }
                self.events.pop();
                self.happen(task, kind);
            }
        }
    }

    /// Gives free cores to whoever is ready.
    fn occupy(&mut self) {
        while self.busy < self.cores {
            let Some((task, length)) = self.ready.pop_front() else { return };
            self.busy += 1;
            self.expect(length, task, Kind::Computed);
        }
    }

    fn expect(&mut self, length: Time, task: usize, kind: Kind) {
        self.number += 1;
        self.events.push(Reverse((self.now + length, self.number, task, kind)));
    }

    fn happen(&mut self, task: usize, kind: Kind) {
        if kind == Kind::Computed {
            self.busy -= 1;
            self.tasks[task].left -= 1;
            if self.tasks[task].left > 0 {
                return;
            }
        }
        self.go_on(task);
        self.admit();
    }

    /// Begins a task's next stage that takes any time, or ends the task.
    fn go_on(&mut self, task: usize) {
        let model = self.model;
        while let Some(stage) = model.tasks()[task].stages.get(self.tasks[task].next) {
            self.tasks[task].next += 1;
            match stage {
                Stage::Wait(0) => {}
                Stage::Wait(time) => return self.expect(*time, task, Kind::Waited),
                Stage::Parts(parts) if parts.is_empty() => {}
                Stage::Parts(parts) => {
                    self.tasks[task].left = parts.len();
                    self.ready.extend(parts.iter().map(|&part| (task, part)));
                    return;
                }
            }
        }
        self.tasks[task].has_ended = true;
    }

    /// Begins the tasks that may begin now.
    fn admit(&mut self) {
        loop {
            let ends = self.model.ends();
            while ends.get(self.over).is_some_and(|&task| self.tasks[task].has_ended) {
                self.over += 1;
            }
            let next = self.model.tasks().get(self.begun);
            if next.is_none_or(|task| task.after > self.over) {
                return;
            }
            self.begun += 1;
            self.go_on(self.begun - 1);
        }
    }
}
