//! `cargo xtask census`: which orders come in many runs, out of how many that are legal.
//!
//! The experiment behind "it always printed in this order, so it must". What came in every run so
//! far is not what is guaranteed, and `--busy` brings about what an idle machine never shows.
//!
//! Read in this order:
//!
//! 1. this page: runs the lessons, and counts;
//! 2. [`tally`]: which orders came, and how often;
//! 3. [`unseen`]: what can be said of those that did not;
//! 4. [`report`], and [`table`]: how all this is shown in the terminal, and [`page`] in a browser.

mod page;
mod report;
mod table;
mod tally;
mod unseen;

use std::collections::BTreeMap;
use std::rc::Rc;

use anyhow::Result;
use clap::{ArgMatches, Command};
use lab::order::{Count, Poset};
use serde_json::{Value, json};
use words::Outcome;

use crate::busy;
use crate::driver::{Batch, Effort, Listener, Progress, drive};
use crate::envelope;
use crate::examine::Run;
use crate::process::{Interrupted, interrupted};
use crate::series::Series;
use crate::session::{self, Options};
use crate::shelf::{Catalogue, Program};
use tally::{Tally, checkpoints};
use unseen::Unseen;

/// For what the estimates hold, and what the two kinds of runs are.
const CAVEAT: &str = "The estimates hold for runs that do not depend on one another, and for as \
                      long as the machine stays as it is. Idle says that we added no load, and \
                      busy that two threads a core of ours computed meanwhile.";

/// How the command is called.
pub(crate) fn describe() -> Command {
    Command::new("census")
        .about("Counts which orders come in many runs, out of how many that are legal")
        .args(session::arguments_for_runs("200"))
        .arg(crate::report::argument())
        .arg(busy::argument().help(
            "Run each lesson as often once more with every core kept busy by two threads that \
             compute, and show which orders only come then",
        ))
}

/// Runs the lessons that are asked for, and counts.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    let options = Options::read(arguments)?;
    let busy = arguments.get_flag("busy");
    let catalogue = options.catalogue()?;
    let kinds: &[bool] = if busy { &[false, true] } else { &[false] };
    let programs = options.selection.pick(&catalogue)?;
    let batch = |program: &Program, &busy: &bool| {
        let batch = options.batch(program.clone(), Effort::Once);
        Batch { busy, ..batch }
    };
    let plan: Vec<Batch> = programs
        .iter()
        .flat_map(|program| kinds.iter().map(move |busy| batch(program, busy)))
        .collect();
    let mut taker = Taker { kinds: kinds.len(), shown: !options.json, censuses: Vec::new() };
    drive(plan, &mut [&mut Progress::new(), &mut taker])?;
    let censuses = taker.censuses;
    let outcomes = censuses.iter().map(Census::outcome);
    let outcome = outcomes.chain([catalogue.outcome()]).collect();
    if let Some(path) = &options.report {
        page::save(path, &censuses, &options, &catalogue)?;
    }
    if options.json {
        println!("{:#}", to_json(&censuses, &options, busy, &catalogue, outcome));
    } else {
        report::conclude(&censuses, &catalogue);
        options.say_where_the_report_is();
    }
    if interrupted() { Err(Interrupted.into()) } else { Ok(outcome) }
}

/// Takes the censuses as runs come in.
struct Taker {
    /// Of how many kinds a lesson's runs are.
    kinds: usize,
    /// Whether each census is shown once it is complete.
    shown: bool,
    censuses: Vec<Census>,
}

impl Taker {
    /// The sample that runs of this batch belong to.
    fn sample(&mut self, busy: bool) -> Option<&mut Sample> {
        let census = self.censuses.last_mut()?;
        if busy { census.busy.as_mut() } else { Some(&mut census.idle) }
    }
}

impl Listener for Taker {
    fn began(&mut self, batch: &Batch) {
        match self.censuses.last_mut() {
            Some(census) if batch.busy => census.busy = Some(Sample::default()),
            _ => self.censuses.extend(Census::new(batch.program.clone())),
        }
    }

    fn ran(&mut self, batch: &Batch, run: &Rc<Run>) {
        if let Some(sample) = self.sample(batch.busy) {
            sample.add(&batch.program, run);
        }
    }

    fn ended(&mut self, batch: &Batch, series: &Series) -> Result<()> {
        let is_last = self.kinds == 1 || batch.busy || interrupted();
        if let Some(sample) = self.sample(batch.busy) {
            for trouble in &series.troubles {
                sample.left_out += 1;
                *sample.faults.entry(trouble.clone()).or_default() += 1;
            }
        }
        if let Some(census) = self.censuses.last().filter(|_| is_last && self.shown) {
            report::print(census);
        }
        Ok(())
    }
}

/// The census of one lesson.
#[derive(Debug)]
struct Census {
    program: Program,
    contract: Poset,
    legal: Count,
    /// Runs to which this command added no load.
    idle: Sample,
    /// Runs with every core kept busy, where they are asked for.
    busy: Option<Sample>,
}

