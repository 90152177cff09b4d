//! The end of `demo`: the four quadrants with their times, and how each lesson fared.

use std::iter;
use std::time::Duration;

use anstyle::Style;
use serde_json::{Value, json};
use words::{Outcome, Quadrant};

use crate::envelope;
use crate::examine::Conditions;
use crate::series::Series;
use crate::shelf::{Catalogue, Gap};
use crate::show::{
    BAD, BOLD, DIM, GOOD, UNSURE, columns_of, count, duration, glyph, mark, paint, width, wrap,
};
use crate::timing::{Reference, median, milliseconds};

/// Prints the 2×2 and the gaps; and what became of each lesson, where that did not stand in lines of
/// their own before.
pub(crate) fn print(
    records: &[Series],
    catalogue: &Catalogue,
    reference: Option<&Reference>,
    with_lessons: bool,
) {
    if records.len() > 1 {
        quadrants(records, reference);
        if with_lessons {
            marks(records);
        }
        gaps(records, &catalogue.gaps);
    }
    if with_lessons && records.len() > 1 {
        faults(records);
    }
    anstream::println!();
    conclusion(records, catalogue);
}

/// Everything that was found, for a program to read.
pub(crate) fn to_json(
    command: &str,
    series: &[Series],
    catalogue: &Catalogue,
    reference: Option<&Reference>,
    conditions: &Conditions,
) -> Value {
    let lessons = series.iter().map(|series| series.to_json(reference, conditions));
    let quadrants = Quadrant::ALL.map(|quadrant| {
        let time = quadrant_time(series, quadrant);
        let gain = time.zip(reference).map(|(time, reference)| reference.gain(time));
        (quadrant.name().to_owned(), json!({ "taken_ms": time.map(milliseconds), "gain": gain }))
    });
    let content = json!({
        "compute_ms": reference.map(|reference| milliseconds(reference.compute)),
        "lessons": lessons.collect::<Vec<_>>(),
        "quadrants": serde_json::Map::from_iter(quadrants),
        "troubles": catalogue.troubles,
    });
    let outcome = series.iter().map(Series::outcome).chain([catalogue.outcome()]).collect();
    envelope::answer(command, outcome, Some(conditions), content)
}

/// The time of a quadrant: the median over those of its lessons that do the common work, and did
/// it as they should on a machine that nobody else kept busy.
pub(crate) fn quadrant_time(records: &[Series], quadrant: Quadrant) -> Option<Duration> {
    let is_sound = |series: &&Series| series.is_measured() && series.disturbance().is_none();
    let cells = records.iter().filter(is_sound);
    median(cells.filter(|record| record.program.chapter == quadrant).map(Series::taken))
}

/// Why a quadrant has no time that could be told: what of it was run, and what became of that.
pub(crate) fn why_no_time(records: &[Series], quadrant: Quadrant) -> String {
    let run: Vec<_> = records.iter().filter(|it| it.program.chapter == quadrant).collect();
    let cells: Vec<_> = run.iter().filter(|it| it.program.is_cell()).collect();
    match &cells[..] {
        [] if run.is_empty() => "not run".to_owned(),
        [] => "no cell was run".to_owned(),
        [cell] if !cell.is_measured() => format!("{} failed", cell.program.name),
        _ if cells.iter().all(|cell| !cell.is_measured()) => {
            format!("all {} cells failed", cells.len())
        }
        _ => "machine was busy".to_owned(),
    }
}

