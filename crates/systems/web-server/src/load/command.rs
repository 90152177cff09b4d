//! `web-server load`: which ways are loaded, how much, and how it is told.

use std::ffi::OsString;
use std::io::{self, Write};
use std::time::Duration;

use lexopt::Parser;
use lexopt::prelude::*;
use serde_json::{Value, json};
use stage::files::room_for;
use stage::{Outcome, Trouble, Verb, Way};

use super::middle::Middle;
use super::{Client, Law, Load, Measured, measure, wrk};
use crate::{How, SYSTEM};

/// The verb, for the system's command line.
pub const LOAD: Verb = Verb {
    name: "load",
    arguments: "[OPTIONS]",
    summary: "measures it under load, beside Little's law",
    details: DETAILS,
    run,
};

/// More connections than this are more than there are ports for, sooner or later.
const MOST: u32 = 10_000;

/// For how many seconds a load may last.
const LONGEST: u64 = 60;

/// How often a way may be loaded with as much.
const RUNS: u64 = 99;

const DETAILS: &str = "\
Measures how long who wants little waits, where many do: so many connections ask for the title page, each
again as soon as it is answered, while eight clients upload pictures on slow lines.

  --as WAYS           load these ways, with commas between them (all)
  --connections LIST  load them with so many connections, one number after the other (1,64,1000)
  --seconds N         load each for so long, up to 60 s (5)
  --runs N            load each so often, and tell of each figure the one in the middle (1)
  --client CLIENT     who measures: wrk, which nobody here wrote, or own (wrk, where it is installed)
  --format FORMAT     how to say it, text to people or json to programs (text)

