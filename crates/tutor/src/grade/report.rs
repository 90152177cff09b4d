//! A class as a page: a student a row, an exercise a cell, behind each cell what was seen; and which misconceptions
//! the class may hold.
//!
//! It is one file without a script and without anything from elsewhere. What students have written reaches it as
//! text and nothing else.

use std::fmt::Write as _;
use std::time::Duration;

use command::show::duration;
use draw::page::{Text, symbol};
use draw::written::GENERATOR;
use judge::Exercise;
use judge::lanes::{Lane, Stretch};
use judge::manifest::Misconception;

use super::graded::{Graded, Row};

/// How wide a picture is, in its own units, and how high a lane.
const WIDTH: u64 = 900;
const LANE: u64 = 18;

/// Where lanes begin, behind their names.
const NAMES: u64 = 60;

/// The most lanes that are drawn.
const LANES: usize = 24;

/// What is found where nothing was judged.
const UNJUDGED: &[&str] = &["unfit", "does-not-compile", "not-judged"];

/// The page.
pub(super) fn page(exercises: &[Exercise], all: &[Misconception], rows: &[Row]) -> String {
    let cells: String = (1..).zip(rows).map(student).collect();
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n<meta name=\"generator\" \
         content=\"{GENERATOR}\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>A class</title>\n<style>\n{}</style>\
         </head>\n<body>\n<h1>A class</h1>\n{}{}{cells}</body></html>\n",
        include_str!("report.css"),
        class(exercises, rows),
        misconceptions(exercises, all, rows),
    )
}

/// The table.
fn class(exercises: &[Exercise], rows: &[Row]) -> String {
    let seed = rows.iter().flat_map(|row| &row.cells).next().map(|cell| cell.seed);
    let seed =
        seed.map_or(String::new(), |seed| format!(" With <code>--seed {seed}</code> again."));
    let mut html = format!(
        "<p class=\"soft\">A point for each run of an exercise that passed. Behind each sign stands what was seen. \
         “?” is neither passed nor failed: look at it, or run it elsewhere. “–” was not handed in.{seed}</p>\n<div class=\"wide\">\
         <table class=\"class\">\n<thead><tr><th>student</th>"
    );
    for exercise in exercises {
        let title = Text(&exercise.title);
        let _ = write!(html, "<th scope=\"col\" title=\"{title}\">{:02}</th>", exercise.number);
    }
    html += "<th scope=\"col\">points</th></tr></thead>\n<tbody>\n";
    for (number, row) in (1..).zip(rows) {
        let _ = write!(html, "<tr><th scope=\"row\">{}</th>", Text(&row.student));
        for cell in &row.cells {
            let (place, name) = (place(number, cell), cell.outcome_name());
            let (found, sign) = (Text(&cell.found), cell.outcome.map_or("–".to_owned(), symbol));
            let _ = write!(
                html,
                "<td><a class=\"cell {name}\" href=\"#{place}\" title=\"{found}\">{sign}</a></td>"
            );
        }
        let (points, of) = (row.points(), row.of());
        let _ = writeln!(html, "<td class=\"number\">{points} of {of}</td></tr>");
    }
    html + "</tbody></table></div>\n"
}

/// What students believe by what was found in their work; that which most do first.
fn misconceptions(exercises: &[Exercise], all: &[Misconception], rows: &[Row]) -> String {
    let mut held: Vec<Held<'_>> = all.iter().map(|it| Held::of(it, exercises, rows)).collect();
    held.retain(|it| it.shown > 0);
    held.sort_by_key(|it| (it.shown * 1000 / it.tried, it.shown, it.misconception.number));
    if held.is_empty() {
        return String::new();
    }
    let mut html = "<h2>What the class may believe</h2>\n<p class=\"soft\">Each exercise refutes something that \
                    many people believe. Counted is who tried such an exercise, and in whose work that was found \
                    which comes of this belief. It may have come of something else: ask.</p>\n<div class=\"wide\"><table>\n<thead><tr><th>“…”</th>\
                    <th>exercises</th><th class=\"number\">shown by</th><th></th></tr></thead>\n<tbody>\n"
        .to_owned();
    for it in held.iter().rev() {
        let Held { misconception, exercises, shown, tried } = it;
        let (says, width) = (Text(&misconception.says), 100 * shown / tried);
        let _ = writeln!(
            html,
            "<tr><td>{says}</td><td>{}</td><td class=\"number\">{shown} of {tried}</td><td><span \
             class=\"bar\" role=\"img\" aria-label=\"{width} %\"><span style=\"width: {width}%\"></span>\
             </span></td></tr>",
            exercises.join(", ")
        );
    }
    html + "</tbody></table></div>\n"
}

