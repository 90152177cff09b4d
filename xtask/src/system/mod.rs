//! `cargo xtask system`: small real programs, judged by what their users feel.
//!
//! A system is built when somebody asks for it, and not before. It does its work in several ways, in
//! more than one quadrant, and each is judged as a lesson is: by the order of its lines, and by what the
//! kernel saw. Beside that stands what a user would feel, and what was to be expected.
//!
//! 1. [`table`]: which systems there are, and what is promised of their ways;
//! 2. [`felt`]: figures, and how they are held against a model;
//! 3. [`scale`]: what more cores bring;
//! 4. a page a system: [`music`], [`web_browser`], [`web_server`], [`chat`], [`video_game`], [`film`],
//!    [`weather`], [`training`], [`web_crawler`], [`big_data`];
//! 5. [`tell`]: how all of it is said, in [`columns`] among others.

mod big_data;
mod chat;
mod columns;
mod felt;
mod film;
mod music;
mod scale;
mod table;
mod tell;
mod training;
mod video_game;
mod weather;
mod web_browser;
mod web_crawler;
mod web_server;

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result};
use clap::{Arg, ArgMatches, Command, value_parser};
use draw::written;
use words::Outcome;

use crate::build::build_package;
use crate::driver::{Batch, Collector, Effort, Progress, drive};
use crate::examine::Conditions;
use crate::process::{Interrupted, interrupted};
use crate::report;
use crate::session;
use crate::shelf::Program;
use table::{SYSTEMS, System, Way};
use tell::{Judged, Show};

/// How the command is called.
pub(crate) fn describe() -> Command {
    let path = |name: &'static str| Arg::new(name).long(name).value_parser(value_parser!(PathBuf));
    Command::new("system")
        .about("Runs a small real program in all its quadrants, and judges what its user feels")
        .arg(Arg::new("system").value_name("SYSTEM").help("Which one; without it, lists them"))
        .arg(Arg::new("as").long("as").value_name("WAY").requires("system").help("Only this way"))
        .arg(
            Arg::new("runs")
                .long("runs")
                .value_name("N")
                .value_parser(value_parser!(u16).range(1..=1000))
                .default_value("1")
                .help("Run each way N times, and tell of the run in the middle"),
        )
        .arg(
            Arg::new("cores")
                .long("cores")
                .value_name("N")
                .value_parser(value_parser!(u16).range(1..))
                .help("Restrict the system to N cores"),
        )
        .arg(
            Arg::new("time-limit")
                .long("time-limit")
                .value_name("SECONDS")
                .value_parser(value_parser!(u32).range(1..=3600))
                .default_value("60")
                .help("End a run that takes longer than this"),
        )
        .arg(session::sources_argument())
        .arg(path("out").value_name("FOLDER").help("Keep what the system leaves behind in there"))
        .arg(
            path("program")
                .value_name("PATH")
                .requires("system")
                .help("Judge this program in the system's place, and build nothing"),
        )
        .arg(
            Arg::new("format")
                .long("format")
                .value_name("FORMAT")
                .value_parser(["text", "json"])
                .default_value("text")
                .help("How to say it: to people or to a program"),
        )
        .arg(report::argument())
}

/// How a system is named to commands that take one in place of lessons: see [`programs`].
pub(crate) fn argument() -> Arg {
    Arg::new("system")
        .long("system")
        .value_name("SYSTEM[/WAY]")
        .conflicts_with_all(["lessons", "runtime"])
        .help("A system in place of lessons: `web-crawler`, `music/both`")
}

/// What the command line asks for.
struct Options<'a> {
    arguments: &'a ArgMatches,
    conditions: Conditions,
    is_json: bool,
}

impl Options<'_> {
    fn read(arguments: &ArgMatches) -> Options<'_> {
        let seconds: u32 = *arguments.get_one("time-limit").expect("it has a default");
        let format: &String = arguments.get_one("format").expect("it has a default");
        let conditions = Conditions {
            slow: 1,
            wait: None,
            cores: arguments.get_one::<u16>("cores").map(|&cores| cores.into()),
            time_limit: Duration::from_secs(seconds.into()),
            sources: session::sources(arguments),
        };
        Options { arguments, conditions, is_json: format == "json" }
    }

    fn path(&self, name: &str) -> Option<&PathBuf> {
        self.arguments.get_one(name)
    }

    /// A way of a system as an entry of the plan.
    fn batch(&self, system: &System, way: &Way, path: &Path) -> Batch {
        let out = self.path("out").map(PathBuf::as_path);
        let runs: u16 = *self.arguments.get_one("runs").expect("it has a default");
        let (program, conditions) = (system.program(way, path, out), self.conditions);
        Batch { program, conditions, runs: runs.into(), effort: Effort::Settled, busy: false }
    }
}

/// Lists the systems, or builds one, runs it and judges it.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    let options = Options::read(arguments);
    let Some(name) = arguments.get_one::<String>("system") else {
        tell::list(SYSTEMS, options.is_json);
        return Ok(Outcome::Passed);
    };
    let system = table::find(name)?;
    let ways = match arguments.get_one::<String>("as") {
        Some(way) => vec![system.way(way)?],
        None => system.ways.iter().collect(),
    };
    options.path("report").map_or(Ok(()), |path| written::claim(path))?;
    if let Some(folder) = options.path("out") {
        fs::create_dir_all(folder)
            .with_context(|| format!("there can be no folder {}", folder.display()))?;
    }
    let path = match options.path("program") {
        Some(path) => path.clone(),
        None => build_package(system.name)?,
    };
    judge(system, &ways, &options, &path)
}

/// The ways of a system, or the one of them that `SYSTEM/WAY` names, as programs that are built.
///
/// # Errors
///
/// [`WrongUsage`](words::WrongUsage) for a name that is not there, and what cargo says where it cannot be
/// built.
pub(crate) fn programs(name: &str) -> Result<Vec<Program>> {
    let (name, way) = name.split_once('/').map_or((name, None), |(name, way)| (name, Some(way)));
    let system = table::find(name)?;
    let ways = match way {
        Some(way) => vec![system.way(way)?],
        None => system.ways.iter().collect(),
    };
    let path = build_package(system.name)?;
    Ok(ways.into_iter().map(|way| system.program(way, &path, None)).collect())
}

/// Runs a system in these ways, and says what came of it.
fn judge(
    system: &'static System,
    ways: &[&'static Way],
    options: &Options,
    path: &Path,
) -> Result<Outcome> {
    let cores = options.conditions.cores();
    // Whoever has one core would be shown what the machine is like, and not what the way is like.
    let (shown, impossible): (Vec<&Way>, Vec<&Way>) =
        ways.iter().partition(|way| cores > 1 || !way.quadrant.is_parallel());
    let mut show = Show::new(system, !options.is_json);
    let mut collector = Collector::default();
    let plan = shown.iter().map(|way| options.batch(system, way, path));
    drive(plan, &mut [&mut Progress::new(), &mut show, &mut collector])?;
    let judged = Judged { system, series: collector.all, impossible };
    if let Some(path) = options.path("report") {
        judged.write_page(path, &options.conditions)?;
    }
    match options.is_json {
        true => println!("{:#}", judged.to_json(&options.conditions)),
        false => {
            judged.print(options.path("report").map(PathBuf::as_path), &options.conditions);
        }
    }
    if interrupted() { Err(Interrupted.into()) } else { Ok(judged.outcome()) }
}
