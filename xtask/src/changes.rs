//! `cargo xtask changes`: makes the change that each lesson's header suggests, and sees whether
//! what the header says comes true.
//!
//! The changes are made in a copy of the workspace below the target folder, with a target folder
//! of its own, so that nothing of them is ever run by accident.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{ArgMatches, Command};
use lab::order::{Order, par};
use lab::work;

use crate::Outcome;
use crate::build::{build_copy, root};
use crate::catalogue::{Catalogue, Lesson};
use crate::cells::source;
use crate::examine::run_settled;
use crate::header::Header;
use crate::process::{Interrupted, interrupted};
use crate::record::{Mark, Record};
use crate::session::{self, Options};
use crate::show::{BAD, BOLD, DIM, GOOD, count, mark, paint, print_field, spinner};

/// How the command is called.
pub(crate) fn describe() -> Command {
    Command::new("changes")
        .about(
            "Makes the change that each lesson suggests, and sees whether what it says comes true",
        )
        .args(session::arguments().into_iter().filter(|argument| {
            ["lessons", "runtime", "time-limit"].contains(&argument.get_id().as_str())
        }))
}

/// Changes all lessons that are asked for, then builds and examines them.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    let options = Options::read(arguments)?;
    // To change what does not compile as it is would show nothing.
    let lessons = options.selection.pick(&options.catalogue()?.complete()?)?;
    let copy = root().join("target/changes");
    copy_workspace(&copy)?;
    let headers = lessons.iter().map(|lesson| change(lesson, &copy)).collect::<Result<Vec<_>>>()?;
    let progress = spinner("Building the changed lessons");
    let built = build_copy(&copy, &options.quadrants())?;
    progress.finish_and_clear();
    if let [quadrant, ..] = built.failed[..] {
        bail!("a change in {quadrant} does not compile");
    }
    let changed = Catalogue::of(&built);
    let mut failed = 0;
    for (lesson, header) in lessons.iter().zip(&headers) {
        let changed = changed.lessons.iter().find(|changed| changed.id() == lesson.id());
        let changed = changed.with_context(|| format!("{} is gone", lesson.id()))?;
        failed += usize::from(!comes_true(changed, header, &options)?);
        if interrupted() {
            return Err(Interrupted.into());
        }
    }
    let all = count(lessons.len(), "change");
    match failed {
        0 => anstream::println!(
            "{}",
            paint(GOOD, format!("{all}: what the headers say comes true."))
        ),
        _ => anstream::println!("{}", paint(BAD, format!("{failed} of {all} do something else."))),
    }
    Ok(if failed == 0 { Outcome::Passed } else { Outcome::Failed })
}

/// Runs a changed lesson, and compares it with what its header says.
fn comes_true(lesson: &Lesson, header: &Header, options: &Options) -> Result<bool> {
    let expected = Lesson { quadrant: header.then, order: loose_order(lesson), ..lesson.clone() };
    let run = run_settled(&expected, &options.conditions, |_| {})?;
    let record = Record { lesson: expected, runs: vec![run] };
    anstream::println!(
        "{} {BOLD}{}{BOLD:#} {DIM}then{DIM:#} {}",
        mark(record.mark()),
        lesson.id(),
        header.then
    );
    for fault in record.faults() {
        print_field("", BAD, &fault);
    }
    for doubt in record.doubts() {
        print_field("", DIM, &doubt);
    }
    Ok(record.mark() != Mark::Bad)
}

/// What a change leaves of the contract: each task's own lines in order. Which tasks overlap is
/// what the change is about.
fn loose_order(lesson: &Lesson) -> Order {
    if lesson.is_cell() { par(work::TASKS.map(work::lines)) } else { lesson.order.clone() }
}

/// Makes the change in the copy of the lesson's file.
fn change(lesson: &Lesson, copy: &Path) -> Result<Header> {
    let path = source(lesson);
    let text = fs::read_to_string(root().join(&path)).with_context(|| path.clone())?;
    let header = Header::read(&text).with_context(|| path.clone())?;
    let changed = header.change(&text).with_context(|| path.clone())?;
    fs::write(copy.join(&path), changed).with_context(|| path.clone())?;
    Ok(header)
}

/// Copies what cargo needs of the workspace.
fn copy_workspace(to: &Path) -> Result<()> {
    fs::create_dir_all(to).with_context(|| to.display().to_string())?;
    for file in ["Cargo.toml", "Cargo.lock", "clippy.toml", "rustfmt.toml"] {
        copy(&root().join(file), &to.join(file))?;
    }
    for folder in ["crates", "xtask", "docs"] {
        copy(&root().join(folder), &to.join(folder))?;
    }
    Ok(())
}

/// Copies a file or a folder with everything in it. A file that is the same already is left
/// alone, so that cargo does not build it again.
fn copy(from: &Path, to: &Path) -> Result<()> {
    let name = || from.display().to_string();
    if from.is_dir() {
        fs::create_dir_all(to).with_context(name)?;
        for entry in fs::read_dir(from).with_context(name)? {
            let path: PathBuf = entry?.path();
            copy(&path, &to.join(path.file_name().context("an entry without a name")?))?;
        }
        return Ok(());
    }
    let bytes = fs::read(from).with_context(name)?;
    if fs::read(to).ok().as_ref() != Some(&bytes) {
        fs::write(to, bytes).with_context(|| to.display().to_string())?;
    }
    Ok(())
}