/// How many students have done what refutes a misconception, and in how many's work something was found that shows
/// it. A program that did not come to its work counts for neither.
struct Held<'a> {
    misconception: &'a Misconception,
    /// The numbers of the exercises.
    exercises: Vec<String>,
    shown: usize,
    tried: usize,
}

impl Held<'_> {
    fn of<'a>(misconception: &'a Misconception, exercises: &[Exercise], rows: &[Row]) -> Held<'a> {
        let refutes = |it: &&Exercise| it.misconceptions.contains(&misconception.number);
        let refuting: Vec<&Exercise> = exercises.iter().filter(refutes).collect();
        let files: Vec<String> = refuting.iter().map(|it| it.file()).collect();
        let found = |row: &Row| -> Vec<String> {
            let cells = row.cells.iter().filter(|cell| files.contains(&cell.exercise));
            cells.filter(|cell| cell.is_of_work).map(|cell| cell.found.clone()).collect()
        };
        let students: Vec<Vec<String>> = rows.iter().map(found).collect();
        let shows = |found: &String| misconception.shown_by.contains(found);
        let tried = students.iter().filter(|all| !all.is_empty()).count();
        let shown = students.iter().filter(|all| all.iter().any(shows)).count();
        let exercises = refuting.iter().map(|it| format!("{:02}", it.number)).collect();
        Held { misconception, exercises, shown, tried }
    }
}

/// All that there is to say of a student.
fn student((number, row): (usize, &Row)) -> String {
    let mut html = format!("<h2>{}</h2>\n", Text(&row.student));
    for (cell, outcome) in row.cells.iter().filter_map(|cell| Some((cell, cell.outcome?))) {
        let Graded { exercise, title, found, points, of, .. } = cell;
        let (place, name) = (place(number, cell), outcome.name());
        let _ = writeln!(
            html,
            "<article id=\"{place}\"><h3>{} {}</h3>\n<p><span class=\"verdict {name}\">{}{outcome}</span> \
             <small>{} · {points} of {of} points</small></p>",
            &exercise[..2],
            Text(title),
            symbol(outcome),
            Text(found),
        );
        html += &picture(&cell.picture);
        match (cell.said.is_empty(), UNJUDGED.contains(&found.as_str())) {
            (true, _) => {}
            (_, true) => html.push_str(&format!("<pre>{}</pre>", lines(&cell.said))),
            _ => html.extend(cell.said.lines().map(|line| format!("<p>{}</p>", Text(line)))),
        }
        html += "</article>\n";
    }
    let missing = row.cells.iter().filter(|cell| cell.outcome.is_none());
    let missing: Vec<String> = missing
        .map(|cell| format!("<span id=\"{}\">{}</span>", place(number, cell), &cell.exercise[..2]))
        .collect();
    if !missing.is_empty() {
        let _ = writeln!(html, "<p class=\"soft\">Not handed in: {}.</p>", missing.join(", "));
    }
    html
}

/// A text of several lines, each for itself: a line end is no sign that may stand in [`Text`].
fn lines(text: &str) -> String {
    text.lines().map(|line| format!("{}\n", Text(line))).collect()
}

/// The name of a cell's place on the page.
fn place(student: usize, cell: &Graded) -> String {
    format!("student-{student}-{}", cell.exercise)
}

/// A run: a lane a task, from left to right.
fn picture(lanes: &[Lane]) -> String {
    let ends = lanes.iter().flat_map(|lane| &lane.stretches).map(|&(_, _, to)| to);
    let length = ends.max().unwrap_or(0);
    if length == 0 {
        return String::new();
    }
    let shown = lanes.len().min(LANES) as u64;
    let (height, time) = (LANE * (shown + 1), duration(Duration::from_nanos(length)));
    let mut svg = format!(
        "<svg viewBox=\"0 0 {WIDTH} {height}\" role=\"img\" aria-label=\"{} tasks in {time}\">\n",
        lanes.len()
    );
    for (lane, place) in lanes.iter().take(LANES).zip(0_u64..) {
        let (top, base) = (place * LANE, place * LANE + LANE - 5);
        let _ = writeln!(svg, "<text x=\"0\" y=\"{base}\">{}</text>", Text(&lane.task));
        // What was computed is drawn upon what was waited for.
        for wanted in [Stretch::Waits, Stretch::Computes] {
            for &(stretch, from, to) in lane.stretches.iter().filter(|it| it.0 == wanted) {
                svg += &bar(stretch, top, from, to, length);
            }
        }
    }
    let base = height - 5;
    let legend = format!("0 to {time}; grey: waits; green: computes");
    svg += &format!("<text class=\"axis\" x=\"{NAMES}\" y=\"{base}\">{legend}</text></svg>\n");
    svg
}

