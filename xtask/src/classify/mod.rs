//! `cargo xtask classify`: was this run concurrent, was it parallel? For any program.
//!
//! Nothing needs to be known of its source, and it need not help: its lines tell
//! of its tasks (see [`lines`]), and the kernel of its threads (see the crate [`watch`](mod@::watch)).
//! If it links `lab` and records itself, that is taken up: see [`record`]. All of it can be had as a
//! [`picture`].

mod picture;
mod record;

use std::ffi::OsString;
use std::io::{self, ErrorKind, IsTerminal as _, Write};
use std::ops::ControlFlow;
use std::time::Duration;

use anyhow::Result;
use clap::{Arg, ArgMatches, Command, value_parser};
use evidence::trace::Trace;
use evidence::{Amount, Claim, Reason, Ruling, Source, Verdict};
use lanes::activity::Activity;
use lines::{Lines, Told};
use serde_json::{Value, json};
use words::{Axis, Outcome, Quadrant, WrongUsage, milliseconds};

use crate::envelope;
use crate::process::{
    Ended, Ending, Error, Finding, Input, Interrupted, Line, Request, Stream, Watcher,
};
use crate::session;
use crate::show::{BOLD, DIM, duration, width, wrap};
use picture::Files;
use record::Record;
use watch::{Watched, Whose, watch};

/// How many bytes of the output are searched for tasks. What comes after is passed through only:
/// a program that prints much should not have to wait for us.
const SEARCHED: usize = 4 << 20;

/// How the command is called.
pub(crate) fn describe() -> Command {
    Command::new("classify")
        .about("Runs any program, and says whether it was concurrent and whether it was parallel")
        .after_help(
            "The program's output is passed through, with --format json to standard error. \
             Tasks last from their first to their last line on standard output, or on standard \
             error if that is where they are named. A program can also record its tasks itself: see \
             crates/lab/src/own.rs.",
        )
        .args_override_self(true)
        .arg(Arg::new("task").long("task").value_name("REGEX").help(
            "What names the task that a line belongs to, in its first group [default: the usual \
             ways, as in `Task A`, `[2]`, `worker-3` and `task=7`]",
        ))
        .arg(
            Arg::new("time-limit")
                .long("time-limit")
                .value_name("SECONDS")
                .value_parser(time_limit)
                .help("End the program after so many seconds [default: never]"),
        )
        .arg(
            Arg::new("cores")
                .long("cores")
                .value_name("N")
                .value_parser(value_parser!(u16).range(1..))
                .help("Restrict the program to so many cores"),
        )
        .arg(session::sources_argument())
        .args(Files::arguments())
        .arg(
            Arg::new("format")
                .long("format")
                .value_parser(["text", "json"])
                .default_value("text")
                .help("For whom the report is"),
        )
        .arg(
            Arg::new("command")
                .value_name("COMMAND")
                .required(true)
                .num_args(1..)
                .last(true)
                .value_parser(value_parser!(OsString))
                .help("The program and its arguments"),
        )
}

/// Runs the program, and reports.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    let is_json = arguments.get_one("format").is_some_and(|format: &String| format == "json");
    let pattern = arguments.get_one::<String>("task").map(String::as_str);
    let files = Files::read(arguments)?;
    let record = Record::prepare()?;
    let request = record.tell(request(arguments));
    let tasks = [Lines::new(pattern)?, Lines::new(pattern)?];
    let mut seen = Seen { tasks, is_json };
    let watched = watch(&request, session::sources(arguments), Whose::Strangers, &mut seen);
    let (report, watched) = watched.map_err(|error| {
        // Somebody named it on the command line.
        let named = error.downcast_ref::<Error>().is_some_and(Error::is_of_the_program);
        if named { WrongUsage(error.to_string()).into() } else { error }
    })?;
    let run = Run::new(request, report, &watched, &seen.tasks, record);
    if is_json {
        println!("{:#}", run.to_json());
    } else {
        run.explain();
    }
    // What was found out is said even where there is no room for a picture of it.
    files.write(&run, telling(&seen.tasks).1)?;
    if run.report.ending == Ending::Interrupted {
        Err(Interrupted.into())
    } else {
        Ok(Outcome::Passed)
    }
}

