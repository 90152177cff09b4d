//! `cargo xtask demo`: runs the lessons one at a time, shows their lines as they come, and
//! explains what was seen.

use std::thread;
use std::time::Instant;

use anyhow::Result;
use clap::{ArgMatches, Command};
use serde_json::Value;
use words::quadrant::Quadrant;

use crate::build::{Messages, Runtimes, build, is_built};
use crate::catalogue::{Catalogue, Lesson};
use crate::examine::{Run, run_settled};
use crate::process::interrupted;
use crate::record::{Mark, Record};
use crate::session::{self, Options};
use crate::show::{BAD, BOLD, DIM, TaskColours, bar, count, duration, paint, spinner};
use crate::timing::Reference;
use crate::{Outcome, explain, report, summary};

/// How the command is called.
pub(crate) fn describe() -> Command {
    Command::new("demo")
        .about("Runs the lessons one at a time, and explains what was seen")
        .args(session::arguments())
        .arg(report::argument())
}

/// Builds, runs and explains the lessons that are asked for.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    let options = Options::read(arguments)?;
    if arguments.get_flag("list") {
        return list(&options);
    }
    let mut demo = Demo { options, preview: None, references: Vec::new(), records: Vec::new() };
    let catalogue = demo.open()?;
    let lessons = demo.options.selection.pick(&catalogue)?;
    demo.measure(&catalogue, &lessons)?;
    for lesson in lessons {
        demo.lesson(lesson)?;
        if interrupted() {
            break;
        }
    }
    demo.close(&catalogue)
}

/// Prints which lessons there are, and what kept others from being among them.
fn list(options: &Options) -> Result<Outcome> {
    let catalogue = options.catalogue()?;
    let lessons = options.selection.pick(&catalogue)?;
    if options.json {
        println!("{:#}", lessons.iter().map(Lesson::to_json).collect::<Value>());
    } else {
        for lesson in lessons {
            anstream::println!("{BOLD}{:34}{BOLD:#}{}", lesson.id(), lesson.summary);
        }
    }
    for trouble in &catalogue.troubles {
        anstream::eprintln!("{}", paint(BAD, trouble));
    }
    Ok(if catalogue.troubles.is_empty() { Outcome::Passed } else { Outcome::Failed })
}

/// A demo in progress.
struct Demo {
    options: Options,
    /// The lesson that was shown while the others were being built.
    preview: Option<String>,
    /// What the runs of *neither* have shown so far.
    references: Vec<Reference>,
    records: Vec<Record>,
}

impl Demo {
    /// Builds what is needed. Where nothing is built yet, the first lesson, which takes no time to
    /// build, is shown while the rest follows.
    fn open(&mut self) -> Result<Catalogue> {
        let quadrants = self.options.quadrants();
        let is_built = quadrants.iter().all(|&quadrant| is_built(quadrant));
        if is_built || self.options.json || !self.options.programs.is_empty() {
            return self.options.catalogue();
        }
        let first = build(&[Quadrant::Neither], Runtimes::StdOnly, Messages::Shown)?;
        let Some(first) = Catalogue::of(&first).lessons.into_iter().next() else {
            return self.options.catalogue();
        };
        let began = Instant::now();
        let rest = thread::spawn(move || build(&quadrants, Runtimes::All, Messages::Held));
        if self.options.selection.contains(&first) {
            self.preview = Some(first.id());
            let run = self.run_shown(&first)?;
            if !run.is_cut_short() {
                let note = "measured once more, in silence, when the other lessons have been built";
                explain::findings(&Record { lesson: first, runs: vec![run] }, note)?;
            }
        }
        let progress = spinner("Building the other lessons");
        let built = rest.join().expect("building does not panic")?;
        progress.finish_and_clear();
        let crates = count(built.compiled, "crate");
        anstream::eprintln!("\n{DIM}Built {crates} in {}.{DIM:#}", duration(began.elapsed()));
        Ok(Catalogue::of(&built))
    }

    /// Sees to it that there is something to compare the first lesson with.
    fn measure(&mut self, catalogue: &Catalogue, lessons: &[Lesson]) -> Result<()> {
        let Some(reference) = session::reference_lesson(catalogue) else { return Ok(()) };
        if lessons[0].id() != reference.id() {
            self.references
                .extend(session::measure_reference(reference, &self.options.conditions)?);
        }
        Ok(())
    }

    /// Runs a lesson as often as is asked for, and explains it.
    fn lesson(&mut self, lesson: Lesson) -> Result<()> {
        let shown = !self.options.json && self.preview.as_ref() != Some(&lesson.id());
        let conditions = &self.options.conditions;
        let mut runs = vec![match shown {
            true => self.run_shown(&lesson)?,
            false => run_settled(&lesson, conditions, |_| {})?,
        }];
        let progress = bar(self.options.repeat, &lesson.id());
        while runs.len() < self.options.repeat && !interrupted() {
            progress.set_position(runs.len() as u64);
            runs.push(run_settled(&lesson, conditions, |_| {})?);
        }
        progress.finish_and_clear();
        runs.retain(|run| !run.is_cut_short());
        if runs.is_empty() {
            return Ok(());
        }
        if lesson.chapter == Quadrant::Neither && lesson.is_cell() {
            let sound = runs.iter().filter(|run| run.mark() != Mark::Bad);
            self.references.extend(sound.map(|run| run.reference(conditions.slow)));
        }
        let record = Record { lesson, runs };
        if shown {
            let time = explain::time_sentence(&record, self.reference().as_ref(), conditions);
            explain::findings(&record, &time)?;
        }
        self.records.push(record);
        Ok(())
    }

    /// Runs a lesson once, with its lines on the screen as they come.
    fn run_shown(&self, lesson: &Lesson) -> Result<Run> {
        explain::heading(lesson);
        let mut colours = TaskColours::default();
        run_settled(lesson, &self.options.conditions, |line| explain::line(line, &mut colours))
    }

    fn reference(&self) -> Option<Reference> {
        Reference::of(&self.references)
    }

    /// Sums up.
    fn close(self, catalogue: &Catalogue) -> Result<Outcome> {
        let reference = self.reference();
        if let Some(path) = &self.options.report {
            let conditions = &self.options.conditions;
            report::write(path, &self.records, catalogue, reference.as_ref(), conditions)?;
        }
        if self.options.json {
            let conditions = &self.options.conditions;
            let answer = summary::to_json(&self.records, catalogue, reference.as_ref(), conditions);
            println!("{answer:#}");
        } else {
            summary::print(&self.records, catalogue, reference.as_ref());
            self.options.say_where_the_report_is();
        }
        summary::outcome(&self.records, catalogue)
    }
}
