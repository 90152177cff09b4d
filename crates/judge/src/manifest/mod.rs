//! The manifest of all exercises: one file, `exercises.toml`. `AUTHORS.md` beside it describes each key.
//!
//! It belongs to the judge: what is asked of a submission is never read from the submission.

mod row;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml::de::DeTable;

use crate::finding::Finding;
use crate::measure::Measure;
use crate::schedule::{Ahead, Kind};
use row::Row;

/// All exercises.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// In the order of their numbers.
    pub exercises: Vec<Exercise>,
    /// The parts of the course, for whoever knows one already.
    pub parts: Vec<Part>,
    /// What exercises refute.
    pub misconceptions: Vec<Misconception>,
    /// The folder that it stands in.
    pub folder: PathBuf,
}

/// A part of the course.
#[derive(Clone, Debug)]
pub struct Part {
    /// What it is about.
    pub title: String,
    /// The numbers of its exercises.
    pub exercises: Vec<u64>,
    /// The number of that which needs most of the others.
    pub task: u64,
}

/// What people believe, and is not so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misconception {
    /// Its number, which exercises name.
    pub number: u64,
    /// What is believed, in a sentence.
    pub says: String,
    /// The findings that show it, by name, in exercises that refute it; none where no program can.
    pub shown_by: Vec<String>,
}

/// One exercise.
#[derive(Clone, Debug)]
pub struct Exercise {
    /// Its number; from 90 on they are optional.
    pub number: u64,
    /// Its name: one word, or several with hyphens.
    pub name: String,
    /// Its title, for people.
    pub title: String,
    /// How many minutes it takes most students.
    pub minutes: u64,
    /// The features of the package that it needs: its runtimes. None for std alone.
    pub runtimes: Vec<String>,
    /// The misconceptions that it refutes, by their numbers.
    pub misconceptions: Vec<u64>,
    /// What is asked, in a sentence.
    pub asks: String,
    /// The finding that the start leads to.
    pub start: String,
    /// A question before the code is touched.
    pub predict: Predict,
    /// A question after it is solved.
    pub explain: Explain,
    /// Three hints: a question, a pointer, a line.
    pub hints: Vec<String>,
    /// The runs by which it is judged, in their order.
    pub runs: Vec<Plan>,
    /// Honest solutions that are written otherwise.
    pub honest: Vec<Other>,
    /// Wrong answers that are known.
    pub wrong: Vec<Other>,
}

/// One run by which an exercise is judged.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The stage that is run, by its name in the program.
    pub stage: String,
    /// How many tasks there are.
    pub tasks: usize,
    /// How many numbers have to be tried to compute one.
    pub tries: u64,
    /// Whether tasks have to be fetched.
    pub fetched: bool,
    /// Whether their pages are a web, in which all but the first have to be found by links.
    pub web: bool,
    /// What all finds leave when they are divided by two, where they are to be alike: 0 or 1.
    pub parity: Option<u64>,
    /// When requests are replied to.
    pub schedule: Kind,
    /// What is asked of the run.
    pub asked: Vec<Asked>,
    /// The line that has to be the last one, where it has to be a certain one.
    pub closing: Option<String>,
    /// How many may wait to be printed, or to be fetched, where that is asked.
    pub bound: usize,
    /// How long it may take.
    pub limit: Duration,
}

/// One thing that can be asked of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Asked {
    /// The answer is what all tasks' finds add up to.
    Sum,
    /// The answer is all finds, in the order of the tasks.
    InOrder,
    /// So many fetches were in progress at once as the schedule wants.
    Concurrent,
    /// Tasks were computed at once, on several cores.
    Parallel,
    /// One thread did it all.
    OneThread,
    /// The counter is what all tasks' finds add up to.
    Counted,
    /// Updates of the counter were lost, by delays between load and store alone.
    Lost,
    /// Whoever waits was told, and did not look by the clock.
    Told,
    /// Each task's line was said as soon as it could be, and one more line after all of them.
    LastLine,
    /// Each task's line was said, in the order of the tasks.
    LinesInOrder,
    /// All tasks' lines but that of the long one were said before it was done.
    Streamed,
    /// While a line was printed, more was made, and no more than may wait.
    Bounded,
    /// All tasks but the long one were computed before it was done.
    NoneBehind,
    /// Threads waited for each other's locks, by a delay alone.
    Deadlocked,
    /// What each task found was moved from account to account, under the locks of both.
    Transferred,
    /// Transfers between other accounts did not wait for the one that took long.
    Disjoint,
    /// Every page was fetched once, after a link to it had been seen.
    Crawled,
    /// No more fetches were in progress at once than may be.
    FewFetches,
    /// A signal was given.
    Signalled,
    /// When everything was to end, what had begun was finished and counted, and nothing more began.
    Stopped,
    /// No more tasks were computed, or about to be, at once than there are cores.
    AtMostCores,
}

