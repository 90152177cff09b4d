//! `cargo xtask pictures`: draws the documents' pictures, each from a real run of its lesson.

use std::fs;
use std::rc::Rc;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{ArgMatches, Command};
use words::{Outcome, Quadrant};

use crate::build::{Messages, Runtimes, build, root};
use crate::driver::{Batch, Collector, Effort, drive};
use crate::examine::{Conditions, Run};
use crate::process::{Interrupted, interrupted};
use crate::series::Series;
use crate::shelf::{Catalogue, Program, Selection};
use crate::show::{count, printable, spinner};
use draw::{Lower, svg};
use lanes::Lanes;
use watch::Sources;

/// Where the pictures stand in the workspace.
const FOLDER: &str = "docs/pictures";

/// The lessons that have a picture: one of each quadrant. Their pools have as
/// many threads as there are cores.
const LESSONS: [&str; 4] =
    ["neither/std", "concurrent-only/tokio", "parallel-only/rayon", "both/rayon"];

/// Out of how many runs the shortest is drawn, which is the one that was least disturbed.
const RUNS: usize = 5;

/// How the command is called.
pub(crate) fn describe() -> Command {
    Command::new("pictures")
        .about("Draws the documents' pictures in docs/pictures, from real runs of four lessons")
}

/// Runs the lessons and draws them. Nothing is drawn if one of them fails to
/// show its quadrant: its picture would not be what the documents say of it.
pub(crate) fn run(_: &ArgMatches) -> Result<Outcome> {
    let built = build(&Quadrant::ALL, Runtimes::All, Messages::Shown)?;
    let catalogue = Catalogue::of(&built).complete()?;
    let lessons = Selection::parse(LESSONS, None)?.pick(&catalogue)?;
    let progress = spinner("Running the lessons");
    let conditions = Conditions {
        slow: 1,
        wait: None,
        cores: None,
        time_limit: Duration::from_secs(10),
        sources: Sources::All,
    };
    let plan = lessons.iter().map(|program| Batch {
        program: program.clone(),
        conditions,
        runs: RUNS,
        effort: Effort::Settled,
        busy: false,
    });
    let mut collector = Collector::default();
    drive(plan, &mut [&mut collector])?;
    progress.finish_and_clear();
    let mut shown = Vec::new();
    for series in &collector.all {
        let Some(run) = best_run(series) else {
            println!(
                "{} did not show its quadrant in {}.",
                series.program.id(),
                count(RUNS, "run")
            );
            println!("Nothing is drawn: try again on a machine with two cores at rest.");
            return Ok(series.outcome());
        };
        shown.push((&series.program, run.lanes().unwrap_or_default()));
    }
    if interrupted() {
        return Err(Interrupted.into());
    }
    draw(&shown)?;
    Ok(Outcome::Passed)
}

/// The shortest of some runs that showed what the lesson promises.
fn best_run(series: &Series) -> Option<&Run> {
    let runs = series.runs.iter().map(Rc::as_ref);
    runs.filter(|run| run.outcome() == Outcome::Passed).min_by_key(|run| run.taken())
}

/// Draws all lessons on the same time axis, so that they can be compared.
fn draw(shown: &[(&Program, Lanes)]) -> Result<()> {
    let until = shown.iter().map(|(_, lanes)| lanes.length).max().unwrap_or(0);
    let folder = root().join(FOLDER);
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    for (lesson, lanes) in shown {
        let title = printable(&format!("{}: {}", lesson.chapter, lesson.summary));
        let options = svg::Options { title: &title, lower: Lower::Best, width: svg::NARROW, until };
        let path = folder.join(format!("{}.svg", lesson.chapter));
        let picture = svg::draw(lanes, options);
        fs::write(&path, picture).with_context(|| path.display().to_string())?;
        println!("Drew {} in {FOLDER}/{}.svg.", lesson.id(), lesson.chapter);
    }
    Ok(())
}
