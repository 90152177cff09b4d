//! `cargo xtask cells`: writes `docs/cells.md`, the index of all lessons, from what they say of themselves.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result};
use clap::{Arg, ArgAction, ArgMatches, Command};
use lab::lesson::Runtime;
use words::{Outcome, Quadrant};

use crate::build::{Messages, Runtimes, build, root};
use crate::header::{Header, Measure, Question};
use crate::shelf::edit;
use crate::shelf::{Catalogue, Program};

/// How the command is called.
pub(crate) fn describe() -> Command {
    Command::new("cells")
        .about("Writes docs/cells.md, the index of all lessons, from the lessons")
        .arg(
            Arg::new("check")
                .long("check")
                .action(ArgAction::SetTrue)
                .help("Write nothing, and fail if the file is not what it should be"),
        )
}

/// Writes the index, or compares it.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    let built = build(&Quadrant::ALL, Runtimes::All, Messages::Shown)?;
    let catalogue = Catalogue::of(&built).complete()?;
    let page = page(&catalogue)?;
    if let [different, ..] = &catalogue.differences[..] {
        println!("{different} is said to keep another promise by its chapter than by the judge:");
        println!("make xtask/src/shelf/promises.rs and the chapter agree.");
        return Ok(Outcome::Failed);
    }
    let shipped = edit::list(&root(), catalogue.programs.iter().map(Program::source))?;
    let files = [("docs/cells.md", page), (edit::FILE, shipped)];
    let check = arguments.get_flag("check");
    let outcomes = files
        .iter()
        .map(|(path, text)| if check { compare(path, text) } else { write(path, text) });
    outcomes.collect()
}

fn write(path: &str, text: &str) -> Result<Outcome> {
    fs::write(root().join(path), text).with_context(|| path.to_owned())?;
    println!("Wrote {path}.");
    Ok(Outcome::Passed)
}

fn compare(path: &str, text: &str) -> Result<Outcome> {
    let is_so = fs::read_to_string(root().join(path)).with_context(|| path.to_owned())? == text;
    if is_so {
        println!("{path} says what the lessons say.");
        return Ok(Outcome::Passed);
    }
    println!("{path} is not what the lessons say: run `cargo xtask cells`.");
    Ok(Outcome::Failed)
}

fn page(catalogue: &Catalogue) -> Result<String> {
    let mut page = String::from(
        "# The 24 cells\n\n\
         The same program in four quadrants, on six runtimes. `cargo xtask cells` writes this page\n\
         from the lessons themselves, and `cargo xtask ci` compares.\n\n",
    );
    overview(catalogue, &mut page)?;
    for quadrant in Quadrant::ALL {
        chapter(catalogue, quadrant, &mut page)?;
    }
    answers(catalogue, &mut page)?;
    Ok(page)
}

/// A row a runtime and a column a quadrant.
fn overview(catalogue: &Catalogue, page: &mut String) -> Result<()> {
    let titles = Quadrant::ALL.map(|quadrant| format!("[{quadrant}](#{quadrant})")).join(" | ");
    writeln!(page, "| | {titles} |\n|---|---|---|---|---|")?;
    for runtime in Runtime::ALL {
        let cell = |quadrant| {
            let mut lessons = catalogue.programs.iter();
            let lesson = lessons.find(|l| l.chapter == quadrant && l.name == runtime.name());
            lesson.map_or("a gap, see below".to_owned(), |lesson| {
                format!("[{}](../{})", lesson.summary, lesson.source())
            })
        };
        let cells = Quadrant::ALL.map(cell).join(" | ");
        writeln!(page, "| **{}** | {cells} |", runtime.name())?;
    }
    Ok(())
}

/// What each lesson of a chapter claims, asks and suggests.
fn chapter(catalogue: &Catalogue, quadrant: Quadrant, page: &mut String) -> Result<()> {
    writeln!(page, "\n## {quadrant}")?;
    for lesson in catalogue.programs.iter().filter(|lesson| lesson.chapter == quadrant) {
        let Header { claim, question, old, new, changed, .. } = header(lesson)?;
        writeln!(page, "\n### [{}](../{})\n\n{claim}\n", lesson.id(), lesson.source())?;
        writeln!(page, "*Predict:* {}\n", question.text)?;
        question.choices.iter().try_for_each(|choice| writeln!(page, "- {choice}"))?;
        writeln!(page, "\n*Change* `{old}` to `{new}`. {}\n", asked_of(&changed))?;
        writeln!(page, "[The answers](#{})", anchor(lesson))?;
    }
    for gap in catalogue.gaps.iter().filter(|gap| gap.chapter == quadrant) {
        writeln!(page, "\n### No lesson on {}\n\nBecause {}.", gap.runtime, gap.reason)?;
    }
    Ok(())
}

/// What is asked of a changed lesson. The four quadrants need not be listed for each.
fn asked_of(changed: &Question) -> String {
    if changed.by == Some(Measure::Verdict) {
        return "Which quadrant is it in then?".to_owned();
    }
    let choices: Vec<_> = changed.choices.iter().map(|choice| format!("\n- {choice}")).collect();
    format!("{}\n{}", changed.asked(), choices.concat())
}

/// What is right, far from what is asked.
fn answers(catalogue: &Catalogue, page: &mut String) -> Result<()> {
    writeln!(page, "\n## Answers\n\nFar from the questions, so that nobody reads them first.")?;
    for lesson in &catalogue.programs {
        let Header { question, outcome, .. } = header(lesson)?;
        writeln!(page, "\n### Answers: {}\n", lesson.id())?;
        writeln!(page, "*{}.* {}\n", question.choices[question.answer], question.because)?;
        writeln!(page, "Changed: {outcome}")?;
    }
    Ok(())
}

/// Where the answers to a lesson's questions stand, as a link to their heading names it.
fn anchor(lesson: &Program) -> String {
    format!("answers-{}{}", lesson.chapter, lesson.name)
}

fn header(lesson: &Program) -> Result<Header> {
    let path = lesson.source();
    let text = fs::read_to_string(root().join(&path)).with_context(|| path.clone())?;
    Header::read(&text).with_context(|| path)
}