const ASKED: &[(&str, Asked)] = &[
    ("sum", Asked::Sum),
    ("in-order", Asked::InOrder),
    ("concurrent", Asked::Concurrent),
    ("parallel", Asked::Parallel),
    ("one-thread", Asked::OneThread),
    ("counted", Asked::Counted),
    ("lost", Asked::Lost),
    ("told", Asked::Told),
    ("last-line", Asked::LastLine),
    ("lines-in-order", Asked::LinesInOrder),
    ("streamed", Asked::Streamed),
    ("bounded", Asked::Bounded),
    ("none-behind", Asked::NoneBehind),
    ("deadlocked", Asked::Deadlocked),
    ("transferred", Asked::Transferred),
    ("disjoint", Asked::Disjoint),
    ("at-most-cores", Asked::AtMostCores),
    ("crawled", Asked::Crawled),
    ("few-fetches", Asked::FewFetches),
    ("signalled", Asked::Signalled),
    ("stopped", Asked::Stopped),
];

/// A question whose key is measured on the student's own machine.
#[derive(Clone, Debug)]
pub struct Predict {
    /// The question.
    pub question: String,
    /// What is measured.
    pub measure: Measure,
    /// The stage that is measured.
    pub stage: String,
    /// How many tasks it is given.
    pub tasks: usize,
    /// How many numbers have to be tried to compute one.
    pub tries: u64,
    /// Whether their pages are a web.
    pub web: bool,
    /// When requests are replied to meanwhile: at once, if nothing else is said.
    pub schedule: Kind,
    /// How often it is run.
    pub runs: usize,
    /// The choices.
    pub choices: Vec<Range>,
}

/// A choice that is right if the measured number is within its limits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// What the choice says.
    pub text: String,
    /// The least number for which it is right.
    pub from: u64,
    /// The greatest.
    pub to: u64,
}

/// A question whose key is known.
#[derive(Clone, Debug)]
pub struct Explain {
    /// The question.
    pub question: String,
    /// The choices: the text, whether it is right, and what there is to say about it.
    pub choices: Vec<Choice>,
}

/// A choice.
#[derive(Clone, Debug)]
pub struct Choice {
    /// What it says.
    pub text: String,
    /// Whether it is right.
    pub right: bool,
    /// What there is to say to whoever chose it.
    pub because: String,
}

/// A solution that is written otherwise, or a known wrong answer.
#[derive(Clone, Debug)]
pub struct Other {
    /// Its name.
    pub name: String,
    /// What it does, in a sentence.
    pub about: String,
    /// The finding by which it has to be rejected; none where it has to pass.
    pub reason: Option<String>,
    /// Another one by which it may be, on a machine that confines programs less.
    pub elsewhere: Option<String>,
}

impl Manifest {
    /// Reads the manifest of the exercises in this folder.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or says what makes no sense: the line, and what may stand there.
    pub fn read(folder: &Path) -> Result<Manifest, String> {
        let path = folder.join("exercises.toml");
        let text = std::fs::read_to_string(&path);
        let text = text.map_err(|error| format!("{}: {error}", path.display()))?;
        parse(folder, "exercises.toml", &text)
    }

    /// The exercise of this number, this name, or the beginning of one name only.
    ///
    /// # Errors
    ///
    /// If there is none, or more than one: the nearest, or which there are.
    pub fn find(&self, wanted: &str) -> Result<&Exercise, String> {
        let number = wanted.parse::<u64>().ok();
        let is_it =
            |it: &&Exercise| Some(it.number) == number || it.name == wanted || it.file() == wanted;
        if let Some(found) = self.exercises.iter().find(is_it) {
            return Ok(found);
        }
        let mut beginning = self.exercises.iter().filter(|it| it.name.starts_with(wanted));
        match (beginning.next(), beginning.next()) {
            (Some(found), None) => Ok(found),
            (None, _) => {
                let names: Vec<&str> = self.exercises.iter().map(|it| it.name.as_str()).collect();
                Err(words::names::unknown("exercise", wanted, &names))
            }
            (Some(one), Some(two)) => {
                Err(format!("`{wanted}` may be `{}` or `{}`", one.name, two.name))
            }
        }
    }

