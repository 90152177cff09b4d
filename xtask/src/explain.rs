//! What there is to say of a lesson's runs.

use std::collections::BTreeSet;
use std::fmt::Display;

use anstyle::Style;
use anyhow::Result;
use draw::terminal::filled;
use evidence::{Answer, Ruling};
use lab::order::{Order, Text};
use lab::work;
use lanes::Lanes;
use words::Quadrant;

use crate::examine::Conditions;
use crate::process::{Line, Stream};
use crate::series::Series;
use crate::shelf::{Edit, Judge, Program};
use crate::show::{
    BAD, BOLD, DIM, GOOD, TaskColours, UNSURE, columns_of, count, duration, field, glyph, paint,
    printable, thousands, width, wrap,
};
use crate::timing::{self, Reference};

/// Prints the lesson's name and summary.
pub(crate) fn heading(lesson: &Program) {
    anstream::println!("\n{BOLD}{}{BOLD:#}  {}", lesson.id(), lesson.summary);
}

/// What is expected before it is judged, where that is not what the lesson's place says.
pub(crate) fn expectation(program: &Program, conditions: &Conditions) -> Vec<String> {
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
        (Edit::None, _) => return Vec::new(),
    };
    field("note", UNSURE, &text)
}

/// A quadrant in words.
pub(crate) fn name(quadrant: Quadrant) -> String {
    quadrant.name().replace('-', " ")
}

/// What a quadrant means.
pub(crate) const fn meaning(quadrant: Quadrant) -> &'static str {
    match quadrant {
        Quadrant::Neither => "one task at a time, one core at a time",
        Quadrant::ConcurrentOnly => "several tasks in progress, one core at a time",
        Quadrant::ParallelOnly => "one task at a time, on several cores",
        Quadrant::Both => "several tasks in progress, on several cores",
    }
}

/// Prints one line of the lesson's output, in its task's colour.
pub(crate) fn line(line: &Line, colours: &mut TaskColours) {
    let text = printable(&line.text);
    match line.stream {
        Stream::Output => anstream::println!("  {}", colours.paint(&text)),
        Stream::Error => anstream::println!("  {}", paint(DIM, text)),
    }
}

/// What was found in a program's runs, a line each, with what there is to say of their time.
pub(crate) struct Findings {
    /// The run that stands for all, as lanes.
    pub(crate) picture: Vec<String>,
    /// What each character of the picture means.
    pub(crate) legend: Vec<String>,
    /// What those of the contract mean.
    pub(crate) algebra: Vec<String>,
    /// The order, the time, the verdict, and everything that was wrong.
    pub(crate) said: Vec<String>,
}

impl Findings {
    /// What was found, with this said of the time; and, where there is one, beside another program's run.
    ///
    /// # Errors
    ///
    /// If the contract makes no sense.
    pub(crate) fn of(record: &Series, time: &str, other: Option<&Series>) -> Result<Findings> {
        let again = record.face().map(|run| run.tries_before).filter(|&tries| tries > 0);
        let again = again.map(|tries| {
            format!(
                "the machine was in the way of the first run; what follows is of run {}",
                tries + 1
            )
        });
        let said = [
            again.map_or_else(Vec::new, |text| field("again", UNSURE, &text)),
            order(record)?,
            field("time", DIM, time),
            verdict(record),
            faults(record),
        ];
        let (picture, legend) = picture(record, other);
        let algebra = format!(
            "In the order A1 is the first line of A; {} reads: before, and {}: in any order.",
            "`;`",
            glyph("`∥`", "`||`")
        );
        let algebra =
            wrap(&algebra, width() - 2).into_iter().map(|line| paint(DIM, format!("  {line}")));
        Ok(Findings { picture, legend, algebra: algebra.collect(), said: said.concat() })
    }
}

/// What the characters of pictures mean, each said when it is first used.
#[derive(Clone, Debug, Default)]
pub(crate) struct Legend(BTreeSet<String>);

