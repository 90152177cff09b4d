//! What `demo`, `check` and the other commands that run lessons have in common: which lessons,
//! under which conditions, and where their programs come from.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Result;
use clap::{Arg, ArgAction, ArgMatches, value_parser};
use lab::order::Order;
use words::{Outcome, Quadrant, WrongUsage};

use crate::build::{Messages, Runtimes, build};
use crate::driver::{Batch, Effort};
use crate::examine::Conditions;
use crate::process::{Interrupted, interrupted};
use crate::series::Series;
use crate::shelf::{Catalogue, Program, Selection};
use draw::written;
use watch::Sources;

/// What the command line asks for.
#[derive(Clone, Debug)]
pub(crate) struct Options {
    /// Which lessons.
    pub(crate) selection: Selection,
    /// How they are run.
    pub(crate) conditions: Conditions,
    /// How often each of them is run.
    pub(crate) repeat: usize,
    /// Programs to take the lessons from, instead of the workspace's own.
    pub(crate) programs: Vec<PathBuf>,
    /// What is promised of those programs, where the command line says so.
    pub(crate) promise: (Option<Order>, Option<Quadrant>),
    /// Whether every core is kept busy meanwhile.
    pub(crate) busy: bool,
    /// Whether a program will read the answer.
    pub(crate) json: bool,
    /// Where to write a page about what was seen.
    pub(crate) report: Option<PathBuf>,
}

/// The arguments that choose lessons and conditions.
pub(crate) fn arguments() -> Vec<Arg> {
    vec![
        Arg::new("lessons")
            .value_name("QUADRANT[/LESSON]")
            .num_args(0..)
            .help("Only these lessons: `both`, `both/tokio`"),
        Arg::new("runtime").long("runtime").value_name("NAME").help("Only lessons on this runtime"),
        Arg::new("repeat")
            .long("repeat")
            .value_name("N")
            .value_parser(value_parser!(u32).range(1..=1_000_000))
            .default_value("1")
            .help("Run each lesson N times"),
        Arg::new("slow")
            .long("slow")
            .value_name("FACTOR")
            .value_parser(value_parser!(u32).range(1..=100))
            .default_value("1")
            .help("Make waits and compute FACTOR times as long, to follow with one's own eyes"),
        Arg::new("cores")
            .long("cores")
            .value_name("N")
            .value_parser(value_parser!(u16).range(1..))
            .help("Restrict the lessons to N cores"),
        Arg::new("time-limit")
            .long("time-limit")
            .value_name("SECONDS")
            .value_parser(value_parser!(u32).range(1..=3600))
            .default_value("10")
            .help("End a lesson that runs for longer than this, at normal speed"),
        Arg::new("program")
            .long("program")
            .value_name("PATH")
            .value_parser(value_parser!(PathBuf))
            .action(ArgAction::Append)
            .help("Take the lessons from this program, which must list them as ours do"),
        sources_argument(),
        Arg::new("contract")
            .long("contract")
            .value_name("FILE")
            .value_parser(value_parser!(PathBuf))
            .requires("program")
            .help("Hold that program to the contract in this file, and not to its own word"),
        Arg::new("quadrant")
            .long("quadrant")
            .value_name("QUADRANT")
            .requires("program")
            .help("Hold that program to this quadrant, and not to its own word"),
        Arg::new("format")
            .long("format")
            .value_name("FORMAT")
            .value_parser(["text", "json"])
            .default_value("text")
            .help("How to say it: to people or to a program"),
        Arg::new("list")
            .long("list")
            .action(ArgAction::SetTrue)
            .help("List the lessons and run none"),
    ]
}

/// The same arguments for a command that runs each lesson several times whether or not it is told to.
pub(crate) fn arguments_for_runs(default: &'static str) -> Vec<Arg> {
    let arguments = arguments().into_iter().filter(|argument| argument.get_id() != "list");
    let renamed = |argument: Arg| match argument.get_id() == "repeat" {
        true => argument.long("runs").default_value(default),
        false => argument,
    };
    arguments.map(renamed).collect()
}

