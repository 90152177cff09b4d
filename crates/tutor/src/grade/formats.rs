//! What came of a class, for other programs. Each format says in its own way what was *not shown*, and what was
//! not handed in, which most of them have no words for: never as a failure, and never as a pass.

use std::fmt::Write as _;

use serde_json::{Value, json};
use words::Outcome;

use super::graded::{Graded, Row};

/// For whoever reads our own answers: `docs/json.md` describes it.
pub(super) fn json(rows: &[Row]) -> Value {
    let cell = |cell: &Graded| {
        json!({
            "exercise": cell.exercise,
            "outcome": cell.outcome_name(),
            "found": cell.found,
            "said": cell.said,
            "points": cell.points,
            "of": cell.of,
            "seed": cell.seed.to_string(),
        })
    };
    let row = |row: &Row| {
        json!({
            "student": row.student,
            "points": row.points(),
            "of": row.of(),
            "exercises": row.cells.iter().map(cell).collect::<Value>(),
        })
    };
    rows.iter().map(row).collect()
}

/// A line a student and exercise. *Not shown* is an outcome like the other two, and so is `missing`.
pub(super) fn csv(rows: &[Row]) -> String {
    let mut text = "student,exercise,outcome,points,of,found,seed\n".to_owned();
    for row in rows {
        for cell in &row.cells {
            let Graded { exercise, points, of, found, seed, .. } = cell;
            let (student, outcome) = (quoted(&row.student), cell.outcome_name());
            let line = format!("{student},{exercise},{outcome},{points},{of},{found},{seed}\n");
            text.push_str(&line);
        }
    }
    text
}

/// A field. One that begins as a formula would be obeyed by a spreadsheet: it gets a quotation mark first.
fn quoted(field: &str) -> String {
    let guard = if field.starts_with(['=', '+', '-', '@', '\t', '\r']) { "'" } else { "" };
    format!("\"{guard}{}\"", field.replace('"', "\"\""))
}

/// What is said of an exercise. With each failure stands from what its secrets were drawn, so that whoever has
/// this text alone can have them again.
fn said(cell: &Graded) -> String {
    match cell.outcome {
        Some(Outcome::Failed) => format!("{}\nAgain: --seed {}", cell.said.trim_end(), cell.seed),
        _ => cell.said.clone(),
    }
}

/// `JUnit`'s XML, a suite a student. What was *not shown*, or not handed in, was skipped.
pub(super) fn junit(rows: &[Row]) -> String {
    let mut text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n".to_owned();
    for row in rows {
        let count = |outcome| row.cells.iter().filter(|cell| cell.outcome == outcome).count();
        let (student, all) = (escaped(&row.student), row.cells.len());
        let failed = count(Some(Outcome::Failed));
        let skipped = count(Some(Outcome::NotShown)) + count(None);
        let _ = writeln!(
            text,
            "  <testsuite name=\"{student}\" tests=\"{all}\" failures=\"{failed}\" skipped=\"{skipped}\">"
        );
        row.cells.iter().for_each(|cell| case(&mut text, &student, cell));
        text.push_str("  </testsuite>\n");
    }
    text + "</testsuites>\n"
}

fn case(text: &mut String, student: &str, cell: &Graded) {
    let (name, found, said) = (&cell.exercise, escaped(&cell.found), escaped(&said(cell)));
    let _ = write!(text, "    <testcase classname=\"{student}\" name=\"{name}\"");
    let _ = match cell.outcome {
        Some(Outcome::Passed) => writeln!(text, "/>"),
        Some(Outcome::Failed) => {
            writeln!(text, "><failure type=\"{found}\">{said}</failure></testcase>")
        }
        Some(Outcome::NotShown) | None => {
            writeln!(text, "><skipped message=\"{found}: {said}\"/></testcase>")
        }
    };
}

/// A text within XML, which has no place for most control characters.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\n' => escaped.push_str("&#10;"),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => escaped.push('\u{fffd}'),
            c => escaped.push(c),
        }
    }
    escaped
}

/// Gradescope's `results.json` for one student. What was *not shown*, or not handed in, has no status there, and
/// a tag.
pub(super) fn gradescope(row: &Row) -> Value {
    let test = |cell: &Graded| {
        let mut test = json!({
            "name": format!("{} {}", &cell.exercise[..2], cell.title),
            "score": cell.points,
            "max_score": cell.of,
            "output": if cell.said.is_empty() { cell.outcome_name().to_owned() } else { said(cell) },
            "output_format": "text",
            "tags": [cell.found],
        });
        match cell.outcome {
            Some(Outcome::NotShown) => {
                test["output"] = json!(format!("Neither passed nor failed. {}", cell.said));
                test["tags"] = json!(["not-shown", cell.found]);
            }
            Some(outcome) => test["status"] = json!(outcome.name()),
            None => {}
        }
        test
    };
    json!({
        "score": row.points(),
        "tests": row.cells.iter().map(test).collect::<Value>(),
    })
}