impl Legend {
    /// What has not been said yet of this, in lines of so many columns.
    pub(crate) fn news(&mut self, legend: &[String], columns: usize) -> Vec<String> {
        // Whoever knows that A computes for task A knows it of all tasks.
        let known = |entry: &str| match entry.contains(" computing for ") {
            true => "computing for".to_owned(),
            false => entry.to_owned(),
        };
        let news = legend.iter().filter(|entry| self.0.insert(known(entry)));
        let news: Vec<_> = news.cloned().collect();
        filled(&news, columns).into_iter().map(|line| paint(DIM, line)).collect()
    }
}

/// What to ask oneself, what is wrong, and what could not be shown.
pub(crate) fn faults(record: &Series) -> Vec<String> {
    wrong(record, record.doubts())
}

/// The same where there is little room: of what could not be shown, no more than what it is, and what was in
/// the way.
pub(crate) fn faults_in_brief(record: &Series) -> Vec<String> {
    let mut doubts: Vec<_> = record.doubts().iter().map(|doubt| in_brief(doubt)).collect();
    doubts.dedup();
    wrong(record, doubts)
}

/// A doubt's first sentence, which says what is open, and its last, which says what was in the way.
fn in_brief(doubt: &str) -> String {
    match doubt.rsplit_once(". ") {
        Some((_, last)) => format!("{} {}", brief(doubt), brief(last)),
        None => brief(doubt),
    }
}

fn wrong(record: &Series, doubts: Vec<String>) -> Vec<String> {
    let faults = record.faults().into_iter().flat_map(|fault| field("fault", BAD, &fault));
    let questions = record.questions().into_iter().flat_map(|ask| field("ask", BOLD, &ask));
    let doubts = doubts.into_iter().flat_map(|doubt| field("open", UNSURE, &doubt));
    questions.chain(faults).chain(doubts).collect()
}

/// The first sentence, without the figures that follow behind a colon.
fn brief(text: &str) -> String {
    let ends = [". ", ": "].iter().filter_map(|end| text.find(end));
    let end = ends.min().unwrap_or(text.len());
    format!("{}.", text[..end].trim_end_matches('.'))
}

/// What is told is of the run that is shown.
fn picture(series: &Series, other: Option<&Series>) -> (Vec<String>, Vec<String>) {
    let width = draw::terminal_width() - 2;
    let drawn = match other {
        Some(other) => {
            let ids = [other, series].map(|series| series.program.id());
            drawn_beside([(&ids[0], other), (&ids[1], series)], width)
        }
        None => drawn(series, width),
    };
    let (picture, legend) = drawn.unwrap_or_default();
    (indented(picture.lines()), legend)
}

/// Lines a little to the right.
pub(crate) fn indented<Line: Display>(lines: impl IntoIterator<Item = Line>) -> Vec<String> {
    lines.into_iter().map(|line| format!("  {line}")).collect()
}

/// The run that is shown, as lanes on so many columns; and what their characters mean.
pub(crate) fn drawn(series: &Series, width: usize) -> Option<(String, Vec<String>)> {
    Some(draw::picture(&lanes(series)?, width))
}

/// Two runs on one time axis, each with what it is called and how long it took; and what their characters
/// mean.
pub(crate) fn drawn_beside(
    runs: [(&str, &Series); 2],
    width: usize,
) -> Option<(String, Vec<String>)> {
    let titles = runs.map(|(name, series)| format!("{name}, {}", duration(series.taken())));
    let [first, second] = runs.map(|(_, series)| lanes(series));
    let runs = [(titles[0].as_str(), &first?), (titles[1].as_str(), &second?)];
    Some(draw::picture_beside(runs, width))
}

/// The lanes of the run that is shown.
fn lanes(series: &Series) -> Option<Lanes> {
    series.face()?.lanes()
}

