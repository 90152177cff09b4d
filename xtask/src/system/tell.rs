//! How it is said what became of a system: while it runs, in the end, to programs, and as a page.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::Result;
use draw::page::{Page, Text};
use evidence::Verdict;
use serde_json::{Value, json};
use words::{Outcome, milliseconds};

use super::columns;
use super::felt::{Felt, Inputs, middle};
use super::scale;
use super::table::{System, Way};
use crate::driver::{Batch, Listener};
use crate::envelope;
use crate::examine::{Conditions, Run};
use crate::explain;
use crate::process::{Line, interrupted};
use crate::report::of_record;
use crate::series::Series;
use crate::show::{BAD, BOLD, DIM, GOOD, TaskColours, UNSURE, duration, mark, print_field};
use crate::timing;

/// Says which systems there are.
pub(super) fn list(systems: &[System], is_json: bool) {
    if is_json {
        let systems: Vec<Value> = systems.iter().map(System::to_json).collect();
        println!("{:#}", json!(systems));
        return;
    }
    for system in systems {
        anstream::println!("\n{BOLD}{}{BOLD:#}  {}", system.name, system.summary);
        for way in system.ways {
            anstream::println!("  {:18}{DIM}{}{DIM:#}", way.name, way.summary);
        }
    }
    let name = systems.first().map_or("NAME", |system| system.name);
    anstream::println!("\nJudge one: cargo xtask system {name}");
}

impl System {
    /// The system, for a program to read.
    fn to_json(&self) -> Value {
        let way = |way: &Way| {
            json!({
                "name": way.name,
                "summary": way.summary,
                "expected": way.quadrant.name(),
                "order": (way.contract)().to_string(),
            })
        };
        let ways: Vec<Value> = self.ways.iter().map(way).collect();
        json!({ "shelf": "systems", "name": self.name, "summary": self.summary, "ways": ways })
    }

    /// What was felt of the runs of one of its ways: of the one in the middle.
    fn felt(&self, series: &Series) -> Vec<Felt> {
        let Some(way) = self.ways.iter().find(|way| way.name == series.program.name) else {
            return Vec::new();
        };
        let runs: Vec<_> = series.runs.iter().map(|run| felt_of_a_run(way, run)).collect();
        middle(&runs)
    }

    /// What could not be shown of one of its ways, a sentence each.
    fn doubts(&self, series: &Series) -> Vec<String> {
        let is_open = |felt: &Felt| felt.outcome() == Outcome::NotShown;
        let felt = self.felt(series).iter().any(is_open).then(|| {
            let why = series.disturbance().unwrap_or_else(|| {
                "The program may be at fault, or a machine that was not its own.".to_owned()
            });
            format!("More was felt than was to be expected. {why}")
        });
        series.doubts().into_iter().chain(felt).collect()
    }
}

/// What was measured in a run.
pub(super) fn inputs_of(run: &Run) -> Inputs {
    let cores = run.report.cores.unwrap_or(usize::MAX).min(timing::cores());
    let mut inputs = run.trace.as_ref().map(|trace| Inputs::of(trace, cores)).unwrap_or_default();
    inputs.cpu = run.report.usage.as_ref().map_or(0.0, |usage| milliseconds(usage.cpu()));
    inputs
}

fn felt_of_a_run(way: &Way, run: &Run) -> Vec<Felt> {
    let inputs = inputs_of(run);
    let predictions = (way.predict)(&inputs).into_iter();
    predictions
        .map(|prediction| Felt { value: inputs.fact(prediction.figure), prediction })
        .collect()
}

/// Tells of ways while they are run.
pub(super) struct Show {
    system: &'static System,
    is_shown: bool,
    colours: TaskColours,
}

impl Show {
    /// Tells of a system's ways, or keeps silent.
    pub(super) fn new(system: &'static System, is_shown: bool) -> Show {
        Show { system, is_shown, colours: TaskColours::default() }
    }
}

impl Listener for Show {
    fn began(&mut self, batch: &Batch) {
        if self.is_shown {
            explain::heading(&batch.program);
        }
    }

    fn line(&mut self, line: &Line) {
        if self.is_shown {
            explain::line(line, &mut self.colours);
        }
    }

    fn ended(&mut self, _: &Batch, series: &Series) -> Result<()> {
        if !self.is_shown || interrupted() {
            return Ok(());
        }
        if !series.runs.is_empty() {
            let (style, text) = explain::order_sentence(series)?;
            print_field("order", style, &text);
            print_field("time", DIM, &format!("{} taken", duration(series.taken())));
        }
        for line in explain::verdict(series) {
            anstream::println!("{line}");
        }
        for felt in self.system.felt(series) {
            let style = match felt.outcome() {
                Outcome::Passed => GOOD,
                Outcome::NotShown => UNSURE,
                Outcome::Failed => BAD,
            };
            print_field("felt", style, &felt.sentence());
        }
        series.faults().iter().for_each(|fault| print_field("fault", BAD, fault));
        self.system.doubts(series).iter().for_each(|doubt| print_field("open", UNSURE, doubt));
        Ok(())
    }
}

/// What was shown of a way besides what is felt of it.
const SHOWN: [&str; 2] = ["quadrant", "order"];

/// In which quadrant a way's runs were, and whether they kept to its contract.
fn shown(series: &Series) -> [String; 2] {
    let quadrant = series.verdict().and_then(Verdict::quadrant);
    let runs = series.runs.len();
    let order = match series.runs.iter().filter(|run| !run.order.is_legal()).count() {
        0 if runs == 0 => "not run".to_owned(),
        0 => "kept".to_owned(),
        _ if runs == 1 => "broken".to_owned(),
        broken => format!("broken in {broken} of {runs}"),
    };
    [quadrant.map_or_else(|| "open".to_owned(), explain::name), order]
}

