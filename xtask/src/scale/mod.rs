//! `cargo xtask scale`: what more cores could bring to a program, on machines that nobody here has.
//!
//! A program is run on all cores, and on one; what it recorded is laid on up to a thousand cores. The
//! runs on real cores say whether to believe that: they must lie between the bounds that hold for every
//! greedy schedule.
//!
//! Read in this order:
//!
//! 1. the crate [`scale`]: the model, and schedules of it;
//! 2. this page: where traces come from;
//! 3. [`scaled`]: a program's curve, beside its runs on real cores;
//! 4. [`tell`]: how it is said in the terminal and to programs, [`picture`]: and drawn.

mod picture;
mod scaled;
mod tell;

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Arg, ArgMatches, Command, value_parser};
use draw::page::Exhibit;
use draw::written;
use evidence::{Evidence, Verdict};
use words::{Outcome, WrongUsage};

use crate::driver::{Batch, Collector, Effort, Progress, drive};
use crate::examine::Conditions;
use crate::process::{Interrupted, interrupted};
use crate::report;
use crate::series::Series;
use crate::session::{self, Options};
use crate::shelf::Program;
use crate::{system, timeline};
use scaled::Scaled;

/// The arguments that this has in common with other commands that run lessons.
const COMMON: [&str; 5] = ["lessons", "runtime", "time-limit", "evidence", "format"];

/// How the command is called.
pub(crate) fn describe() -> Command {
    let common = session::arguments().into_iter();
    Command::new("scale")
        .about("Lays what a program recorded on up to 1,024 cores, and says what they could bring")
        .args(common.filter(|argument| COMMON.contains(&argument.get_id().as_str())))
        .mut_arg("time-limit", |argument| argument.default_value("60"))
        .arg(system::argument())
        .arg(
            Arg::new("trace")
                .long("trace")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .conflicts_with_all(["lessons", "runtime", "system"])
                .help("What a program recorded because LAB_TRACE named this file or folder"),
        )
        .arg(report::file("svg", "Write the curves as a picture for documents and slides"))
        .arg(report::argument())
        .after_help("Without lessons, a system or a trace: the lessons on the standard library.")
}

/// Runs what is asked for, and says how it scales.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    let options = Options::read(arguments)?;
    let svg = arguments.get_one::<PathBuf>("svg");
    svg.map_or(Ok(()), |path| written::claim(path))?;
    let (scaled, exhibits) = recorded(arguments, &options)?;
    if let Some(path) = svg {
        written::write(path, |out| out.write_all(picture::draw(&scaled).as_bytes()))?;
    }
    if let Some(path) = &options.report {
        picture::save(path, &scaled, exhibits)?;
    }
    let outcome = scaled.iter().map(Scaled::outcome).collect();
    match options.json {
        true => println!("{:#}", tell::to_json(&scaled, outcome)),
        false => tell::print(&scaled, options.report.as_deref()),
    }
    if interrupted() { Err(Interrupted.into()) } else { Ok(outcome) }
}

/// What was recorded, or is now: curves, and what a page shows of the runs.
fn recorded(arguments: &ArgMatches, options: &Options) -> Result<(Vec<Scaled>, Vec<Exhibit>)> {
    if let Some(path) = arguments.get_one::<PathBuf>("trace") {
        let trace = timeline::read(path)?;
        let (title, verdict) =
            (timeline::title(&trace), Verdict::of(Evidence::default().and(&trace)));
        let exhibit = Exhibit::of_trace(&title, &trace, &verdict);
        return Ok((vec![Scaled::of_trace(&title, &trace)], vec![exhibit]));
    }
    let series = perform(programs(arguments, options)?, options)?;
    let exhibits = picture::exhibits(&series, &options.conditions)?;
    Ok((Scaled::all(&series), exhibits))
}

/// The programs that are asked for, built.
fn programs(arguments: &ArgMatches, options: &Options) -> Result<Vec<Program>> {
    if let Some(name) = arguments.get_one::<String>("system") {
        return system::programs(name);
    }
    let is_left_to_us = !["lessons", "runtime"].iter().any(|name| arguments.contains_id(name));
    let catalogue = options.catalogue()?.complete()?;
    let mut programs = options.selection.pick(&catalogue)?;
    programs.retain(|program| !is_left_to_us || program.name == "std");
    match programs.is_empty() {
        true => Err(WrongUsage("there is no such lesson".to_owned()).into()),
        false => Ok(programs),
    }
}

/// Runs each program on all cores, and lessons on one as well: systems choose their cores themselves.
fn perform(programs: Vec<Program>, options: &Options) -> Result<Vec<Series>> {
    let all = options.conditions;
    let one = Conditions { cores: Some(1), ..all };
    let plan = programs.into_iter().flat_map(|program| {
        let has_one = all.cores() > 1 && !program.shelf.is_of_systems();
        let conditions = [Some(all), has_one.then_some(one)].into_iter().flatten();
        conditions.map(move |conditions| Batch {
            program: program.clone(),
            conditions,
            runs: 1,
            effort: Effort::Once,
            busy: false,
        })
    });
    let mut collector = Collector::default();
    drive(plan, &mut [&mut Progress::new(), &mut collector])?;
    Ok(collector.all)
}
