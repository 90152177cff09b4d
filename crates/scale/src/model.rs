//! What there is to do, as a trace tells it: tasks, and the stages of each.
//!
//! What follows from a trace, and what is taken for granted:
//!
//! - a task's steps and waits come one after the other, as they did;
//! - the parts of one step (those with a number) may be computed at once, as many as there are cores, and
//!   so may whatever was;
//! - two tasks that were in progress at once may always be;
//! - a task that began after another had ended begins after it on any machine;
//! - what was not recorded takes no time.

use std::collections::HashMap;

use evidence::trace::Trace;
use lanes::{Lanes, State, Time};

/// What there is to do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Model {
    /// The tasks, in the order of their beginnings.
    tasks: Vec<Task>,
    /// The places of the tasks in the order of their ends.
    ends: Vec<usize>,
}

/// A task: stages, one after the other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Task {
    /// How many tasks must have ended before it begins: so many of the model's first ends.
    pub(crate) after: usize,
    pub(crate) stages: Vec<Stage>,
}

/// A stage of a task. Times are in nanoseconds, or whatever unit all of a model is in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It has nothing to do but wait, and needs no core.
    Wait(Time),
    /// Parts that may be computed at once, each on one core for so long.
    Parts(Vec<Time>),
}

impl Task {
    /// A task of these stages, which may begin at once.
    #[must_use]
    pub fn new(stages: impl IntoIterator<Item = Stage>) -> Task {
        Task { after: 0, stages: stages.into_iter().collect() }
    }

    /// For how long it computes, all told.
    #[must_use]
    pub fn work(&self) -> Time {
        self.stages.iter().map(Stage::work).sum()
    }

    /// How long it takes on as many cores as there are parts.
    #[must_use]
    pub fn span(&self) -> Time {
        self.stages.iter().map(Stage::span).sum()
    }
}

impl Stage {
    fn work(&self) -> Time {
        match self {
            Stage::Wait(_) => 0,
            Stage::Parts(parts) => parts.iter().sum(),
        }
    }

    fn span(&self) -> Time {
        match self {
            Stage::Wait(time) => *time,
            Stage::Parts(parts) => parts.iter().copied().max().unwrap_or(0),
        }
    }
}

impl Model {
    /// Tasks that may all be in progress at once.
    #[must_use]
    pub fn of_tasks(tasks: impl IntoIterator<Item = Task>) -> Model {
        Model::of_intervals(tasks.into_iter().map(|task| (0, Time::MAX, task)))
    }

    /// Tasks that were in progress from one time to another: those that began after others had ended
    /// always do.
    #[must_use]
    pub fn of_intervals(tasks: impl IntoIterator<Item = (Time, Time, Task)>) -> Model {
        let mut all: Vec<(Time, Time, Task)> = tasks.into_iter().collect();
        all.sort_by_key(|&(start, end, _)| (start, end));
        let mut ends: Vec<usize> = (0..all.len()).collect();
        // A task without any length ends after those that had been there before.
        ends.sort_by_key(|&place| (all[place].1, all[place].0));
        let sorted: Vec<(Time, Time)> = ends.iter().map(|&at| (all[at].1, all[at].0)).collect();
        let after = |start: Time| sorted.partition_point(|&ended| ended < (start, start));
        let tasks = all.into_iter().map(|(start, _, task)| Task { after: after(start), ..task });
        Model { tasks: tasks.collect(), ends }
    }

    /// What a trace tells.
    #[must_use]
    pub fn of(trace: &Trace) -> Model {
        let lanes = Lanes::of(trace);
        let mut stages = computed(trace);
        for lane in &lanes.tasks {
            let waits = lane.spans.iter().filter(|span| span.state == State::Waiting);
            let waits = waits.map(|span| (span.start, Stage::Wait(span.length())));
            stages.entry(lane.number).or_default().extend(waits);
        }
        let tasks = trace.tasks.iter().map(|task| {
            let mut stages = stages.remove(&task.number).unwrap_or_default();
            stages.sort_by_key(|(start, _)| *start);
            let end = task.end.map_or(Time::MAX, time);
            (time(task.start), end, Task::new(stages.into_iter().map(|(_, stage)| stage)))
        });
        Model::of_intervals(tasks)
    }

    /// The tasks, in the order of their beginnings.
    #[must_use]
    pub fn tasks(&self) -> &[Task] {
        &self.tasks
    }

    /// The places of the tasks in the order of their ends.
    pub(crate) fn ends(&self) -> &[usize] {
        &self.ends
    }

    /// For how long there is anything to compute, all told: how long one core takes that never waits.
    #[must_use]
    pub fn work(&self) -> Time {
        self.tasks.iter().map(Task::work).sum()
    }

    /// How long the longest chain takes of what must come one after the other, waits included: what
    /// as many cores as one likes cannot better.
    #[must_use]
    pub fn span(&self) -> Time {
        let mut ended: Vec<Time> = vec![0; self.tasks.len()];
        // By when the first so many ends are over, each on as many cores as one likes.
        let (mut latest, mut counted) = (0, 0);
        for (place, task) in self.tasks.iter().enumerate() {
            for &end in &self.ends[counted..task.after.max(counted)] {
                latest = latest.max(ended[end]);
            }
            counted = counted.max(task.after);
            ended[place] = latest + task.span();
        }
        ended.into_iter().max().unwrap_or(0)
    }
}