    /// The runtimes with which this text of an exercise is built: those that the exercise needs, and those of the
    /// other exercises that the text names outside of comments.
    pub fn runtimes_for<'a>(&'a self, exercise: &'a Exercise, text: &str) -> Vec<&'a str> {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
        let is_between = |letter: char| !letter.is_alphanumeric() && letter != '_';
        let words: BTreeSet<&str> = code.flat_map(|line| line.split(is_between)).collect();
        let all = self.exercises.iter().flat_map(|it| &it.runtimes);
        let named = all.filter(|runtime| words.contains(runtime.replace('-', "_").as_str()));
        let runtimes = exercise.runtimes.iter().chain(named).map(String::as_str);
        runtimes.collect::<BTreeSet<_>>().into_iter().collect()
    }
}

impl Exercise {
    /// Whether it is for whoever wants more, and nobody has to.
    #[must_use]
    pub fn is_optional(&self) -> bool {
        self.number >= 90
    }

    /// The name of its file, without its end, and of its program.
    #[must_use]
    pub fn file(&self) -> String {
        format!("{:02}_{}", self.number, self.name.replace('-', "_"))
    }
}

fn parse(folder: &Path, path: &str, text: &str) -> Result<Manifest, String> {
    let table = DeTable::parse(text).map_err(|error| format!("{path}: {error}"))?;
    let row = &Row::new(path, text, table.get_ref());
    let exercises = all(row)?;
    let misconceptions: Vec<Misconception> =
        row.rows("misconception")?.iter().map(misconception).collect::<Result<_, _>>()?;
    for exercise in &exercises {
        let known = |number: &u64| misconceptions.iter().any(|it| it.number == *number);
        if let Some(number) = exercise.misconceptions.iter().find(|number| !known(number)) {
            let file = exercise.file();
            return Err(row.error("misconception", &format!("has no {number}, which {file} names")));
        }
    }
    let numbers: Vec<u64> = exercises.iter().map(|exercise| exercise.number).collect();
    let part = |row: &Row<'_>| part(row, &numbers);
    let parts = row.rows("part")?.iter().map(part).collect::<Result<_, _>>()?;
    row.finish()?;
    Ok(Manifest { exercises, parts, misconceptions, folder: folder.to_owned() })
}

fn misconception(row: &Row<'_>) -> Result<Misconception, String> {
    let (number, says) = (row.number("number")?, row.text("says")?);
    let shown_by = row.texts("shown_by")?;
    row.finish()?;
    match shown_by.iter().find(|it| !Finding::NAMES.contains(&it.as_str())) {
        Some(it) => Err(row.error("shown_by", &format!("has `{it}`, which is no finding"))),
        None => Ok(Misconception { number, says, shown_by }),
    }
}

fn part(row: &Row<'_>, all: &[u64]) -> Result<Part, String> {
    let (title, exercises) = (row.text("title")?, row.numbers("exercises")?);
    let part = Part { title, exercises, task: row.number("task")? };
    row.finish()?;
    if part.exercises.iter().any(|number| !all.contains(number)) {
        return Err(row.error("exercises", "has a number that no exercise has"));
    }
    match part.exercises.contains(&part.task) {
        true => Ok(part),
        false => Err(row.error("task", "is none of its exercises")),
    }
}

/// All exercises, in the order of their numbers.
fn all(row: &Row<'_>) -> Result<Vec<Exercise>, String> {
    let exercises: Vec<Exercise> =
        row.rows("exercise")?.iter().map(exercise).collect::<Result<_, _>>()?;
    for pair in exercises.windows(2) {
        if pair[0].number >= pair[1].number {
            let fault = format!("{} does not come before {}", pair[0].file(), pair[1].file());
            return Err(row.error("exercise", &fault));
        }
    }
    Ok(exercises)
}

