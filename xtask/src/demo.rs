//! `cargo xtask demo`: runs the lessons one at a time, shows their lines as they come, and
//! explains what was seen.

use std::rc::Rc;
use std::thread;
use std::time::Instant;

use anyhow::Result;
use clap::{ArgMatches, Command};
use serde_json::Value;
use words::{Outcome, Quadrant};

use crate::build::{Messages, Runtimes, build, is_built};
use crate::driver::{Batch, Collector, Effort, Listener, Progress, drive};
use crate::examine::{Conditions, Run};
use crate::process::{Line, interrupted};
use crate::series::Series;
use crate::session::{self, Options};
use crate::shelf::{Catalogue, Program};
use crate::show::{BAD, BOLD, DIM, TaskColours, count, duration, paint, spinner};
use crate::timing::Reference;
use crate::{explain, report, summary};

/// How the command is called.
pub(crate) fn describe() -> Command {
    Command::new("demo")
        .about("Runs the lessons one at a time, and explains what was seen")
        .args(session::arguments())
        .arg(report::argument())
        .after_help(
            "A lesson that was changed as its header suggests is held to what the header says of \
             the change; `check` holds it to what was promised when it was shipped.",
        )
}

/// Builds, runs and explains the lessons that are asked for.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    let options = Options::read(arguments)?;
    if arguments.get_flag("list") {
        return list(&options);
    }
    let mut show = Show::new(&options);
    let catalogue = open(&options, &mut show)?;
    let programs = options.selection.pick(&catalogue)?;
    let mut collector = Collector::default();
    show.measure(&catalogue, &programs, &options.conditions)?;
    let batch = |program: Program| {
        let program = program.as_its_header_says().unwrap_or(program);
        options.batch(program, Effort::Settled)
    };
    let plan = programs.into_iter().map(batch);
    drive(plan, &mut [&mut Progress::new(), &mut show, &mut collector])?;
    close(&options, &catalogue, &collector.all, show.reference().as_ref())
}

/// Prints which lessons there are, and what kept others from being among them.
fn list(options: &Options) -> Result<Outcome> {
    let catalogue = options.catalogue()?;
    let programs = options.selection.pick(&catalogue)?;
    if options.json {
        println!("{:#}", programs.iter().map(Program::to_json).collect::<Value>());
    } else {
        for program in programs {
            anstream::println!("{BOLD}{:34}{BOLD:#}{}", program.id(), program.summary);
        }
    }
    for trouble in &catalogue.troubles {
        anstream::eprintln!("{}", paint(BAD, trouble));
    }
    Ok(catalogue.outcome())
}

/// Builds what is needed. Where nothing is built yet, the first lesson, which takes no time to
/// build, is shown while the rest follows.
fn open(options: &Options, show: &mut Show) -> Result<Catalogue> {
    let quadrants = options.quadrants();
    let is_built = quadrants.iter().all(|&quadrant| is_built(quadrant));
    if is_built || options.json || !options.programs.is_empty() {
        return options.catalogue();
    }
    let first = build(&[Quadrant::Neither], Runtimes::StdOnly, Messages::Shown)?;
    let Some(first) = Catalogue::of(&first).programs.into_iter().next() else {
        return options.catalogue();
    };
    let began = Instant::now();
    let rest = thread::spawn(move || build(&quadrants, Runtimes::All, Messages::Held));
    if options.selection.contains(&first) {
        show.preview(&first, &options.conditions)?;
    }
    let progress = spinner("Building the other lessons");
    let built = rest.join().expect("building does not panic")?;
    progress.finish_and_clear();
    let crates = count(built.compiled, "crate");
    anstream::eprintln!("\n{DIM}Built {crates} in {}.{DIM:#}", duration(began.elapsed()));
    Ok(Catalogue::of(&built))
}

