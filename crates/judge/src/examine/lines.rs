//! Whether lines came in time: none too early, and none later than it had to.

use classroom::wire::Request;

use super::Facts;
use crate::finding::{Finding, Lines};
use crate::hall::Hall;
use crate::log::Log;
use crate::paper::Paper;
use crate::schedule::Kind;

/// The task whose find a line says: one of its words is the find.
#[must_use]
pub(crate) fn says(paper: &Paper, line: &str) -> Option<usize> {
    let numbers = line.split(|c: char| !c.is_ascii_digit()).filter_map(|word| word.parse().ok());
    let said: Vec<u64> = numbers.collect();
    paper.tasks.iter().position(|task| said.contains(&task.hidden))
}

/// How many tasks' lines came before the first line of which this holds.
#[must_use]
pub(crate) fn lines_before(hall: &Hall, holds: impl Fn(&str) -> bool) -> usize {
    let before = hall.log.lines().take_while(|(_, text)| !holds(text));
    before.filter(|(_, text)| says(&hall.paper, text).is_some()).count()
}

impl Log {
    /// How many tasks were computed before this time.
    #[must_use]
    pub(crate) fn computed_before(&self, time: u64) -> usize {
        self.computes().iter().filter(|span| span.to < time).count()
    }
}

impl Facts<'_> {
    /// When each task's line was said: once, and no more.
    fn said(&self) -> Result<Vec<u64>, Finding> {
        let of_task = |task: usize| {
            let mut lines =
                self.log().lines().filter(|(_, text)| says(self.paper(), text) == Some(task));
            let (line, more) = (lines.next(), lines.count());
            if more > 0 {
                let (task, times) = (self.paper().name(task).to_owned(), 1 + more);
                return Err(Finding::Lines(Lines::Again { task, times }));
            }
            let what = || format!("what task {} found", self.paper().name(task));
            line.map(|(came, _)| came)
                .ok_or_else(|| Finding::Lines(Lines::Missing { what: what() }))
        };
        (0..self.paper().tasks.len()).map(of_task).collect()
    }

    pub(super) fn is_last_line(&self) -> Result<(), Finding> {
        let said = self.said()?;
        let mut others = self.log().lines().filter(|(_, text)| says(self.paper(), text).is_none());
        // Where the last line is a certain one it must not have been said before, either.
        let closing = match &self.plan.closing {
            Some(closing) => others.find(|(_, text)| text.trim() == closing),
            None => others.last(),
        };
        let Some((came, line)) = closing else {
            let what = self.plan.closing.as_ref().map(|closing| format!("“{closing}”"));
            let what = what.unwrap_or("that this was all".to_owned());
            return Err(Finding::Lines(Lines::Missing { what }));
        };
        let done = self.lines_done();
        if let Some(task) = (0..said.len()).find(|&task| done[task] > came) {
            let before = self.line_of(task);
            return Err(Finding::Lines(Lines::Early { line: line.to_owned(), before }));
        }
        let Kind::Late { last } = self.plan.schedule else { return Ok(()) };
        let late = self.log().replied(&Request::Fetch { task: last });
        let until = || format!("the page of {} had come", self.paper().name(last));
        self.not_held_back(&said, last, late, until)
    }

    /// When each task's line had been printed, which may be long after it came.
    fn lines_done(&self) -> Vec<u64> {
        let mut done = vec![0; self.paper().tasks.len()];
        for entry in &self.log().entries {
            let Request::Say { text } = &entry.request else { continue };
            if let Some(task) = says(self.paper(), text) {
                done[task] = entry.replied.unwrap_or(u64::MAX);
            }
        }
        done
    }

    pub(super) fn are_lines_in_order(&self) -> Result<(), Finding> {
        let said = self.said()?;
        let Some(early) = (1..said.len()).find(|&task| said[task] < said[task - 1]) else {
            return Ok(());
        };
        let line = self.log().lines().find(|(came, _)| *came == said[early]);
        let line = line.map_or(String::new(), |(_, text)| text.to_owned());
        Err(Finding::Lines(Lines::Early { line, before: self.line_of(early - 1) }))
    }

    pub(super) fn is_streamed(&self) -> Result<(), Finding> {
        let Kind::OneTakesLong { task: long } = self.plan.schedule else { return Ok(()) };
        let done = self.log().replied(&Request::Compute { task: long });
        let until = || format!("task {} was computed", self.paper().name(long));
        self.not_held_back(&self.said()?, long, done, until)
    }

    /// Whether every line but that of one task was said before something happened, if what it says was known.
    fn not_held_back(
        &self,
        said: &[u64],
        but: usize,
        event: Option<u64>,
        until: impl Fn() -> String,
    ) -> Result<(), Finding> {
        let Some(event) = event else { return Ok(()) };
        let known = self.log().computes().into_iter().filter(|span| span.to < event);
        let mut late =
            known.map(|span| span.task).filter(|&task| task != but && said[task] > event);
        let Some(task) = late.next() else { return Ok(()) };
        let task = self.paper().name(task).to_owned();
        Err(Finding::Lines(Lines::HeldBack { task, until: until() }))
    }

    /// Whether by the end of each task's line more had been made than was said, and no more than may wait. Lines
    /// of no task, a heading say, take nothing away from what waits.
    pub(super) fn is_bounded(&self) -> Result<(), Finding> {
        let (log, bound, all) = (self.log(), self.plan.bound, self.paper().tasks.len());
        let lines = log.entries.iter().filter(|it| match &it.request {
            Request::Say { text } => says(self.paper(), text).is_some(),
            _ => false,
        });
        for (said, line) in (1..).zip(lines) {
            let made = log.computed_before(line.replied.unwrap_or(u64::MAX));
            // Beside what waits there is one in the hand of whoever makes them.
            if made > said + bound + 1 {
                return Err(Finding::Lines(Lines::TooFarAhead { made, said, bound }));
            }
            if made <= said && made < all {
                return Err(Finding::Lines(Lines::LockStep { said }));
            }
        }
        self.said().map(|_| ())
    }

    fn line_of(&self, task: usize) -> String {
        format!("the line of {}", self.paper().name(task))
    }
}
