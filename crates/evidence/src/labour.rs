//! Has a run done the work that its lines tell of?
//!
//! A line can be printed without the work that it announces. What cannot be had without it is time:
//! no step computes before its wait is over, no step is over without compute, and no run is shorter than
//! its own waits and compute allow. All three hold on any machine, however busy: a wait never ends
//! early, and compute never takes less than it takes.

use std::collections::HashMap;
use std::time::Duration;

use words::quadrant::{Model, Quadrant};
use words::{Answer, Axis, Time};

use crate::claim::Source;
use crate::reason::{Blame, Reason};
use crate::trace::{Line, Trace};
use crate::verdict::Verdict;

/// The work that is expected of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Labour {
    /// How many tasks there are.
    pub tasks: u32,
    /// How many steps each task has.
    pub steps: u32,
    /// How long a step waits before it computes, where it has to wait.
    pub wait: Option<Duration>,
    /// How many parts a step's compute is split into, at most.
    pub parts: u32,
    /// How long a step computes on one core of this machine, where that was measured.
    pub compute: Option<Duration>,
}

impl Labour {
    /// What of the work was left out, a reason each, by what was recorded of it.
    ///
    /// `executed` is how long the program executed by the kernel's account, where that is known, and
    /// `wall` how long the run took; the quadrant is the one that is promised of the program.
    #[must_use]
    pub fn missing_from(
        &self,
        trace: &Trace,
        quadrant: Quadrant,
        cores: u32,
        wall: Duration,
    ) -> Vec<Reason> {
        let mut missing = Vec::new();
        let steps = Steps::of(trace);
        missing.extend(self.skipped_waits(&steps));
        missing.extend(self.skipped_compute(&steps));
        missing.extend(self.too_little(&steps));
        if quadrant.is_concurrent() && missing.is_empty() {
            missing.extend(self.unused_waits(&steps));
        }
        // Whoever left out work is shorter for it; that needs no second sentence.
        if missing.is_empty() {
            missing.extend(self.too_short(&steps, quadrant, cores, wall));
        }
        missing.into_iter().map(|reason| reason.blaming(Blame::Program)).collect()
    }

    /// Threads that executed at once, and never did two of them do any of the work at once: whoever waited
    /// for a turn executed as well.
    ///
    /// That threads execute at once is parallel to the letter. Somebody who promises that the *work* is done in
    /// parallel has not kept the promise.
    #[must_use]
    pub fn done_in_turn(&self, verdict: &Verdict) -> Option<Reason> {
        let recorded = verdict.claim(Axis::Parallel, Source::Recorder)?;
        let computed = recorded.amount.of?;
        let outside = [Source::Switches, Source::Accounts];
        let outside = outside.iter().find_map(|&source| verdict.claim(Axis::Parallel, source))?;
        let executed = outside.amount.of?;
        // A runtime's own doings are little beside the work.
        let is_spun = executed.saturating_sub(computed) * 2 > computed;
        let answers = [verdict.parallel.answer, recorded.answer];
        (is_spun && answers == [Answer::Proven, Answer::RuledOut]).then(|| {
            let sentence = format!(
                "Threads executed at once, and never did two of them compute at once: {} of compute \
                 were done in turn, in {} of execution. Who waited for a turn executed as well, as in a \
                 loop that asks for a lock again and again.",
                Time(computed),
                Time(executed)
            );
            Reason::new("spun-waits", sentence).blaming(Blame::Program)
        })
    }

    /// Steps that computed before their wait can have been over.
    fn skipped_waits(&self, steps: &Steps) -> Option<Reason> {
        /// How far the clocks of a timer and of the trace may lie apart.
        const CLOCKS: Duration = Duration::from_micros(100);
        let wait = self.wait?;
        let early =
            |step: &&Step| step.waited.is_some_and(|waited| waited + CLOCKS + wait / 100 < wait);
        let early: Vec<&Step> = steps.all.iter().filter(early).collect();
        let first = early.first()?;
        let sentence = format!(
            "Step {} of task {} computed {} after it was announced, where it should wait for {}: {} \
             of {} waits were left out, cut short, or begun and never waited for.",
            first.number,
            first.task,
            Time(first.waited.unwrap_or_default()),
            Time(wait),
            early.len(),
            self.tasks * self.steps
        );
        Some(Reason::new("no-wait", sentence))
    }

