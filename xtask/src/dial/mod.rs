//! `cargo xtask dial`: how much there is to gain, over how much of its time a task waits.
//!
//! In all lessons a step waits for about as long as it computes. So what concurrency gains there and what
//! parallelism gains is not the nature of either, but of that one workload. The dial goes from hardly
//! any waiting to hardly anything else, with the same programs.
//!
//! Read in this order: this page runs them, [`tell`] says what came of it, [`picture`] draws it.

mod picture;
mod tell;

use std::io::Write as _;
use std::path::PathBuf;
use std::rc::Rc;
use std::time::Duration;

use anyhow::Result;
use clap::{ArgMatches, Command};
use draw::written;
use indicatif::ProgressBar;
use lab::work;
use words::quadrant::Model;
use words::{Outcome, Quadrant};

use crate::driver::{Batch, Effort, Listener, drive};
use crate::examine::{Conditions, Run};
use crate::process::{Interrupted, interrupted};
use crate::report;
use crate::series::Series;
use crate::session::{self, Options};
use crate::shelf::{Catalogue, Program};
use crate::show::bar;
use crate::timing::Reference;

/// How long a step waits at each mark of the dial. With no wait at all most tasks would never let another
/// one begin: to wait is when they give the thread away.
const MARKS: [Duration; 5] = [
    Duration::from_millis(1),
    Duration::from_millis(7),
    Duration::from_millis(20),
    Duration::from_millis(60),
    Duration::from_millis(180),
];

/// How the command is called.
pub(crate) fn describe() -> Command {
    Command::new("dial")
        .about("Turns how much tasks wait, from hardly to nearly always, and shows what each quadrant gains")
        .args(session::arguments_for_runs("3"))
        .arg(report::file("svg", "Draw the gains as a picture for documents and slides"))
        .after_help("Without --runtime: the lessons on the standard library. It takes half a minute.")
}

/// Runs one lesson of each quadrant at every mark.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    let options = Options::read(arguments)?;
    let svg = arguments.get_one::<PathBuf>("svg");
    svg.map_or(Ok(()), |path| written::claim(path))?;
    let catalogue = options.catalogue()?;
    let mut dial = Dial::new(&catalogue, &options)?;
    dial.turn(&options)?;
    let outcome = dial.outcome().and(catalogue.outcome());
    if let Some(path) = svg.filter(|_| !interrupted()) {
        written::write(path, |out| out.write_all(picture::draw(&dial).as_bytes()))?;
    }
    if options.json {
        println!("{:#}", tell::to_json(&dial, &options.conditions, outcome));
    } else {
        tell::print(&dial);
    }
    if interrupted() { Err(Interrupted.into()) } else { Ok(outcome) }
}

/// The lessons, at every mark of the dial.
struct Dial {
    /// What everything is measured against, and then the others.
    rows: Vec<Row>,
    conditions: Conditions,
}

/// A lesson, and its runs at each mark.
struct Row {
    program: Program,
    marks: [Series; MARKS.len()],
}

/// What a quadrant gains at a mark: how many times as fast it is as one task after the other on one core.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Gain {
    measured: f64,
    /// What no schedule can exceed.
    at_most: f64,
}

impl Dial {
    /// The lesson that everything is measured against, and of each other quadrant that is asked for a cell, on
    /// the standard library if there is one.
    fn new(catalogue: &Catalogue, options: &Options) -> Result<Dial> {
        let picked = options.selection.pick(catalogue)?;
        let cell = |quadrant| {
            let cells = picked.iter().filter(move |it| it.chapter == quadrant && it.is_cell());
            cells.min_by_key(|cell| cell.runtime != "std")
        };
        let others = Quadrant::ALL.into_iter().filter(|quadrant| *quadrant != Quadrant::Neither);
        let programs =
            session::reference_lesson(catalogue).into_iter().chain(others.filter_map(cell));
        let rows = programs.map(|program| {
            // What is missing of the work is told of the shipped waits only.
            let program = Program { labour: None, ..program.clone() };
            let marks = std::array::from_fn(|_| Series::new(program.clone()));
            Row { program, marks }
        });
        Ok(Dial { rows: rows.collect(), conditions: options.conditions })
    }

