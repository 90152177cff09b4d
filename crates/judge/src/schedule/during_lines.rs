//! Pages that come while somebody is at another one's line.

use classroom::wire::Request;

use super::Schedule;
use crate::hall::Hall;
use crate::log::Ticket;

/// Hands pages out one at a time, each when nothing else goes on any more; and all but the first while a line is
/// being printed, which is not done before.
///
/// It is the unluckiest of all machines: whoever goes through its tasks, and sleeps where none of them can get on,
/// is told of a page when it has looked at that task, and does not sleep yet. Pages come from either end in turn,
/// so that one is missed whichever way the tasks are gone through. No other page comes before somebody has gone on
/// with the last one: it would wake whoever has missed that.
#[derive(Debug)]
pub struct DuringLines {
    /// The task whose page comes first.
    first: usize,
    /// The task whose page came last.
    last: Option<usize>,
    /// The line during which it came.
    line: Option<Ticket>,
}

impl DuringLines {
    /// With this task's page first.
    #[must_use]
    pub fn new(first: usize) -> DuringLines {
        DuringLines { first, last: None, line: None }
    }

    /// Hands out the page that is farthest from the last one, if somebody has gone on with that: whether there
    /// was any.
    fn hand_out(&mut self, hall: &mut Hall) -> bool {
        let distance = |task: usize| match self.last {
            Some(last) => task.abs_diff(last),
            None => usize::from(task == self.first),
        };
        let held = hall.held().into_iter();
        let pages = held.filter_map(|ticket| Some((page(hall.request(ticket))?, ticket)));
        let next = pages.max_by_key(|&(task, _)| distance(task));
        let has_gone_on = hall.fetched.is_subset(&hall.computed);
        let Some((task, ticket)) = next.filter(|_| has_gone_on) else { return false };
        self.last = Some(task);
        hall.release(ticket);
        true
    }
}

fn page(request: &Request) -> Option<usize> {
    match *request {
        Request::Fetch { task } => Some(task),
        _ => None,
    }
}

fn is_line(request: &Request) -> bool {
    matches!(request, Request::Say { .. })
}

impl Schedule for DuringLines {
    fn came(&mut self, ticket: Ticket, hall: &mut Hall) {
        let request = hall.request(ticket);
        if page(request).is_none() && !is_line(request) {
            hall.release(ticket);
        }
    }

    fn standstill(&mut self, hall: &mut Hall) {
        let line = hall.held_for(is_line).first().copied();
        let is_disturbed = line.is_some() && line == self.line;
        self.line = line;
        if is_disturbed || !self.hand_out(hall) {
            line.into_iter().for_each(|ticket| hall.release(ticket));
        }
    }

    fn impatience(&mut self, hall: &mut Hall) {
        self.standstill(hall);
    }
}
