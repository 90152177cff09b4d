//! What came of a class: a student a row, an exercise a cell.

use judge::lanes::{Lane, lanes};
use judge::{Exercise, Finding, Run, Seed};
use words::Outcome;

/// A student's row.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) student: String,
    /// In the order of the exercises.
    pub(super) cells: Vec<Graded>,
}

/// An exercise, graded.
#[derive(Clone, Debug)]
pub(super) struct Graded {
    /// The name of its file, without its end.
    pub(super) exercise: String,
    pub(super) title: String,
    /// What came of it; none where it was not handed in.
    pub(super) outcome: Option<Outcome>,
    /// The name of the finding that decides; `passed` where it passed.
    pub(super) found: String,
    /// What was found, in sentences.
    pub(super) said: String,
    /// A point for each run that passed.
    pub(super) points: usize,
    /// How many runs there are.
    pub(super) of: usize,
    /// Whether that is about the work: it was done, or this is wrong with it. A program that merely ended, or was
    /// never run, says nothing of what its author believes.
    pub(super) is_of_work: bool,
    /// From what its secrets were drawn.
    pub(super) seed: Seed,
    /// What was done with each task in the run that decides.
    pub(super) picture: Vec<Lane>,
}

impl Row {
    /// How many points were made.
    pub(super) fn points(&self) -> usize {
        self.cells.iter().map(|cell| cell.points).sum()
    }

    /// How many there were to make.
    pub(super) fn of(&self) -> usize {
        self.cells.iter().map(|cell| cell.of).sum()
    }
}

impl Graded {
    /// An exercise that was not handed in. That is no failure, and has no points.
    pub(super) fn missing(exercise: &Exercise, seed: Seed) -> Graded {
        Graded {
            exercise: exercise.file(),
            title: exercise.title.clone(),
            outcome: None,
            found: "missing".to_owned(),
            said: "It was not handed in.".to_owned(),
            points: 0,
            of: exercise.runs.len(),
            is_of_work: false,
            seed,
            picture: Vec::new(),
        }
    }

    /// What came of it, for programs.
    pub(super) fn outcome_name(&self) -> &'static str {
        self.outcome.map_or("missing", Outcome::name)
    }

    /// The same, with what these runs came to.
    pub(super) fn by(mut self, runs: &[Run]) -> Graded {
        self.outcome = Some(runs.iter().map(Run::outcome).collect());
        self.points = runs.iter().filter(|run| run.outcome() == Outcome::Passed).count();
        let decides = runs.last().and_then(Run::finding);
        let decides = decides.filter(|finding| finding.outcome() != Outcome::Passed);
        self.is_of_work = decides.is_none_or(is_of_work);
        self.found = decides.map_or("passed", Finding::name).to_owned();
        self.said = decides.map(ToString::to_string).unwrap_or_default();
        self.picture = runs.last().map(|run| lanes(&run.attended.hall)).unwrap_or_default();
        self
    }

    /// The same, which could not be judged for a reason that is the student's.
    pub(super) fn failed(mut self, found: &str, said: &str) -> Graded {
        self.outcome = Some(Outcome::Failed);
        (self.found, self.said) = (found.to_owned(), said.to_owned());
        self
    }

    /// The same, which could not be judged for a reason that is ours: neither passed nor failed.
    pub(super) fn not_judged(mut self, said: &str) -> Graded {
        self.outcome = Some(Outcome::NotShown);
        (self.found, self.said) = ("not-judged".to_owned(), said.to_owned());
        self
    }
}

/// Whether a finding is about how the work was done, and not about how the program ended, or how it spoke.
fn is_of_work(finding: &Finding) -> bool {
    let is_of_program = matches!(
        finding,
        Finding::Program(_) | Finding::Trouble(_) | Finding::NeverAsked | Finding::NoAnswer { .. }
    );
    finding.outcome() == Outcome::Failed && !is_of_program
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_merely_ended_says_nothing_about_the_work() {
        let panicked = supervise::Finding::Panicked {
            thread: "main".to_owned(),
            place: "src/bin/02_overlap.rs:1:1".to_owned(),
            message: "no".to_owned(),
        };
        let of_programs = [
            Finding::Program(panicked),
            Finding::NeverAsked,
            Finding::NoAnswer { ending: "exited".to_owned() },
            Finding::NotShown { reason: "One core.".to_owned(), may_differ: false },
        ];
        for finding in of_programs {
            assert!(!is_of_work(&finding), "{finding:?}");
        }
        assert!(is_of_work(&Finding::NoCompute));
        assert!(is_of_work(&Finding::Hung { threads: Vec::new() }));
    }
}
