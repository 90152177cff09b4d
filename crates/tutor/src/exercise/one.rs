//! `cargo xtask exercise 03`: builds, runs and judges what the student wrote.

use std::io::{IsTerminal, stdin, stdout};

use anyhow::{Result, anyhow};
use clap::{Arg, ArgMatches, value_parser};
use command::envelope;
use command::show::{DIM, GOOD};
use judge::witness::Kernel;
use judge::{Exercise, Program, Seed, judge};
use serde_json::{Value, json};
use supervise::{Interrupted, Line, interrupted};
use words::Outcome;

use super::{format, is_json, list, questions, test_out};
use crate::build::{Built, Target};
use crate::course::{Course, short, wanted};
use crate::means::{BEGUN, Means, Step};
use crate::progress::Event;
use crate::tell::{self, Judged, Output};

/// So many more lines of the compiler's are shown: where it has to say something, hardly anybody else has.
const COMPILER: usize = 13;

/// The arguments of whoever has an exercise judged.
pub(super) fn arguments() -> Vec<Arg> {
    vec![
        wanted(),
        test_out::argument(),
        test_out::answers(),
        seed(),
        format(),
        Arg::new("lines")
            .long("lines")
            .value_name("N")
            .value_parser(value_parser!(u32).range(0..=10_000))
            .default_value("40")
            .help(
                "Show so many of the program's first lines as they come, and its last ones; and \
                   some more of the compiler's",
            ),
    ]
}

/// The argument that repeats a run.
pub(crate) fn seed() -> Arg {
    Arg::new("seed")
        .long("seed")
        .value_name("SEED")
        .value_parser(|text: &str| text.parse::<Seed>())
        .help("Repeat the run that had this seed")
}

/// The seed that the command line asks for, or else a new one.
pub(crate) fn seed_of(arguments: &ArgMatches) -> Seed {
    arguments.get_one::<Seed>("seed").copied().unwrap_or_else(Seed::fresh)
}

/// How many lines of the program's are shown.
fn lines_of(arguments: &ArgMatches) -> usize {
    arguments.get_one::<u32>("lines").map_or(0, |&lines| lines as usize)
}

/// Builds, runs and judges the student's file.
pub(super) fn run(course: &mut Course, arguments: &ArgMatches) -> Result<Outcome> {
    let exercise = course.wanted(arguments)?.clone();
    run_one(course, &exercise, arguments)
}

/// Builds, runs and judges the student's file of this exercise.
pub(super) fn run_one(
    course: &mut Course,
    exercise: &Exercise,
    arguments: &ArgMatches,
) -> Result<Outcome> {
    course.text(exercise)?;
    let name = exercise.file();
    let is_json = is_json(arguments);
    if !is_json {
        tell::heading(exercise);
        anstream::println!("  {DIM}{}{DIM:#}", short(&course.path(exercise)));
    }
    let built = Target::of(course, exercise, &name).build()?;
    if course.means == Means::Key && built.program.is_some() {
        println!("{BEGUN}");
    }
    let judged = match &built.program {
        Some(program) => Some(judged(exercise, &Program::new(program), arguments)?),
        None => None,
    };
    note(course, &name, judged.as_ref())?;
    let outcome = judged.as_ref().map_or(Outcome::Failed, Judged::outcome);
    if is_json {
        let content = to_json(exercise, &built, judged.as_ref());
        println!("{:#}", envelope::answer("exercise", outcome, content));
    } else {
        tell::compiler(&built.said, lines_of(arguments) + COMPILER);
        match &judged {
            Some(judged) => tell::judged(exercise, judged, course.means),
            None => tell::does_not_compile(exercise),
        }
        if outcome == Outcome::Passed {
            go_on(course, exercise)?;
        }
    }
    Ok(outcome)
}

/// Judges a program, and shows its lines unless another program reads the answer.
fn judged(exercise: &Exercise, program: &Program, arguments: &ArgMatches) -> Result<Judged> {
    let seed = seed_of(arguments);
    let mut output = (!is_json(arguments)).then(|| Output::new(lines_of(arguments)));
    let print = &mut |line: &Line| {
        output.iter_mut().for_each(|output| output.line(line));
    };
    let runs = judge(exercise, program, seed, &mut Kernel::default(), print);
    let runs = runs.map_err(|error| anyhow!(error))?;
    if interrupted() {
        return Err(Interrupted.into());
    }
    output.into_iter().for_each(Output::finish);
    Ok(Judged { seed, runs })
}

/// Notes what came of it. What does not compile is no try, and what was not shown is none either.
fn note(course: &mut Course, name: &str, judged: Option<&Judged>) -> Result<()> {
    let Some(judged) = judged else { return Ok(()) };
    let event = match (judged.outcome(), judged.found()) {
        (Outcome::Passed, _) => Event::Solved,
        (Outcome::Failed, Some(found)) => Event::Tried { found: found.to_owned() },
        _ => return Ok(()),
    };
    course.progress.note(name, event)
}

/// What comes after an exercise is solved: why it was as it was, and the next one.
fn go_on(course: &mut Course, exercise: &Exercise) -> Result<()> {
    if course.progress.of(&exercise.file()).explained != Some(true) {
        let is_asked = stdin().is_terminal() && stdout().is_terminal();
        if !is_asked || questions::explain_one(course, exercise, None)?.is_none() {
            let explain = course.means.to(Step::Explain, exercise);
            anstream::println!("  Now explain: {GOOD}{explain}{GOOD:#}");
        }
    }
    list::say_next(course);
    Ok(())
}

/// A text without the colours that a terminal would show.
fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

fn to_json(exercise: &Exercise, built: &Built, judged: Option<&Judged>) -> Value {
    let mut content = json!({
        "exercise": tell::exercise_to_json(exercise),
        "compiled": built.program.is_some(),
        "compiler": Some(plain(&built.said)).filter(|said| !said.is_empty()),
        "seed": null,
        "runs": [],
    });
    if let Some(Value::Object(judged)) = judged.map(tell::to_json) {
        judged.into_iter().for_each(|(key, value)| content[key] = value);
    }
    content
}