/// What became of a system.
pub(super) struct Judged {
    /// The system.
    pub(super) system: &'static System,
    /// The ways that were run.
    pub(super) series: Vec<Series>,
    /// The ways that this machine cannot show: they want more than its one core.
    pub(super) impossible: Vec<&'static Way>,
}

impl Judged {
    /// How it fared in the worst of its ways.
    pub(super) fn outcome(&self) -> Outcome {
        let impossible = self.impossible.iter().map(|_| Outcome::NotShown);
        self.series.iter().map(|series| self.outcome_of(series)).chain(impossible).collect()
    }

    /// How it fared in one way: by its order, its quadrant, and what was felt of it.
    fn outcome_of(&self, series: &Series) -> Outcome {
        let felt = self.system.felt(series);
        felt.iter().map(Felt::outcome).chain([series.outcome()]).collect()
    }

    /// A row a way: how it fared, and what there is to say of it.
    fn rows(&self, cells: impl Fn(&Series) -> Vec<String>) -> Vec<columns::Row<'_>> {
        let row = |series| {
            let (outcome, name) = (self.outcome_of(series), &*series.program.name);
            columns::Row { outcome, name, cells: cells(series) }
        };
        self.series.iter().map(row).collect()
    }

    /// What was felt of a way, figure by figure.
    fn felt(&self, series: &Series) -> Vec<String> {
        self.system.felt(series).iter().map(Felt::shown).collect()
    }

    /// What the columns of the table are called.
    fn figures(&self) -> Vec<&'static str> {
        let felt = self.series.first().map(|series| self.system.felt(series));
        felt.unwrap_or_default().iter().map(|felt| felt.prediction.figure).collect()
    }

    /// What more cores bring, where there is a model of that.
    fn scale(&self, conditions: &Conditions) -> Vec<scale::Row> {
        let scale = self.system.scale.as_ref();
        scale.map(|scale| scale.rows(&self.series, conditions.cores())).unwrap_or_default()
    }

    /// Says to a person how it went, all ways side by side.
    pub(super) fn print(&self, report: Option<&Path>, conditions: &Conditions) {
        columns::print("What it was", &SHOWN, &self.rows(|series| shown(series).to_vec()));
        for way in &self.impossible {
            let mark = mark(Outcome::NotShown);
            anstream::println!("{mark} {}  not run: it wants more than one core", way.name);
        }
        let felt = self.rows(|series| self.felt(series));
        columns::print("What its user feels", &self.figures(), &felt);
        scale::print(self.system, &self.scale(conditions));
        let outcome = self.outcome();
        anstream::println!("\n{BOLD}{}: {outcome}{BOLD:#}", self.system.name);
        if let Some(path) = report {
            anstream::println!("The report is in {}: open it in a browser.", path.display());
        }
    }

    /// All of it, for a program to read.
    pub(super) fn to_json(&self, conditions: &Conditions) -> Value {
        let way = |series: &Series| {
            let mut way = series.to_json(None, conditions);
            let felt = self.system.felt(series);
            way["outcome"] = json!(self.outcome_of(series).name());
            way["system"] = json!(self.system.name);
            way["doubts"] = json!(self.system.doubts(series));
            way["felt"] = felt.iter().map(Felt::to_json).collect();
            way
        };
        let content = json!({
            "system": self.system.name,
            "cores": conditions.cores(),
            "ways": self.series.iter().map(way).collect::<Vec<_>>(),
            "scale": self.scale(conditions).into_iter().map(scale::Row::to_json).collect::<Vec<_>>(),
            "not_run": self.impossible.iter().map(|way| way.name).collect::<Vec<_>>(),
        });
        envelope::answer("system", self.outcome(), None, content)
    }

    /// Writes a page: the table, and each way's run to play.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub(super) fn write_page(&self, path: &Path, conditions: &Conditions) -> Result<()> {
        let shown = self.series.iter().filter(|series| !series.runs.is_empty());
        let exhibit = |series: &Series| {
            let mut exhibit = of_record(series, None, conditions)?;
            let felt = self.system.felt(series).into_iter();
            exhibit.facts.extend(felt.map(|felt| ("Felt", felt.sentence())));
            exhibit.mark = Some(self.outcome_of(series));
            exhibit.doubts = self.system.doubts(series);
            Ok(exhibit)
        };
        let exhibits = shown.map(exhibit).collect::<Result<Vec<_>>>()?;
        let compared = [0, exhibits.len().saturating_sub(1)];
        let overview = self.overview() + &scale::table(&self.scale(conditions));
        Page {
            title: self.system.summary,
            overview,
            exhibits,
            compared,
            on_paper: compared.to_vec(),
            largest: 500_000,
        }
        .save(path)
    }

    /// The table, in HTML.
    fn overview(&self) -> String {
        let mut page = String::from("<table><thead><tr><th></th>");
        for title in SHOWN.into_iter().chain(self.figures()) {
            write!(page, "<th>{}</th>", Text(title)).expect("memory");
        }
        page.push_str("</tr></thead><tbody>");
        let rows = self.rows(|series| [shown(series).to_vec(), self.felt(series)].concat());
        for columns::Row { outcome, name, cells } in rows {
            write!(page, "<tr><th>{} <small>{outcome}</small></th>", Text(name)).expect("memory");
            for cell in cells {
                write!(page, "<td>{}</td>", Text(&cell)).expect("memory");
            }
            page.push_str("</tr>");
        }
        page.push_str("</tbody></table>\n");
        page
    }
}
