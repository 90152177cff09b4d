//! The end of `demo`: the four quadrants with their times, and a mark for each of the 24 cells.

use std::time::Duration;

use lab::lesson::Runtime;
use serde_json::{Value, json};
use words::{Outcome, Quadrant};

use crate::envelope;
use crate::examine::Conditions;
use crate::series::Series;
use crate::shelf::{Catalogue, Gap};
use crate::show::{BAD, BOLD, DIM, GOOD, UNSURE, count, duration, glyph, mark, paint, wrap};
use crate::timing::{Reference, median, milliseconds};

/// Prints the 2×2, the cells and the gaps.
pub(crate) fn print(records: &[Series], catalogue: &Catalogue, reference: Option<&Reference>) {
    if records.len() > 1 {
        quadrants(records, reference);
        cells(records, &catalogue.gaps);
    }
    faults(records);
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

/// Two rows for the cores, two columns for the tasks.
fn quadrants(records: &[Series], reference: Option<&Reference>) {
    const WIDTH: usize = 32;
    let box_of = |quadrant: Quadrant| {
        let Some(time) = quadrant_time(records, quadrant) else {
            return [quadrant.name().replace('-', " "), "not run".to_owned()];
        };
        let gain = reference.map_or(String::new(), |reference| {
            format!(", {:.1} times as fast", reference.gain(time))
        });
        let gain = if quadrant == Quadrant::Neither { String::new() } else { gain };
        [quadrant.name().replace('-', " "), format!("{}{gain}", duration(time))]
    };
    anstream::println!("\n{BOLD}The four quadrants{BOLD:#}\n");
    anstream::println!(
        "{DIM}{:16}{:WIDTH$}{}{DIM:#}",
        "",
        "one task at a time",
        "several tasks in progress"
    );
    let rows = [
        ("one core", [Quadrant::Neither, Quadrant::ConcurrentOnly]),
        ("several cores", [Quadrant::ParallelOnly, Quadrant::Both]),
    ];
    for (title, [left, right]) in rows {
        let ([left, left_time], [right, right_time]) = (box_of(left), box_of(right));
        anstream::println!(
            "{DIM}{title:16}{DIM:#}{BOLD}{left:WIDTH$}{right}{BOLD:#}\n{:16}{left_time:WIDTH$}{right_time}\n",
            ""
        );
    }
}

/// A row a quadrant and a column a runtime, and the lessons besides.
fn cells(records: &[Series], gaps: &[Gap]) {
    let columns = Runtime::ALL.map(Runtime::name);
    anstream::println!("{DIM}{:16}{}{DIM:#}", "", columns.join("  "));
    for quadrant in Quadrant::ALL {
        let cell = |name: &&str| {
            let mut lessons = records.iter().filter(|r| r.program.chapter == quadrant);
            let gap = gaps.iter().any(|gap| gap.chapter == quadrant && gap.runtime == **name);
            let symbol = match lessons.find(|record| record.program.name == **name) {
                Some(record) => mark(record.outcome()),
                None if gap => paint(DIM, glyph("–", "-")),
                None => " ".to_owned(),
            };
            format!("{symbol}{:1$}", "", name.len() + 1)
        };
        let row: String = columns.iter().map(cell).collect();
        anstream::println!("{:16}{}", quadrant.name(), row.trim_end());
    }
    for record in records.iter().filter(|record| !record.program.is_cell()) {
        anstream::println!("{:34}{}", record.program.id(), mark(record.outcome()));
    }
    let asked = |gap: &&Gap| records.iter().any(|record| record.program.chapter == gap.chapter);
    for gap in gaps.iter().filter(asked) {
        let text = format!("{} {}/{}: {}", glyph("–", "-"), gap.chapter, gap.runtime, gap.reason);
        for line in wrap(&text, 78) {
            anstream::println!("{DIM}{line}{DIM:#}");
        }
    }
}

/// What failed, once more, so that nobody has to scroll for it.
fn faults(records: &[Series]) {
    for record in records.iter().filter(|record| record.outcome() == Outcome::Failed) {
        anstream::println!("\n{}", paint(BAD, record.program.id()));
        for fault in record.faults() {
            for line in wrap(&fault, 76) {
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