impl Census {
    /// No runs yet; nothing of a program whose contract makes no sense, which every run will tell.
    fn new(program: Program) -> Option<Census> {
        let contract = program.promise.order.compile().ok()?;
        let legal = contract.count();
        Some(Census { program, contract, legal, idle: Sample::default(), busy: None })
    }

    /// Whether nothing was wrong with any run.
    fn outcome(&self) -> Outcome {
        let is_sound = self.samples().all(|(_, sample)| sample.faults.is_empty());
        if is_sound { Outcome::Passed } else { Outcome::Failed }
    }

    /// The runs with the name of their kind.
    fn samples(&self) -> impl Iterator<Item = (&'static str, &Sample)> {
        [("idle", Some(&self.idle)), ("busy", self.busy.as_ref())]
            .into_iter()
            .filter_map(|(name, sample)| Some((name, sample?)))
    }

    /// How many orders came in busy runs only.
    fn only_busy(&self) -> Option<usize> {
        Some(self.busy.as_ref()?.tally.only_here(&self.idle.tally))
    }

    /// The orders for people: the lines' labels, or their texts where they have none.
    fn names(&self, sequence: &[usize]) -> Vec<String> {
        let lines = sequence.iter().map(|&number| &self.contract.lines()[number]);
        let name = |line: &lab::order::Line| match line.label() {
            Some(label) => label.to_owned(),
            None => line.name().to_string(),
        };
        lines.map(name).collect()
    }

    /// The census for a program to read.
    fn to_json(&self) -> Value {
        let mut described = self.program.to_json();
        let found = json!({
            "contract": self.program.promise.order.to_string(),
            "legal_orders": self.legal.to_string(),
            "idle": self.sample_to_json(&self.idle),
            "busy": self.busy.as_ref().map(|busy| self.sample_to_json(busy)),
            "only_busy": self.only_busy(),
        });
        let Value::Object(found) = found else { unreachable!("it is an object") };
        for (key, value) in found {
            described[key] = value;
        }
        described
    }

    fn sample_to_json(&self, sample: &Sample) -> Value {
        let tally = &sample.tally;
        let order = |(sequence, times): (&[usize], tally::Times)| {
            let never_idle = self.idle.tally.runs_of(sequence) == 0;
            json!({
                "order": self.names(sequence),
                "runs": times.runs,
                "share": times.runs as f64 / tally.runs() as f64,
                "first_in_run": times.first,
                "only_busy": never_idle,
            })
        };
        let point = |runs| json!({ "runs": runs, "orders": tally.distinct_after(runs) });
        json!({
            "runs": tally.runs(),
            "left_out": sample.left_out,
            "faults": sample.faults,
            "orders_seen": tally.distinct(),
            "seen_once": tally.seen_in(1),
            "seen_twice": tally.seen_in(2),
            "unseen": Unseen::estimate(tally, &self.legal).map(Unseen::to_json),
            "curve": checkpoints(tally.runs()).into_iter().map(point).collect::<Vec<_>>(),
            "orders": tally.by_frequency().into_iter().map(order).collect::<Vec<_>>(),
        })
    }
}

/// Everything that was found, for a program to read.
fn to_json(
    censuses: &[Census],
    options: &Options,
    busy: bool,
    catalogue: &Catalogue,
    outcome: Outcome,
) -> Value {
    let content = json!({
        "runs": options.repeat,
        "busy_threads": busy.then(busy::threads),
        "lessons": censuses.iter().map(Census::to_json).collect::<Vec<_>>(),
        "troubles": catalogue.troubles,
    });
    envelope::answer("census", outcome, Some(&options.conditions), content)
}

/// Runs of one kind.
#[derive(Debug, Default)]
struct Sample {
    /// The orders of the runs without fault.
    tally: Tally,
    /// How many runs are left out, for something was wrong with them.
    left_out: usize,
    /// What was wrong, and in how many runs.
    faults: BTreeMap<String, usize>,
    /// The first run, and the latest that showed an order for the first time.
    landmarks: Vec<Landmark>,
}

/// A run that is worth a look.
#[derive(Debug)]
struct Landmark {
    /// Which of the runs without fault it was, from 1.
    number: usize,
    /// The run alone.
    record: Series,
}

impl Sample {
    fn add(&mut self, program: &Program, run: &Rc<Run>) {
        let faults = run.faults();
        if !faults.is_empty() {
            self.left_out += 1;
        } else if self.tally.add(run.order.sequence()) {
            self.landmarks.truncate(1);
            let mut record = Series::new(program.clone());
            record.runs.push(Rc::clone(run));
            self.landmarks.push(Landmark { number: self.tally.runs(), record });
        }
        for fault in faults {
            *self.faults.entry(fault).or_default() += 1;
        }
    }
}
