//! How it is said what more cores could bring: in the terminal, and to programs.

use std::path::Path;
use std::time::Duration;

use scale::{Curve, Time};
use serde_json::{Value, json};
use words::{Outcome, milliseconds};

use super::scaled::{Real, Scaled};
use crate::envelope;
use crate::show::{
    BAD, BOLD, DIM, UNSURE, count, duration, glyph, has_unicode, mark, print_field, thousands,
};

/// How many characters a doubling of the speed is wide.
const DOUBLING: usize = 4;
/// How many doublings there is room for: as many as there are on a thousand cores.
const DOUBLINGS: usize = 10;

/// Says to a person how programs scale.
pub(super) fn print(scaled: &[Scaled], report: Option<&Path>) {
    for scaled in scaled {
        print_one(scaled);
    }
    let [bar, line] = [glyph("█", "#"), glyph("·", ".")];
    anstream::println!(
        "\n{DIM}{bar} by the schedule; {line} as many times as cores; A by Amdahl's law; G by \
         Gustafson's, of a problem that grows.\nEach {DOUBLING} characters are twice as fast.{DIM:#}"
    );
    if scaled.len() > 1 {
        anstream::println!();
        for scaled in scaled {
            let last =
                scaled.curve.as_ref().and_then(|it| Some(it.speed_up(it.time_on(1024)? as f64)));
            let most = last.map_or("nothing recorded".to_owned(), |last| {
                format!("at most {last:.1} times as fast")
            });
            anstream::println!("{} {:28}{most}", mark(scaled.outcome()), scaled.name);
        }
    }
    if let Some(path) = report {
        anstream::println!("The report is in {}: open it in a browser.", path.display());
    }
}

fn print_one(scaled: &Scaled) {
    anstream::println!("\n{BOLD}{}{BOLD:#}", scaled.name);
    scaled.faults.iter().for_each(|fault| print_field("fault", BAD, fault));
    let Some(curve) = &scaled.curve else {
        print_field("fault", BAD, "It left no trace: nothing was recorded.");
        return;
    };
    for line in sentences(scaled, curve) {
        print_field("", DIM, &line);
    }
    let head = format!("{:>6} {:>10} {:>9}", "cores", "time", "speed-up");
    anstream::println!("\n{DIM}{head}{DIM:#}");
    for schedule in &curve.schedules {
        let faster = curve.speed_up(schedule.length as f64);
        let time = duration(Duration::from_nanos(schedule.length));
        let bar = bar(curve, schedule.cores, faster, has_unicode());
        let cores = thousands(schedule.cores);
        anstream::println!("{cores:>6} {time:>10} {faster:>9.2}  {}", bar.trim_end());
    }
    for real in &scaled.real {
        let style = if real.outcome() == Outcome::Failed { BAD } else { UNSURE };
        let style = if real.outcome() == Outcome::Passed { DIM } else { style };
        print_field("real", style, &real.sentence());
    }
}

/// What is to be known of a curve, a sentence each.
fn sentences(scaled: &Scaled, curve: &Curve) -> Vec<String> {
    let time = |time: Time| duration(Duration::from_nanos(time));
    let mut sentences = vec![format!(
        "{}; work {}, span {}: on any number of cores at least {}, if its tasks have to come in the order \
         that was seen.",
        count(scaled.tasks, "task"),
        time(curve.work),
        time(curve.span),
        time(curve.span)
    )];
    sentences.push(match curve.enough() {
        1 => {
            "More than one core brings nothing to that order: everything comes one after the other."
                .to_owned()
        }
        1024 => "Even the last of these cores still brings something.".to_owned(),
        enough => format!("More than {enough} cores bring hardly anything."),
    });
    if !scaled.is_parallel {
        sentences.push(
            "It computed on one core only, so its tasks may have come one after the other for want of \
             another: where they need not, record it with a worker for each task that is ready at once."
                .to_owned(),
        );
    }
    sentences
}