    /// Runs every lesson at every mark, and all of this several times.
    fn turn(&mut self, options: &Options) -> Result<()> {
        let programs: Vec<Program> = self.rows.iter().map(|row| row.program.clone()).collect();
        let batch = |program: &Program, wait| Batch {
            program: program.clone(),
            conditions: Conditions { wait: Some(wait), ..options.conditions },
            runs: 1,
            effort: Effort::Once,
            busy: false,
        };
        let round =
            MARKS.into_iter().flat_map(|wait| programs.iter().map(move |it| batch(it, wait)));
        let round: Vec<Batch> = round.collect();
        let rounds = std::iter::repeat_n(&round, options.repeat).flatten().cloned();
        let progress = bar(options.repeat * round.len(), "the dial");
        drive(rounds, &mut [&mut Turning { dial: self, progress: &progress }])?;
        progress.finish_and_clear();
        Ok(())
    }

    fn outcome(&self) -> Outcome {
        let mut series = self.rows.iter().flat_map(|row| &row.marks);
        let is_sound = series.all(|series| series.outcome() != Outcome::Failed);
        if is_sound { Outcome::Passed } else { Outcome::Failed }
    }

    /// How long a step computes: what the runs of *neither* tell, at all marks.
    fn compute(&self) -> Option<Duration> {
        let runs = self.rows.first()?.marks.iter().flat_map(|series| &series.runs);
        let references = runs.map(|run| run.reference(self.conditions.slow));
        Some(Reference::of(&references.collect::<Vec<_>>())?.compute)
    }

    /// What a lesson gains at a mark.
    fn gain(&self, row: &Row, mark: usize) -> Option<Gain> {
        let neither = &self.rows.first()?.marks[mark];
        if neither.runs.is_empty() || row.marks[mark].runs.is_empty() {
            return None;
        }
        let model = self.model(mark)?;
        let times = |slow: Duration, fast: Duration| slow.as_secs_f64() / fast.as_secs_f64();
        let (neither_bound, bound) =
            (Quadrant::Neither.bound(&model), row.program.chapter.bound(&model));
        Some(Gain {
            measured: times(neither.taken(), row.marks[mark].taken()),
            at_most: times(neither_bound, bound),
        })
    }

    /// The workload at a mark.
    fn model(&self, mark: usize) -> Option<Model> {
        Some(Model {
            tasks: work::TASKS.len() as u32,
            steps: work::STEPS.count() as u32,
            wait: MARKS[mark] * self.conditions.slow,
            compute: self.compute()?,
            cores: u32::try_from(self.conditions.cores()).unwrap_or(u32::MAX),
            parts: work::PARTS as u32,
        })
    }

    /// How much of a step is waiting, in per cent.
    fn share(&self, mark: usize) -> Option<f64> {
        let Model { wait, compute, .. } = self.model(mark)?;
        Some(100.0 * wait.as_secs_f64() / (wait + compute).as_secs_f64())
    }

    /// What takes from what the times are worth.
    fn disturbance(&self) -> Option<String> {
        self.rows.iter().flat_map(|row| &row.marks).find_map(Series::disturbance)
    }
}

/// Puts the runs where they belong.
struct Turning<'a> {
    dial: &'a mut Dial,
    progress: &'a ProgressBar,
}

impl Turning<'_> {
    fn series(&mut self, batch: &Batch) -> Option<&mut Series> {
        let mark = MARKS.iter().position(|mark| Some(*mark) == batch.conditions.wait)?;
        let id = batch.program.id();
        let row = self.dial.rows.iter_mut().find(|row| row.program.id() == id)?;
        Some(&mut row.marks[mark])
    }
}

impl Listener for Turning<'_> {
    fn ran(&mut self, batch: &Batch, run: &Rc<Run>) {
        self.progress.inc(1);
        if let Some(series) = self.series(batch) {
            series.runs.push(Rc::clone(run));
        }
    }

    fn ended(&mut self, batch: &Batch, ended: &Series) -> Result<()> {
        if let Some(series) = self.series(batch) {
            series.troubles.extend(ended.troubles.clone());
        }
        Ok(())
    }
}
