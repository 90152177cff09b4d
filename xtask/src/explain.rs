//! What `demo` says under each lesson.

use anstyle::Style;
use anyhow::Result;
use evidence::Answer;
use lab::work;
use words::Quadrant;

use crate::draw;
use crate::examine::Conditions;
use crate::process::{Line, Stream};
use crate::series::Series;
use crate::shelf::{Edit, Judge, Program};
use crate::show::{
    BAD, BOLD, DIM, GOOD, TaskColours, UNSURE, count, duration, glyph, paint, print_field,
    printable, thousands,
};
use crate::timing::{self, Reference};

/// Prints the lesson's name and summary.
pub(crate) fn heading(lesson: &Program) {
    anstream::println!("\n{BOLD}{}{BOLD:#}  {}", lesson.id(), lesson.summary);
}

/// Says what is expected before it is judged, where that is not what the lesson's place says.
pub(crate) fn expectation(program: &Program, conditions: &Conditions) {
    let promise = program.promise.on(conditions.cores);
    let text = match (program.edit, promise.by) {
        (_, Judge::Header) => {
            format!("changed as its header suggests, which says: {}", name(promise.quadrant))
        }
        (Edit::Suggested(then), _) => {
            format!("changed as its header suggests: then *{}*", name(then))
        }
        (Edit::Other, _) => "this lesson differs from what was shipped".to_owned(),
        (Edit::None, _) if promise.quadrant != program.promise.quadrant => format!(
            "on one core nothing can be parallel; expected here: {}",
            name(promise.quadrant)
        ),
        (Edit::None, _) => return,
    };
    print_field("note", UNSURE, &text);
}

/// A quadrant in words.
fn name(quadrant: Quadrant) -> String {
    quadrant.name().replace('-', " ")
}

/// Prints one line of the lesson's output, in its task's colour.
pub(crate) fn line(line: &Line, colours: &mut TaskColours) {
    let text = printable(&line.text);
    match line.stream {
        Stream::Output => anstream::println!("  {}", colours.paint(&text)),
        Stream::Error => anstream::println!("  {}", paint(DIM, text)),
    }
}

/// Prints what was found in the lesson's runs, with what there is to say of their time.
pub(crate) fn findings(record: &Series, time: &str) -> Result<()> {
    if let Some(tries) = record.face().map(|run| run.tries_before).filter(|&tries| tries > 0) {
        let text = format!(
            "the machine was in the way of the run above; what follows is of run {}",
            tries + 1
        );
        print_field("again", UNSURE, &text);
    }
    order(record)?;
    print_field("time", DIM, time);
    verdict(record);
    timeline(record);
    for fault in record.faults() {
        print_field("fault", BAD, &fault);
    }
    for doubt in record.doubts() {
        print_field("open", UNSURE, &doubt);
    }
    Ok(())
}

/// What is told is of the run that is shown.
fn timeline(series: &Series) {
    let Some(run) = series.face() else { return };
    if let Some(trace) = &run.trace {
        let (picture, legend) = draw::picture(trace, &run.verdict, draw::terminal_width() - 2);
        for line in picture.lines().chain(legend.lines()) {
            anstream::println!("  {line}");
        }
    }
}

/// Both answers, each with its evidence.
fn verdict(series: &Series) {
    let Some(verdict) = series.verdict() else { return };
    for (heading, ruling) in
        ["verdict", ""].into_iter().zip([&verdict.concurrent, &verdict.parallel])
    {
        let style = if ruling.answer == Answer::Inconclusive { UNSURE } else { DIM };
        let (name, answer) = (ruling.axis.name(), ruling.answer);
        print_field(heading, style, &format!("{name} {answer}: {}", ruling.sentence()));
    }
    if let Some(text) = reached(series) {
        print_field("changed", DIM, &text);
    }
}

/// Of a lesson that differs from what was shipped: what it is now.
pub(crate) fn reached(series: &Series) -> Option<String> {
    let (program, verdict) = (&series.program, series.verdict()?);
    if program.edit == Edit::None {
        return None;
    }
    let quadrant = verdict.quadrant().map_or_else(|| "open".to_owned(), name);
    let said = match program.promise.by {
        Judge::Header if verdict.quadrant() == Some(program.promise.quadrant) => {
            ", as its header says"
        }
        Judge::Header => ", and not as its header says",
        _ => "",
    };
    let mut text = format!("This run was in: {quadrant}{said}.");
    if let Some(run) = series.face().filter(|_| program.is_cell()) {
        for (contract, order) in Program::contracts_of_cells() {
            let output = run.report.lines.iter().filter(|line| line.stream == Stream::Output);
            let kept = order.check(output.map(|line| &line.text)).is_ok_and(|it| it.is_legal());
            text +=
                &format!(" It {} the contract: {contract}.", if kept { "kept" } else { "broke" });
        }
    }
    Some(text)
}

/// The contract, and what became of it.
fn order(record: &Series) -> Result<()> {
    let algebra = record.program.promise.order.short().to_string();
    print_field("order", DIM, &algebra.replace('∥', glyph("∥", "||")));
    let (style, text) = order_sentence(record)?;
    let hint = if style == BAD { ", see below" } else { "" };
    print_field("", style, &(text + hint));
    Ok(())
}

/// Whether the contract was kept, and how much freedom it leaves.
pub(crate) fn order_sentence(record: &Series) -> Result<(Style, String)> {
    let contract = record.program.promise.order.compile()?;
    let legal = contract.count().to_string();
    let kept = record.runs.iter().filter(|run| run.order.is_legal()).count();
    Ok(match (kept, record.runs.len()) {
        (1, 1) if legal == "1" => (GOOD, "kept: the only legal order".to_owned()),
        (1, 1) => match contract.rank(record.runs[0].order.sequence()) {
            Ok(Some(rank)) => (GOOD, format!("kept: legal order {} of {legal}", thousands(rank))),
            _ => (GOOD, format!("kept: one of {legal} legal orders")),
        },
        (0, 1) => (BAD, "broken".to_owned()),
        (kept, runs) if kept == runs => {
            let seen = count(record.distinct_orders(), "different order");
            (GOOD, format!("kept in all {runs} runs: {seen} of {legal} legal"))
        }
        (kept, runs) => (BAD, format!("broken in {} of {runs} runs", runs - kept)),
    })
}

/// The time taken, the time that the model predicts, and the gain over *neither*.
pub(crate) fn time_sentence(
    record: &Series,
    reference: Option<&Reference>,
    conditions: &Conditions,
) -> String {
    let taken = record.taken();
    let mut text = format!("{} taken", duration(taken));
    if let [shortest, .., longest] = record.times()[..] {
        text = format!(
            "{} taken, the middle of {} ({} to {})",
            duration(taken),
            count(record.runs.len(), "run"),
            duration(shortest),
            duration(longest)
        );
    }
    // What failed may have left out what takes time.
    let Some(reference) = reference.filter(|_| record.is_measured()) else {
        return text;
    };
    let bound = record.bound(reference, conditions);
    text += &format!("; predicted: at least {}", duration(bound));
    // A gain that was measured while others had the cores would teach something false.
    let disturbance = record.disturbance();
    if record.program.chapter == Quadrant::Neither {
        let wait = work::wait() * conditions.slow;
        let steps = timing::STEPS;
        text += &format!(" ({steps} × ({} + {}))", duration(wait), duration(reference.compute));
    } else if disturbance.is_none() {
        text += &format!("; {:.1} times as fast as neither", reference.gain(taken));
    }
    if let Some(why) = disturbance {
        text += &format!(". No gain can be told: {why}");
    }
    text
}
