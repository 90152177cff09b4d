//! Whether the exercises themselves are in order: what is promised of them, held against files and programs.
//!
//! Two kinds of checks. [`files`] and [`starts`] need to run nothing: manifest, starts, solutions and the package
//! agree, both ways. [`entries`] lists what has to be run: every start fails for its stated reason, every solution and
//! every honest alternative passes, every known wrong answer is rejected *for its reason*.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use words::{Outcome, count};

use crate::cut;
use crate::finding::Finding;
use crate::manifest::{Exercise, Manifest, Misconception, Other};
use crate::run::Run;

/// A program that has to be judged, and what has to come of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The package of the program.
    pub package: &'static str,
    /// The program's name.
    pub program: String,
    /// Which of its answers, if it has several.
    pub argument: Option<String>,
    /// The finding by which it has to be rejected; none if it has to pass.
    pub reason: Option<String>,
    /// Another one by which it may be, on a machine that confines programs less.
    pub elsewhere: Option<String>,
}

/// Everything that has to be judged of an exercise: its start, its solution, all other answers.
#[must_use]
pub fn entries(exercise: &Exercise) -> Vec<Entry> {
    let file = exercise.file();
    let other = |other: &Other| Entry {
        package: "answers",
        program: format!("{file}-others"),
        argument: Some(other.name.clone()),
        reason: other.reason.clone(),
        elsewhere: other.elsewhere.clone(),
    };
    let (argument, solution) = (None, format!("{file}-solution"));
    let start = Entry {
        package: "exercises",
        program: file.clone(),
        argument: argument.clone(),
        reason: Some(exercise.start.clone()),
        elsewhere: None,
    };
    let (reason, elsewhere) = (None, None);
    let solution = Entry { package: "answers", program: solution, argument, reason, elsewhere };
    let others = exercise.honest.iter().chain(&exercise.wrong).map(other);
    [start, solution].into_iter().chain(others).collect()
}

/// What came of an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// What had to.
    Kept,
    /// Nothing could be shown.
    NotShown,
    /// Something else.
    Broken,
}

impl Entry {
    /// Whether what came of it had to.
    #[must_use]
    pub fn kept(&self, runs: &[Run]) -> Kept {
        let Some(last) = runs.last() else { return Kept::Broken };
        let found = last.finding().map(Finding::name);
        match (&self.reason, last.outcome()) {
            (_, Outcome::NotShown) => Kept::NotShown,
            (None, Outcome::Passed) => Kept::Kept,
            (Some(_), Outcome::Failed) if found.is_some_and(|it| self.is_reason(it)) => Kept::Kept,
            _ => Kept::Broken,
        }
    }

    fn is_reason(&self, found: &str) -> bool {
        self.reason.iter().chain(&self.elsewhere).any(|reason| reason == found)
    }

    /// Its name, for people.
    #[must_use]
    pub fn name(&self) -> String {
        self.argument
            .as_ref()
            .map_or_else(|| self.program.clone(), |it| format!("{} {it}", self.program))
    }
}

/// How many answers an exercise has to have that pass, beside its solution: written otherwise, or one may be
/// asked for what only the solution does.
const HONEST: usize = 2;

/// How many wrong ones it has to have, each a mistake that somebody makes.
const WRONG: usize = 5;

/// Whether manifest, package and the names of files agree, and there are answers enough to judge an exercise by:
/// every fault, in a sentence.
#[must_use]
pub fn files(manifest: &Manifest) -> Vec<String> {
    let expected: BTreeSet<String> = manifest.exercises.iter().map(Exercise::file).collect();
    let mut faults = Vec::new();
    for folder in ["src/bin", "answers/solutions", "answers/others"] {
        let there = sources(&manifest.folder.join(folder));
        let missing = expected.difference(&there).map(|it| format!("{folder}/{it}.rs is missing"));
        faults.extend(missing);
        let unknown = there.difference(&expected);
        faults.extend(unknown.map(|it| format!("{folder}/{it}.rs is no exercise of the manifest")));
    }
    let cargo = fs::read_to_string(manifest.folder.join("answers/Cargo.toml")).unwrap_or_default();
    faults.extend(manifest.exercises.iter().flat_map(|it| programs(&cargo, &it.file())));
    let too_few = |it: &Exercise| too_few(&it.file(), it.honest.len(), it.wrong.len());
    faults.extend(manifest.exercises.iter().flat_map(too_few));
    faults.extend(manifest.misconceptions.iter().flat_map(|it| unfounded(it, &manifest.exercises)));
    faults
}

/// What is to be said of findings that are to show a misconception, and to which no known answer leads in any
/// exercise that refutes it.
fn unfounded(misconception: &Misconception, exercises: &[Exercise]) -> Vec<String> {
    let Misconception { number, shown_by, .. } = misconception;
    let refuting = exercises.iter().filter(|exercise| exercise.misconceptions.contains(number));
    let reasons: BTreeSet<String> =
        refuting.flat_map(entries).filter_map(|entry| entry.reason).collect();
    let unfounded = shown_by.iter().filter(|finding| !reasons.contains(*finding));
    let said = unfounded.map(|finding| {
        format!("misconception {number} is to be shown by `{finding}`, to which no answer leads where it is refuted")
    });
    said.collect()
}

