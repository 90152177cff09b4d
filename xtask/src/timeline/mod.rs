//! `cargo xtask timeline`: shows a trace as lanes on a time axis.

#[cfg(test)]
pub(crate) mod fixture;
pub(crate) mod lanes;
mod look;
pub(crate) mod terminal;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Arg, ArgMatches, Command, value_parser};
use lab::trace::Trace;
use lab::verdict::Verdict;

use crate::show::{self, BOLD, DIM, count, duration, print_field};
use crate::{Outcome, WrongUsage};
use lanes::Lanes;
use look::Lower;

/// How the command is called.
pub(crate) fn describe() -> Command {
    Command::new("timeline")
        .about("Shows a trace as lanes on a time axis")
        .arg(
            Arg::new("trace")
                .value_name("FILE")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help("The trace that a program recorded because LAB_TRACE named this file"),
        )
        .arg(
            Arg::new("lanes")
                .long("lanes")
                .value_name("OF")
                .value_parser(["best", "threads", "cores"])
                .default_value("best")
                .help("Whose lanes stand below the tasks'"),
        )
        .arg(
            Arg::new("width")
                .long("width")
                .value_name("COLUMNS")
                .value_parser(value_parser!(u16).range(40..=1000))
                .help("How wide to draw [default: the terminal's width, up to 200]"),
        )
}

/// Shows a trace.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    let path: &PathBuf = arguments.get_one("trace").expect("clap requires it");
    let trace = read(path)?;
    let verdict = Verdict::of(&trace, None);
    let lanes = Lanes::of(&trace).with_verdict(&verdict);
    let lower = match arguments.get_one::<String>("lanes").map(String::as_str) {
        Some("threads") => Lower::Threads,
        Some("cores") => Lower::Cores,
        _ => Lower::Best,
    };
    let width =
        arguments.get_one::<u16>("width").map_or_else(terminal_width, |&width| width.into());
    heading(&trace);
    let unicode = show::has_unicode();
    let options = terminal::Options { width, unicode, colour: true, lower };
    anstream::print!("{}", terminal::draw(&lanes, options));
    for (heading, text) in ["verdict", ""].into_iter().zip(verdict.to_string().lines()) {
        print_field(heading, DIM, text);
    }
    Ok(Outcome::Passed)
}

/// A run as lanes, with what its verdict rests on, in the width of the terminal less an indent.
pub(crate) fn picture(trace: &Trace, verdict: &Verdict, indent: usize) -> String {
    let lanes = Lanes::of(trace).with_verdict(verdict);
    let (width, unicode) = (terminal_width() - indent, show::has_unicode());
    let options = terminal::Options { width, unicode, colour: true, lower: Lower::Best };
    terminal::draw(&lanes, options)
}

/// Reads a trace, and tells a file that is not there from one that cannot be read.
fn read(path: &Path) -> Result<Trace> {
    if !path.exists() {
        let path = path.display();
        let message = format!("there is no file `{path}`; record one: LAB_TRACE={path} PROGRAM");
        return Err(WrongUsage(message).into());
    }
    Ok(Trace::read(path)?)
}

fn heading(trace: &Trace) {
    let length = duration(trace.length());
    let events = count(trace.events.len(), "event");
    anstream::println!("{BOLD}{}{BOLD:#}  {DIM}{length}, {events}{DIM:#}", trace.command);
}

/// The terminal's width between 60 and 200 columns, or 80 in a pipe.
fn terminal_width() -> usize {
    let columns = terminal_size::terminal_size().map(|(columns, _)| usize::from(columns.0));
    columns.unwrap_or(80).clamp(60, 200)
}
