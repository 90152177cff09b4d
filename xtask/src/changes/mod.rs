//! `cargo xtask changes`: makes the change that each lesson's header suggests, and sees whether
//! what the header says comes true.
//!
//! The changes are made in a copy of the workspace below the target folder, with a target folder
//! of its own, so that nothing of them is ever run by accident. Two of these commands at once take
//! turns at the copy.

mod wrong;

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::json;
use words::Outcome;

use crate::build::{build_copy, root};
use crate::busy;
use crate::driver::{Batch, Collector, Effort, Listener, Progress, drive};
use crate::envelope;
use crate::header::{Header, replace};
use crate::process::{Interrupted, interrupted};
use crate::series::Series;
use crate::session::{self, Options};
use crate::shelf::{Catalogue, Edit, Program};
use crate::show::{BAD, BOLD, DIM, GOOD, UNSURE, count, mark, paint, print_field, spinner};
use wrong::Wrong;

/// How the command is called.
pub(crate) fn describe() -> Command {
    Command::new("changes")
        .about(
            "Makes the change that each lesson suggests, and sees whether what it says comes true",
        )
        .args(session::arguments().into_iter().filter(|argument| {
            ["lessons", "runtime", "time-limit", "format"].contains(&argument.get_id().as_str())
        }))
        .arg(busy::argument())
        .arg(Arg::new("wrong").long("wrong").action(ArgAction::SetTrue).help(
            "Make changes that break a promise instead, and see that no lesson passes with one",
        ))
}

/// Changes all lessons that are asked for, then builds and examines them.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    let options = Options::read(arguments)?;
    // To change what does not compile as it is would show nothing.
    let programs = options.selection.pick(&options.catalogue()?.complete()?)?;
    let copy = root().join("target/changes");
    let _turn = take_turn(&copy)?;
    copy_workspace(&copy)?;
    if arguments.get_flag("wrong") {
        return run_wrong(&options, &programs, &copy);
    }
    let headers = programs.iter().map(|program| Ok((program.id(), change(program, &copy)?)));
    let headers: BTreeMap<String, Header> = headers.collect::<Result<_>>()?;
    let progress = spinner("Building the changed lessons");
    let built = build_copy(&copy, &options.quadrants())?;
    progress.finish_and_clear();
    if let [quadrant, ..] = built.failed[..] {
        bail!("a change in {quadrant} does not compile");
    }
    let catalogue = Catalogue::of(&built);
    let changed = programs.iter().map(|program| find(&catalogue, program, &headers));
    let changed = changed.collect::<Result<Vec<_>>>()?;
    let plan = changed.into_iter().map(|program| options.batch(program, Effort::Settled));
    let (mut collector, mut lines) = (Collector::default(), Lines { shown: !options.json });
    drive(plan, &mut [&mut Progress::new(), &mut lines, &mut collector])?;
    conclude(&options, &catalogue, &collector.all)
}

/// Makes the wrong changes, a sheet at a time, and sees that no lesson passes.
fn run_wrong(options: &Options, programs: &[Program], copy: &Path) -> Result<Outcome> {
    let (mut made, mut passed) = (0, Vec::new());
    for sheet in wrong::SHEETS {
        let is_asked = |wrong: &&Wrong| programs.iter().any(|it| it.id() == wrong.lesson);
        let sheet: Vec<&Wrong> = sheet.iter().filter(is_asked).collect();
        copy_workspace(copy)?;
        for wrong in &sheet {
            let program = programs.iter().find(|it| it.id() == wrong.lesson);
            let path = program.expect("it is asked for").source();
            let text = fs::read_to_string(copy.join(&path))?;
            let changed = replace(&text, wrong.old, wrong.new).with_context(|| path.clone())?;
            fs::write(copy.join(&path), changed).with_context(|| path)?;
        }
        for series in run_sheet(options, &sheet, copy)? {
            made += 1;
            passed.extend((series.outcome() == Outcome::Passed).then(|| series.program.id()));
        }
        if interrupted() {
            return Err(Interrupted.into());
        }
    }
    let all = count(made, "wrong change");
    if passed.is_empty() {
        anstream::println!("{}", paint(GOOD, format!("{all}: none passes.")));
        return Ok(Outcome::Passed);
    }
    let text = format!("{} of {all} pass: {}", passed.len(), passed.join(", "));
    anstream::println!("{}", paint(BAD, text));
    Ok(Outcome::Failed)
}

