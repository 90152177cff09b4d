//! What was seen of any program, as a picture: lanes of its threads and of the cores, its lines as marks,
//! and its tasks where its lines name them.

use std::io::Write as _;
use std::path::PathBuf;

use anyhow::Result;
use clap::{Arg, ArgMatches};
use lanes::activity::PrintedTask;
use lanes::{Lanes, Mark, Time};
use lines::Lines;

use super::Run;
use crate::process::Stream;
use crate::report;
use crate::show::{count, duration, printable};
use draw::page::{self, Exhibit, Printed};
use draw::written;
use draw::{Lower, perfetto, svg};

/// How many spans there are at most in a file for another program.
const MOST_SPANS: usize = 100_000;

/// The files that somebody asked for.
#[derive(Clone, Debug, Default)]
pub(super) struct Files {
    svg: Option<PathBuf>,
    perfetto: Option<PathBuf>,
    report: Option<PathBuf>,
}

impl Files {
    /// The arguments that ask for them.
    pub(super) fn arguments() -> [Arg; 3] {
        [
            report::file("svg", "Write a picture for documents and slides"),
            report::file("perfetto", "Write a file for ui.perfetto.dev and vizviewer"),
            report::argument(),
        ]
    }

    /// Reads the arguments, and sees to it that nothing is lost by these files.
    ///
    /// # Errors
    ///
    /// If one of them is somebody's work, or cannot be written.
    pub(super) fn read(matches: &ArgMatches) -> Result<Files> {
        let file = |name: &str| matches.get_one::<PathBuf>(name).cloned();
        let files = Files { svg: file("svg"), perfetto: file("perfetto"), report: file("report") };
        let all = [&files.svg, &files.perfetto, &files.report];
        all.into_iter().flatten().try_for_each(|path| written::claim(path))?;
        Ok(files)
    }

    /// Writes them.
    ///
    /// # Errors
    ///
    /// If one of them cannot be written.
    pub(super) fn write(&self, run: &Run, lines: &Lines) -> Result<()> {
        if self.svg.is_none() && self.perfetto.is_none() && self.report.is_none() {
            return Ok(());
        }
        let lanes = run.lanes(lines);
        let title = printable(&run.name());
        if let Some(path) = &self.svg {
            let lower = Lower::ThreadsAndCores;
            let options =
                svg::Options { title: &title, lower, width: svg::WIDE, until: lanes.length };
            written::write(path, |out| out.write_all(svg::draw(&lanes, options).as_bytes()))?;
        }
        if let Some(path) = &self.perfetto {
            written::write(path, |out| perfetto::write(&lanes.at_most(MOST_SPANS), out))?;
        }
        if let Some(path) = &self.report {
            page::write_one(path, run.exhibit(title, lanes))?;
            written::say_so(path);
        }
        Ok(())
    }
}

impl Run {
    /// The run as lanes: as exact as it was recorded, and of tasks as far as a trace or lines tell of them.
    fn lanes(&self, lines: &Lines) -> Lanes {
        let lanes = match (&self.trace, &self.activity) {
            (Some(trace), Some(activity)) => Lanes::watched(trace, activity),
            (Some(trace), None) => Lanes::of(trace),
            (None, Some(activity)) => of_lines(Lanes::of_activity(activity), lines),
            (None, None) => {
                let length = time(self.report.wall);
                of_lines(Lanes { length, ..Lanes::default() }, lines)
            }
        };
        lanes.with_verdict(&self.verdict)
    }

    /// The run, ready to be shown on a page.
    fn exhibit(&self, title: String, lanes: Lanes) -> Exhibit {
        let rulings = [&self.verdict.concurrent, &self.verdict.parallel];
        let headings = ["Concurrent", "Parallel"].into_iter().zip(rulings);
        let taken = format!("{}, took {}", self.report.ending, duration(self.report.wall));
        let threads = self.activity.as_ref().map(|activity| {
            format!(
                "{} got a core, {} times all in all",
                count(activity.threads.len(), "thread"),
                activity.turns.len()
            )
        });
        let facts = [Some(("Ending", taken)), threads.map(|threads| ("Threads", threads))];
        let findings = self.report.findings.iter().map(ToString::to_string);
        let contradictions = self.verdict.contradictions.iter().map(|it| it.sentence.clone());
        Exhibit {
            title,
            summary: "A program that was run and watched from outside.".to_owned(),
            code: Vec::new(),
            question: None,
            mark: None,
            answers: headings.map(|(name, it)| (name, it.answer, self.why(it))).collect(),
            facts: facts.into_iter().flatten().collect(),
            faults: findings.chain(contradictions).collect(),
            doubts: self.missing.iter().cloned().collect(),
            output: self.printed(&lanes),
            lanes,
        }
    }

    /// What it printed. Where a trace tells when and by whom, the trace is believed.
    fn printed(&self, lanes: &Lanes) -> Vec<Printed> {
        let mut marks = lanes.marks.iter().peekable();
        let printed = self.report.lines.iter().map(|line| {
            let mark = marks.next_if(|mark| mark.text == line.text);
            Printed {
                text: line.text.clone(),
                time: mark.map_or(time(line.arrival), |mark| mark.time),
                task: mark.map(|mark| mark.task),
                is_error: line.stream == Stream::Error,
                is_wrong: false,
            }
        });
        printed.collect()
    }
}

/// Adds the tasks that lines name.
fn of_lines(lanes: Lanes, lines: &Lines) -> Lanes {
    let task = |task: &lines::Task| PrintedTask {
        name: task.name.clone(),
        start: time(task.arrivals[0]),
        end: time(task.arrivals[1]),
    };
    let tasks: Vec<PrintedTask> = lines.tasks().map(task).collect();
    let mark = |(task, line): (usize, lines::Quote)| Mark {
        time: time(line.arrival),
        place: line.place,
        task: u32::try_from(task + 1).unwrap_or(u32::MAX),
        thread: None,
        step: None,
        text: line.text,
        more: 0,
    };
    lanes.with_lines(&tasks, lines.of_tasks().map(mark).collect())
}

fn time(duration: std::time::Duration) -> Time {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}