fn exercise(row: &Row<'_>) -> Result<Exercise, String> {
    let exercise = Exercise {
        number: row.number("number")?,
        name: row.text("name")?,
        title: row.text("title")?,
        minutes: row.number("minutes")?,
        runtimes: row.texts("runtimes")?,
        misconceptions: row.numbers("misconceptions")?,
        asks: row.text("asks")?,
        start: row.text("start")?,
        predict: predict(&row.row("predict")?)?,
        explain: explain(&row.row("explain")?)?,
        hints: row.texts("hints")?,
        runs: row.rows("run")?.iter().map(plan).collect::<Result<_, _>>()?,
        honest: row
            .rows("honest")?
            .iter()
            .map(|row| other(row, false))
            .collect::<Result<_, _>>()?,
        wrong: row.rows("wrong")?.iter().map(|row| other(row, true)).collect::<Result<_, _>>()?,
    };
    row.finish()?;
    let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !exercise.name.chars().all(is_name) {
        return Err(row.error("name", "may have small letters, digits and hyphens only"));
    }
    if !Finding::NAMES.contains(&exercise.start.as_str()) {
        return Err(row.error("start", &format!("is `{}`, which is no finding", exercise.start)));
    }
    if exercise.hints.len() != 3 {
        return Err(row.error("hints", "has to have three: a question, a pointer, a line"));
    }
    if exercise.runs.is_empty() {
        return Err(row.error("run", "is missing: nothing would be judged"));
    }
    Ok(exercise)
}

fn plan(row: &Row<'_>) -> Result<Plan, String> {
    let asked = row.texts("asked")?;
    let plan = Plan {
        stage: row.text("stage")?,
        tasks: row.amount("tasks", 3)?,
        tries: row.number("tries")?,
        fetched: row.is("fetched")? || row.is("web")?,
        web: row.is("web")?,
        parity: row.maybe_number("parity")?,
        schedule: schedule(row)?,
        asked: asked.iter().map(|it| row.choose("asked", it, ASKED)).collect::<Result<_, _>>()?,
        closing: row.maybe_text("closing")?,
        bound: row.amount("bound", 0)?,
        limit: Duration::from_secs(row.maybe_number("seconds")?.unwrap_or(10)),
    };
    row.finish()?;
    if plan.asked.is_empty() {
        return Err(row.error("asked", "is empty: this run would pass whatever it does"));
    }
    for asked in &plan.asked {
        let needs = asked.needs();
        if needs.is_some_and(|(_, suits)| !suits(plan.schedule)) {
            let (name, _) = ASKED.iter().find(|(_, it)| it == asked).expect("a name of each");
            let needs = needs.map_or("", |(needs, _)| needs);
            return Err(row.error("asked", &format!("has `{name}`, which needs {needs}")));
        }
    }
    Ok(plan)
}

