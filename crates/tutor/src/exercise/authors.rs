//! `check`, for authors: whether the exercises themselves are in order.

use std::collections::BTreeSet;
use std::fmt;
use std::path::PathBuf;
use std::process::Command as Process;
use std::str::FromStr;
use std::time::Instant;

use anyhow::{Context, Result, anyhow};
use clap::{Arg, ArgMatches, Command, value_parser};
use command::show::{BAD, DIM, count, duration, mark, paint};
use judge::check::{self, Entry, Kept};
use judge::witness::Kernel;
use judge::{Exercise, Program, Run, judge};
use supervise::{Interrupted, interrupted};
use words::names::unknown;
use words::{Outcome, WrongUsage};

use super::about;
use super::one::{seed, seed_of};
use crate::build::Target;
use crate::course::Course;
use crate::means::Means;
use crate::tell::{self, Judged};

/// How one checks the exercises.
pub(super) fn check() -> Command {
    about("check", "For authors: judges starts, solutions, honest and wrong answers")
        .arg(seed())
        .arg(
            Arg::new("only")
                .long("only")
                .value_name("ANSWER")
                .help("Judge this answer alone, and say all that was found"),
        )
        .arg(
            Arg::new("times")
                .long("times")
                .value_name("N")
                .value_parser(value_parser!(u32).range(1..=100_000))
                .default_value("1")
                .help("Judge everything N times"),
        )
        .arg(
            Arg::new("share")
                .long("share")
                .value_name("K/N")
                .value_parser(|text: &str| text.parse::<Share>())
                .default_value("1/1")
                .help("Judge each N-th answer, from the K-th on: all N shares together are all answers"),
        )
        .after_help("Without an exercise, it checks all of them.")
}

/// Checks files and answers. Every fault is printed.
pub(super) fn run_check(course: &mut Course, arguments: &ArgMatches) -> Result<Outcome> {
    let wanted = wanted(course, arguments)?;
    let mut faults = check::files(&course.manifest);
    faults.extend(check::starts(&course.manifest));
    faults.iter().for_each(|fault| anstream::println!("{}", paint(BAD, fault)));
    let mut tally = Tally { failed: faults.len(), ..Tally::default() };
    let mut share = *arguments.get_one::<Share>("share").expect("it has a default");
    for (exercise, answers) in &wanted {
        let answers: Vec<&Entry> = answers.iter().filter(|_| share.takes_next()).collect();
        tally.add(check_one(course, exercise, &answers, arguments)?);
    }
    // Read by `cargo xtask ci`, which adds up.
    println!("answers: {tally}");
    Ok(tally.outcome())
}

/// How many answers were judged, by whether what came of them had to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Tally {
    passed: usize,
    /// With whatever else is not in order.
    failed: usize,
    not_shown: usize,
}

impl Tally {
    fn count(&mut self, outcome: Outcome) {
        *match outcome {
            Outcome::Passed => &mut self.passed,
            Outcome::Failed => &mut self.failed,
            Outcome::NotShown => &mut self.not_shown,
        } += 1;
    }

    fn add(&mut self, other: Tally) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.not_shown += other.not_shown;
    }

    fn outcome(self) -> Outcome {
        match self {
            Tally { failed: 1.., .. } => Outcome::Failed,
            Tally { not_shown: 1.., .. } => Outcome::NotShown,
            Tally { .. } => Outcome::Passed,
        }
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Tally { passed, failed, not_shown } = self;
        write!(f, "{passed} passed; {failed} failed; {not_shown} not shown")
    }
}

/// The exercises that the command line asks for, each with those of its answers that are to be judged.
fn wanted<'a>(
    course: &'a Course,
    arguments: &ArgMatches,
) -> Result<Vec<(&'a Exercise, Vec<Entry>)>> {
    let exercises: Vec<&Exercise> = match arguments.contains_id("exercise") {
        true => vec![course.wanted(arguments)?],
        false => course.manifest.exercises.iter().collect(),
    };
    let mut wanted: Vec<_> =
        exercises.into_iter().map(|exercise| (exercise, check::entries(exercise))).collect();
    let Some(only) = arguments.get_one::<String>("only") else { return Ok(wanted) };
    let names = wanted.iter().flat_map(|(_, answers)| answers).map(|it| alone(it).to_owned());
    let names: BTreeSet<String> = names.collect();
    for (_, answers) in &mut wanted {
        answers.retain(|answer| alone(answer) == only || answer.name() == *only);
    }
    wanted.retain(|(_, answers)| !answers.is_empty());
    if wanted.is_empty() {
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        return Err(WrongUsage(unknown("answer", only, &names)).into());
    }
    Ok(wanted)
}

/// What an answer is called among those of its exercise. Start and solution are the only ones of their programs.
fn alone(entry: &Entry) -> &str {
    entry.argument.as_deref().unwrap_or(&entry.program)
}

/// Each so manieth of all answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Share {
    /// How many come before the next one that is judged.
    before: usize,
    of: usize,
}

impl Share {
    /// Whether the next answer is judged.
    fn takes_next(&mut self) -> bool {
        let takes = self.before == 0;
        self.before = if takes { self.of } else { self.before } - 1;
        takes
    }
}

impl FromStr for Share {
    type Err = String;

