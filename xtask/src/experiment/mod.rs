//! `cargo xtask experiment`: what becomes of each quadrant's gain when all cores but one are taken away.
//!
//! Concurrency fills the waits of one task with the compute of another, for which one core is
//! enough. Parallelism needs the second core. So one core is the test that tells the two apart, and
//! that the article's "parallel" program, which only sleeps, passes as no parallel program could.
//!
//! Read in this order:
//!
//! 1. this page: runs the lessons in turn, on all cores and on one;
//! 2. [`sample`]: what the runs of one lesson on so many cores have in common;
//! 3. [`finding`]: what the times show, and when they show nothing;
//! 4. [`report`]: how this is said in the terminal, and [`page`] in a browser.

mod finding;
mod page;
mod report;
mod sample;

use std::rc::Rc;

use anyhow::Result;
use clap::builder::ArgPredicate;
use clap::{ArgMatches, Command};
use indicatif::ProgressBar;
use words::{Outcome, Quadrant};

use crate::driver::{Batch, Effort, Listener, drive};
use crate::examine::{Conditions, Run};
use crate::process::{Interrupted, interrupted};
use crate::series::Series;
use crate::session::{self, Options};
use crate::shelf::{Catalogue, Program};
use crate::show::bar;
use crate::system;
use crate::timing::{self, Reference};
use finding::Finding;
use sample::Sample;

/// A run of *neither* that takes so many times as long as it waits and computes was disturbed; to
/// start a process and to print takes less.
const DISTURBED: f64 = 1.15;

/// How the command is called.
pub(crate) fn describe() -> Command {
    Command::new("experiment")
        .about("Runs lessons on all cores and on one, and shows whose gain survives")
        .args(session::arguments_for_runs("5"))
        .arg(system::argument().conflicts_with("program"))
        // What systems wait for and compute is longer than what lessons do.
        .mut_arg("time-limit", |limit| {
            limit.default_value_if("system", ArgPredicate::IsPresent, "60")
        })
        .arg(crate::report::argument())
        .after_help(
            "Without lessons, a runtime or a system: the lessons on the standard library, one of each quadrant, \
             and the article's two \"parallel\" programs.",
        )
}

/// Runs one lesson of each quadrant and the article's programs, or the lessons or the system asked for.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    let options = Options::read(arguments)?;
    let (catalogue, programs) = match arguments.get_one::<String>("system") {
        Some(name) => (Catalogue::default(), system::programs(name)?),
        None => {
            let catalogue = options.catalogue()?;
            let lessons = choose(arguments, &options, &catalogue)?;
            (catalogue, lessons)
        }
    };
    let mut experiment = Experiment::new(programs, &options.conditions);
    experiment.perform(&options)?;
    let outcome = experiment.outcome().and(catalogue.outcome());
    if let Some(path) = &options.report {
        page::save(path, &experiment, &options.conditions, &catalogue)?;
    }
    if options.json {
        println!("{:#}", report::to_json(&experiment, &options, &catalogue, outcome));
    } else {
        report::print(&experiment, &catalogue);
        options.say_where_the_report_is();
    }
    if interrupted() { Err(Interrupted.into()) } else { Ok(outcome) }
}

/// The lessons that are asked for; where none are, those on the standard library and the article's
/// two "parallel" programs. What the others are measured against comes first in any case.
fn choose(
    arguments: &ArgMatches,
    options: &Options,
    catalogue: &Catalogue,
) -> Result<Vec<Program>> {
    let is_left_to_us = options.programs.is_empty()
        && !["lessons", "runtime"].iter().any(|name| arguments.contains_id(name));
    let is_usual = |lesson: &Program| {
        lesson.name == "std" || (lesson.chapter == Quadrant::ParallelOnly && !lesson.is_cell())
    };
    let mut lessons = options.selection.pick(catalogue)?;
    lessons.retain(|lesson| !is_left_to_us || is_usual(lesson));
    if let Some(reference) = session::reference_lesson(catalogue) {
        lessons.retain(|lesson| lesson.id() != reference.id());
        lessons.insert(0, reference.clone());
    }
    Ok(lessons)
}

/// The lessons, and their runs on all cores and on one.
#[derive(Debug)]
struct Experiment {
    /// The lesson that the others are measured against comes first, if there is one.
    trials: Vec<Trial>,
    /// With how many times as long waits and compute as normal.
    slow: u32,
    /// Why nothing can be run on one core that is not on all, if that is so.
    hindrance: Option<String>,
}

/// A lesson, and its runs on all cores and on one.
#[derive(Debug)]
struct Trial {
    all: Sample,
    one: Sample,
}

impl Experiment {
    fn new(lessons: Vec<Program>, conditions: &Conditions) -> Experiment {
        let trial = |lesson: Program| Trial {
            all: Sample::new(lesson.clone(), conditions.cores()),
            one: Sample::new(lesson, 1),
        };
        let hindrance = match (conditions.cores(), timing::cores()) {
            (2.., _) => None,
            (_, 1) => Some("this machine lets us use one core only".to_owned()),
            _ => Some("--cores leaves one core only".to_owned()),
        };
        let trials = lessons.into_iter().map(trial).collect();
        Experiment { trials, slow: conditions.slow, hindrance }
    }