/// The stages of each task in which it computed, and when they began.
fn computed(trace: &Trace) -> HashMap<u32, Vec<(Time, Stage)>> {
    let mut executed = vec![None::<Time>; trace.parts.len()];
    for chunk in &trace.chunks {
        let time = chunk.executing.map_or(chunk.length(), |executing| executing.at_least);
        if let Some(executed) = executed.get_mut(chunk.part) {
            *executed.get_or_insert(0) += self::time(time);
        }
    }
    let mut groups: HashMap<u32, Vec<Group>> = HashMap::new();
    for (part, executed) in trace.parts.iter().zip(executed) {
        let groups = groups.entry(part.task).or_default();
        let (start, end) = (time(part.start), part.end.map_or(Time::MAX, time));
        let of_step = (part.number > 0).then_some(part.step);
        let executed = executed.unwrap_or(0);
        match groups.last_mut().filter(|group| group.takes(start, of_step)) {
            Some(group) => group.add(end, executed),
            None => groups.push(Group { start, end, of_step, parts: vec![executed] }),
        }
    }
    let stages = |groups: Vec<Group>| {
        groups.into_iter().map(|group| (group.start, Stage::Parts(group.parts))).collect()
    };
    groups.into_iter().map(|(task, groups)| (task, stages(groups))).collect()
}

/// Parts of a task that may be computed at once: those of one step, and those that were.
struct Group {
    start: Time,
    end: Time,
    /// The step, where it is one that was split into parts.
    of_step: Option<u16>,
    parts: Vec<Time>,
}

impl Group {
    fn takes(&self, start: Time, of_step: Option<u16>) -> bool {
        start < self.end || (of_step.is_some() && of_step == self.of_step)
    }

    fn add(&mut self, end: Time, executed: Time) {
        self.end = self.end.max(end);
        self.parts.push(executed);
    }
}

/// A trace's time in nanoseconds.
fn time(duration: std::time::Duration) -> Time {
    Time::try_from(duration.as_nanos()).unwrap_or(Time::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use lanes::script::Script;

    const MS: Time = 1_000_000;

    #[test]
    fn parts_of_a_step_are_one_stage_and_steps_in_one_piece_are_several() {
        let trace = Script::new()
            .start(0, 0, 1, "A")
            .wait(0..20, 0, 1, "lock")
            .part(20..30, [0, 0], [1, 1, 1])
            .part(20..35, [1, 1], [1, 1, 2])
            .part(40..50, [0, 0], [1, 2, 0])
            .part(50..60, [0, 0], [1, 2, 0])
            .end(60, 0, 1)
            .trace();
        let task = &Model::of(&trace).tasks()[0].clone();
        let expected = [
            Stage::Wait(20 * MS),
            Stage::Parts(vec![10 * MS, 15 * MS]),
            Stage::Parts(vec![10 * MS]),
            Stage::Parts(vec![10 * MS]),
        ];
        assert_eq!(task.stages, expected);
        assert_eq!((task.work(), task.span()), (45 * MS, 55 * MS));
    }

    #[test]
    fn what_was_computed_at_once_always_may_be() {
        let trace = Script::new()
            .start(0, 0, 1, "A")
            .part(0..10, [0, 0], [1, 1, 0])
            .part(5..15, [1, 1], [1, 2, 0])
            .part(15..25, [1, 1], [1, 3, 0])
            .end(25, 0, 1)
            .trace();
        let expected = [Stage::Parts(vec![10 * MS, 10 * MS]), Stage::Parts(vec![10 * MS])];
        assert_eq!(Model::of(&trace).tasks()[0].stages, expected);
    }

    #[test]
    fn a_part_takes_as_long_as_it_was_executing() {
        let trace = Script::new()
            .start(0, 0, 1, "A")
            .part_with_gap(0..40, 10..30, [0, 0], [1, 1])
            .end(40, 0, 1)
            .trace();
        assert_eq!(Model::of(&trace).work(), 20 * MS);
    }

    #[test]
    fn a_task_that_began_after_others_had_ended_always_does() {
        let task = |work| Task::new([Stage::Parts(vec![work])]);
        // A and B at once; C after A, and D after all of them.
        let model = Model::of_intervals([
            (0, 10, task(10)),
            (0, 30, task(30)),
            (10, 20, task(10)),
            (30, 35, task(5)),
        ]);
        assert_eq!(model.tasks().iter().map(|task| task.after).collect::<Vec<_>>(), [0, 0, 1, 3]);
        assert_eq!((model.work(), model.span()), (55, 35));
    }

    #[test]
    fn tasks_without_a_length_are_in_nobodys_way() {
        let moment = |time| (time, time, Task::default());
        let model = Model::of_intervals([moment(5), moment(5), moment(0), moment(7)]);
        assert_eq!(model.tasks().iter().map(|task| task.after).collect::<Vec<_>>(), [0, 1, 1, 3]);
        assert_eq!(model.span(), 0);
    }

    #[test]
    fn a_task_that_never_ended_is_in_nobodys_way() {
        let trace = Script::new()
            .start(0, 0, 1, "A")
            .part(0..10, [0, 0], [1, 1, 0])
            .start(50, 1, 2, "B")
            .part(50..60, [1, 1], [2, 1, 0])
            .trace();
        assert_eq!(Model::of(&trace).span(), 10 * MS);
    }
}
