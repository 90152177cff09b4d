//! What more cores bring: by the model to sixty-four of them, and beside it what was measured here.

use std::fmt::Write as _;

use serde_json::{Value, json};
use words::Outcome;

use super::felt::{Inputs, quantity};
use super::table::System;
use super::tell::inputs_of;
use crate::series::Series;
use crate::show::{BOLD, DIM};

/// How a system's time falls with cores.
pub(super) struct Scale {
    /// The figure that falls, in milliseconds.
    pub(super) figure: &'static str,
    /// The way on one core that it is measured in, and the one on all cores.
    pub(super) one: &'static str,
    pub(super) all: &'static str,
    /// How long it takes on so many cores, by what was measured of a run on all that there are.
    pub(super) predict: fn(&Inputs, usize) -> f64,
}

/// What so many cores bring.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Row {
    cores: usize,
    /// How long it takes by the model, in milliseconds.
    predicted: f64,
    /// How many times as fast as on one core that is.
    gain: f64,
    /// How long it took, where it was run on so many.
    measured: Option<f64>,
}

/// For how many cores the model is asked.
const CORES: [usize; 7] = [1, 2, 4, 8, 16, 32, 64];

impl Scale {
    /// A row for each number of cores, from the runs of a system's ways on so many; none where the way on
    /// all cores was not run, or not done.
    pub(super) fn rows(&self, series: &[Series], cores: usize) -> Vec<Row> {
        let of = |way: &str| {
            let series = series.iter().find(|series| series.program.name == way);
            let is_done = |series: &&Series| series.outcome() != Outcome::Failed;
            let runs = series.filter(is_done).into_iter().flat_map(|series| &series.runs);
            runs.map(|run| inputs_of(run)).collect::<Vec<_>>()
        };
        let (one, all) = (of(self.one), of(self.all));
        let figures = |inputs: &[Inputs]| {
            middle(inputs.iter().filter_map(|inputs| inputs.fact(self.figure)).collect())
        };
        let predict = |cores| middle(all.iter().map(|it| (self.predict)(it, cores)).collect());
        let Some(alone) = predict(1) else { return Vec::new() };
        let mut asked: Vec<usize> = CORES.into_iter().chain([cores]).collect();
        asked.sort_unstable();
        asked.dedup();
        let row = |asked| {
            let predicted = predict(asked)?;
            let measured = match asked {
                1 => figures(&one),
                many => figures(&all).filter(|_| many == cores),
            };
            Some(Row { cores: asked, predicted, gain: alone / predicted, measured })
        };
        asked.into_iter().filter_map(row).collect()
    }
}

/// When the last core is done with things of these costs, where whoever is free takes the next: at most
/// one of them later than if they could be split at will (Graham, 1966).
pub(super) fn whoever_is_free(costs: &[f64], cores: usize) -> f64 {
    let mut free_at = vec![0.0_f64; cores.max(1)];
    for cost in costs {
        let free = free_at.iter_mut().min_by(|one, other| one.total_cmp(other));
        *free.expect("a core") += cost;
    }
    free_at.into_iter().fold(0.0, f64::max)
}

/// The middle one of some numbers, or the lower of the middle two.
fn middle(mut numbers: Vec<f64>) -> Option<f64> {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len().saturating_sub(1) / 2).copied()
}

/// What the columns are called.
const HEAD: [&str; 4] = ["cores", "predicted", "gain", "measured"];

impl Row {
    fn cells(&self) -> [String; 4] {
        let measured = self.measured.map(|time| quantity(time, "ms"));
        let gain = format!("{:.2}", self.gain);
        let predicted = quantity(self.predicted, "ms");
        [self.cores.to_string(), predicted, gain, measured.unwrap_or_default()]
    }

    /// The row, for a program to read.
    pub(super) fn to_json(self) -> Value {
        let Row { cores, predicted, gain, measured } = self;
        json!({ "cores": cores, "predicted_ms": predicted, "gain": gain, "measured_ms": measured })
    }
}

/// Says to a person what more cores bring.
pub(super) fn print(system: &System, rows: &[Row]) {
    let Some(scale) = system.scale.as_ref().filter(|_| !rows.is_empty()) else { return };
    let cells =
        |cells: [String; 4]| cells.iter().map(|cell| format!("{cell:>12}")).collect::<String>();
    anstream::println!("\n{BOLD}More cores, by the model: {}{BOLD:#}\n", scale.figure);
    anstream::println!("{DIM}{}{DIM:#}", cells(HEAD.map(str::to_owned)));
    for row in rows {
        anstream::println!("{}", cells(row.cells()).trim_end());
    }
}

/// The same as HTML.
pub(super) fn table(rows: &[Row]) -> String {
    let mut page = String::new();
    if rows.is_empty() {
        return page;
    }
    let row = |name: &str, cells: [String; 4]| {
        let cells = cells.map(|cell| format!("<{name}>{cell}</{name}>"));
        format!("<tr>{}</tr>", cells.concat())
    };
    page.push_str("<table>");
    page.push_str(&row("th", HEAD.map(str::to_owned)));
    for line in rows {
        write!(page, "{}", row("td", line.cells())).expect("memory");
    }
    page.push_str("</table>\n");
    page
}
