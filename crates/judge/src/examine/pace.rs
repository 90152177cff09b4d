//! Whether everybody got on who could.

use classroom::wire::Request;

use super::{Facts, fetched, says};
use crate::finding::{Finding, Pace, Person};
use crate::schedule::Kind;

impl Facts<'_> {
    /// Whether all others were computed before the long task was, or the late page came.
    pub(super) fn is_none_behind(&self) -> Result<(), Finding> {
        let (long, what, event) = match self.plan.schedule {
            Kind::OneTakesLong { task } => (task, "Task", Request::Compute { task }),
            Kind::Late { last: task } => (task, "The page of", Request::Fetch { task }),
            _ => return Ok(()),
        };
        let Some(done) = self.log().replied(&event) else { return Ok(()) };
        let behind = self.log().computes().into_iter().filter(|it| it.task != long && it.to > done);
        let tasks: Vec<String> = behind.map(|it| self.paper().name(it.task).to_owned()).collect();
        if tasks.is_empty() {
            return Ok(());
        }
        let long = format!("{what} {}", self.paper().name(long));
        let finding = Finding::Pace(Pace::Behind { tasks, long });
        // Who has no core to compute on waits for one; to wait for a page one needs none.
        let is_for_core = matches!(event, Request::Compute { .. });
        Err(if is_for_core { self.unless_one_core(finding) } else { finding })
    }

    /// The page with which nobody went on, where everybody waits.
    pub(super) fn unseen(&self, threads: Vec<Person>) -> Finding {
        let entries = &self.log().entries;
        let last = entries.iter().filter_map(|it| Some((it.replied?, fetched(&it.request)?))).max();
        let last = last.filter(|(_, task)| !self.hall().computed.contains(task));
        let Some((came, task)) = last else { return Finding::Hung { threads } };
        let during = entries.iter().find_map(|it| {
            let Request::Say { text } = &it.request else { return None };
            let line = says(self.paper(), text).filter(|_| it.was_waiting(came))?;
            Some((self.called(it.worker.1), self.paper().name(line).to_owned()))
        });
        let task = self.paper().name(task).to_owned();
        Finding::Pace(Pace::PageUnseen { task, during, threads })
    }

    /// Whether no more threads wanted to compute at once than can.
    pub(super) fn is_at_most_cores(&self) -> Result<(), Finding> {
        let (at_once, cores) = (self.log().most_wanted_at_once(), self.cores);
        if at_once <= cores {
            return Ok(());
        }
        Err(Finding::Pace(Pace::Crowd { at_once, cores }))
    }

    /// A page that was fetched more than once, where all are to be waited for at once. (Of a web something else
    /// is asked.)
    pub(super) fn fetched_twice(&self) -> Option<Finding> {
        let is_asked = matches!(self.plan.schedule, Kind::Together { .. });
        if !is_asked || !self.paper().links.is_empty() {
            return None;
        }
        (0..self.paper().tasks.len()).find_map(|task| {
            let times = self.fetches(task).count();
            let task = self.paper().name(task).to_owned();
            (times > 1).then_some(Finding::Pace(Pace::FetchedAgain { task, times }))
        })
    }

    /// A task that was computed more than once. (In a web it may be the page that was fetched more than once,
    /// which is another fault.)
    pub(super) fn done_again(&self) -> Option<Finding> {
        let computes = self.log().computes();
        (0..self.paper().tasks.len()).find_map(|task| {
            let times = computes.iter().filter(|span| span.task == task).count();
            if !self.paper().links.is_empty() && times <= self.fetches(task).count() {
                return None;
            }
            let task = self.paper().name(task).to_owned();
            (times > 1).then_some(Finding::Pace(Pace::Again { task, times }))
        })
    }
}
