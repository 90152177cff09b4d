//! What `demo` says under each lesson.

use anstyle::Style;
use anyhow::Result;
use evidence::verdict::Answer;
use lab::work;
use words::quadrant::Quadrant;

use crate::catalogue::Lesson;
use crate::draw;
use crate::examine::Conditions;
use crate::process::{Line, Stream};
use crate::record::{Mark, Record};
use crate::show::{
    BAD, BOLD, DIM, GOOD, TaskColours, UNSURE, count, duration, glyph, paint, print_field,
    printable, thousands,
};
use crate::timing::{self, Reference};

/// Prints the lesson's name and summary.
pub(crate) fn heading(lesson: &Lesson) {
    anstream::println!("\n{BOLD}{}{BOLD:#}  {}", lesson.id(), lesson.summary);
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
pub(crate) fn findings(record: &Record, time: &str) -> Result<()> {
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

/// The first run as lanes.
fn timeline(record: &Record) {
    let Some(run) = record.runs.first() else { return };
    if let (Some(trace), Some(verdict)) = (&run.trace, &run.verdict) {
        for line in draw::picture(trace, verdict, 2).lines() {
            anstream::println!("  {line}");
        }
    }
}

/// Both answers of the first run, each with its evidence.
fn verdict(record: &Record) {
    let Some(verdict) = record.verdict() else { return };
    let (concurrent, parallel) = (&verdict.concurrent, &verdict.parallel);
    let answers = [
        ("verdict", "concurrent", concurrent.answer, concurrent.sentence()),
        ("", "parallel", parallel.answer, parallel.sentence()),
    ];
    for (heading, question, answer, sentence) in answers {
        let style = if answer == Answer::Inconclusive { UNSURE } else { DIM };
        print_field(heading, style, &format!("{question} {answer}: {sentence}"));
    }
}

/// The contract, and what became of it.
fn order(record: &Record) -> Result<()> {
    let algebra = record.lesson.order.short().to_string();
    print_field("order", DIM, &algebra.replace('∥', glyph("∥", "||")));
    let (style, text) = order_sentence(record)?;
    let hint = if style == BAD { ", see below" } else { "" };
    print_field("", style, &(text + hint));
    Ok(())
}

/// Whether the contract was kept, and how much freedom it leaves.
pub(crate) fn order_sentence(record: &Record) -> Result<(Style, String)> {
    let contract = record.lesson.order.compile()?;
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
    record: &Record,
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
    let is_measured = record.lesson.is_cell() && record.mark() != Mark::Bad;
    let Some(reference) = reference.filter(|_| is_measured) else {
        return text;
    };
    let bound = record.bound(reference, conditions);
    text += &format!("; predicted: at least {}", duration(bound));
    if record.lesson.chapter == Quadrant::Neither {
        let wait = work::wait() * conditions.slow;
        let steps = timing::STEPS;
        text += &format!(" ({steps} × ({} + {}))", duration(wait), duration(reference.compute));
    } else {
        text += &format!("; {:.1} times as fast as neither", reference.gain(taken));
    }
    text
}
