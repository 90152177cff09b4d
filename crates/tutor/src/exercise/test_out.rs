//! `cargo xtask exercise --test-out`: for whoever knows a part of the course already.
//!
//! What all of its programs do is to be predicted, and one task to be done: that which needs most of the others.
//! Whoever has predicted an exercise, and done the task, need not do that exercise.

use anyhow::Result;
use clap::{Arg, ArgAction, ArgMatches, value_parser};
use command::show::{BOLD, DIM, count, print_field};
use judge::Exercise;
use judge::manifest::Part;
use words::{Outcome, WrongUsage};

use super::one::{run_one, seed_of};
use super::questions;
use crate::course::Course;
use crate::progress::{Event, Standing};

/// The argument that asks for it.
pub(super) fn argument() -> Arg {
    Arg::new("test-out").long("test-out").action(ArgAction::SetTrue).conflicts_with("format").help(
        "For whoever knows the part that the exercise belongs to: predict what its programs do, and do one \
         task; the rest of it counts as done",
    )
}

/// The argument that answers for somebody who has no terminal.
pub(super) fn answers() -> Arg {
    Arg::new("answers")
        .long("answers")
        .value_name("N,N,…")
        .value_delimiter(',')
        .value_parser(value_parser!(usize))
        .requires("test-out")
        .help("Answer with these choices, without being asked")
}

/// Asks for the predictions that were not made before, then judges the task.
pub(super) fn run(course: &mut Course, arguments: &ArgMatches) -> Result<Outcome> {
    let part = part(course, arguments)?.clone();
    let (exercises, task) = exercises(course, &part);
    anstream::println!("{BOLD}{}{BOLD:#}", part.title);
    let mut answers = arguments.get_many::<usize>("answers").into_iter().flatten().copied();
    for exercise in &exercises {
        if standing(course, exercise).predicted.is_none() {
            questions::predict_one(course, exercise, answers.next(), seed_of(arguments))?;
        }
    }
    let outcome = match standing(course, &task).solved {
        true => Outcome::Passed,
        false => run_one(course, &task, arguments)?,
    };
    if outcome != Outcome::Passed {
        let text =
            format!("cargo xtask exercise --test-out {:02}, once you have changed it", task.number);
        print_field("then", DIM, &text);
        return Ok(outcome);
    }
    conclude(course, &exercises)
}

/// The part that the wanted exercise belongs to.
fn part<'a>(course: &'a Course, arguments: &ArgMatches) -> Result<&'a Part> {
    let wanted = course.wanted(arguments)?;
    let part = course.manifest.parts.iter().find(|part| part.exercises.contains(&wanted.number));
    let none = || WrongUsage(format!("{:02} belongs to no part: do it", wanted.number)).into();
    part.ok_or_else(none)
}

/// The exercises of a part; and its task, which is one of them.
fn exercises(course: &Course, part: &Part) -> (Vec<Exercise>, Exercise) {
    let all = course.manifest.exercises.iter();
    let all: Vec<Exercise> =
        all.filter(|it| part.exercises.contains(&it.number)).cloned().collect();
    let task = all.iter().find(|it| it.number == part.task);
    let task = task.expect("the manifest's reader has seen to it").clone();
    (all, task)
}

fn standing(course: &Course, exercise: &Exercise) -> Standing {
    course.progress.of(&exercise.file())
}

/// Notes which exercises need not be done, and says which are worth while.
fn conclude(course: &mut Course, exercises: &[Exercise]) -> Result<Outcome> {
    let (mut out, mut left) = (0, Vec::new());
    for exercise in exercises {
        match standing(course, exercise) {
            standing if standing.is_done() => out += usize::from(standing.tested_out),
            standing if standing.predicted == Some(true) => {
                course.progress.note(&exercise.file(), Event::TestedOut)?;
                out += 1;
            }
            _ => left.push(exercise),
        }
    }
    anstream::println!("\n{} of this part need not be done.", count(out, "exercise"));
    for exercise in &left {
        let text = format!("cargo xtask exercise {:02}: {}", exercise.number, exercise.title);
        print_field("worth it", DIM, &text);
    }
    Ok(if left.is_empty() { Outcome::Passed } else { Outcome::Failed })
}
