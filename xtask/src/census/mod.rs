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

use anyhow::{Context, Result};
use clap::{ArgMatches, Command};
use lab::order::{Count, Poset};
use serde_json::{Value, json};

use crate::Outcome;
use crate::busy::{self, Busy};
use crate::catalogue::{Catalogue, Lesson};
use crate::examine::{Conditions, Run, run_once};
use crate::process::{Interrupted, interrupted};
use crate::record::Record;
use crate::session::{self, Options};
use crate::show::bar;
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
    let mut censuses = Vec::new();
    for lesson in options.selection.pick(&catalogue)? {
        let census = Census::take(lesson, &options, busy)?;
        if !options.json {
            report::print(&census);
        }
        censuses.push(census);
        if interrupted() {
            break;
        }
    }
    let passed = catalogue.troubles.is_empty() && censuses.iter().all(Census::passed);
    if let Some(path) = &options.report {
        page::save(path, &censuses, &options, &catalogue)?;
    }
    if options.json {
        println!("{:#}", to_json(&censuses, &options, busy, &catalogue, passed));
    } else {
        report::conclude(&censuses, &catalogue);
        options.say_where_the_report_is();
    }
    match (interrupted(), passed) {
        (true, _) => Err(Interrupted.into()),
        (false, true) => Ok(Outcome::Passed),
        (false, false) => Ok(Outcome::Failed),
    }
}

/// The census of one lesson.
#[derive(Debug)]
struct Census {
    lesson: Lesson,
    contract: Poset,
    legal: Count,
    /// Runs to which this command added no load.
    idle: Sample,
    /// Runs with every core kept busy, where they are asked for.
    busy: Option<Sample>,
}

impl Census {
    /// Runs a lesson, first idle and then, where this is asked for, busy.
    fn take(lesson: Lesson, options: &Options, busy: bool) -> Result<Census> {
        let contract = lesson.order.compile().with_context(|| lesson.id())?;
        let legal = contract.count();
        let Options { conditions, repeat: runs, .. } = options;
        let idle = Sample::take(&lesson, conditions, *runs, &lesson.id());
        let busy = match busy && !interrupted() {
            true => {
                let _busy = Busy::start()?;
                Some(Sample::take(&lesson, conditions, *runs, &format!("{}, busy", lesson.id())))
            }
            false => None,
        };
        Ok(Census { lesson, contract, legal, idle, busy })
    }

    /// Whether nothing was wrong with any run.
    fn passed(&self) -> bool {
        self.samples().all(|(_, sample)| sample.faults.is_empty())
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
        let Lesson { chapter, name, runtime, summary, order, .. } = &self.lesson;
        json!({
            "quadrant": chapter.name(),
            "name": name,
            "runtime": runtime,
            "summary": summary,
            "contract": order.to_string(),
            "legal_orders": self.legal.to_string(),
            "idle": self.sample_to_json(&self.idle),
            "busy": self.busy.as_ref().map(|busy| self.sample_to_json(busy)),
            "only_busy": self.only_busy(),
        })
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
    passed: bool,
) -> Value {
    json!({
        "cores": options.conditions.cores(),
        "slow": options.conditions.slow,
        "runs": options.repeat,
        "busy_threads": busy.then(busy::threads),
        "lessons": censuses.iter().map(Census::to_json).collect::<Vec<_>>(),
        "troubles": catalogue.troubles,
        "interrupted": interrupted(),
        "passed": passed,
    })
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
    record: Record,
}

impl Sample {
    /// Runs the lesson so many times, or until somebody presses Ctrl-C.
    fn take(lesson: &Lesson, conditions: &Conditions, runs: usize, title: &str) -> Sample {
        let progress = bar(runs, title);
        let mut sample = Sample::default();
        for _ in 0..runs {
            let run = run_once(lesson, conditions, |_| {});
            if interrupted() {
                break;
            }
            sample.add(lesson, run);
            progress.inc(1);
        }
        progress.finish_and_clear();
        sample
    }

    fn add(&mut self, lesson: &Lesson, run: Result<Run>) {
        let faults = match &run {
            Ok(run) => run.faults(),
            Err(error) => vec![format!("{error:#}")],
        };
        match run {
            Ok(run) if faults.is_empty() => {
                if self.tally.add(run.order.sequence()) {
                    self.landmarks.truncate(1);
                    let (number, lesson) = (self.tally.runs(), lesson.clone());
                    let record = Record { lesson, runs: vec![run] };
                    self.landmarks.push(Landmark { number, record });
                }
            }
            _ => self.left_out += 1,
        }
        for fault in faults {
            *self.faults.entry(fault).or_default() += 1;
        }
    }
}
