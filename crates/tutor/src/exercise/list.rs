//! `cargo xtask exercise`, and `next`: which exercises there are, and how far the student has come.

use anyhow::Result;
use clap::{ArgMatches, Command};
use command::envelope;
use command::show::{BOLD, DIM, GOOD, columns_of, count, fitted, mark, print_field, width};
use judge::Exercise;
use serde_json::{Value, json};
use words::Outcome;

use super::{about, is_json};
use crate::course::{Course, short};
use crate::means::Step;
use crate::progress::Standing;
use crate::tell;

/// Lists all exercises.
pub(super) fn run(course: &Course, arguments: &ArgMatches) -> Result<Outcome> {
    if is_json(arguments) {
        let exercises: Value =
            course.manifest.exercises.iter().map(|it| to_json(course, it)).collect();
        let content = json!({ "exercises": exercises });
        println!("{:#}", envelope::answer("exercise", Outcome::Passed, content));
        return Ok(Outcome::Passed);
    }
    let (optional, all): (Vec<&Exercise>, Vec<&Exercise>) =
        course.manifest.exercises.iter().partition(|exercise| exercise.is_optional());
    all.iter().for_each(|exercise| print(exercise, &course.progress.of(&exercise.file())));
    if !optional.is_empty() {
        anstream::println!("{DIM}For whoever wants more:{DIM:#}");
    }
    optional.iter().for_each(|exercise| print(exercise, &course.progress.of(&exercise.file())));
    // Without a line between them, all of the course is on a screen of 24 lines.
    anstream::println!("{}", next_in_words(course));
    Ok(Outcome::Passed)
}

fn print(exercise: &Exercise, standing: &Standing) {
    let Exercise { number, title, minutes, .. } = exercise;
    let sign = if standing.is_done() { mark(Outcome::Passed) } else { " ".to_owned() };
    let said = said(standing);
    let title = fitted(title, title_width(title, &said, width()), '…');
    anstream::println!(
        "{sign} {BOLD}{number:02}{BOLD:#} {DIM}{minutes:>3} min{DIM:#}  {title}{said}"
    );
}

/// How many columns a title takes in a line of so many, so that what is said behind it is there in whole, and in
/// one column with that of other titles unless this one is longer than they are.
fn title_width(title: &str, said: &str, columns: usize) -> usize {
    const BEFORE: usize = 14;
    const MOST_TITLES: usize = 42;
    let room = columns.saturating_sub(BEFORE + columns_of(said));
    columns_of(title).max(MOST_TITLES).min(room.max(10))
}

/// How far a student has come, in a few words behind the rest of a line.
fn said(standing: &Standing) -> String {
    let tries = |times| (times > 0).then(|| format!("tried {}", count(times, "time")));
    let parts = match standing {
        Standing { solved: true, explained: Some(true), .. } => {
            vec!["explained".to_owned()]
        }
        Standing { solved: true, .. } => vec!["not yet explained".to_owned()],
        Standing { tested_out: true, .. } => vec!["tested out".to_owned()],
        Standing { tries: made, predicted, .. } => {
            let predicted = predicted.map(|_| "predicted".to_owned());
            predicted.into_iter().chain(tries(*made)).collect()
        }
    };
    if parts.is_empty() { String::new() } else { format!("  {}", parts.join(", ")) }
}

fn to_json(course: &Course, exercise: &Exercise) -> Value {
    let Standing { solved, tries, predicted, explained, hints, revealed, tested_out } =
        course.progress.of(&exercise.file());
    let mut json = tell::exercise_to_json(exercise);
    json["file"] = json!(course.path(exercise));
    json["solved"] = json!(solved);
    json["tries"] = json!(tries);
    json["predicted"] = json!(predicted);
    json["explained"] = json!(explained);
    json["hints"] = json!(hints);
    json["revealed"] = json!(revealed);
    json["tested_out"] = json!(tested_out);
    json["optional"] = json!(exercise.is_optional());
    json
}

/// How one asks for the next exercise.
pub(super) fn next() -> Command {
    about("next", "Shows the next exercise that is not done, or the one that is named")
}

/// Shows an exercise, and what to do first.
pub(super) fn run_next(course: &mut Course, arguments: &ArgMatches) -> Result<Outcome> {
    if !arguments.contains_id("exercise") && course.next().is_none() {
        anstream::println!("All are done.");
        return Ok(Outcome::Passed);
    }
    let exercise = course.wanted(arguments)?;
    tell::heading(exercise);
    print_field("file", DIM, &short(&course.path(exercise)));
    print_field("first", DIM, &course.means.to(Step::Predict, exercise));
    print_field("then", DIM, &course.means.to(Step::Judge, exercise));
    Ok(Outcome::Passed)
}

/// Says what to do for the next exercise.
pub(super) fn say_next(course: &Course) {
    anstream::println!("\n{}", next_in_words(course));
}

/// What to do for the next exercise.
fn next_in_words(course: &Course) -> String {
    let Some(exercise) = course.next() else {
        return format!("{GOOD}All exercises are done.{GOOD:#}");
    };
    let standing = course.progress.of(&exercise.file());
    let is_begun = standing.predicted.is_some() || standing.tries > 0;
    let step = if is_begun { Step::Judge } else { Step::Predict };
    format!("Next: {BOLD}{}{BOLD:#}", course.means.to_next(step, exercise))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_has_room_for_what_is_said_behind_its_title() {
        let long = "x".repeat(60);
        assert_eq!(title_width("short", "", 80), 42);
        assert_eq!(title_width(&long, "", 80), 60);
        assert_eq!(title_width(&long, "  predicted, tried 2 times", 80), 40);
        assert_eq!(title_width("short", "  explained", 40), 15);
    }
}
