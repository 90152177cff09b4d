//! The one loop that runs programs. A plan says what is to be run; listeners hear what came of it.
//!
//! Whoever wants to run programs writes a [plan](Batch) and listens: to print, to count, to collect.
//! Nobody else runs any.

use std::rc::Rc;

use anyhow::Result;

use crate::busy::Busy;
use crate::examine::{Conditions, Run, run_once, run_settled};
use crate::process::{Line, interrupted};
use crate::series::Series;
use crate::shelf::Program;
use crate::show::bar;

/// One entry of a plan: a program that is run so many times under the same conditions.
#[derive(Clone, Debug)]
pub(crate) struct Batch {
    /// The program.
    pub(crate) program: Program,
    /// The conditions.
    pub(crate) conditions: Conditions,
    /// How many times it is run.
    pub(crate) runs: usize,
    /// What is done about a run that showed nothing.
    pub(crate) effort: Effort,
    /// Whether every core is kept busy meanwhile.
    pub(crate) busy: bool,
}

/// What is done about a run in which the machine kept a program from showing its quadrant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// Nothing: every run counts as it is.
    Once,
    /// It is run again a few times.
    Settled,
}

/// Hears what comes of a plan.
pub(crate) trait Listener {
    /// A batch begins.
    fn began(&mut self, batch: &Batch) {
        let _ = batch;
    }

    /// A program that is run for the first time in its batch has printed a line.
    fn line(&mut self, line: &Line) {
        let _ = line;
    }

    /// A program was run.
    fn ran(&mut self, batch: &Batch, run: &Rc<Run>) {
        let _ = (batch, run);
    }

    /// A batch has ended; where somebody pressed Ctrl-C, with what runs there were until then. There is
    /// at least one, or a trouble.
    ///
    /// # Errors
    ///
    /// If what is found cannot be told. Nothing more is run then.
    fn ended(&mut self, batch: &Batch, series: &Series) -> Result<()> {
        let _ = (batch, series);
        Ok(())
    }
}

/// Runs what the plan says, one program after the other, until its end or until somebody presses
/// Ctrl-C. A program that cannot be run is told of like any other fault, and keeps no other from running.
///
/// # Errors
///
/// If a listener cannot go on, or the cores cannot be kept busy.
pub(crate) fn drive(
    plan: impl IntoIterator<Item = Batch>,
    listeners: &mut [&mut dyn Listener],
) -> Result<()> {
    for batch in plan {
        if interrupted() {
            break;
        }
        let _busy = batch.busy.then(Busy::start).transpose()?;
        listeners.iter_mut().for_each(|listener| listener.began(&batch));
        let series = run_batch(&batch, listeners);
        if !series.runs.is_empty() || !series.troubles.is_empty() {
            for listener in &mut *listeners {
                listener.ended(&batch, &series)?;
            }
        }
    }
    Ok(())
}

fn run_batch(batch: &Batch, listeners: &mut [&mut dyn Listener]) -> Series {
    let Batch { program, conditions, runs, .. } = batch;
    let mut series = Series::new(program.clone());
    for number in 0..*runs {
        let mut on_line = |line: &Line| {
            if number == 0 {
                listeners.iter_mut().for_each(|listener| listener.line(line));
            }
        };
        let run = match batch.effort {
            Effort::Once => run_once(program, conditions, &mut on_line),
            Effort::Settled => run_settled(program, conditions, &mut on_line),
        };
        match run {
            Ok(run) if run.is_cut_short() => break,
            Ok(run) => {
                let run = Rc::new(run);
                listeners.iter_mut().for_each(|listener| listener.ran(batch, &run));
                series.runs.push(run);
            }
            // It will not be otherwise next time.
            Err(error) => {
                series.troubles.push(format!("{error:#}"));
                break;
            }
        }
        if interrupted() {
            break;
        }
    }
    series
}

/// Keeps all that was run.
#[derive(Debug, Default)]
pub(crate) struct Collector {
    /// The series, in the order of the plan.
    pub(crate) all: Vec<Series>,
}

impl Listener for Collector {
    fn ended(&mut self, _: &Batch, series: &Series) -> Result<()> {
        self.all.push(series.clone());
        Ok(())
    }
}

/// Shows how far a plan is that runs each of its programs several times.
pub(crate) struct Progress(indicatif::ProgressBar);

impl Progress {
    /// Of nothing yet.
    pub(crate) fn new() -> Progress {
        Progress(indicatif::ProgressBar::hidden())
    }
}

impl Listener for Progress {
    fn began(&mut self, batch: &Batch) {
        let kind = if batch.busy { ", busy" } else { "" };
        self.0 = bar(batch.runs, &format!("{}{kind}", batch.program.id()));
    }

    fn ran(&mut self, _: &Batch, _: &Rc<Run>) {
        self.0.inc(1);
    }

    fn ended(&mut self, _: &Batch, _: &Series) -> Result<()> {
        self.0.finish_and_clear();
        Ok(())
    }
}
