//! `cargo xtask demo`: runs the lessons one at a time, and says what was seen: a line a lesson, everything,
//! or a screen a lesson.

mod show;

use std::thread;
use std::time::Instant;

use anyhow::Result;
use clap::{Arg, ArgAction, ArgMatches, Command};
use serde_json::Value;
use words::{Outcome, Quadrant};

use crate::build::{Messages, Runtimes, build, is_built};
use crate::driver::{Collector, Effort, Progress, drive};
use crate::report;
use crate::series::Series;
use crate::session::{self, Options};
use crate::shelf::{Catalogue, Program};
use crate::show::{BAD, BOLD, DIM, count, duration, paint, spinner, width, wrap};
use crate::summary;
use show::{Amount, Show};

/// How the command is called.
pub(crate) fn describe() -> Command {
    Command::new("demo")
        .about("Runs the lessons one at a time, and says what was seen")
        .args(session::arguments())
        .arg(
            Arg::new("details")
                .long("details")
                .action(ArgAction::SetTrue)
                .help("Say everything of each lesson, as where single lessons are named"),
        )
        .arg(
            Arg::new("step")
                .long("step")
                .action(ArgAction::SetTrue)
                .help("Show a screen a lesson, and go on when somebody presses Enter"),
        )
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
    let amount = match () {
        () if options.json => Amount::Nothing,
        () if arguments.get_flag("step") => Amount::Screens,
        () if arguments.get_flag("details") || options.selection.is_of_lessons() => {
            Amount::Everything
        }
        () => Amount::Lines,
    };
    let mut show = Show::new(&options, amount);
    let catalogue = open(&options, &mut show)?;
    let programs = options.selection.pick(&catalogue)?;
    let mut collector = Collector::default();
    show.begin(&catalogue, &programs)?;
    let is_left = show.is_left();
    if is_left.get() {
        return Ok(catalogue.outcome());
    }
    let batch = |program: Program| {
        let program = program.as_its_header_says().unwrap_or(program);
        options.batch(program, Effort::Settled)
    };
    let plan = programs.into_iter().map(batch).take_while(|_| !is_left.get());
    drive(plan, &mut [&mut Progress::new(), &mut show, &mut collector])?;
    close(&options, &catalogue, &collector.all, &show)
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
        show.preview(&first)?;
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
    show: &Show,
) -> Result<Outcome> {
    let (conditions, reference) = (&options.conditions, show.reference());
    if let Some(path) = &options.report {
        report::write(path, series, show.others(), catalogue, reference.as_ref(), conditions)?;
    }
    if options.json {
        println!(
            "{:#}",
            summary::to_json("demo", series, catalogue, reference.as_ref(), conditions)
        );
    } else {
        summary::print(series, catalogue, reference.as_ref(), !show.is_in_lines());
        options.say_where_the_report_is();
        if show.is_in_lines() && options.programs.is_empty() {
            say_how_to_see_more();
        }
    }
    session::outcome(series, catalogue)
}

fn say_how_to_see_more() {
    let text = "More of a lesson: `cargo xtask demo both/tokio`. A screen for each: --step. Predict first: \
                `cargo xtask learn`.";
    wrap(text, width()).iter().for_each(|line| anstream::println!("{DIM}{line}{DIM:#}"));
}
