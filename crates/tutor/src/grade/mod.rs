//! `cargo xtask grade FOLDER`: judges what a class has handed in.
//!
//! Of each student the named files are taken, and nothing else: contracts, manifests and build settings are
//! ours. One program runs at a time, and nothing is built meanwhile, so that no verdict depends on another
//! student's. What one student hands in never keeps the others from being judged.
//!
//! 1. [`submission`]: which files are taken, and which are refused;
//! 2. [`graded`]: what came of them;
//! 3. [`table`]: the same in a terminal;
//! 4. [`formats`]: for other programs;
//! 5. [`report`]: and for a teacher, as a page.

mod formats;
mod graded;
mod report;
mod submission;
mod table;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Arg, ArgAction, ArgMatches, Command, value_parser};
use command::envelope;
use command::show::{DIM, UNSURE, count, paint, print_field, spinner, width};
use draw::written::claim;
use judge::witness::Kernel;
use judge::{Exercise, Manifest, Seed, judge};
use serde_json::json;
use supervise::{Interrupted, interrupted};
use words::{Outcome, WrongUsage};

use crate::confine::{confined, lacking};
use crate::course::{Course, argument};
use crate::exercise::{format, is_json, seed, seed_of};
use crate::twin::{Twin, Whose};
use graded::{Graded, Row};
use submission::{Class, Refused, Student};
use table::Table;

/// How the command is called.
pub(crate) fn describe() -> Command {
    let file = |name: &'static str, value: &'static str, help: &'static str| {
        let path = Arg::new(name).long(name).value_name(value);
        path.value_parser(value_parser!(PathBuf)).help(help)
    };
    Command::new("grade")
        .about("Judges what a class has handed in: FOLDER/STUDENT/NN_name.rs, or clones of this workspace")
        .arg(
            Arg::new("folder")
                .value_name("FOLDER")
                .required(true)
                .value_parser(value_parser!(PathBuf))
                .help("A folder with a folder for each student"),
        )
        .arg(
            Arg::new("only")
                .long("only")
                .value_name("EXERCISES")
                .value_delimiter(',')
                .action(ArgAction::Append)
                .help("Judge these exercises only: `02,10`. Optional ones are judged if they are named"),
        )
        .arg(seed())
        .arg(format())
        .arg(file("json", "FILE", "Write our own answer there, too"))
        .arg(file("csv", "FILE", "Write a line a student and exercise there"))
        .arg(file("junit", "FILE", "Write JUnit's XML there"))
        .arg(file("report", "FILE", "Write a page about the class there, with pictures"))
        .arg(file("gradescope", "FOLDER", "Write STUDENT/results.json there"))
        .arg(file("classroom50", "FOLDER", "Write STUDENT/tests.json there"))
        .arg(
            Arg::new("unconfined")
                .long("unconfined")
                .action(ArgAction::SetTrue)
                .help("Judge although this machine cannot keep programs from everything else"),
        )
        .arg(argument())
        .after_help(
            "A point for each run of an exercise that passed. Exit code: 0 where all was judged, whatever \
             came of it; 2 where nothing was handed in; 3 where something was not shown, or nothing can be confined.",
        )
}

/// Judges a class.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    supervise::listen()?;
    let course = Course::open(arguments)?;
    let mut exercises = exercises(&course, arguments)?;
    let class = arguments.get_one::<PathBuf>("folder").expect("it is required");
    let class = Class::read(class, course.sources_in_a_clone());
    let class = class.map_err(|error| WrongUsage(format!("{error:#}")))?;
    let files: Vec<String> = exercises.iter().map(Exercise::file).collect();
    let by_name = arguments.contains_id("only");
    class.check(&files, by_name)?;
    // What the whole class has left out was not asked of it, unless somebody asks for it now.
    exercises.retain(|exercise| by_name || class.has(&exercise.file()));
    if !is_confined(arguments)? {
        return Ok(Outcome::NotShown);
    }
    // Whoever misspells the page's name loses no work by it. What is for programs is replaced, as they expect.
    arguments.get_one::<PathBuf>("report").map_or(Ok(()), |page| claim(page))?;
    let twin = prepare(&course, &exercises)?;
    let manifest = course.manifest;
    let grading = Grading { twin, exercises, manifest, arguments };
    grading.all(&class.students)
}

/// The exercises that are to be judged.
fn exercises(course: &Course, arguments: &ArgMatches) -> Result<Vec<Exercise>> {
    let all = &course.manifest;
    let Some(wanted) = arguments.get_many::<String>("only") else {
        // Nobody has to do those, so that nobody has handed in too little without them.
        let wanted = all.exercises.iter().filter(|exercise| !exercise.is_optional());
        return Ok(wanted.cloned().collect());
    };
    let wanted = wanted.map(|wanted| all.find(wanted).cloned().map_err(WrongUsage));
    let mut wanted = wanted.collect::<Result<Vec<Exercise>, _>>()?;
    let mut numbers = BTreeSet::new();
    wanted.retain(|exercise| numbers.insert(exercise.number));
    Ok(wanted)
}

/// Whether programs are kept from everything else, or somebody wants to do without.
fn is_confined(arguments: &ArgMatches) -> Result<bool> {
    let lacking = lacking()?;
    for sentence in &lacking {
        anstream::eprintln!("{}", paint(UNSURE, sentence));
    }
    let is_wanted = lacking.is_empty() || arguments.get_flag("unconfined");
    if !is_wanted {
        anstream::eprintln!(
            "What is handed in would run with your own rights. `--unconfined` does it all the same: on a \
             machine that has nothing to lose."
        );
    }
    Ok(is_wanted)
}

