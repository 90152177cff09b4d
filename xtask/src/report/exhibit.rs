//! What the page shows of a lesson's runs.

use std::fs;

use anyhow::{Context, Result};
use draw::page::{Exhibit, Printed, Question, answers};
use lab::order::{Poset, Violation};

use crate::examine::{Conditions, Run};
use crate::explain;
use crate::extract::extract;
use crate::header::{self, Header};
use crate::measure;
use crate::process::{Line, Stream};
use crate::series::Series;
use crate::shelf::Edit;
use crate::show::wrap;
use crate::timing::Reference;
use lanes::{Edge, End, Lanes, Time};

/// How many of a contract's edges are drawn, at most.
const MOST_EDGES: usize = 500;

/// The first run of a lesson, and what all of its runs have shown. A lesson
/// that is bad is shown by the first of its bad runs.
pub(crate) fn of_record(
    record: &Series,
    reference: Option<&Reference>,
    conditions: &Conditions,
) -> Result<Exhibit> {
    of_one_among(record, &[], reference, conditions)
}

/// The same, where the lesson may be compared with one of these others.
pub(super) fn of_one_among(
    record: &Series,
    others: &[Series],
    reference: Option<&Reference>,
    conditions: &Conditions,
) -> Result<Exhibit> {
    let run = record.face().context("there is no run to show")?;
    let mut lanes = run.lanes().unwrap_or_default();
    lanes = lanes.with_report(&run.order);
    lanes.edges.extend(kept_edges(&record.program.promise.order.compile()?, run, &lanes));
    let output = printed(run, &lanes);
    // A run without a trace has an output all the same.
    lanes.length = lanes.length.max(output.iter().map(|line| line.time).max().unwrap_or(0));
    let other = record.program.compared_with();
    let other = others.iter().find(|it| Some(it.program.id()) == other);
    let (code, question) = asked(record, other, conditions);
    let (_, order) = explain::order_sentence(record)?;
    Ok(Exhibit {
        title: record.program.id(),
        summary: record.program.summary.clone(),
        code,
        question,
        mark: Some(record.outcome()),
        answers: answers(&run.verdict),
        facts: vec![
            ("Time", explain::time_sentence(record, reference, conditions)),
            ("Order", format!("{order}. The contract: {}", record.program.promise.order.short())),
        ],
        faults: record.faults(),
        doubts: record.doubts(),
        lanes,
        output,
    })
}

/// The lines of a lesson of this workspace that matter, and what its header asks, unless it is no longer
/// the program that is asked about.
fn asked(
    record: &Series,
    other: Option<&Series>,
    conditions: &Conditions,
) -> (Vec<String>, Option<Question>) {
    let source = record.program.file.as_ref().and_then(|file| fs::read_to_string(file).ok());
    let Some(source) = source else { return Default::default() };
    let Ok(Header { question, old, .. }) = Header::read(&source) else {
        return Default::default();
    };
    let (code, _) = extract(&source, &old, room_below(&question), CODE_WIDTH);
    let is_asked = record.program.edit == Edit::None;
    let question = is_asked.then(|| Question {
        answer: measure::answer(&question, record, other, conditions),
        text: question.asked(),
        choices: question.choices,
    });
    (code, question)
}

/// How many columns of code there are beside a picture, in letters for a lecture hall.
const CODE_WIDTH: usize = 48;

/// How many lines of code there are below a question, in letters for a lecture hall. Four lines of what is
/// asked are as high as five of code. A test in a browser has every lesson fit.
fn room_below(question: &header::Question) -> usize {
    /// How many letters a line of what is asked has, where the font is a wide one.
    const LETTERS: usize = 42;
    /// How many lines of code there were if nothing was asked.
    const LINES: usize = 25;
    let texts = [question.asked()].into_iter().chain(question.choices.iter().cloned());
    let asked: usize = texts.map(|text| wrap(&text.replace('`', ""), LETTERS).len()).sum();
    LINES.saturating_sub((asked * 5).div_ceil(4)).max(LINES / 3)
}

/// The contract's edges that the output kept, between lines that are on record.
fn kept_edges(contract: &Poset, run: &Run, lanes: &Lanes) -> Vec<Edge> {
    if run.order.printed() != lanes.marks.len() {
        return Vec::new();
    }
    let surplus = run.order.violations().iter().filter_map(|violation| match violation {
        Violation::Repeated { line, .. } | Violation::Unknown { line, .. } => Some(line.place),
        Violation::TooEarly { .. } | Violation::Missing { .. } => None,
    });
    let surplus: std::collections::HashSet<usize> = surplus.collect();
    let known = lanes.marks.iter().filter(|mark| !surplus.contains(&mark.place));
    let mut printed: Vec<Option<End>> = vec![None; contract.lines().len()];
    for (&line, mark) in run.order.sequence().iter().zip(known) {
        printed[line] = Some(End::from(mark));
    }
    let edge = |[earlier, later]: [usize; 2]| {
        Some(Edge { earlier: printed[earlier]?, later: printed[later]? })
    };
    let edges = contract.links().filter_map(edge).filter(|edge| !edge.is_broken());
    edges.take(MOST_EDGES).collect()
}

/// The lines in the order of their arrival, each at the time at which it was printed. Where that
/// is not on record it is told from the line's arrival, which is a little later.
fn printed(run: &Run, lanes: &Lanes) -> Vec<Printed> {
    let wrong: std::collections::HashSet<usize> =
        run.order.violations().iter().flat_map(places).collect();
    let mut marks = lanes.marks.iter().peekable();
    // The trace begins a little later than the program. No line arrives before it is printed,
    // so that the least delay of any line is the best guess of how much later.
    let delays = run.report.lines.iter().filter(|line| line.stream == Stream::Output);
    let delays =
        delays.zip(&lanes.marks).map(|(line, mark)| arrival(line).saturating_sub(mark.time));
    let delay = delays.min().unwrap_or(0);
    let mut outputs = 0;
    let printed = |line: &Line| {
        let is_error = line.stream == Stream::Error;
        outputs += usize::from(!is_error);
        let mark = marks.next_if(|mark| !is_error && mark.text == line.text);
        Printed {
            text: line.text.clone(),
            time: mark.map_or(arrival(line).saturating_sub(delay), |mark| mark.time),
            task: mark.map(|mark| mark.task),
            is_error,
            is_wrong: !is_error && wrong.contains(&outputs),
        }
    };
    run.report.lines.iter().map(printed).collect()
}

fn arrival(line: &Line) -> Time {
    u64::try_from(line.arrival.as_nanos()).unwrap_or(u64::MAX)
}

/// The places in the output at which the contract is broken.
fn places(violation: &Violation) -> Vec<usize> {
    match violation {
        Violation::TooEarly { line, awaited } => vec![line.place, awaited.place],
        Violation::Repeated { line, .. } | Violation::Unknown { line, .. } => vec![line.place],
        Violation::Missing { .. } => Vec::new(),
    }
}