/// For one student, what Classroom 50 has of tests in its `result/v1`: whoever hands it on adds who, what and
/// when. There is no third value there, so that *not shown* and missing are no pass, and a field of its own.
pub(super) fn classroom50(row: &Row) -> Value {
    let test = |cell: &Graded| {
        json!({
            "test-name": cell.exercise,
            "passed": cell.outcome == Some(Outcome::Passed),
            "score": cell.points,
            "max-score": cell.of,
            "outcome": cell.outcome_name(),
            "found": cell.found,
            "said": said(cell),
        })
    };
    json!({
        "score": row.points(),
        "max-score": row.of(),
        "tests": row.cells.iter().map(test).collect::<Value>(),
    })
}

#[cfg(test)]
mod tests {
    use judge::Seed;

    use super::*;

    fn rows() -> Vec<Row> {
        let graded = Graded {
            exercise: "02_overlap".to_owned(),
            title: "Overlap".to_owned(),
            outcome: Some(Outcome::Passed),
            found: "passed".to_owned(),
            said: String::new(),
            points: 3,
            of: 3,
            is_of_work: true,
            seed: Seed::new(7),
            picture: Vec::new(),
        };
        let failed = Graded { points: 1, ..graded.clone().failed("alone", "A < B & \"C\"\u{1b}") };
        let not_shown = Graded { points: 0, ..graded.clone().not_judged("One core.") };
        let missing = Graded {
            outcome: None,
            found: "missing".to_owned(),
            said: "It was not handed in.".to_owned(),
            ..not_shown.clone()
        };
        let cells = vec![graded, failed, not_shown, missing];
        vec![Row { student: "=ada \"l\", <b>".to_owned(), cells }]
    }

    #[test]
    fn what_was_not_shown_is_no_failure_and_no_pass_in_any_format() {
        let rows = rows();
        assert_eq!(json(&rows)[0]["exercises"][2]["outcome"], "not-shown");
        assert!(csv(&rows).contains(",not-shown,0,3,not-judged,"));
        let junit = junit(&rows);
        assert!(junit.contains("tests=\"4\" failures=\"1\" skipped=\"2\""), "{junit}");
        assert!(junit.contains("<skipped message=\"not-judged: One core.\"/>"), "{junit}");
        let test = &classroom50(&rows[0])["tests"][2];
        assert_eq!((&test["passed"], &test["outcome"]), (&false.into(), &"not-shown".into()));
        let tests = gradescope(&rows[0])["tests"].clone();
        assert_eq!(
            (&tests[0]["status"], &tests[1]["status"]),
            (&"passed".into(), &"failed".into())
        );
        assert_eq!(
            (&tests[2]["status"], &tests[2]["tags"][0]),
            (&Value::Null, &"not-shown".into())
        );
    }

    #[test]
    fn what_is_missing_is_no_failure_and_no_pass_in_any_format() {
        let rows = rows();
        assert_eq!(json(&rows)[0]["exercises"][3]["outcome"], "missing");
        assert!(csv(&rows).contains(",missing,0,3,missing,"));
        let junit = junit(&rows);
        assert!(junit.contains("<skipped message=\"missing: It was not handed in.\"/>"), "{junit}");
        let test = &classroom50(&rows[0])["tests"][3];
        assert_eq!((&test["passed"], &test["outcome"]), (&false.into(), &"missing".into()));
        let test = &gradescope(&rows[0])["tests"][3];
        assert_eq!((&test["status"], &test["tags"][0]), (&Value::Null, &"missing".into()));
        assert_eq!((&test["score"], &test["output"]), (&0.into(), &"It was not handed in.".into()));
    }

    #[test]
    fn who_has_the_text_of_a_failure_has_its_seed() {
        let (rows, seed) = (rows(), "--seed 0000000000000007");
        assert!(
            junit(&rows).contains(&format!("&#10;Again: {seed}</failure>")),
            "{}",
            junit(&rows)
        );
        let texts = [("output", gradescope(&rows[0])), ("said", classroom50(&rows[0]))];
        for (key, answer) in texts {
            let has_seed = |test: &Value| test[key].as_str().is_some_and(|it| it.contains(seed));
            let tests = answer["tests"].as_array().expect("a list").iter().map(has_seed);
            assert_eq!(tests.collect::<Vec<_>>(), [false, true, false, false], "{answer:#}");
        }
    }

    #[test]
    fn points_add_up() {
        assert_eq!((rows()[0].points(), rows()[0].of()), (4, 12));
        assert_eq!(gradescope(&rows()[0])["score"], 4);
    }

    #[test]
    fn no_text_can_leave_its_place() {
        let csv = csv(&rows());
        assert!(csv.contains("\n\"'=ada \"\"l\"\", <b>\",02_overlap,passed,3,3,"), "{csv}");
        let junit = junit(&rows());
        assert!(junit.contains("name=\"=ada &quot;l&quot;, &lt;b&gt;\""), "{junit}");
        assert!(junit.contains("A &lt; B &amp; &quot;C&quot;\u{fffd}"), "{junit}");
    }
}