/// What a schedule has to be like, in words, and whether one is.
type Needs = (&'static str, fn(Kind) -> bool);

impl Asked {
    /// What it needs of the schedule, if anything: another one would let everything pass.
    fn needs(self) -> Option<Needs> {
        Some(match self {
            Asked::Concurrent => ("`together` and `fetches` of 2 or more", |kind| {
                matches!(kind, Kind::Together { fetches: 2.., .. })
            }),
            Asked::Parallel => ("`together` and `computes` of 2 or more", |kind| {
                matches!(kind, Kind::Together { computes: 2.., .. })
            }),
            // These let go whoever looks by the clock.
            Asked::Told => ("anything but `free`, `together` and `during-lines`", |kind| {
                !matches!(kind, Kind::Free | Kind::Together { .. } | Kind::DuringLines { .. })
            }),
            Asked::LastLine => ("`late`, `during-lines` or `slow-lines`", |kind| {
                matches!(kind, Kind::Late { .. } | Kind::DuringLines { .. } | Kind::SlowLines)
            }),
            Asked::Streamed => {
                ("`one-takes-long`", |kind| matches!(kind, Kind::OneTakesLong { .. }))
            }
            Asked::NoneBehind => ("`one-takes-long` or `late`", |kind| {
                matches!(kind, Kind::OneTakesLong { .. } | Kind::Late { .. })
            }),
            Asked::Signalled => ("`signals`", |kind| matches!(kind, Kind::Signals { .. })),
            Asked::Deadlocked => ("`polite`", |kind| kind == Kind::Polite),
            Asked::Disjoint => ("`long-transfer`", |kind| kind == Kind::LongTransfer),
            Asked::Stopped => ("`stop`", |kind| matches!(kind, Kind::Stop { .. })),
            Asked::Bounded => ("`slow-lines`", |kind| kind == Kind::SlowLines),
            _ => return None,
        })
    }
}

const AHEAD: &[(&str, Ahead)] = &[("first", Ahead::First), ("last", Ahead::Last)];

/// The schedule of a run, with what belongs to it.
fn schedule(row: &Row<'_>) -> Result<Kind, String> {
    let (fetches, computes) = (row.amount("fetches", 1)?, row.amount("computes", 1)?);
    let ahead =
        row.has("ahead").then(|| row.one_of("ahead", AHEAD)).transpose()?.unwrap_or_default();
    let kinds = [
        ("free", Kind::Free),
        ("together", Kind::Together { fetches: fetches.max(1), computes: computes.max(1) }),
        ("one-at-a-time", Kind::OneAtATime { ahead }),
        ("between", Kind::Between),
        ("late", Kind::Late { last: row.amount("last", 0)? }),
        ("during-lines", Kind::DuringLines { first: row.amount("first", 0)? }),
        ("one-takes-long", Kind::OneTakesLong { task: row.amount("long", 0)? }),
        ("slow-lines", Kind::SlowLines),
        ("beats", Kind::Beats),
        ("polite", Kind::Polite),
        ("crossed", Kind::Crossed),
        ("long-transfer", Kind::LongTransfer),
        (
            "signals",
            Kind::Signals { last: row.amount("last", 0)?, held: row.amount("held-locks", 0)? },
        ),
        (
            "stop",
            Kind::Stop { after: row.amount("after", 1)?, youngest: row.is("youngest-first")? },
        ),
        ("refilled", Kind::Refilled { fetches: fetches.max(1) }),
    ];
    row.one_of("schedule", &kinds)
}

fn predict(row: &Row<'_>) -> Result<Predict, String> {
    let predict = Predict {
        question: row.text("question")?,
        measure: row.one_of("measure", Measure::ALL)?,
        stage: row.text("stage")?,
        tasks: row.amount("tasks", 3)?,
        tries: row.number("tries")?,
        web: row.is("web")?,
        schedule: if row.has("schedule") { schedule(row)? } else { Kind::Free },
        runs: row.amount("runs", 1)?,
        choices: row.rows("choices")?.iter().map(range).collect::<Result<_, _>>()?,
    };
    row.finish()?;
    if predict.choices.len() < 2 {
        return Err(row.error("choices", "has to have two at least"));
    }
    Ok(predict)
}

/// `text = "…", from = 1, to = 3`; or `is = 2`.
fn range(row: &Row<'_>) -> Result<Range, String> {
    let is = row.maybe_number("is")?;
    let from = row.maybe_number("from")?.or(is).unwrap_or(0);
    let to = row.maybe_number("to")?.or(is).unwrap_or(u64::MAX);
    let range = Range { text: row.text("text")?, from, to };
    row.finish()?;
    if from > to { Err(row.error("from", "is more than `to`")) } else { Ok(range) }
}

fn explain(row: &Row<'_>) -> Result<Explain, String> {
    let choices = row.rows("choices")?;
    let explain = Explain {
        question: row.text("question")?,
        choices: choices.iter().map(choice).collect::<Result<_, _>>()?,
    };
    row.finish()?;
    if explain.choices.iter().filter(|choice| choice.right).count() != 1 {
        return Err(row.error("choices", "has to have one that is right"));
    }
    Ok(explain)
}

fn choice(row: &Row<'_>) -> Result<Choice, String> {
    let (text, right, because) = (row.text("text")?, row.is("right")?, row.text("because")?);
    row.finish()?;
    Ok(Choice { text, right, because })
}

fn other(row: &Row<'_>, is_wrong: bool) -> Result<Other, String> {
    let (name, about, reason) = (row.text("name")?, row.text("about")?, row.maybe_text("reason")?);
    let elsewhere = row.maybe_text("elsewhere")?;
    row.finish()?;
    if let Some(elsewhere) = elsewhere.as_ref().filter(|it| !Finding::NAMES.contains(&it.as_str()))
    {
        return Err(row.error("elsewhere", &format!("is `{elsewhere}`, which is no finding")));
    }
    match &reason {
        None if is_wrong => {
            Err(row.error("reason", "is missing: the finding that it must lead to"))
        }
        Some(_) if !is_wrong => {
            Err(row.error("reason", "means nothing where an answer has to pass"))
        }
        Some(reason) if !Finding::NAMES.contains(&reason.as_str()) => {
            Err(row.error("reason", &format!("is `{reason}`, which is no finding")))
        }
        _ => Ok(Other { name, about, reason, elsewhere }),
    }
}

#[cfg(test)]
mod tests;
