//! `cargo xtask check`: what `demo` does, without the show. For machines that have to decide.

use anyhow::Result;
use clap::{ArgMatches, Command};

use crate::busy;
use crate::examine::{Run, run_settled};
use crate::process::interrupted;
use crate::record::Record;
use crate::session::{self, Options};
use crate::show::{BAD, UNSURE, bar, count, duration, mark, print_field};
use crate::{Outcome, summary};

/// How the command is called.
pub(crate) fn describe() -> Command {
    Command::new("check")
        .about("Runs the lessons quietly, and fails if one of them breaks a promise")
        .args(session::arguments().into_iter().filter(|argument| argument.get_id() != "list"))
        .arg(busy::argument())
}

/// Runs every lesson that is asked for, and prints a line for each.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    let options = Options::read(arguments)?;
    let catalogue = options.catalogue()?;
    let _busy = busy::if_asked(arguments)?;
    let mut records = Vec::new();
    for lesson in options.selection.pick(&catalogue)? {
        let progress = bar(options.repeat, &lesson.id());
        let mut runs: Vec<Run> = Vec::new();
        while runs.len() < options.repeat && !interrupted() {
            runs.push(run_settled(&lesson, &options.conditions, |_| {})?);
            progress.inc(1);
        }
        progress.finish_and_clear();
        runs.retain(|run| !run.is_cut_short());
        if runs.is_empty() {
            break;
        }
        let record = Record { lesson, runs };
        if !options.json {
            print(&record);
        }
        records.push(record);
        if interrupted() {
            break;
        }
    }
    if options.json {
        println!("{:#}", summary::to_json(&records, &catalogue, None, &options.conditions));
    } else {
        summary::conclusion(&records, &catalogue);
    }
    summary::outcome(&records, &catalogue)
}

/// A line for the lesson, and one for everything that is wrong with it.
fn print(record: &Record) {
    let mut text = duration(record.taken());
    if let [shortest, .., longest] = record.times()[..] {
        let runs = count(record.runs.len(), "run");
        let orders = count(record.distinct_orders(), "order");
        text = format!("{runs} of {} to {}, {orders}", duration(shortest), duration(longest));
    }
    anstream::println!("{} {:34}{text}", mark(record.mark()), record.lesson.id());
    for fault in record.faults() {
        print_field("", BAD, &fault);
    }
    for doubt in record.doubts() {
        print_field("", UNSURE, &doubt);
    }
}