/// Copies the workspace, and makes sure that our own part of each program compiles: what does not compile from
/// then on is the student's.
fn prepare(course: &Course, exercises: &[Exercise]) -> Result<Twin> {
    let twin = Twin::make(course)?;
    let progress = spinner("Building");
    for exercise in exercises {
        let built = twin.build(exercise, &course.start(exercise)?, Whose::Ours)?;
        if built.program.is_none() {
            bail!("the start of {} does not compile:\n{}", exercise.file(), built.said);
        }
    }
    progress.finish_and_clear();
    Ok(twin)
}

/// What a class is graded with.
struct Grading<'a> {
    twin: Twin,
    exercises: Vec<Exercise>,
    manifest: Manifest,
    arguments: &'a ArgMatches,
}

impl Grading<'_> {
    /// Grades all students, one after the other, and writes down what came of each at once.
    fn all(&self, students: &[Student]) -> Result<Outcome> {
        let seed = seed_of(self.arguments);
        let is_json = is_json(self.arguments);
        let table = Table::new(&self.exercises, students, width());
        if !is_json {
            print_field("again", DIM, &format!("--seed {seed}"));
            print(&table.head(&self.exercises));
        }
        let mut rows: Vec<Row> = Vec::new();
        for student in students {
            let row = self.row(student, seed)?;
            if !is_json {
                print(&table.row(&row));
            }
            rows.push(row);
            self.write(&rows)?;
        }
        if is_json {
            println!("{:#}", answer(&rows));
        } else {
            anstream::println!("{DIM}{}{DIM:#}", count(rows.len(), "student"));
        }
        Ok(outcome(&rows))
    }

    fn row(&self, student: &Student, seed: Seed) -> Result<Row> {
        let mut cells = Vec::new();
        for exercise in &self.exercises {
            let missing = Graded::missing(exercise, seed);
            cells.push(match student.text(&exercise.file()) {
                Err(Refused::Missing) => missing,
                Err(Refused::Unfit(why)) => missing.failed("unfit", &why),
                Ok(text) => self.cell(exercise, &text, missing),
            });
            if interrupted() {
                return Err(Interrupted.into());
            }
        }
        Ok(Row { student: student.name.clone(), cells })
    }

    /// Builds and judges a text. What goes wrong with us is neither a pass nor a failure.
    fn cell(&self, exercise: &Exercise, text: &str, ungraded: Graded) -> Graded {
        // On the first line, so that the compiler's lines stay the student's.
        let text = format!("#![forbid(unsafe_code)] {text}");
        let built = match self.twin.build(exercise, &text, Whose::Theirs) {
            Ok(built) => built,
            Err(error) => return ungraded.not_judged(&format!("{error:#}")),
        };
        let Some(program) = built.program else {
            return ungraded.failed("does-not-compile", &built.said);
        };
        match self.judged(exercise, &program, &ungraded) {
            Ok(graded) => graded,
            Err(error) => ungraded.not_judged(&format!("{error:#}")),
        }
    }

    fn judged(&self, exercise: &Exercise, program: &Path, graded: &Graded) -> Result<Graded> {
        let program = confined(program)?;
        let runs = judge(exercise, &program, graded.seed, &mut Kernel::default(), &mut |_| ());
        Ok(graded.clone().by(&runs.map_err(anyhow::Error::msg)?))
    }

    /// Writes everything that is known by now, wherever it is wanted.
    fn write(&self, rows: &[Row]) -> Result<()> {
        let path = |name| self.arguments.get_one::<PathBuf>(name);
        let texts = [
            ("json", format!("{:#}\n", answer(rows))),
            ("csv", formats::csv(rows)),
            ("junit", formats::junit(rows)),
            ("report", report::page(&self.exercises, &self.manifest.misconceptions, rows)),
        ];
        for (name, text) in texts {
            if let Some(path) = path(name) {
                replace(path, &text)?;
            }
        }
        let Some(row) = rows.last() else { return Ok(()) };
        let answers = [
            ("gradescope", "results.json", formats::gradescope(row)),
            ("classroom50", "tests.json", formats::classroom50(row)),
        ];
        for (name, file, answer) in answers {
            let Some(folder) = path(name).map(|folder| folder.join(&row.student)) else { continue };
            fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
            replace(&folder.join(file), &format!("{answer:#}\n"))?;
        }
        Ok(())
    }
}

/// Writes a file so that whoever reads it meanwhile reads the old text or the new one.
fn replace(path: &Path, text: &str) -> Result<()> {
    let mut new = path.as_os_str().to_owned();
    new.push(".new");
    fs::write(&new, text)
        .and_then(|()| fs::rename(&new, path))
        .with_context(|| path.display().to_string())
}

fn print(lines: &[String]) {
    lines.iter().for_each(|line| anstream::println!("{line}"));
}

/// Passed where everything was judged, whatever came of it.
fn outcome(rows: &[Row]) -> Outcome {
    let mut cells = rows.iter().flat_map(|row| &row.cells);
    match cells.any(|cell| cell.outcome == Some(Outcome::NotShown)) {
        true => Outcome::NotShown,
        false => Outcome::Passed,
    }
}

fn answer(rows: &[Row]) -> serde_json::Value {
    envelope::answer("grade", outcome(rows), json!({ "students": formats::json(rows) }))
}