impl Real {
    /// What a run on real cores took, and what the model says to that.
    fn sentence(&self) -> String {
        let time = |time: f64| duration(Duration::from_nanos(time as u64));
        let [least, most] = self.bounds.map(time);
        let taken = format!(
            "{}: {}; what it recorded then takes {} by the schedule, at least {least}, and at most {most}",
            count(self.cores, "core"),
            time(self.taken as f64),
            time(self.scheduled as f64)
        );
        match self.outcome() {
            Outcome::Passed => format!("{taken}."),
            Outcome::Failed => format!("{taken}. The model does not hold."),
            Outcome::NotShown => format!(
                "{taken}. Others may have had the cores, or it does what it does not record."
            ),
        }
    }

    fn to_json(self) -> Value {
        let [least, most] = self.bounds.map(|bound| bound / 1e6);
        json!({
            "cores": self.cores,
            "taken_ms": ms(self.taken),
            "scheduled_ms": ms(self.scheduled),
            "at_least_ms": least,
            "at_most_ms": most,
            "outcome": self.outcome().name(),
        })
    }
}

/// How fast it is on so many cores, as a bar, with what the laws say beside it.
fn bar(curve: &Curve, cores: usize, faster: f64, unicode: bool) -> String {
    let place = |times: f64| (times.max(1.0).log2() * DOUBLING as f64).round() as usize;
    let [block, dot] = if unicode { ['█', '·'] } else { ['#', '.'] };
    let mut cells = vec![' '; DOUBLINGS * DOUBLING + 1];
    let last = cells.len() - 1;
    cells[..place(cores as f64).min(last)].fill(dot);
    cells[..place(faster).min(last)].fill(block);
    for (letter, times) in [('G', curve.gustafson(cores)), ('A', curve.amdahl(cores))] {
        if cores > 1 {
            cells[place(times).min(last)] = letter;
        }
    }
    cells.into_iter().collect()
}

/// How programs scale, for a program to read.
pub(super) fn to_json(scaled: &[Scaled], outcome: Outcome) -> Value {
    let programs: Vec<Value> = scaled.iter().map(Scaled::to_json).collect();
    envelope::answer("scale", outcome, None, json!({ "programs": programs }))
}

impl Scaled {
    fn to_json(&self) -> Value {
        let schedules = |curve: &Curve| {
            let schedules = curve.schedules.iter();
            let schedule = schedules.map(|schedule| {
                json!({
                    "cores": schedule.cores,
                    "time_ms": ms(schedule.length),
                    "speed_up": curve.speed_up(schedule.length as f64),
                    "at_least_ms": curve.at_least(schedule.cores) / 1e6,
                    "at_most_ms": curve.at_most(schedule.cores) / 1e6,
                    "amdahl": curve.amdahl(schedule.cores),
                    "gustafson": curve.gustafson(schedule.cores),
                })
            });
            schedule.collect::<Vec<_>>()
        };
        json!({
            "name": self.name,
            "outcome": self.outcome().name(),
            "tasks": self.tasks,
            "is_parallel": self.is_parallel,
            "work_ms": self.curve.as_ref().map(|curve| ms(curve.work)),
            "span_ms": self.curve.as_ref().map(|curve| ms(curve.span)),
            "serial_share": self.curve.as_ref().map(Curve::serial_share),
            "schedules": self.curve.as_ref().map(schedules),
            "real": self.real.iter().map(|real| real.to_json()).collect::<Vec<_>>(),
            "faults": self.faults,
        })
    }
}

fn ms(time: Time) -> f64 {
    milliseconds(Duration::from_nanos(time))
}

#[cfg(test)]
mod tests {
    use super::*;
    use scale::{Model, Stage, Task};

    #[test]
    fn a_bar_doubles_with_the_speed_and_has_the_laws_beside_it() {
        let parts = [Stage::Parts(vec![10]), Stage::Parts(vec![10; 9])];
        let curve = Curve::of(&Model::of_tasks([Task::new(parts)]));
        assert_eq!(bar(&curve, 1, 1.0, true).trim_end(), "");
        assert_eq!(bar(&curve, 2, 100.0 / 60.0, true).trim_end(), "███AG");
        assert_eq!(
            bar(&curve, 1024, 5.0, false).trim_end(),
            "#########....A.........................G"
        );
    }
}
