//! Whether everything ended as it should when it was to.

use classroom::wire::Request;

use super::{Facts, consists_of};
use crate::finding::{Finding, Stop};

/// So many tasks have to be in progress when everything is to end: an end that one task hears of is no end of all.
const AT_ONCE: usize = 2;

impl Facts<'_> {
    /// When everything was to end, several tasks were in progress and some were left; what had begun was finished
    /// and counted, and nothing began afterwards.
    pub(super) fn is_stopped(&self) -> Result<(), Finding> {
        let stop = self.log().entries.iter().find(|it| it.request == Request::Stop);
        let Some((since, told)) = stop.and_then(|it| Some((it.came, it.replied?))) else {
            return Err(Finding::Stop(Stop::Unheard));
        };
        let computes = self.log().entries.iter().filter_map(|it| match it.request {
            Request::Compute { task } => Some((task, it.came)),
            _ => None,
        });
        let (begun, late): (Vec<_>, Vec<_>) = computes.partition(|&(_, came)| came < told);
        let [begun, late] = [begun, late].map(|all| all.into_iter().map(|(task, _)| task));
        let (begun, late): (Vec<usize>, Vec<usize>) = (begun.collect(), late.collect());
        let names = |tasks: &[usize]| -> Vec<String> {
            tasks.iter().map(|&task| self.paper().name(task).to_owned()).collect()
        };
        if !late.is_empty() {
            return Err(Finding::Stop(Stop::Begun { tasks: names(&late) }));
        }
        let in_progress = begun.len() - self.log().computed_before(told).min(begun.len());
        let left = self.paper().tasks.len().saturating_sub(begun.len());
        if in_progress < AT_ONCE || left == 0 {
            let awaited = self.log().computed_before(since) < self.paper().tasks.len();
            return Err(Finding::Stop(Stop::NothingToStop { in_progress, left, awaited }));
        }
        let spans = self.log().computes();
        let is_done = |task: &usize| spans.iter().any(|span| span.task == *task);
        let cut_off: Vec<usize> = begun.iter().copied().filter(|task| !is_done(task)).collect();
        if !cut_off.is_empty() {
            return Err(Finding::Stop(Stop::CutOff { tasks: names(&cut_off) }));
        }
        let sum: u64 = begun.iter().map(|&task| self.paper().tasks[task].hidden).sum();
        let given = self.log().answer().unwrap_or_default();
        if given == [sum] {
            return Ok(());
        }
        let (consists_of, tasks) = (consists_of(self.paper(), given), names(&begun));
        Err(Finding::WrongAnswer { given: given.to_vec(), consists_of, tasks })
    }
}
