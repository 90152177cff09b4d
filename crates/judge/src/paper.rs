//! The paper of a run: its tasks, each with what is hidden in it.

use classroom::puzzle::Puzzle;
use classroom::stand_in;

use crate::seed::Seed;

/// How many pages are one below each page of a web.
const WIDTH: usize = 3;

/// What is set in one run.
#[derive(Clone, Debug)]
pub struct Paper {
    /// The stage that is to be run.
    pub stage: String,
    /// Its tasks.
    pub tasks: Vec<Set>,
    /// Whether a task's page has to be fetched. Otherwise it is had together with leave to compute.
    pub fetched: bool,
    /// To which pages each page links, where they are a web: none where all are known from the beginning.
    pub links: Vec<Vec<usize>>,
    /// The page of a web that comes last, where a schedule has one come last. Never the first one.
    pub slow: usize,
}

/// A task as it is set.
#[derive(Clone, Debug)]
pub struct Set {
    /// Its name.
    pub name: String,
    /// Its page.
    pub puzzle: Puzzle,
    /// What is hidden there.
    pub hidden: u64,
}

impl Paper {
    /// Sets so many tasks, each of so many tries.
    #[must_use]
    pub fn set(stage: &str, tasks: usize, tries: u64, fetched: bool, seed: Seed) -> Paper {
        let tasks = (0..tasks).map(|task| set(task, tries, None, seed)).collect();
        Paper { stage: stage.to_owned(), tasks, fetched, links: Vec::new(), slow: 0 }
    }

    /// The same tasks, in which numbers are hidden that are all even (0) or all odd (1). Whatever a program makes
    /// depend on that, it does for each task or for none.
    #[must_use]
    pub fn of_parity(mut self, parity: u64, seed: Seed) -> Paper {
        for (task, old) in self.tasks.iter_mut().enumerate() {
            *old = set(task, old.puzzle.tries, Some(parity), seed);
        }
        self
    }

    /// The same tasks, whose pages are a web: from the first one all can be reached. Each links to the next one as
    /// well, somewhere across, and home, so that to each page there are several links.
    #[must_use]
    pub fn as_web(mut self, seed: Seed) -> Paper {
        let all = self.tasks.len();
        let links = |page: usize| {
            let below = (WIDTH * page + 1..).take(WIDTH).filter(|&below| below < all);
            let across = usize::try_from(seed.draw("across", page as u64) % all as u64);
            below.chain([(page + 1) % all, across.unwrap_or(0), 0]).collect()
        };
        self.links = (0..all).map(links).collect();
        let others = all.saturating_sub(1).max(1) as u64;
        self.slow = 1 + usize::try_from(seed.draw("slow", 0) % others).unwrap_or(0);
        self
    }

    /// What all tasks' hidden numbers add up to.
    #[must_use]
    pub fn sum(&self) -> u64 {
        self.tasks.iter().map(|task| task.hidden).sum()
    }

    /// The name of a task, for a sentence.
    #[must_use]
    pub fn name(&self, task: usize) -> &str {
        self.tasks.get(task).map_or("?", |task| &task.name)
    }
}

fn set(task: usize, tries: u64, parity: Option<u64>, seed: Seed) -> Set {
    let seed = seed.part("task", task as u64);
    // So small that sums of thousands fit, and so many that nobody guesses one.
    let first = (1 << 32) + (seed.draw("first", 0) >> 20);
    let place = seed.draw("place", 0) % tries.max(1);
    let first = first + parity.map_or(0, |parity| (first + place + parity) % 2);
    let puzzle = Puzzle::hide(seed.draw("key", 0), first, tries, place);
    Set { name: stand_in::name(task), puzzle, hidden: first + place }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The pages that are reached by links without this one.
    fn reached_without(paper: &Paper, missing: Option<usize>) -> BTreeSet<usize> {
        let (mut reached, mut next) = (BTreeSet::from([0]), vec![0]);
        while let Some(page) = next.pop() {
            let links = paper.links[page].iter().filter(|&&link| Some(link) != missing);
            next.extend(links.filter(|&&link| reached.insert(link)));
        }
        reached
    }

    #[test]
    fn every_page_of_a_web_can_be_reached_and_needs_no_other_one_but_the_first() {
        let paper = Paper::set("crawl", 17, 10, true, Seed::new(1)).as_web(Seed::new(2));
        assert_eq!(reached_without(&paper, None).len(), 17);
        for missing in 1..17 {
            assert_eq!(reached_without(&paper, Some(missing)).len(), 16, "without {missing}");
        }
    }

    #[test]
    fn all_finds_are_even_or_all_are_odd_where_they_are_to_be() {
        let paper = |parity| {
            Paper::set("lose", 40, 1_000, false, Seed::new(1)).of_parity(parity, Seed::new(1))
        };
        for parity in 0..2 {
            let tasks = paper(parity).tasks;
            assert!(tasks.iter().all(|task| task.hidden % 2 == parity));
            assert!(tasks.iter().all(|task| task.puzzle.search() == task.hidden));
        }
    }

    #[test]
    fn any_page_but_the_first_may_be_the_slow_one() {
        let web = |seed| Paper::set("crawl", 4, 10, true, Seed::new(1)).as_web(Seed::new(seed));
        let slow: BTreeSet<usize> = (0..60).map(|seed| web(seed).slow).collect();
        assert_eq!(slow, BTreeSet::from([1, 2, 3]));
    }

    #[test]
    fn who_searches_finds_what_the_judge_has_hidden() {
        let paper = Paper::set("solve", 3, 1_000, true, Seed::new(1));
        for task in &paper.tasks {
            assert_eq!(task.puzzle.search(), task.hidden);
        }
        assert_eq!(paper.tasks[2].name, "C");
    }
}