    fn from_str(text: &str) -> Result<Share, String> {
        let numbers = text.split_once('/').map(|(share, of)| (share.parse(), of.parse()));
        match numbers {
            Some((Ok(share), Ok(of))) if (1..=of).contains(&share) => {
                Ok(Share { before: share - 1, of })
            }
            _ => Err(format!("`{text}` is no share: `3/20` is the third of twenty")),
        }
    }
}

/// The programs of an exercise, built.
struct Programs {
    start: PathBuf,
    solution: PathBuf,
    others: PathBuf,
}

impl Programs {
    fn build(course: &Course, exercise: &Exercise) -> Result<Programs> {
        let (folder, name) = (&course.manifest.folder, exercise.file());
        let answers = |kind: &str| {
            let (folder, name) = (folder.join("answers"), format!("{name}-{kind}"));
            let target = Target { folder: &folder, name: &name, features: None, target: None };
            target.build_known()
        };
        Ok(Programs {
            start: Target::of(course, exercise, &name).build_known()?,
            solution: answers("solution")?,
            others: answers("others")?,
        })
    }

    fn of(&self, entry: &Entry) -> Program {
        let path = match (entry.package, &entry.argument) {
            ("exercises", _) => &self.start,
            (_, None) => &self.solution,
            (_, Some(_)) => &self.others,
        };
        let mut program = Program::new(path);
        program.arguments.extend(entry.argument.clone());
        program
    }
}

fn check_one(
    course: &Course,
    exercise: &Exercise,
    answers: &[&Entry],
    arguments: &ArgMatches,
) -> Result<Tally> {
    let programs = Programs::build(course, exercise)?;
    let listed = Process::new(&programs.others).arg("--list").output();
    let listed = listed.with_context(|| programs.others.display().to_string())?.stdout;
    let faults = check::answers(exercise, &String::from_utf8_lossy(&listed));
    faults.iter().for_each(|fault| anstream::println!("{}", paint(BAD, fault)));
    let times = arguments.get_one::<u32>("times").copied().unwrap_or(1);
    let mut tally = Tally { failed: faults.len(), ..Tally::default() };
    for entry in answers.iter().cycle().take(answers.len() * times as usize) {
        tally.count(check_entry(exercise, entry, &programs.of(entry), arguments)?);
    }
    let (title, judged) = (&exercise.title, count(answers.len() * times as usize, "answer"));
    let not_shown = match tally.not_shown {
        0 => String::new(),
        some => format!(", {some} not shown"),
    };
    let outcome = tally.outcome();
    anstream::println!("{} {title}: {judged}{not_shown}, {outcome}", mark(outcome));
    Ok(tally)
}

fn check_entry(
    exercise: &Exercise,
    entry: &Entry,
    program: &Program,
    arguments: &ArgMatches,
) -> Result<Outcome> {
    let (seed, began) = (seed_of(arguments), Instant::now());
    let runs = judge(exercise, program, seed, &mut Kernel::default(), &mut |_| ());
    let runs = runs.map_err(|error| anyhow!("{}: {error}", entry.name()))?;
    if interrupted() {
        return Err(Interrupted.into());
    }
    let outcome = match entry.kept(&runs) {
        Kept::Kept => Outcome::Passed,
        Kept::NotShown => Outcome::NotShown,
        Kept::Broken => Outcome::Failed,
    };
    let expected = entry.reason.as_deref().unwrap_or("passed");
    let found = runs.last().and_then(Run::finding).map_or("passed", |finding| finding.name());
    let found = if found == expected { String::new() } else { format!(", but {found}") };
    let (name, taken) = (entry.name(), duration(began.elapsed()));
    anstream::println!("{} {name}: {expected}{found} {DIM}{taken}{DIM:#}", mark(outcome));
    if outcome != Outcome::Passed || arguments.contains_id("only") {
        tell::judged(exercise, &Judged { seed, runs }, Means::Command);
    }
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_shown_is_no_failure_and_what_fails_is_never_made_up_for() {
        let tally = |outcomes: &[Outcome]| {
            let mut tally = Tally::default();
            outcomes.iter().for_each(|&outcome| tally.count(outcome));
            (tally.outcome(), tally.to_string())
        };
        let [passed, failed, not_shown] = [Outcome::Passed, Outcome::Failed, Outcome::NotShown];
        let text = |text: &str| text.to_owned();
        let all = tally(&[passed, not_shown, passed]);
        assert_eq!(all, (not_shown, text("2 passed; 0 failed; 1 not shown")));
        let all = tally(&[passed, failed, not_shown]);
        assert_eq!(all, (failed, text("1 passed; 1 failed; 1 not shown")));
        assert_eq!(tally(&[passed]).0, passed);
    }

    #[test]
    fn all_shares_together_are_all_answers_once() {
        let taken = |share: &str| {
            let mut share: Share = share.parse().expect("a share");
            (0..10).filter(|_| share.takes_next()).collect::<Vec<_>>()
        };
        assert_eq!([taken("1/3"), taken("2/3")], [vec![0, 3, 6, 9], vec![1, 4, 7]]);
        assert_eq!((taken("3/3"), taken("1/1").len()), (vec![2, 5, 8], 10));
        for text in ["", "0/3", "4/3", "3", "a/b"] {
            assert!(text.parse::<Share>().is_err(), "{text}");
        }
    }
}