/// Two rows for the cores, two columns for the tasks, on 60 columns.
fn quadrants(records: &[Series], reference: Option<&Reference>) {
    const WIDTHS: [usize; 2] = [15, 20];
    let box_of = |quadrant: Quadrant| {
        let name = quadrant.name().replace('-', " ");
        let Some(time) = quadrant_time(records, quadrant) else {
            return [name, why_no_time(records, quadrant), String::new()];
        };
        let gain = reference.filter(|_| quadrant != Quadrant::Neither);
        let gain = gain.map(|reference| format!("{:.1} times as fast", reference.gain(time)));
        [name, duration(time), gain.unwrap_or_default()]
    };
    let print = |style: Style, cells: [&str; 3]| {
        let [title, left, right] = cells;
        let line = format!("{DIM}{title:0$}{DIM:#}{style}{left:1$}{right}", WIDTHS[0], WIDTHS[1]);
        anstream::println!("{}{style:#}", line.trim_end());
    };
    anstream::println!("\n{BOLD}The four quadrants{BOLD:#}\n");
    print(DIM, ["", "one task at a time", "several tasks in progress"]);
    let rows = [
        ("one core", [Quadrant::Neither, Quadrant::ConcurrentOnly]),
        ("several cores", [Quadrant::ParallelOnly, Quadrant::Both]),
    ];
    for (title, boxes) in rows {
        let [left, right] = boxes.map(box_of);
        print(BOLD, [title, &left[0], &right[0]]);
        print(Style::new(), ["", &left[1], &right[1]]);
        print(DIM, ["", &left[2], &right[2]]);
    }
}

/// How each lesson fared, a mark a lesson.
fn marks(records: &[Series]) {
    for quadrant in Quadrant::ALL {
        let lessons = records.iter().filter(|record| record.program.chapter == quadrant);
        // A lesson and its mark are one word until the lines are broken.
        let words = lessons.map(|it| format!("{}\u{a0}{}", mark(it.outcome()), it.program.name));
        let words: Vec<_> = words.collect();
        let mut lines = vec![String::new()];
        for word in words {
            let last = lines.last_mut().expect("there is always a last line");
            let is_full = columns_of(&plain(last)) + columns_of(&plain(&word)) + 2 > width() - 17;
            match last.is_empty() {
                true => *last = word,
                false if is_full => lines.push(word),
                false => *last += &format!("  {word}"),
            }
        }
        let titles = [quadrant.name()].into_iter().chain(iter::repeat(""));
        for (title, line) in titles.zip(lines).filter(|(_, line)| !line.is_empty()) {
            anstream::println!("{DIM}{title:17}{DIM:#}{}", line.replace('\u{a0}', " "));
        }
    }
}

/// The text without its colours.
fn plain(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

/// The lessons that there are not, and why.
fn gaps(records: &[Series], gaps: &[Gap]) {
    let asked = |gap: &&Gap| records.iter().any(|record| record.program.chapter == gap.chapter);
    for gap in gaps.iter().filter(asked) {
        anstream::println!();
        let text = format!("{} {}/{}: {}", glyph("–", "-"), gap.chapter, gap.runtime, gap.reason);
        for line in wrap(&text, width() - 2) {
            anstream::println!("{DIM}{line}{DIM:#}");
        }
    }
}

/// What failed, once more, so that nobody has to scroll for it.
fn faults(records: &[Series]) {
    for record in records.iter().filter(|record| record.outcome() == Outcome::Failed) {
        anstream::println!("\n{}", paint(BAD, record.program.id()));
        for fault in record.faults() {
            for line in wrap(&fault, width() - 4) {
                anstream::println!("  {line}");
            }
        }
    }
}

/// How everything went, in a line, and a line for each program that has no lessons to show.
pub(crate) fn conclusion(records: &[Series], catalogue: &Catalogue) {
    for trouble in &catalogue.troubles {
        anstream::println!("{}", paint(BAD, trouble));
    }
    let with = |mark| records.iter().filter(|record| record.outcome() == mark).count();
    let lessons = count(records.len(), "lesson");
    let unsure = match with(Outcome::NotShown) {
        0 => String::new(),
        unsure => format!(", {unsure} not shown on this machine"),
    };
    let text = match (with(Outcome::Failed), with(Outcome::NotShown)) {
        (0, 0) => paint(GOOD, format!("{lessons}: all as they should be.")),
        (0, _) => paint(UNSURE, format!("{lessons}: none failed{unsure}.")),
        (bad, _) => paint(BAD, format!("{bad} of {lessons} failed{unsure}.")),
    };
    anstream::println!("{text}");
}
