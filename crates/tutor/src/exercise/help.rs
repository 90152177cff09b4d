//! `hint`, `diff`, `reset` and `solution`.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use anstyle::Style;
use anyhow::{Context, Result};
use clap::{Arg, ArgAction, ArgMatches, Command};
use command::show::{BAD, DIM, GOOD, print_field};
use similar::{ChangeTag, TextDiff};
use words::{Outcome, WrongUsage};

use super::about;
use crate::course::{Course, short};
use crate::progress::Event;
use crate::tell;

/// How one asks for a hint.
pub(super) fn hint() -> Command {
    about("hint", "Gives a hint: a question; at the next call a pointer, then a line")
}

/// Gives the next hint, or the last one again.
pub(super) fn run_hint(course: &mut Course, arguments: &ArgMatches) -> Result<Outcome> {
    let exercise = course.wanted(arguments)?.clone();
    let name = exercise.file();
    let (given, all) = (course.progress.of(&name).hints, exercise.hints.len());
    let level = (given + 1).min(all);
    if level > given {
        course.progress.note(&name, Event::Hinted { level })?;
    }
    tell::heading(&exercise);
    // Those that were given before stay readable, below each other.
    for (number, hint) in (1..=level).zip(&exercise.hints) {
        print_field(&format!("hint {number}"), Style::new(), hint);
    }
    if level == all {
        let text = "That was the last hint. After it is solved there is `solution`.";
        anstream::println!("  {DIM}{text}{DIM:#}");
    }
    Ok(Outcome::Passed)
}

/// How one asks what has been changed.
pub(super) fn diff() -> Command {
    about("diff", "Shows what you have changed")
}

/// Shows what is different from the start.
pub(super) fn run_diff(course: &mut Course, arguments: &ArgMatches) -> Result<Outcome> {
    let exercise = course.wanted(arguments)?;
    let (start, text) = (course.start(exercise)?, course.text(exercise)?);
    if start == text {
        anstream::println!("Nothing is changed.");
        return Ok(Outcome::Passed);
    }
    for group in TextDiff::from_lines(&start, &text).grouped_ops(3) {
        anstream::println!("{DIM}line {}{DIM:#}", group[0].new_range().start + 1);
        for operation in &group {
            for change in TextDiff::from_lines(&start, &text).iter_changes(operation) {
                let (sign, style) = match change.tag() {
                    ChangeTag::Delete => ('-', BAD),
                    ChangeTag::Insert => ('+', GOOD),
                    ChangeTag::Equal => (' ', Style::new()),
                };
                anstream::println!("{style}{sign} {}{style:#}", change.value().trim_end());
            }
        }
    }
    Ok(Outcome::Passed)
}

/// How one begins anew.
pub(super) fn reset() -> Command {
    about("reset", "Restores the text that you began with, and keeps yours beside it")
}

/// Restores the start. Whatever stood there before is kept.
pub(super) fn run_reset(course: &mut Course, arguments: &ArgMatches) -> Result<Outcome> {
    let exercise = course.wanted(arguments)?;
    let (path, start) = (course.path(exercise), course.start(exercise)?);
    let text = match fs::read(&path) {
        Ok(text) => Some(text),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error).context(short(&path)),
    };
    if text.as_deref() == Some(start.as_bytes()) {
        anstream::println!("Nothing is changed.");
        return Ok(Outcome::Passed);
    }
    if let Some(text) = text {
        let kept = keep(&path, &text)?;
        anstream::println!("Your text is kept in {}.", short(&kept));
    }
    fs::write(&path, start).with_context(|| short(&path))?;
    anstream::println!("{} is as it was when you began.", short(&path));
    Ok(Outcome::Passed)
}

/// Keeps a text beside its file, under a name that nobody has yet and that cargo does not take for a program.
fn keep(path: &Path, text: &[u8]) -> Result<PathBuf> {
    for number in 1.. {
        let kept = path.with_extension(format!("rs.old{number}"));
        match File::create_new(&kept) {
            Ok(mut file) => {
                file.write_all(text).with_context(|| short(&kept))?;
                return Ok(kept);
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error).context(short(&kept)),
        }
    }
    unreachable!("numbers do not end")
}

/// How one asks for the solution.
pub(super) fn solution() -> Command {
    about("solution", "Shows the solution, once yours has passed").arg(
        Arg::new("reveal")
            .long("reveal")
            .action(ArgAction::SetTrue)
            .help("Show it although nothing has passed yet; that is noted"),
    )
}

/// Shows the solution to whoever has one already, or insists.
pub(super) fn run_solution(course: &mut Course, arguments: &ArgMatches) -> Result<Outcome> {
    let exercise = course.wanted(arguments)?.clone();
    let name = exercise.file();
    if !course.progress.of(&name).solved {
        if !arguments.get_flag("reveal") {
            let text = format!(
                "{:02} is not solved. `hint` helps; `solution {0:02} --reveal` shows the solution",
                exercise.number
            );
            return Err(WrongUsage(text).into());
        }
        course.progress.note(&name, Event::Revealed)?;
    }
    print!("{}", course.solution(&exercise)?);
    Ok(Outcome::Passed)
}