/// What is to be said of an exercise with so many honest and so many wrong answers, where these are too few.
fn too_few(exercise: &str, honest: usize, wrong: usize) -> Vec<String> {
    let kinds = [(honest, HONEST, "honest", " beside its solution"), (wrong, WRONG, "wrong", "")];
    let lacking = kinds.into_iter().filter(|(has, least, ..)| has < least);
    let said = lacking.map(|(has, least, kind, beside)| {
        let answers = count(has, &format!("{kind} answer"));
        format!("{exercise} has {answers}{beside}: at least {least} are needed")
    });
    said.collect()
}

/// Whether the starts are what is cut from the solutions: every fault, in a sentence. Where somebody works on
/// the exercises, they are not, and should not be.
#[must_use]
pub fn starts(manifest: &Manifest) -> Vec<String> {
    manifest.exercises.iter().filter_map(|exercise| start(manifest, exercise)).collect()
}

fn sources(folder: &Path) -> BTreeSet<String> {
    let files = fs::read_dir(folder).into_iter().flatten().flatten();
    let names = files.filter_map(|file| file.file_name().into_string().ok());
    names.filter_map(|name| name.strip_suffix(".rs").map(str::to_owned)).collect()
}

/// Whether the start is what is cut from the solution.
fn start(manifest: &Manifest, exercise: &Exercise) -> Option<String> {
    let file = exercise.file();
    match (
        start_of(manifest, exercise),
        fs::read_to_string(manifest.folder.join(format!("src/bin/{file}.rs"))),
    ) {
        (Err(fault), _) => Some(fault),
        (Ok(cut), Ok(start)) if cut != start => Some(format!(
            "src/bin/{file}.rs is not what is cut from answers/solutions/{file}.rs: `cargo xtask \
             exercise reset {}` does it",
            exercise.number
        )),
        _ => None,
    }
}

/// The start of an exercise, as it is cut from its solution.
///
/// # Errors
///
/// If there is none, or its marks make no sense.
pub fn start_of(manifest: &Manifest, exercise: &Exercise) -> Result<String, String> {
    let path = format!("answers/solutions/{}.rs", exercise.file());
    let solution = fs::read_to_string(manifest.folder.join(&path));
    let solution = solution.map_err(|error| format!("{path}: {error}"))?;
    cut::start(&solution).map_err(|fault| format!("{path}: {fault}"))
}

fn programs(cargo: &str, file: &str) -> Vec<String> {
    let kinds = [("solution", "solutions"), ("others", "others")];
    let missing = kinds.iter().filter(|(kind, folder)| {
        let program = format!("name = \"{file}-{kind}\"\npath = \"{folder}/{file}.rs\"");
        !cargo.contains(&program)
    });
    missing.map(|(kind, _)| format!("answers/Cargo.toml has no program {file}-{kind}")).collect()
}

/// Whether a program has the answers that the manifest tells of: every fault, in a sentence.
#[must_use]
pub fn answers(exercise: &Exercise, listed: &str) -> Vec<String> {
    let there: BTreeSet<&str> = listed.lines().collect();
    let all = exercise.honest.iter().chain(&exercise.wrong);
    let expected: BTreeSet<&str> = all.map(|other| other.name.as_str()).collect();
    let file = exercise.file();
    let missing =
        expected.difference(&there).map(|it| format!("answers/others/{file}.rs lacks `{it}`"));
    let unknown = there.difference(&expected);
    let unknown = unknown
        .map(|it| format!("the manifest does not tell of `{it}` in answers/others/{file}.rs"));
    missing.chain(unknown).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_exercise_with_too_few_answers_is_a_fault() {
        let said = |honest, wrong| too_few("02_overlap", honest, wrong).join(" ");
        assert_eq!(said(2, 5), "");
        assert_eq!(
            said(1, 7),
            "02_overlap has 1 honest answer beside its solution: at least 2 are needed"
        );
        assert_eq!(said(2, 4), "02_overlap has 4 wrong answers: at least 5 are needed");
        assert_eq!(too_few("02_overlap", 0, 0).len(), 2);
    }

    /// A text is built with the runtimes that it names of those that exercises need: with all that there are.
    #[test]
    fn all_runtimes_of_the_package_are_needed_somewhere_and_on_by_default() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../exercises");
        let needed = Manifest::read(&folder).expect("a manifest").exercises;
        let needed: BTreeSet<String> = needed.into_iter().flat_map(|it| it.runtimes).collect();
        let package = fs::read_to_string(folder.join("Cargo.toml")).expect("a package");
        let usual = package.lines().find_map(|line| line.strip_prefix("default = "));
        let features: BTreeSet<String> =
            usual.expect("a list").split('"').skip(1).step_by(2).map(str::to_owned).collect();
        assert_eq!(needed, features);
        let said = fs::read_to_string(folder.join("../../docs/teaching.md")).expect("a page");
        let list = "with any of the course's runtimes";
        let said = said.split("\n\n").find(|it| it.contains(list)).expect("they are named");
        assert!(features.iter().all(|feature| said.contains(feature.as_str())), "{said}");
    }

    #[test]
    fn what_no_answer_leads_to_shows_no_misconception() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../exercises");
        let exercises = Manifest::read(&folder).expect("a manifest").exercises;
        let said = |number, finding: &str| {
            let shown_by = vec![finding.to_owned()];
            unfounded(&Misconception { number, says: String::new(), shown_by }, &exercises)
        };
        assert_eq!(said(5, "alone"), Vec::<String>::new());
        assert_eq!(said(5, "deadlock").len(), 1, "no exercise that refutes it has deadlocks");
    }
}