    /// Steps without compute.
    fn skipped_compute(&self, steps: &Steps) -> Option<Reason> {
        let idle: Vec<&Step> = steps.all.iter().filter(|step| step.waited.is_none()).collect();
        if let Some(first) = idle.first() {
            let sentence = format!(
                "Step {} of task {} was announced, and nothing was computed in it: {} of {} steps did \
                 not compute.",
                first.number,
                first.task,
                idle.len(),
                self.tasks * self.steps
            );
            return Some(Reason::new("no-compute-in-step", sentence));
        }
        let announced = u32::try_from(steps.all.len()).unwrap_or(u32::MAX);
        (announced < self.tasks * self.steps).then(|| {
            let sentence = format!(
                "{announced} of {} steps were announced by a task on record: the others may have been \
                 printed, but nobody was at them.",
                self.tasks * self.steps
            );
            Reason::new("steps-without-task", sentence)
        })
    }

    /// Steps of which none was under way while another task's was: the tasks may have
    /// been begun together, and were done one after the other.
    fn unused_waits(&self, steps: &Steps) -> Option<Reason> {
        let mut spans: Vec<(Duration, Duration, &str)> =
            steps.all.iter().map(|step| (step.line, step.end, step.task.as_str())).collect();
        spans.sort_unstable();
        // In the order of their lines: a step that begins before one of another task ends overlaps the
        // one that ends last of those before it, or the last one of another task.
        let mut before: Vec<(Duration, &str)> = Vec::new();
        for (line, end, task) in spans {
            if before.iter().any(|&(until, other)| other != task && line < until) {
                return None;
            }
            before.retain(|&(_, other)| other != task);
            before.push((end, task));
        }
        let sentence = format!(
            "No step of one task was under way during a step of another, in {} steps: whatever was \
             begun together, the tasks were done one after the other.",
            steps.all.len()
        );
        Some(Reason::new("unused-waits", sentence))
    }

    /// Less than a quarter of the compute that others needed for the same. (The cores of one machine may
    /// differ by a factor of three.)
    fn too_little(&self, steps: &Steps) -> Option<Reason> {
        let (computed, expected) = (steps.computed?, self.compute? * self.tasks * self.steps);
        (computed < expected / 4).then(|| {
            let sentence = format!(
                "All steps together computed for {}, where the same work takes {} on this machine.",
                Time(computed),
                Time(expected)
            );
            Reason::new("too-little-compute", sentence)
        })
    }

    /// A run that is shorter than its own waits and compute allow.
    fn too_short(
        &self,
        steps: &Steps,
        quadrant: Quadrant,
        cores: u32,
        wall: Duration,
    ) -> Option<Reason> {
        let compute = steps.computed? / (self.tasks * self.steps).max(1);
        let Labour { tasks, steps, wait: Some(wait), parts, .. } = *self else { return None };
        let bound = quadrant.bound(&Model { tasks, steps, wait, compute, cores, parts });
        // CPU clocks run ahead by some microseconds each time that a thread is woken.
        (wall + bound / 20 + Duration::from_millis(1) < bound).then(|| {
            let sentence = format!(
                "The run took {}, where with waits of {} and the {} that a step computed no run in \
                 this quadrant takes less than {}: it has not done all of its work.",
                Time(wall),
                Time(wait),
                Time(compute),
                Time(bound)
            );
            Reason::new("too-short", sentence)
        })
    }
}

/// The steps that were announced.
struct Steps {
    all: Vec<Step>,
    /// How long all parts executed, at least, where the system tells.
    computed: Option<Duration>,
}

/// A step that was announced by a line.
struct Step {
    task: String,
    number: u16,
    /// When its line was printed, and when its last part had ended.
    line: Duration,
    end: Duration,
    /// The time from its line to its first part; nothing where it has none.
    waited: Option<Duration>,
}

impl Steps {
    fn of(trace: &Trace) -> Steps {
        let mut computed: HashMap<(u32, u16), (Duration, Duration)> = HashMap::new();
        for part in &trace.parts {
            let step = computed.entry((part.task, part.step)).or_insert((part.start, part.last));
            *step = (part.start.min(step.0), part.last.max(step.1));
        }
        let names: HashMap<u32, &str> =
            trace.tasks.iter().map(|task| (task.number, &*task.name)).collect();
        let announced = |line: &Line| Some((line.time, line.task, line.step?));
        let lines = trace.lines.iter().filter_map(announced);
        let step = |(line, task, number): (Duration, u32, u16)| {
            let span = computed.get(&(task, number));
            Step {
                task: names.get(&task).map_or_else(|| task.to_string(), |name| (*name).to_owned()),
                number,
                line,
                end: span.map_or(line, |&(_, end)| end),
                waited: span.map(|(begin, _)| begin.saturating_sub(line)),
            }
        };
        let all = lines.map(step).collect();
        let computed = trace.chunks.iter().map(|chunk| Some(chunk.executing?.at_least)).sum();
        Steps { all, computed }
    }
}