/// Reads a time limit.
fn time_limit(seconds: &str) -> Result<Duration, String> {
    let seconds = seconds.parse::<f64>().map_err(|error| error.to_string())?;
    Duration::try_from_secs_f64(seconds).map_err(|error| error.to_string())
}

fn request(arguments: &ArgMatches) -> Request {
    let mut command = arguments.get_many::<OsString>("command").expect("it is required").cloned();
    let program = command.next().expect("it has a name");
    let limit = arguments.get_one::<Duration>("time-limit").copied();
    let request = Request::of_a_stranger(program).arguments(command).time_limit(limit);
    let cores = arguments.get_one::<u16>("cores").map(|&cores| usize::from(cores));
    Request { cores, input: Input::Ours, kept_output: SEARCHED, ..request }
}

/// Passes the output through, and looks for tasks in it.
struct Seen {
    /// Those on standard output, and those on standard error.
    tasks: [Lines; 2],
    is_json: bool,
}

impl Watcher for Seen {
    fn output(&mut self, stream: Stream, bytes: &[u8], _arrival: Duration) -> ControlFlow<()> {
        let passed_on = match stream {
            Stream::Output if !self.is_json => {
                let mut output = io::stdout().lock();
                output.write_all(bytes).and_then(|()| output.flush())
            }
            _ => io::stderr().write_all(bytes),
        };
        // That nobody reads on, the program finds as it would without us. A full disk is nothing to it.
        match passed_on {
            Err(error) if error.kind() == ErrorKind::BrokenPipe => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    }

    fn line(&mut self, line: &Line) {
        self.tasks[line.stream as usize].line(&line.text, line.arrival);
    }
}

/// A run, and all that was seen of it.
struct Run {
    request: Request,
    report: Ended,
    verdict: Verdict,
    /// What it recorded of itself, if it did.
    trace: Option<Trace>,
    /// Who had a core when, where the kernel recorded it exactly.
    activity: Option<Activity>,
    /// Why there is no record of the kernel's own, or none of its own.
    missing: Option<String>,
}

impl Run {
    fn new(
        request: Request,
        report: Ended,
        watched: &Watched,
        tasks: &[Lines; 2],
        record: Record,
    ) -> Run {
        let (trace, unreadable) = record.read();
        let (mut evidence, activity) = watched.evidence(trace.as_ref());
        let (stream, lines) = telling(tasks);
        // A wrapper that has done its part, as a shell that starts an interpreter, writes nothing more.
        let is_one_writer = || lines.time_of_tasks().is_some_and(|it| watched.is_one_writer(it));
        let alone = report.usage.as_ref().is_some_and(|usage| usage.alone) || is_one_writer();
        let told: Told = lines.finish(report.dropped == 0, alone);
        evidence.claims.push(Claim {
            axis: Axis::Concurrent,
            source: Source::Lines,
            answer: told.answer,
            amount: Amount::default(),
            proof: None,
            reasons: vec![Reason::new("lines", told.sentence.clone())],
            details: told.to_json(stream.name()),
        });
        let verdict = Verdict::of(evidence);
        let missing: Vec<String> = watched.missing().into_iter().chain(unreadable).collect();
        let missing = (!missing.is_empty()).then(|| missing.join(" "));
        Run { request, report, verdict, trace, activity, missing }
    }

