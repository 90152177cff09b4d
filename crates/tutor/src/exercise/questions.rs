//! `predict` and `explain`: a question before the code is touched, and one after it is solved.

use std::path::PathBuf;

use anstyle::Style;
use anyhow::{Context, Result, anyhow};
use clap::{ArgMatches, Command};
use command::show::{BAD, DIM, GOOD, print_field};
use judge::manifest::Range;
use judge::witness::Kernel;
use judge::{Exercise, Program, Seed, run::measure};
use words::{Outcome, WrongUsage};

use super::about;
use super::one::{seed, seed_of};
use crate::ask::{self, Question, mixed, ranked};
use crate::build::Target;
use crate::course::Course;
use crate::means::Step;
use crate::progress::Event;
use crate::tell;
use crate::twin::Twin;

/// How one predicts.
pub(super) fn predict() -> Command {
    about("predict", "Asks what the program will do, and measures it on this machine")
        .arg(ask::argument())
        .arg(seed())
}

/// Asks for a prediction.
pub(super) fn run_predict(course: &mut Course, arguments: &ArgMatches) -> Result<Outcome> {
    let exercise = course.wanted(arguments)?.clone();
    predict_one(course, &exercise, ask::answer(arguments), seed_of(arguments))?;
    let text = "Predictions are not judged: whoever was wrong has something to find out.";
    anstream::println!("  {DIM}{text}{DIM:#}");
    Ok(Outcome::Passed)
}

/// Asks for a prediction, measures its key, and notes both: whether it was right.
pub(super) fn predict_one(
    course: &mut Course,
    exercise: &Exercise,
    answer: Option<usize>,
    seed: Seed,
) -> Result<bool> {
    let (name, predict) = (exercise.file(), &exercise.predict);
    tell::heading(exercise);
    let choices = ranked(&name, &predict.choices);
    let texts: Vec<&str> = choices.iter().map(|choice| choice.text.as_str()).collect();
    let question = Question { text: &predict.question, choices: &texts, answer };
    let chosen = question.ask()?.ok_or_else(ask::nobody)?;
    let program = Program::new(start(course, exercise)?);
    let measured = measure(predict, &program, seed, &mut Kernel::default());
    let measured = measured.map_err(|error| anyhow!(error))?;
    let is_it = |choice: &Range| (choice.from..=choice.to).contains(&measured);
    let right = is_it(choices[chosen]);
    course.progress.note(&name, Event::Predicted { choice: chosen + 1, right, measured })?;
    say_choice(right, texts[chosen]);
    print_field("measured", Style::new(), &format!("{measured}, on this machine, a moment ago"));
    if let Some(choice) = choices.iter().find(|choice| !right && is_it(choice)) {
        print_field("so", Style::new(), &choice.text);
    }
    Ok(right)
}

/// The program as it stood before the student changed it.
fn start(course: &Course, exercise: &Exercise) -> Result<PathBuf> {
    let (name, start) = (exercise.file(), course.start(exercise)?);
    if course.text(exercise).is_ok_and(|text| text == start) {
        return Target::of(course, exercise, &name).build_known();
    }
    let built = Twin::make(course)?.build(exercise, &start)?;
    built.program.with_context(|| format!("the start does not compile:\n{}", built.said))
}

/// How one explains.
pub(super) fn explain() -> Command {
    about("explain", "Asks why it was so, once an exercise is solved").arg(ask::argument())
}

/// Asks for an explanation, where the exercise is solved.
pub(super) fn run_explain(course: &mut Course, arguments: &ArgMatches) -> Result<Outcome> {
    let exercise = course.wanted(arguments)?.clone();
    if !course.progress.of(&exercise.file()).solved {
        let text = format!("{:02} is not solved; the question comes after that", exercise.number);
        return Err(WrongUsage(text).into());
    }
    let explained = explain_one(course, &exercise, ask::answer(arguments))?;
    Ok(explained.ok_or_else(ask::nobody)?)
}

/// Asks for an explanation: passed if it was right; nothing if nobody answered.
pub(super) fn explain_one(
    course: &mut Course,
    exercise: &Exercise,
    answer: Option<usize>,
) -> Result<Option<Outcome>> {
    let name = exercise.file();
    let choices = &exercise.explain.choices;
    let choices: Vec<_> =
        mixed(&name, choices.len()).into_iter().map(|place| &choices[place]).collect();
    let texts: Vec<&str> = choices.iter().map(|choice| choice.text.as_str()).collect();
    let question = Question { text: &exercise.explain.question, choices: &texts, answer };
    let Some(chosen) = question.ask()? else { return Ok(None) };
    let choice = choices[chosen];
    course.progress.note(&name, Event::Explained { choice: chosen + 1, right: choice.right })?;
    say_choice(choice.right, &choice.text);
    print_field("", Style::new(), &choice.because);
    if !choice.right {
        print_field("again", DIM, &course.means.to(Step::Explain, exercise));
    }
    Ok(Some(if choice.right { Outcome::Passed } else { Outcome::Failed }))
}

fn say_choice(right: bool, text: &str) {
    anstream::println!();
    let (word, style) = if right { ("right", GOOD) } else { ("wrong", BAD) };
    print_field(word, style, text);
}
