//! Whether a web was crawled as it should be.

use classroom::wire::Request;

use super::Facts;
use crate::finding::{Finding, Web};
use crate::log::Entry;

impl Facts<'_> {
    pub(super) fn fetches(&self, task: usize) -> impl Iterator<Item = &Entry> {
        self.log().entries.iter().filter(move |it| it.request == Request::Fetch { task })
    }

    /// When the program could first know of a page: when one had come that links to it.
    fn known(&self, task: usize) -> Option<u64> {
        let links = self.paper().links.iter().enumerate();
        let from = links.filter(|(_, links)| links.contains(&task)).map(|(from, _)| from);
        from.filter_map(|from| self.log().replied(&Request::Fetch { task: from })).min()
    }

    /// A page of a web that was fetched more than once.
    pub(super) fn fetched_again(&self) -> Option<Finding> {
        (0..self.paper().links.len()).find_map(|task| {
            let times = self.fetches(task).count();
            let task = self.paper().name(task).to_owned();
            (times > 1).then_some(Finding::Web(Web::Again { task, times }))
        })
    }

    pub(super) fn is_crawled(&self) -> Result<(), Finding> {
        if let Some(finding) = self.fetched_again() {
            return Err(finding);
        }
        for task in 0..self.paper().tasks.len() {
            let name = || self.paper().name(task).to_owned();
            // That nobody has fetched it is said elsewhere.
            let Some(first) = self.fetches(task).next() else { continue };
            if task > 0 && self.known(task).is_none_or(|known| known > first.came) {
                return Err(Finding::Web(Web::NotLinked { task: name() }));
            }
        }
        Ok(())
    }

    pub(super) fn are_few_fetches(&self) -> Result<(), Finding> {
        let (at_once, bound) = (self.log().most_fetches_at_once(), self.plan.bound);
        if at_once <= bound {
            return Ok(());
        }
        Err(Finding::Web(Web::TooMany { at_once, bound }))
    }
}