    fn explain(&self) {
        let taken = duration(self.report.wall);
        let ending = &self.report.ending;
        anstream::eprintln!("\n{BOLD}{}{BOLD:#}: {ending}, took {taken}", self.name());
        for finding in &self.report.findings {
            anstream::eprintln!("  {finding}");
        }
        for ruling in [&self.verdict.concurrent, &self.verdict.parallel] {
            let answer = format!("{}: {}", ruling.axis.name(), ruling.answer);
            let text = format!("{answer}. {}", self.why(ruling));
            // Whoever reads it elsewhere than in a terminal may look for a sentence as it is.
            let columns = if io::stderr().is_terminal() { width() } else { usize::MAX };
            let lines = wrap(&text, columns).join("\n");
            let lines = lines.strip_prefix(&answer).unwrap_or(&lines);
            anstream::eprintln!("{BOLD}{answer}{BOLD:#}{lines}");
        }
        if let Some(missing) = &self.missing {
            anstream::eprintln!("{DIM}{missing}{DIM:#}");
        }
    }

    /// Why the answer is what it is, and what in the machine may have been in the way, or who restricted
    /// it.
    fn why(&self, ruling: &Ruling) -> String {
        let hindrance = |it: &Reason| match (it.name, self.request.cores) {
            ("unknown-others", _) => None,
            ("no-second-core", Some(_)) => Some("That is what --cores allowed it.".to_owned()),
            ("no-second-core", None) if is_restricted() => {
                Some("Whoever started this command restricted it to that.".to_owned())
            }
            _ => Some(it.sentence.clone()),
        };
        let hindrances = ruling.hindrances.iter().filter_map(hindrance);
        [ruling.sentence()].into_iter().chain(hindrances).collect::<Vec<_>>().join(" ")
    }

    fn name(&self) -> String {
        let arguments = self.request.arguments.iter();
        let words = std::iter::once(&self.request.program).chain(arguments);
        words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    fn to_json(&self) -> Value {
        let verdict = self.verdict.to_json();
        let answer = |ruling: &Ruling| {
            let mut answer = verdict[ruling.axis.name()].clone();
            answer["evidence"] = self.evidence(ruling.axis);
            answer["sentence"] = json!(self.why(ruling));
            answer
        };
        let Ended { ending, wall, overrun, printed, cores, findings, .. } = &self.report;
        let finding = |finding: &Finding| {
            let sentence = finding.to_string();
            json!({ "name": finding.name(), "sentence": sentence })
        };
        let content = json!({
            "program": self.name(),
            "exit": if let Ending::Exited(code) = ending { Some(code) } else { None },
            "signal": if let Ending::Signal { name, .. } = ending { Some(name) } else { None },
            "ending": ending.to_string(),
            "taken_ms": milliseconds(*wall),
            "overrun_ms": overrun.map(milliseconds),
            "printed_bytes": printed,
            "restricted_to_cores": cores,
            "concurrent": answer(&self.verdict.concurrent),
            "parallel": answer(&self.verdict.parallel),
            "quadrant": self.verdict.quadrant().map(Quadrant::name),
            "contradictions": verdict["contradictions"],
            "circumstances": verdict["circumstances"],
            "missing": self.missing,
            "findings": findings.iter().map(finding).collect::<Vec<_>>(),
        });
        envelope::answer("classify", Outcome::Passed, None, content)
    }

    /// What an answer rests on, by the most trustworthy source that said anything.
    fn evidence(&self, axis: Axis) -> Value {
        let claims = self.verdict.claims.iter().filter(|claim| claim.axis == axis);
        claims.min_by_key(|claim| claim.source).map_or(Value::Null, |claim| claim.details.clone())
    }
}

/// The tasks, and the output that tells of them: the standard one where it names any.
fn telling([output, errors]: &[Lines; 2]) -> (Stream, &Lines) {
    if output.is_empty() && !errors.is_empty() {
        (Stream::Error, errors)
    } else {
        (Stream::Output, output)
    }
}

/// Whether we may use one core only, of a machine that has more.
#[cfg(target_os = "linux")]
fn is_restricted() -> bool {
    // The file says `0-3` of four cores and `0` of one.
    let online = std::fs::read_to_string("/sys/devices/system/cpu/online");
    online.is_ok_and(|cores| cores.contains(['-', ',']))
}

#[cfg(not(target_os = "linux"))]
fn is_restricted() -> bool {
    false
}
