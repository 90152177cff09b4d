//! `cargo xtask pictures`: draws the documents' pictures, each from a real run of its lesson.

use std::fs;
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{ArgMatches, Command};
use words::quadrant::Quadrant;

use crate::Outcome;
use crate::build::{Messages, Runtimes, build, root};
use crate::catalogue::{Catalogue, Lesson, Selection};
use crate::draw::{Lower, svg};
use crate::examine::{Conditions, Run, run_settled};
use crate::record::Mark;
use crate::show::{count, printable, spinner};
use lanes::Lanes;

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
    let mut shown = Vec::new();
    for lesson in &lessons {
        let Some(run) = best_run(lesson)? else {
            progress.finish_and_clear();
            println!("{} did not show its quadrant in {}.", lesson.id(), count(RUNS, "run"));
            println!("Nothing is drawn: try again on a machine with two cores at rest.");
            return Ok(Outcome::Failed);
        };
        shown.push((lesson, lanes(&run)));
    }
    progress.finish_and_clear();
    draw(&shown)?;
    Ok(Outcome::Passed)
}

/// The shortest of some runs that showed what the lesson promises.
fn best_run(lesson: &Lesson) -> Result<Option<Run>> {
    let conditions = Conditions { slow: 1, cores: None, time_limit: Duration::from_secs(10) };
    let mut runs = Vec::new();
    for _ in 0..RUNS {
        runs.push(run_settled(lesson, &conditions, |_| {})?);
    }
    runs.retain(|run| run.mark() == Mark::Good);
    Ok(runs.into_iter().min_by_key(Run::taken))
}

fn lanes(run: &Run) -> Lanes {
    let lanes = run.trace.as_ref().map(Lanes::of).unwrap_or_default();
    match &run.verdict {
        Some(verdict) => lanes.with_verdict(verdict),
        None => lanes,
    }
}

/// Draws all lessons on the same time axis, so that they can be compared.
fn draw(shown: &[(&Lesson, Lanes)]) -> Result<()> {
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
