//! `cargo xtask grade FOLDER`: judges what a class has handed in.
//!
//! Of each student the named files are taken, and nothing else: contracts, manifests and build settings are
//! ours. One program runs at a time, and nothing is built meanwhile, so that no verdict depends on another
//! student's. What one student hands in never keeps the others from being judged.
//!
//! 1. [`submission`]: which files are taken, and which are refused;
//! 2. [`building`]: they are built, side by side;
//! 3. [`graded`]: what came of them;
//! 4. [`table`]: the same in a terminal;
//! 5. [`formats`]: for other programs;
//! 6. [`report`]: and for a teacher, as a page.

mod building;
mod formats;
mod graded;
mod report;
mod submission;
mod table;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
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
use crate::desk::Desk;
use crate::exercise::{format, is_json, seed, seed_of};
use crate::twin::Twin;
use building::{Building, Workshop};
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
    if !is_wanted(&lacking()?, arguments) {
        return Ok(Outcome::NotShown);
    }
    // Whoever misspells the page's name loses no work by it. What is for programs is replaced, as they expect.
    arguments.get_one::<PathBuf>("report").map_or(Ok(()), |page| claim(page))?;
    let Some(workshop) = prepare(&course, &exercises, arguments)? else {
        return Ok(Outcome::NotShown);
    };
    let manifest = course.manifest;
    let grading = Grading { workshop, exercises, manifest, arguments };
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

/// Whether to judge although this is not confined: where nothing is lacking, or somebody wants to do without.
fn is_wanted(lacking: &[String], arguments: &ArgMatches) -> bool {
    for sentence in lacking {
        anstream::eprintln!("{}", paint(UNSURE, sentence));
    }
    let is_wanted = lacking.is_empty() || arguments.get_flag("unconfined");
    if !is_wanted {
        anstream::eprintln!(
            "What is handed in would run with your own rights. `--unconfined` does it all the same: on a \
             machine that has nothing to lose."
        );
    }
    is_wanted
}

/// Copies the workspace, and makes sure that our own part of each program compiles: what does not compile from
/// then on is the student's. Nothing, where compilers cannot be confined and nobody wants to do without.
fn prepare(
    course: &Course,
    exercises: &[Exercise],
    arguments: &ArgMatches,
) -> Result<Option<Workshop>> {
    let twin = Twin::make(course)?;
    let progress = spinner("Building");
    let starts = exercises.iter().map(|exercise| Ok((exercise, course.start(exercise)?)));
    let starts = starts.collect::<Result<Vec<_>>>()?;
    let workshop = Workshop::open(twin, &starts)?;
    let lacks = starts.first().map_or(Ok(None), |(_, start)| workshop.lacks(start))?;
    progress.finish_and_clear();
    let Some(why) = lacks else { return Ok(Some(workshop)) };
    let sentence =
        format!("The compiler cannot be confined: it does not compile our own text.\n{why}");
    Ok(is_wanted(&[sentence], arguments).then(|| workshop.unconfined()))
}

/// What a class is graded with.
struct Grading<'a> {
    workshop: Workshop,
    exercises: Vec<Exercise>,
    manifest: Manifest,
    arguments: &'a ArgMatches,
}

impl Grading<'_> {
    /// Grades all students, one after the other, and writes down what came of each at once. Before the first of
    /// a few, the texts of all of these are built.
    fn all(&self, students: &[Student]) -> Result<Outcome> {
        let seed = seed_of(self.arguments);
        let is_json = is_json(self.arguments);
        let table = Table::new(&self.exercises, students, width());
        if !is_json {
            print_field("again", DIM, &format!("--seed {seed}"));
            print(&table.head(&self.exercises));
        }
        let mut rows: Vec<Row> = Vec::new();
        for few in students.chunks(self.workshop.students()) {
            let built = self.workshop.build(&self.exercises, few)?;
            for (student, built) in few.iter().zip(built) {
                let row = self.row(student, built, seed)?;
                if !is_json {
                    print(&table.row(&row));
                }
                rows.push(row);
                self.write(&rows)?;
            }
        }
        if is_json {
            println!("{:#}", answer(&rows));
        } else {
            anstream::println!("{DIM}{}{DIM:#}", count(rows.len(), "student"));
        }
        Ok(outcome(&rows))
    }

    fn row(&self, student: &Student, built: Vec<Building>, seed: Seed) -> Result<Row> {
        let mut cells = Vec::new();
        for (exercise, built) in self.exercises.iter().zip(built) {
            cells.push(cell(exercise, built, Graded::missing(exercise, seed)));
            if interrupted() {
                return Err(Interrupted.into());
            }
        }
        Ok(Row { student: student.name.clone(), cells })
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

/// Judges what was built. What goes wrong with us is neither a pass nor a failure.
fn cell(exercise: &Exercise, built: Building, ungraded: Graded) -> Graded {
    match built {
        Building::Refused(Refused::Missing) => ungraded,
        Building::Refused(Refused::Unfit(why)) => ungraded.failed("unfit", &why),
        Building::Broken(said) => ungraded.failed("does-not-compile", &said),
        Building::Failed(why) => ungraded.not_judged(&why),
        Building::Built(desk, program) => judged(exercise, &desk, &program, &ungraded)
            .unwrap_or_else(|error| ungraded.not_judged(&format!("{error:#}"))),
    }
}

fn judged(exercise: &Exercise, desk: &Desk, program: &Path, graded: &Graded) -> Result<Graded> {
    let program = confined(program, &desk.temporary())?;
    let runs = judge(exercise, &program, graded.seed, &mut Kernel::default(), &mut |_| ());
    Ok(graded.clone().by(&runs.map_err(anyhow::Error::msg)?))
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
