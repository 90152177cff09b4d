//! `cargo xtask timeline`: shows a trace as lanes on a time axis.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::Result;
use clap::{Arg, ArgMatches, Command, value_parser};
use evidence::trace::Trace;
use evidence::{Evidence, Verdict};
use lanes::Lanes;

use crate::report;
use crate::show::{self, BOLD, DIM, count, duration, print_field};
use draw::page::{self, Exhibit};
use draw::written;
use draw::{Lower, json, perfetto, svg, terminal, terminal_width};
use words::{Outcome, WrongUsage};

/// How many spans there are at most in a file for another program. What is too
/// short for that is merged, and the file says so.
const MOST_SPANS: usize = 100_000;

/// What the help says of the lanes.
const LANES: &str = "\
Every lesson records a trace where it is told to: LAB_TRACE=one.trace cargo run -p both -- tokio
A program of several processes is told a folder that is there, and the folder shown as one trace.

A lane shows what a task, a thread or a core did:
  computing                it was executing
  held up by others        a task's wait was over, or a thread was in the middle of compute, and
                           no core executed it: the core, the thread or the lock was with others,
                           tasks and threads of its own or other programs, as the legend says
  waiting                  a task waited: so much is known of steps that wait for work::wait()
  there, nothing recorded  it was there, and the trace says no more
The two counts are means over a column; + is ten or more.";

/// The options that name a file to write.
const FILES: [&str; 3] = ["svg", "perfetto", "report"];

/// How the command is called.
pub(crate) fn describe() -> Command {
    Command::new("timeline")
        .about("Shows a trace as lanes on a time axis, or writes it as a picture or page")
        .after_help(LANES)
        .arg(
            Arg::new("trace")
                .value_name("FILE")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help(
                    "The trace that a program recorded because LAB_TRACE named this file or folder",
                ),
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
                .help("How wide to draw, from 40 [default: the terminal's width, up to 200]"),
        )
        .arg(report::file("svg", "Write a picture for documents and slides"))
        .arg(report::file("perfetto", "Write a file for ui.perfetto.dev and vizviewer"))
        .arg(report::argument())
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser(["text", "json"])
                .default_value("text")
                .help("How to show it: to people or to a program"),
        )
}

/// Shows a trace.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    let path: &PathBuf = arguments.get_one("trace").expect("clap requires it");
    let file = |name: &str| arguments.get_one::<PathBuf>(name);
    FILES.into_iter().filter_map(file).try_for_each(|written| keep(path, written))?;
    let progress = show::spinner("Reading the trace");
    let trace = read(path)?;
    let (verdict, lanes) = examine(&trace);
    progress.finish_and_clear();
    let lower = match arguments.get_one::<String>("lanes").map(String::as_str) {
        Some("threads") => Lower::Threads,
        Some("cores") => Lower::Cores,
        _ => Lower::Best,
    };
    if let Some(path) = file("svg") {
        let options =
            svg::Options { title: &title(&trace), lower, width: svg::WIDE, until: lanes.length };
        written::write(path, |out| out.write_all(svg::draw(&lanes, options).as_bytes()))?;
    }
    if let Some(path) = file("perfetto") {
        written::write(path, |out| perfetto::write(&lanes.at_most(MOST_SPANS), out))?;
    }
    if let Some(path) = file("report") {
        page::write_one(path, Exhibit::of_trace(&title(&trace), &trace, &verdict))?;
        written::say_so(path);
    }
    if arguments.get_one::<String>("format").is_some_and(|format| format == "json") {
        println!("{}", json::to_json(&lanes.at_most(MOST_SPANS), &verdict));
    } else if FILES.into_iter().all(|name| file(name).is_none()) {
        let width = arguments.get_one::<u16>("width");
        let width = width.map_or_else(terminal_width, |&width| width.into());
        show(&trace, &lanes, &verdict, width, lower);
    }
    // The process ends here, and the system takes everything back at once. To take half a
    // gigabyte apart first, piece by piece, would be a tenth of the time of a large trace.
    std::mem::forget((trace, lanes));
    Ok(Outcome::Passed)
}

/// Reaches a verdict and works out the lanes: in parallel, and not concurrently
/// by this workspace's words, since it is one task in two parts.
fn examine(trace: &Trace) -> (Verdict, Lanes) {
    let (verdict, lanes) = thread::scope(|scope| {
        let verdict = scope.spawn(|| Verdict::of(Evidence::default().and(trace)));
        let lanes = Lanes::of(trace);
        (verdict.join().expect("a verdict does not panic"), lanes)
    });
    let lanes = lanes.with_verdict(&verdict);
    (verdict, lanes)
}

/// Shows the lanes in the terminal, and what the verdict says to them.
fn show(trace: &Trace, lanes: &Lanes, verdict: &Verdict, width: usize, lower: Lower) {
    let unicode = show::has_unicode();
    let plain = |text: String| if unicode { text } else { text.replace('µ', "u") };
    let length = plain(duration(trace.length()));
    let events = count(usize::try_from(trace.events).unwrap_or(usize::MAX), "event");
    anstream::println!("{BOLD}{}{BOLD:#}  {DIM}{length}, {events}{DIM:#}", title(trace));
    let options = terminal::Options { width, unicode, colour: true, lower };
    anstream::print!("{}", terminal::draw(lanes, options));
    let headings = ["verdict"].into_iter().chain(std::iter::repeat(""));
    for (heading, text) in headings.zip(plain(verdict.to_string()).lines()) {
        print_field(heading, DIM, text);
    }
}

/// The recorded program's command, without the folder that it lies in.
pub(crate) fn title(trace: &Trace) -> String {
    let (program, arguments) = trace.command.split_once(' ').unwrap_or((&trace.command, ""));
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    show::printable(format!("{name} {arguments}").trim_end())
}

/// Sees to it that a trace is kept, whatever is written besides.
fn keep(trace: &Path, written: &Path) -> Result<()> {
    if !is_same_file(trace, written) {
        return written::claim(written);
    }
    let message = format!("`{}` is the trace itself: name another file", written.display());
    Err(WrongUsage(message).into())
}

/// Whether both are there, and are one file, be it under several names.
fn is_same_file(one: &Path, other: &Path) -> bool {
    #[cfg(unix)]
    let identity = |path: &Path| {
        use std::os::unix::fs::MetadataExt as _;
        path.metadata().map(|file| (file.dev(), file.ino()))
    };
    #[cfg(not(unix))]
    let identity = Path::canonicalize;
    identity(one).ok().is_some_and(|one| identity(other).is_ok_and(|other| one == other))
}

/// Reads a trace, and tells a file that is not there from one that cannot be read.
pub(crate) fn read(path: &Path) -> Result<Trace> {
    if !path.exists() {
        let path = path.display();
        let message = format!("there is no file `{path}`; record one: LAB_TRACE={path} PROGRAM");
        return Err(WrongUsage(message).into());
    }
    Ok(Trace::read(path)?)
}
