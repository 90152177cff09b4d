//! On which cores a program lets its own threads execute.
//!
//! A program may restrict itself to fewer cores than it was given. What it then does not do at once is its own
//! doing, and not that of a busy machine.

use std::collections::{BTreeSet, HashMap};

use crate::onlooker::{Onlooker, Seen};

/// The fewest cores on which each thread might execute at any look, by the system's number of the thread.
#[derive(Clone, Debug, Default)]
pub struct Places {
    fewest: HashMap<u32, BTreeSet<usize>>,
}

impl Places {
    /// Adds a look at one thread.
    fn note(&mut self, thread: u32, cores: BTreeSet<usize>) {
        let fewest = self.fewest.entry(thread).or_insert_with(|| cores.clone());
        if cores.len() < fewest.len() {
            *fewest = cores;
        }
    }

    /// The only core on which any of these threads might execute; none if there are several, or if one of the
    /// threads was never looked at.
    #[must_use]
    pub fn only_core(&self, threads: impl IntoIterator<Item = u32>) -> Option<usize> {
        let each: Option<Vec<_>> =
            threads.into_iter().map(|thread| self.fewest.get(&thread)).collect();
        let all: BTreeSet<usize> = each?.into_iter().flatten().copied().collect();
        all.first().copied().filter(|_| all.len() == 1)
    }
}

/// An onlooker that notes as well where each thread may execute.
pub struct Noting {
    onlooker: Box<dyn Onlooker>,
    /// What it has noted so far.
    pub places: Places,
}

impl Noting {
    /// Notes it of all threads at which this one looks.
    #[must_use]
    pub fn new(onlooker: Box<dyn Onlooker>) -> Noting {
        Noting { onlooker, places: Places::default() }
    }
}

impl Onlooker for Noting {
    fn look(&mut self) -> Option<Vec<Seen>> {
        let seen = self.onlooker.look()?;
        for thread in &seen {
            if let Some(cores) = cores(thread.number) {
                self.places.note(thread.number, cores);
            }
        }
        Some(seen)
    }

    fn identify(&mut self, inner: u64) -> Option<u32> {
        self.onlooker.identify(inner)
    }

    fn end(&mut self) {
        self.onlooker.end();
    }
}

/// The cores on which this thread may execute; `None` where the system does not tell.
#[cfg(target_os = "linux")]
fn cores(thread: u32) -> Option<BTreeSet<usize>> {
    use rustix::process::Pid;
    use rustix::thread::{CpuSet, sched_getaffinity};

    let thread = Pid::from_raw(i32::try_from(thread).ok()?)?;
    let set = sched_getaffinity(Some(thread)).ok()?;
    // The last core of all is far away, and mostly not looked for.
    let count = usize::try_from(set.count()).ok()?;
    Some((0..CpuSet::MAX_CPU).filter(|&core| set.is_set(core)).take(count).collect())
}

#[cfg(not(target_os = "linux"))]
fn cores(_: u32) -> Option<BTreeSet<usize>> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn threads_have_one_core_only_where_each_of_them_was_kept_to_it() {
        let mut places = Places::default();
        for (thread, cores) in
            [(1, [0, 1].as_slice()), (1, &[0]), (1, &[0, 1]), (2, &[0]), (3, &[1])]
        {
            places.note(thread, cores.iter().copied().collect());
        }
        assert_eq!(places.only_core([1, 2]), Some(0));
        assert_eq!(places.only_core([1, 3]), None, "one core each");
        assert_eq!(places.only_core([1, 4]), None, "nobody has looked at the last one");
        assert_eq!(places.only_core([]), None);
    }
}