It ends with 0; with 1 where something was not answered, or rate × mean is not how many connections there
were (Little's law); with 2 where the options make no sense; with 3 where the machine could not show all.
";

/// What the command line asks for.
struct Options {
    ways: Vec<&'static Way<How>>,
    connections: Vec<u32>,
    seconds: u64,
    runs: u64,
    client: Client,
    is_json: bool,
}

/// A load of a way, and what became of it: what each run has measured, or why there is nothing.
struct Row {
    way: &'static Way<How>,
    load: Load,
    runs: Result<Vec<Measured>, (Outcome, String)>,
}

/// Does what the arguments say.
fn run(arguments: Vec<OsString>) -> Result<Outcome, Trouble> {
    let options = Options::read(Parser::from_args(arguments))?;
    let rows = rows(&options);
    let outcome = rows.iter().map(Row::outcome).collect();
    stage::print(&match options.is_json {
        true => format!("{:#}\n", to_json(&rows, &options, outcome)),
        false => text(&rows, &options),
    })?;
    Ok(outcome)
}

impl Options {
    /// Reads the arguments.
    fn read(mut arguments: Parser) -> Result<Options, Trouble> {
        let mut ways: Vec<_> = SYSTEM.ways.iter().collect();
        let (mut connections, mut seconds, mut runs) = (vec![1, 64, 1000], 5, 1);
        let (mut client, mut is_json) = (None, false);
        while let Some(argument) = arguments.next()? {
            match argument {
                Long("as") => {
                    let names = arguments.value()?.string()?;
                    let named = names.split(',').map(|name| SYSTEM.way(name));
                    ways = named.collect::<Result<_, _>>()?;
                }
                Long("connections") => {
                    connections = arguments.value()?.parse_with(|list| {
                        list.split(',').map(|number| within(number, MOST.into())).collect()
                    })?;
                }
                Long("seconds") => {
                    seconds = arguments.value()?.parse_with(|number| within(number, LONGEST))?;
                }
                Long("runs") => {
                    runs = arguments.value()?.parse_with(|number| within(number, RUNS))?;
                }
                Long("client") => {
                    let named =
                        |name: &str| one_of(name, &[("wrk", Client::Wrk), ("own", Client::Own)]);
                    client = Some(arguments.value()?.parse_with(named)?);
                }
                Long("format") => {
                    let named = |name: &str| one_of(name, &[("text", false), ("json", true)]);
                    is_json = arguments.value()?.parse_with(named)?;
                }
                _ => return Err(argument.unexpected().into()),
            }
        }
        let client =
            client.unwrap_or_else(|| if wrk::is_here() { Client::Wrk } else { Client::Own });
        Ok(Options { ways, connections, seconds, runs, client, is_json })
    }
}

/// A number from 1 to this one.
fn within<N: TryFrom<u64>>(number: &str, most: u64) -> Result<N, String> {
    let number = number.parse().ok().filter(|number| (1..=most).contains(number));
    let number = number.and_then(|number| N::try_from(number).ok());
    number.ok_or_else(|| format!("there may be 1 to {most}"))
}

/// What this name stands for.
fn one_of<T: Copy>(name: &str, all: &[(&str, T)]) -> Result<T, String> {
    let found = all.iter().find(|(other, _)| *other == name);
    let names: Vec<_> = all.iter().map(|(name, _)| *name).collect();
    found.map(|(_, value)| *value).ok_or_else(|| format!("there is {}", names.join(" and ")))
}

/// Loads all ways as they should be, one after the other, until somebody presses Ctrl-C.
fn rows(options: &Options) -> Vec<Row> {
    let (client, time) = (options.client, Duration::from_secs(options.seconds));
    let mut rows = Vec::new();
    for &way in &options.ways {
        for &connections in &options.connections {
            let row = Row::of(way, Load { client, connections, time }, options.runs);
            if stage::stopped() {
                return rows; // half a load is none
            }
            rows.push(row);
        }
    }
    rows
}

impl Row {
    /// Loads a way so often, where this machine can, or until somebody presses Ctrl-C.
    fn of(way: &'static Way<How>, load: Load, runs: u64) -> Row {
        let measured = |run| {
            // Where nobody reads it there is nobody to tell.
            let _unread = writeln!(io::stderr(), "{}", progress(way, load, (run, runs)));
            measure(way.way, load).map_err(|why| (Outcome::Failed, why))
        };
        let wanted = (1..=runs).take_while(|_| !stage::stopped());
        let runs = can(load).and_then(|()| wanted.map(measured).collect());
        Row { way, load, runs }
    }

    /// What it is called.
    fn name(&self) -> String {
        format!("{}, connections: {}", self.way.name, self.load.connections)
    }

    fn outcome(&self) -> Outcome {
        match &self.runs {
            Ok(runs) if self.faults(runs).is_empty() => Outcome::Passed,
            Ok(_) => Outcome::Failed,
            Err((outcome, _)) => *outcome,
        }
    }

    /// Why it has not passed, a sentence each.
    fn whys(&self) -> impl Iterator<Item = String> {
        let whys = match &self.runs {
            Ok(runs) => self.faults(runs),
            Err((_, why)) => vec![why.clone()],
        };
        whys.into_iter()
    }

    /// What is wrong with what was measured, in any of the runs, a sentence each.
    fn faults(&self, runs: &[Measured]) -> Vec<String> {
        runs.iter().flat_map(|measured| self.faults_of(measured)).collect()
    }

    /// What is wrong with what one run has measured, a sentence each.
    fn faults_of(&self, measured: &Measured) -> impl Iterator<Item = String> {
        let failed = measured.titles.failed + measured.failed_uploads;
        let failed = (failed > 0)
            .then(|| format!("{failed} requests were not answered as they should have been"));
        let Law { in_progress, connections, holds } = measured.titles.law(self.load.connections);
        let remedy = match self.load.client {
            Client::Wrk => "; a longer load misses fewer, and --client own nobody",
            Client::Own => "",
        };
        let law = (!holds).then(|| {
            format!(
                "rate × mean is {in_progress:.1} requests in progress, and there were {connections}: \
                 the times are not those of all who asked (Little's law){remedy}"
            )
        });
        failed.into_iter().chain(law)
    }

    /// It as a line of the table.
    fn line(&self) -> String {
        let Row { way, load, .. } = self;
        let start = format!("{:<16} {:>11}", way.name, load.connections);
        let Ok(runs) = &self.runs else {
            return format!("{start}  not measured");
        };
        let Middle { rate, median, percentile, worst, in_progress, uploads, .. } =
            Middle::of(runs, load.connections);
        let off = (in_progress / f64::from(load.connections) - 1.0) * 100.0;
        format!(
            "{start} {rate:>8.0} {:>9} {:>9} {:>9} {in_progress:>12.1} {off:>+6.1} % {uploads:>9.0}",
            told(median),
            told(percentile),
            told(worst),
        )
    }

    /// It for a program to read.
    fn to_json(&self) -> Value {
        let Row { way, load, runs } = self;
        let mut row = json!({
            "way": way.name,
            "connections": load.connections,
            "outcome": self.outcome().name(),
        });
        match runs {
            Err((_, why)) => row["reason"] = json!(why),
            Ok(runs) => {
                let middle = Middle::of(runs, load.connections);
                row["titles_per_second"] = json!(middle.rate);
                row["mean_ms"] = json!(middle.mean);
                row["median_ms"] = json!(middle.median);
                row["percentile_99_ms"] = json!(middle.percentile);
                row["worst_ms"] = json!(middle.worst);
                row["in_progress"] = json!(middle.in_progress);
                row["in_progress_at_least"] = json!(middle.at_least);
                row["in_progress_at_most"] = json!(middle.at_most);
                row["uploads_per_second"] = json!(middle.uploads);
                row["faults"] = json!(self.faults(runs));
            }
        }
        row
    }
}

/// What is about to be done.
fn progress(way: &Way<How>, load: Load, (run, runs): (u64, u64)) -> String {
    let run = if runs > 1 { format!(", run {run} of {runs}") } else { String::new() };
    let Load { connections, time, .. } = load;
    format!("{}, connections: {connections}{run} ... {} s", way.name, time.as_secs())
}

/// Whether this machine can load anything so much, and why not.
fn can(load: Load) -> Result<(), (Outcome, String)> {
    let can = match load.client {
        Client::Wrk if !wrk::is_here() => {
            Err("wrk is not installed; --client own measures without it".to_owned())
        }
        _ => room_for(load.ends()),
    };
    can.map_err(|why| (Outcome::NotShown, why))
}

/// A time in milliseconds, with as many places as say something.
fn told(milliseconds: f64) -> String {
    let places = if milliseconds < 10.0 { 1 } else { 0 };
    format!("{milliseconds:.places$} ms")
}

/// All of it for people.
fn text(rows: &[Row], options: &Options) -> String {
    let title = format!(
        "Title pages, asked for by {}, {} s each{}, while eight clients upload pictures:\n",
        match options.client {
            Client::Wrk => "wrk",
            Client::Own => "clients of our own",
        },
        options.seconds,
        match options.runs {
            1 => String::new(),
            runs => format!(", the middle of {runs} runs"),
        }
    );
    let head = format!(
        "{:<16} {:>11} {:>8} {:>9} {:>9} {:>9} {:>21} {:>9}",
        "way", "connections", "pages/s", "median", "99 of 100", "worst", "rate × mean", "uploads/s"
    );
    let whys = rows.iter().flat_map(|row| row.whys().map(|why| format!("{}: {why}", row.name())));
    let lines = [title, head].into_iter().chain(rows.iter().map(Row::line)).chain(whys);
    lines.map(|line| line + "\n").collect()
}

/// All of it for a program to read, as `docs/json.md` describes it.
fn to_json(rows: &[Row], options: &Options, outcome: Outcome) -> Value {
    json!({
        "version": 1,
        "command": "load",
        "outcome": outcome.name(),
        "passed": outcome == Outcome::Passed && !stage::stopped(),
        "interrupted": stage::stopped(),
        "client": options.client.name(),
        "seconds": options.seconds,
        "runs": options.runs,
        "loads": rows.iter().map(Row::to_json).collect::<Vec<_>>(),
    })
}

#[cfg(test)]
mod tests {
    use super::super::middle::run;
    use super::*;

    #[test]
    fn what_is_wrong_in_one_of_several_runs_is_told() {
        let way = &SYSTEM.ways[0];
        let load = Load { client: Client::Own, connections: 1, time: Duration::ZERO };
        let row = |runs| Row { way, load, runs: Ok(runs) };
        assert_eq!(row(vec![run(1.0, 1.0); 3]).outcome(), Outcome::Passed);
        let bad = Measured { failed_uploads: 7, ..run(1.0, 1.0) };
        let row = row(vec![run(1.0, 1.0), bad, run(1.0, 1.0)]);
        assert_eq!(row.outcome(), Outcome::Failed);
        assert!(row.whys().all(|why| why.starts_with("7 requests")), "{:?}", row.whys().next());
    }
}