impl Options {
    /// Reads those of the arguments that [`arguments`] describes which the command has.
    ///
    /// # Errors
    ///
    /// [`WrongUsage`] for a name that is not there, and an error for a report
    /// that cannot be written.
    pub(crate) fn read(matches: &ArgMatches) -> Result<Options> {
        let names = matches.get_many::<String>("lessons").unwrap_or_default();
        let runtime = matches.get_one::<String>("runtime").map(String::as_str);
        let number = |name, default| one::<u32>(matches, name).copied().unwrap_or(default);
        let programs = matches.try_get_many::<PathBuf>("program").ok().flatten();
        let report = one::<PathBuf>(matches, "report").cloned();
        report.as_deref().map_or(Ok(()), written::claim)?;
        Ok(Options {
            selection: Selection::parse(names.map(String::as_str), runtime)?,
            conditions: Conditions {
                slow: number("slow", 1),
                wait: None,
                cores: one::<u16>(matches, "cores").map(|&cores| cores.into()),
                time_limit: Duration::from_secs(number("time-limit", 10).into()),
                sources: sources(matches),
            },
            repeat: number("repeat", 1) as usize,
            programs: programs.unwrap_or_default().cloned().collect(),
            promise: (
                one::<PathBuf>(matches, "contract").map(|file| read_contract(file)).transpose()?,
                one::<String>(matches, "quadrant").map(|name| read_quadrant(name)).transpose()?,
            ),
            busy: one::<bool>(matches, "busy").copied().unwrap_or(false),
            json: one::<String>(matches, "format").is_some_and(|format| format == "json"),
            report,
        })
    }

    /// The quadrants whose crates this needs: those of its lessons, and
    /// *neither*, which everything is measured against.
    pub(crate) fn quadrants(&self) -> Vec<Quadrant> {
        let mut quadrants = self.selection.quadrants();
        if !quadrants.contains(&Quadrant::Neither) {
            quadrants.insert(0, Quadrant::Neither);
        }
        quadrants
    }

    /// A batch of the plan: a program, run as often as the command line asks for.
    pub(crate) fn batch(&self, program: Program, effort: Effort) -> Batch {
        let Options { conditions, repeat: runs, busy, .. } = *self;
        Batch { program, conditions, runs, effort, busy }
    }

    /// Says to people where the page is that they asked for.
    pub(crate) fn say_where_the_report_is(&self) {
        if let Some(path) = &self.report {
            anstream::println!("The report is in {}: open it in a browser.", path.display());
        }
    }

    /// The lessons, built where they are the workspace's own, with cargo's messages on the screen.
    pub(crate) fn catalogue(&self) -> Result<Catalogue> {
        if self.programs.is_empty() {
            Ok(Catalogue::of(&build(&self.quadrants(), Runtimes::All, Messages::Shown)?))
        } else {
            let mut catalogue = Catalogue::of_programs(&self.programs);
            catalogue.promise(&self.promise);
            Ok(catalogue)
        }
    }
}

/// Reads a contract from a file.
fn read_contract(file: &Path) -> Result<Order> {
    let name = || format!("the contract {}", file.display());
    let text =
        fs::read_to_string(file).map_err(|error| WrongUsage(format!("{}: {error}", name())))?;
    Ok(text.parse().map_err(|error| WrongUsage(format!("{}: {error}", name())))?)
}

fn read_quadrant(name: &str) -> Result<Quadrant> {
    let names = Quadrant::ALL.map(Quadrant::name);
    let quadrant = name.parse();
    Ok(quadrant.map_err(|_| WrongUsage(words::names::unknown("quadrant", name, &names)))?)
}

/// The value of an argument, if the command has it and it is given.
fn one<'a, T: Clone + Send + Sync + 'static>(matches: &'a ArgMatches, name: &str) -> Option<&'a T> {
    matches.try_get_one(name).ok().flatten()
}

/// The lesson that everything is measured against: *neither*, on the standard library.
pub(crate) fn reference_lesson(catalogue: &Catalogue) -> Option<&Program> {
    let mut programs = catalogue.programs.iter();
    programs.find(|program| program.chapter == Quadrant::Neither && program.is_cell())
}

/// What a command that ran these programs found out.
///
/// # Errors
///
/// [`Interrupted`], if somebody pressed Ctrl-C.
pub(crate) fn outcome(series: &[Series], catalogue: &Catalogue) -> Result<Outcome> {
    if interrupted() {
        return Err(Interrupted.into());
    }
    Ok(series.iter().map(Series::outcome).chain([catalogue.outcome()]).collect())
}

/// The argument that chooses who watches a program.
pub(crate) fn sources_argument() -> Arg {
    Arg::new("evidence")
        .long("evidence")
        .value_name("SOURCE")
        .value_parser(["all", "switches", "accounts"])
        .default_value("all")
        .help("Whom to ask: everybody, or not without the kernel's own record, or without it")
}

/// Who is to watch a program, by the command line.
pub(crate) fn sources(matches: &ArgMatches) -> Sources {
    match one::<String>(matches, "evidence").map(String::as_str) {
        Some("switches") => Sources::Switches,
        Some("accounts") => Sources::Accounts,
        _ => Sources::All,
    }
}