    /// Runs every lesson in turn on all cores and on one, and all of this several times, so that
    /// what else the machine does meanwhile falls on all of them.
    fn perform(&mut self, options: &Options) -> Result<()> {
        let on_one = Conditions { cores: Some(1), ..options.conditions };
        let kinds = match self.hindrance {
            None => vec![options.conditions, on_one],
            Some(_) => vec![options.conditions],
        };
        let programs: Vec<Program> = self.trials.iter().map(|it| it.program().clone()).collect();
        let batch = |program: &Program, conditions: &Conditions| Batch {
            program: program.clone(),
            conditions: *conditions,
            runs: 1,
            effort: Effort::Once,
            busy: false,
        };
        let round = programs
            .iter()
            .flat_map(|program| kinds.iter().map(move |conditions| batch(program, conditions)));
        let round: Vec<Batch> = round.collect();
        let rounds = std::iter::repeat_n(&round, options.repeat).flatten().cloned();
        let progress = bar(options.repeat * round.len(), "lessons");
        drive(rounds, &mut [&mut Round { experiment: self, progress: &progress }])?;
        progress.finish_and_clear();
        Ok(())
    }

    /// Whether nothing was wrong with any run.
    fn outcome(&self) -> Outcome {
        let mut samples = self.trials.iter().flat_map(|trial| [&trial.all, &trial.one]);
        let is_sound = samples.all(|sample| sample.record.outcome() != Outcome::Failed);
        if is_sound { Outcome::Passed } else { Outcome::Failed }
    }

    /// The trial that the others are measured against.
    fn baseline(&self) -> Option<&Trial> {
        let is_baseline = |trial: &&Trial| {
            let lesson = trial.program();
            lesson.chapter == Quadrant::Neither && lesson.is_cell()
        };
        self.trials.first().filter(is_baseline)
    }

    /// What the runs of *neither* on all cores say of the workload.
    fn reference(&self) -> Option<Reference> {
        let runs = self.baseline()?.all.sound().map(|run| run.reference(self.slow));
        Reference::of(&runs.collect::<Vec<_>>())
    }

    /// How many times as long *neither* took on all cores as it waited and computed: more than 1
    /// only because something else was going on.
    fn disturbance(&self) -> Option<f64> {
        let sample = &self.baseline()?.all;
        let bound = sample.bound(&self.reference()?, self.slow)?;
        Some(sample.times()?.middle.as_secs_f64() / bound.as_secs_f64())
    }

    /// What takes from what the times are worth, a sentence each.
    fn doubts(&self) -> Vec<String> {
        let hindrance = self.hindrance.as_ref();
        let hindrance = hindrance.map(|reason| format!("No comparison with one core: {reason}."));
        let disturbance = self.disturbance().filter(|&times| times > DISTURBED).map(|times| {
            format!(
                "The machine was busy with something else: neither took {times:.1} times as long \
                 as it waited and computed. Repeat this when it is idle."
            )
        });
        hindrance.into_iter().chain(disturbance).collect()
    }

    /// What the times show.
    fn findings(&self) -> Vec<Finding> {
        let others =
            self.trials.iter().filter(|trial| trial.program().chapter != Quadrant::Neither);
        let hindrance = self.hindrance.as_deref();
        others.map(|trial| Finding::of(trial, self.baseline(), hindrance)).collect()
    }
}

/// Puts the runs of a round where they belong.
struct Round<'a> {
    experiment: &'a mut Experiment,
    progress: &'a ProgressBar,
}

impl Listener for Round<'_> {
    fn ran(&mut self, batch: &Batch, run: &Rc<Run>) {
        self.progress.inc(1);
        if let Some(reason) = sample::refusal(run) {
            self.experiment.hindrance = Some(reason);
        } else if let Some(sample) = self.sample(batch) {
            sample.record.runs.push(Rc::clone(run));
        }
    }

    fn ended(&mut self, batch: &Batch, series: &Series) -> Result<()> {
        if let Some(sample) = self.sample(batch) {
            sample.record.troubles.extend(series.troubles.clone());
        }
        Ok(())
    }
}

impl Round<'_> {
    /// The sample that this batch belongs to.
    fn sample(&mut self, batch: &Batch) -> Option<&mut Sample> {
        let id = batch.program.id();
        let trial = self.experiment.trials.iter_mut().find(|trial| trial.program().id() == id)?;
        let is_on_one = batch.conditions.cores == Some(1) && trial.all.cores != 1;
        Some(if is_on_one { &mut trial.one } else { &mut trial.all })
    }
}

impl Trial {
    fn program(&self) -> &Program {
        &self.all.record.program
    }

    /// The runs that there are: those on one core are missing where the system cannot do it.
    fn samples(&self) -> impl Iterator<Item = &Sample> {
        let samples = [&self.all, &self.one].into_iter();
        samples.filter(|sample| !sample.record.runs.is_empty())
    }
}
