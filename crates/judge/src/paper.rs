//! The paper of a run: its tasks, each with what is hidden in it.

use classroom::puzzle::Puzzle;
use classroom::stand_in;

use crate::seed::Seed;

/// What is set in one run.
#[derive(Clone, Debug)]
pub struct Paper {
    /// The stage that is to be run.
    pub stage: String,
    /// Its tasks.
    pub tasks: Vec<Set>,
    /// Whether a task's page has to be fetched. Otherwise it is had together with leave to compute.
    pub fetched: bool,
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
        let tasks = (0..tasks).map(|task| set(task, tries, seed)).collect();
        Paper { stage: stage.to_owned(), tasks, fetched }
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

fn set(task: usize, tries: u64, seed: Seed) -> Set {
    let seed = seed.part("task", task as u64);
    // So small that sums of thousands fit, and so many that nobody guesses one.
    let first = (1 << 32) + (seed.draw("first", 0) >> 20);
    let place = seed.draw("place", 0) % tries.max(1);
    let puzzle = Puzzle::hide(seed.draw("key", 0), first, tries, place);
    Set { name: stand_in::name(task), puzzle, hidden: first + place }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_searches_finds_what_the_judge_has_hidden() {
        let paper = Paper::set("solve", 3, 1_000, true, Seed::new(1));
        for task in &paper.tasks {
            assert_eq!(task.puzzle.search(), task.hidden);
        }
        assert_eq!(paper.tasks[2].name, "C");
    }
}