/// Sums up.
fn close(
    options: &Options,
    catalogue: &Catalogue,
    series: &[Series],
    reference: Option<&Reference>,
) -> Result<Outcome> {
    let conditions = &options.conditions;
    if let Some(path) = &options.report {
        report::write(path, series, catalogue, reference, conditions)?;
    }
    if options.json {
        println!("{:#}", summary::to_json("demo", series, catalogue, reference, conditions));
    } else {
        summary::print(series, catalogue, reference);
        options.say_where_the_report_is();
    }
    session::outcome(series, catalogue)
}

/// Shows programs as they run, and explains what was seen of each.
struct Show {
    shown: bool,
    /// The lesson that was shown while the others were being built.
    preview: Option<String>,
    /// What the runs of *neither* have shown so far.
    references: Vec<Reference>,
    colours: TaskColours,
    /// Whether the lines of the present program are shown.
    aloud: bool,
    conditions: Conditions,
}

impl Show {
    fn new(options: &Options) -> Show {
        Show {
            shown: !options.json,
            preview: None,
            references: Vec::new(),
            colours: TaskColours::default(),
            aloud: false,
            conditions: options.conditions,
        }
    }

    fn reference(&self) -> Option<Reference> {
        Reference::of(&self.references)
    }

    /// Sees to it that there is something to compare the first lesson with.
    fn measure(
        &mut self,
        catalogue: &Catalogue,
        programs: &[Program],
        conditions: &Conditions,
    ) -> Result<()> {
        let Some(reference) = session::reference_lesson(catalogue) else { return Ok(()) };
        if programs[0].id() != reference.id() {
            let mut silent = Collector::default();
            drive([once(reference, conditions)], &mut [&mut silent])?;
            for series in &silent.all {
                series.runs.iter().for_each(|run| self.refer(series, run));
            }
        }
        Ok(())
    }

    /// Shows the first lesson while the others are being built.
    fn preview(&mut self, first: &Program, conditions: &Conditions) -> Result<()> {
        let mut preview = Preview { show: self };
        drive([once(first, conditions)], &mut [&mut preview])?;
        self.preview = Some(first.id());
        Ok(())
    }

    /// Takes a run for a reference, if it is one of *neither*. A faulty run cannot serve.
    fn refer(&mut self, series: &Series, run: &Run) {
        let program = &series.program;
        if program.chapter == Quadrant::Neither
            && program.is_cell()
            && run.outcome() != Outcome::Failed
        {
            self.references.push(run.reference(self.conditions.slow));
        }
    }
}

/// One run of a program.
fn once(program: &Program, conditions: &Conditions) -> Batch {
    let (program, conditions) = (program.clone(), *conditions);
    Batch { program, conditions, runs: 1, effort: Effort::Settled, busy: false }
}

impl Listener for Show {
    fn began(&mut self, batch: &Batch) {
        self.aloud = self.shown && self.preview.as_ref() != Some(&batch.program.id());
        self.colours = TaskColours::default();
        if self.aloud {
            explain::heading(&batch.program);
            explain::expectation(&batch.program, &batch.conditions);
        }
    }

    fn line(&mut self, line: &Line) {
        if self.aloud {
            explain::line(line, &mut self.colours);
        }
    }

    fn ended(&mut self, batch: &Batch, series: &Series) -> Result<()> {
        series.runs.iter().for_each(|run: &Rc<Run>| self.refer(series, run));
        if self.aloud && !interrupted() {
            let reference = self.reference();
            let time = explain::time_sentence(series, reference.as_ref(), &batch.conditions);
            explain::findings(series, &time)?;
        }
        Ok(())
    }
}

/// Shows the first lesson while the others are being built, when times mean nothing.
struct Preview<'a> {
    show: &'a mut Show,
}

impl Listener for Preview<'_> {
    fn began(&mut self, batch: &Batch) {
        self.show.began(batch);
    }

    fn line(&mut self, line: &Line) {
        self.show.line(line);
    }

    fn ended(&mut self, _: &Batch, series: &Series) -> Result<()> {
        let note = "measured once more, in silence, when the other lessons have been built";
        explain::findings(series, note)
    }
}