/// A stretch of a lane. However short it was, it can be seen.
fn bar(stretch: Stretch, top: u64, from: u64, to: u64, length: u64) -> String {
    let place = |time: u64| {
        let room = u128::from(WIDTH - NAMES);
        NAMES + u64::try_from(u128::from(time) * room / u128::from(length)).unwrap_or(0)
    };
    let (class, inset) = match stretch {
        Stretch::Waits => ("waits", 6),
        Stretch::Computes => ("computes", 2),
    };
    let (x, y, height) = (place(from), top + inset, LANE - 2 * inset);
    let width = (place(to) - x).max(2);
    format!("<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"/>\n")
}

#[cfg(test)]
mod tests {
    use judge::Seed;
    use words::Outcome;

    use super::*;

    fn graded(found: &str, outcome: Option<Outcome>) -> Graded {
        Graded {
            exercise: "02_overlap".to_owned(),
            title: "Overlap <b>".to_owned(),
            outcome,
            found: found.to_owned(),
            said: "A & B\nwhy\nlook".to_owned(),
            points: 0,
            of: 1,
            is_of_work: !["panicked", "missing"].contains(&found),
            seed: Seed::new(7),
            picture: vec![Lane {
                task: "A".to_owned(),
                stretches: vec![(Stretch::Waits, 0, 50), (Stretch::Computes, 50, 100)],
            }],
        }
    }

    fn rows() -> Vec<Row> {
        let row = |student: &str, cell| Row { student: student.to_owned(), cells: vec![cell] };
        vec![
            row("ada", graded("passed", Some(Outcome::Passed))),
            row("<bob>", graded("alone", Some(Outcome::Failed))),
            row("eve", graded("missing", None)),
            row("dan", graded("panicked", Some(Outcome::Failed))),
        ]
    }

    fn exercises() -> Vec<Exercise> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../exercises");
        let manifest = judge::Manifest::read(&folder).expect("a manifest");
        manifest.exercises.into_iter().filter(|it| it.number == 2).collect()
    }

    #[test]
    fn whose_work_was_not_seen_believes_nothing() {
        let exercises = exercises();
        let number = exercises[0].misconceptions[0];
        let by = |finding: &str| {
            let (says, shown_by) = ("It is <so>.".to_owned(), vec![finding.to_owned()]);
            Misconception { number, says, shown_by }
        };
        let it = by("alone");
        let held = Held::of(&it, &exercises, &rows());
        assert_eq!((held.shown, held.tried), (1, 2));
        // What was found is not what comes of this one.
        let other = by("wrong-answer");
        let held = Held::of(&other, &exercises, &rows());
        assert_eq!((held.shown, held.tried), (0, 2));
        let html = misconceptions(&exercises, std::slice::from_ref(&it), &rows());
        assert!(html.contains("It is &lt;so&gt;.") && html.contains("1 of 2"), "{html}");
        assert!(misconceptions(&exercises, &[it], &rows()[..1]).is_empty());
    }

    #[test]
    fn a_cell_leads_to_what_stands_behind_it() {
        let html = page(&exercises(), &[], &rows());
        for student in 1..=4 {
            let cell = format!("student-{student}-02_overlap");
            assert!(html.contains(&format!("href=\"#{cell}\"")), "{student}: {html}");
            assert_eq!(html.matches(&format!("id=\"{cell}\"")).count(), 1, "{student}: {html}");
        }
        assert!(!html.contains("<bob>") && !html.contains("Overlap <b>"), "{html}");
        assert!(html.contains("<p>A &amp; B</p><p>why</p>"), "{html}");
        assert!(html.contains("class=\"computes\" x=\"480\""), "{html}");
    }
}
