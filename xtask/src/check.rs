//! `cargo xtask check`: what `demo` does, without the show. For machines that have to decide.

use anyhow::Result;
use clap::{ArgMatches, Command};
use words::Outcome;

use crate::busy;
use crate::driver::{Batch, Collector, Effort, Listener, Progress, drive};
use crate::series::Series;
use crate::session::{self, Options};
use crate::show::{BAD, UNSURE, count, duration, mark, print_field};
use crate::summary;

/// How the command is called.
pub(crate) fn describe() -> Command {
    Command::new("check")
        .about("Runs the lessons quietly, and fails if one of them breaks a promise")
        .args(session::arguments().into_iter().filter(|argument| argument.get_id() != "list"))
        .arg(busy::argument())
        .after_help(
            "Lessons are held to what was promised of them when they were shipped, whatever has been \
             changed since. Exit code: 0 passed, 1 failed, 2 wrong usage, 3 not shown.",
        )
}

/// Runs every lesson that is asked for, and prints a line for each.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    let options = Options::read(arguments)?;
    let catalogue = options.catalogue()?;
    let programs = options.selection.pick(&catalogue)?;
    let plan = programs.into_iter().map(|program| options.batch(program, Effort::Settled));
    let (mut collector, mut lines) = (Collector::default(), Lines { shown: !options.json });
    drive(plan, &mut [&mut Progress::new(), &mut lines, &mut collector])?;
    let series = collector.all;
    if options.json {
        let answer = summary::to_json("check", &series, &catalogue, None, &options.conditions);
        println!("{answer:#}");
    } else {
        summary::conclusion(&series, &catalogue);
    }
    session::outcome(&series, &catalogue)
}

/// A line for each program, and one for everything that is wrong with it.
struct Lines {
    shown: bool,
}

impl Listener for Lines {
    fn ended(&mut self, _: &Batch, series: &Series) -> Result<()> {
        if self.shown {
            print(series);
        }
        Ok(())
    }
}

fn print(series: &Series) {
    let mut text = duration(series.taken());
    if let [shortest, .., longest] = series.times()[..] {
        let runs = count(series.runs.len(), "run");
        let orders = count(series.distinct_orders(), "order");
        text = format!("{runs} of {} to {}, {orders}", duration(shortest), duration(longest));
    }
    if series.not_shown() > 0 && series.runs.len() > 1 {
        text += &format!(", {} not shown", series.not_shown());
    }
    anstream::println!("{} {:34}{text}", mark(series.outcome()), series.program.id());
    for fault in series.faults() {
        print_field("", BAD, &fault);
    }
    for doubt in series.doubts() {
        print_field("", UNSURE, &doubt);
    }
}