/// Builds the changed lessons of a sheet, and runs them, held to what was promised when they were
/// shipped.
fn run_sheet(options: &Options, sheet: &[&Wrong], copy: &Path) -> Result<Vec<Series>> {
    let progress = spinner("Building lessons with wrong changes");
    let built = build_copy(copy, &options.quadrants())?;
    progress.finish_and_clear();
    if let [quadrant, ..] = built.failed[..] {
        bail!("a wrong change in {quadrant} does not compile");
    }
    let changed = Catalogue::of(&built).programs.into_iter();
    let changed = changed.filter(|it| sheet.iter().any(|wrong| wrong.lesson == it.id()));
    let plan = changed.map(|program| options.batch(program, Effort::Settled));
    let (mut collector, mut rejections) = (Collector::default(), Rejections { sheet });
    drive(plan, &mut [&mut Progress::new(), &mut rejections, &mut collector])?;
    Ok(collector.all)
}

/// Says of each wrong change why it was rejected, or that it was not.
struct Rejections<'a> {
    sheet: &'a [&'a Wrong],
}

impl Listener for Rejections<'_> {
    fn ended(&mut self, _: &Batch, series: &Series) -> Result<()> {
        let id = series.program.id();
        let what = self.sheet.iter().find(|wrong| wrong.lesson == id).map_or("", |it| it.what);
        let sign = match series.outcome() {
            Outcome::Passed => paint(BAD, "passes"),
            outcome => paint(GOOD, outcome),
        };
        anstream::println!("{BOLD}{id}{BOLD:#}, {what}: {sign}");
        let reasons = series.faults().into_iter().chain(series.doubts());
        reasons.take(1).for_each(|reason| print_field("", DIM, &reason));
        Ok(())
    }
}

/// The changed program, held to what its header says of it.
fn find(
    catalogue: &Catalogue,
    program: &Program,
    headers: &BTreeMap<String, Header>,
) -> Result<Program> {
    let id = program.id();
    let mut changed = catalogue.programs.iter().filter(|changed| changed.id() == id);
    let changed = changed.next().with_context(|| format!("{id} is gone"))?;
    let edit = Edit::Suggested(headers[&id].then);
    let changed = Program { edit, ..changed.clone() };
    Ok(changed.as_its_header_says().expect("it was changed as its header suggests"))
}

fn conclude(options: &Options, catalogue: &Catalogue, series: &[Series]) -> Result<Outcome> {
    let outcome = session::outcome(series, catalogue);
    if options.json {
        let lesson = |series: &Series| series.to_json(None, &options.conditions);
        let content = json!({ "lessons": series.iter().map(lesson).collect::<Vec<_>>() });
        let found = outcome.as_ref().copied().unwrap_or(Outcome::NotShown);
        println!("{:#}", envelope::answer("changes", found, Some(&options.conditions), content));
        return outcome;
    }
    let with = |outcome| series.iter().filter(|series| series.outcome() == outcome).count();
    let all = count(series.len(), "change");
    let text = match (with(Outcome::Failed), with(Outcome::NotShown)) {
        (0, 0) => paint(GOOD, format!("{all}: what the headers say comes true.")),
        (0, open) => paint(UNSURE, format!("{all}: {open} not shown on this machine.")),
        (failed, _) => paint(BAD, format!("{failed} of {all} do something else.")),
    };
    anstream::println!("{text}");
    outcome
}

/// What became of each change.
struct Lines {
    shown: bool,
}

impl Listener for Lines {
    fn ended(&mut self, _: &Batch, series: &Series) -> Result<()> {
        if self.shown {
            anstream::println!(
                "{} {BOLD}{}{BOLD:#} {DIM}then{DIM:#} {}",
                mark(series.outcome()),
                series.program.id(),
                series.program.promise.quadrant
            );
            series.faults().iter().for_each(|fault| print_field("", BAD, fault));
            series.doubts().iter().for_each(|doubt| print_field("", DIM, doubt));
        }
        Ok(())
    }
}

/// Waits until nobody else is at the copy. The turn ends with the value, or with the process.
fn take_turn(copy: &Path) -> Result<File> {
    fs::create_dir_all(copy).with_context(|| copy.display().to_string())?;
    let path = copy.with_extension("lock");
    let lock = File::create(&path).with_context(|| path.display().to_string())?;
    if lock.try_lock().is_err() {
        let progress = spinner("Waiting for another `cargo xtask changes`");
        lock.lock().with_context(|| path.display().to_string())?;
        progress.finish_and_clear();
    }
    Ok(lock)
}

/// Makes the change in the copy of the lesson's file.
fn change(program: &Program, copy: &Path) -> Result<Header> {
    let path = program.source();
    let text = fs::read_to_string(root().join(&path)).with_context(|| path.clone())?;
    let header = Header::read(&text).with_context(|| path.clone())?;
    let changed = header.change(&text).with_context(|| path.clone())?;
    fs::write(copy.join(&path), changed).with_context(|| path.clone())?;
    Ok(header)
}

/// Copies what cargo needs of the workspace.
fn copy_workspace(to: &Path) -> Result<()> {
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