/// Both answers, each with its evidence.
pub(crate) fn verdict(series: &Series) -> Vec<String> {
    let Some(verdict) = series.verdict() else { return Vec::new() };
    let rulings = ["verdict", ""].into_iter().zip([&verdict.concurrent, &verdict.parallel]);
    let ruling = |(heading, ruling): (&str, &Ruling)| {
        let style = if ruling.answer == Answer::Inconclusive { UNSURE } else { DIM };
        let (name, answer) = (ruling.axis.name(), ruling.answer);
        field(heading, style, &format!("{name} {answer}: {}", ruling.sentence()))
    };
    let changed = reached(series).map(|text| field("changed", DIM, &text));
    rulings.flat_map(ruling).chain(changed.unwrap_or_default()).collect()
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
fn order(record: &Series) -> Result<Vec<String>> {
    let algebra = record.program.promise.order.short().to_string();
    let contract = field("order", DIM, &algebra.replace('∥', glyph("∥", "||")));
    let (style, text) = order_sentence(record)?;
    let hint = if style == BAD { ", see below" } else { "" };
    let labels = labels(&record.program.promise.order, width() - 11);
    let labels = labels.iter().flat_map(|labels| field("", DIM, labels)).collect();
    Ok([contract, labels, field("", style, &(text + hint))].concat())
}

/// What those labels of a contract stand for that nobody could guess, in lines of so many columns. (A1 is
/// the first line of task A.)
fn labels(order: &Order, columns: usize) -> Vec<String> {
    let is_guessed = |label: &str, text: &str| {
        let (task, number) = label.split_at(label.len().min(1));
        number.parse::<usize>().is_ok() && text.starts_with(&format!("Task {task} - "))
    };
    let lines = order.lines().filter_map(|line| {
        let (Text::Exact(text) | Text::Pattern(text)) = line.name().text();
        Some((line.label()?, text)).filter(|(label, text)| !is_guessed(label, text))
    });
    lines.map(|(label, text)| format!("{label}: `{text}`")).fold(Vec::new(), |mut lines, it| {
        match lines.last_mut() {
            Some(line) if columns_of(line) + 2 + columns_of(&it) <= columns => {
                *line = format!("{line}, {it}");
            }
            _ => lines.push(it),
        }
        lines
    })
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
        text += &format!(". No gain can be told. {}", brief(&why));
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_character_means_is_said_when_it_is_first_used() {
        let mut legend = Legend::default();
        let entries = |all: &[&str]| all.iter().map(|&it| it.to_owned()).collect::<Vec<_>>();
        let first = entries(&["· waiting", "A computing for task A"]);
        let said = |lines: Vec<String>| anstream::adapter::strip_str(&lines.join("/")).to_string();
        assert_eq!(said(legend.news(&first, 80)), "· waiting   A computing for task A");
        let second = entries(&["█ computing", "· waiting", "a computing for first"]);
        assert_eq!(said(legend.news(&second, 80)), "█ computing");
        assert_eq!(said(legend.news(&second, 80)), "");
    }

    #[test]
    fn in_brief_no_more_is_said_than_what_it_is() {
        assert_eq!(brief("It was busy: others had 9 ms. So it is."), "It was busy.");
        assert_eq!(brief("It is open. It was so: busy."), "It is open.");
        assert_eq!(brief("It is open."), "It is open.");
        assert_eq!(in_brief("It is open."), "It is open.");
        let doubt = "It was not so. It took 1.5 ms. It was busy: others had 9 ms.";
        assert_eq!(in_brief(doubt), "It was not so. It was busy.");
    }

    #[test]
    fn labels_that_nobody_could_guess_are_explained() {
        let order = |text: &str| text.parse::<Order>().expect("a contract");
        let guessed = order(r#"A1: "Task A - Step 1" ; A4: "Task A - 78498 primes""#);
        assert_eq!(labels(&guessed, 80), [""; 0]);
        let others = order(r#"A1: "Task A - Step 1" ; (F1: "Task first - Step 1" || N: "2")"#);
        assert_eq!(labels(&others, 33), ["F1: `Task first - Step 1`, N: `2`"]);
        assert_eq!(labels(&others, 32), ["F1: `Task first - Step 1`", "N: `2`"]);
    }
}
