//! The table of a quadrant's lessons, and the command line that runs them.

use std::ffi::OsString;
use std::process::ExitCode;
use std::time::Duration;

use serde_json::{Value, json};

use crate::order::{Order, Poset};
use crate::quadrant::Quadrant;
use crate::record;
use crate::work;
use words::names::unknown;

/// The six columns: what a lesson is built on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Runtime {
    /// The standard library alone.
    Std,
    /// Tokio.
    Tokio,
    /// async-std, discontinued and succeeded by smol (RUSTSEC-2025-0052).
    AsyncStd,
    /// smol.
    Smol,
    /// rayon.
    Rayon,
    /// crossbeam-channel.
    CrossbeamChannel,
}

impl Runtime {
    /// All six, in the order of the columns.
    pub const ALL: [Runtime; 6] = [
        Runtime::Std,
        Runtime::Tokio,
        Runtime::AsyncStd,
        Runtime::Smol,
        Runtime::Rayon,
        Runtime::CrossbeamChannel,
    ];

    /// The crate's name, which is also the runtime's name on the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Runtime::Std => "std",
            Runtime::Tokio => "tokio",
            Runtime::AsyncStd => "async-std",
            Runtime::Smol => "smol",
            Runtime::Rayon => "rayon",
            Runtime::CrossbeamChannel => "crossbeam-channel",
        }
    }
}

/// A program to learn from.
#[derive(Clone, Copy, Debug)]
pub struct Lesson {
    name: &'static str,
    runtime: Runtime,
    summary: &'static str,
    run: fn(),
    order: Option<fn() -> Order>,
    shows: Option<Quadrant>,
}

impl Lesson {
    /// A lesson that is called after its runtime, keeps its chapter's order
    /// and shows its chapter's quadrant.
    #[must_use]
    pub const fn new(runtime: Runtime, summary: &'static str, run: fn()) -> Lesson {
        Lesson { name: runtime.name(), runtime, summary, run, order: None, shows: None }
    }

    /// The same lesson under a name of its own.
    #[must_use]
    pub const fn named(self, name: &'static str) -> Lesson {
        Lesson { name, ..self }
    }

    /// The same lesson with a contract of its own.
    #[must_use]
    pub const fn keeps(self, order: fn() -> Order) -> Lesson {
        Lesson { order: Some(order), ..self }
    }

    /// The same lesson, which shows another quadrant than the chapter it stands in.
    #[must_use]
    pub const fn shows(self, quadrant: Quadrant) -> Lesson {
        Lesson { shows: Some(quadrant), ..self }
    }
}

/// A runtime that cannot be in a quadrant, and why: a lesson of another kind.
#[derive(Clone, Copy, Debug)]
pub struct Gap {
    /// The runtime that has no lesson here.
    pub runtime: Runtime,
    /// Why it has none, as one sentence.
    pub reason: &'static str,
}

/// A quadrant's lessons.
#[derive(Clone, Copy, Debug)]
pub struct Chapter {
    /// The quadrant that its lessons show, where a lesson does not say otherwise.
    pub quadrant: Quadrant,
    /// The contract that its lessons keep, where a lesson does not bring its own.
    pub order: fn() -> Order,
    /// The lessons, in reading order.
    pub lessons: &'static [Lesson],
    /// The runtimes without a lesson.
    pub gaps: &'static [Gap],
}

impl Chapter {
    /// Describes the lessons to a program.
    fn to_json(self) -> Value {
        let lesson = |lesson: &Lesson| {
            json!({
                "name": lesson.name,
                "runtime": lesson.runtime.name(),
                "summary": lesson.summary,
                "order": lesson.order.unwrap_or(self.order)().to_string(),
                "quadrant": lesson.shows.unwrap_or(self.quadrant).name(),
            })
        };
        let gap = |gap: &Gap| json!({ "runtime": gap.runtime.name(), "reason": gap.reason });
        json!({
            "quadrant": self.quadrant.name(),
            "lessons": self.lessons.iter().map(lesson).collect::<Vec<_>>(),
            "gaps": self.gaps.iter().map(gap).collect::<Vec<_>>(),
        })
    }

    /// Describes the lessons to a person.
    fn list(self) -> String {
        let lesson = |lesson: &Lesson| format!("  {:<18} {}\n", lesson.name, lesson.summary);
        let gap = |gap: &Gap| format!("  {:<18} (no lesson) {}\n", gap.runtime.name(), gap.reason);
        let lines = self.lessons.iter().map(lesson).chain(self.gaps.iter().map(gap));
        let (quadrant, first) = (self.quadrant, self.lessons[0].name);
        format!(
            "Lessons of the quadrant *{quadrant}*:\n\n{}\nRun one: cargo run -p {quadrant} -- {first}",
            lines.collect::<String>()
        )
    }

    fn find(self, name: &str) -> Result<&'static Lesson, String> {
        self.lessons.iter().find(|lesson| lesson.name == name).ok_or_else(|| {
            if let Some(gap) = self.gaps.iter().find(|gap| gap.runtime.name() == name) {
                return format!("there is no lesson on {name} here: {}", gap.reason);
            }
            let names: Vec<_> = self.lessons.iter().map(|lesson| lesson.name).collect();
            unknown("lesson", name, &names)
        })
    }
}

/// Tests the contracts of a chapter's lessons: each accepts every legal order that is drawn, and
/// rejects each of them once two lines that it orders have changed places.
///
/// Which lines a contract orders is found out by going through all its legal orders, so that this
/// holds the checking of orders against their enumeration.
///
/// # Panics
///
/// With the lines at fault, if a contract accepts what it should reject, or the other way round.
pub fn assert_contracts_hold_water(chapter: &Chapter) {
    for lesson in chapter.lessons {
        let contract = lesson.order.unwrap_or(chapter.order)();
        let contract = contract.compile().unwrap_or_else(|error| panic!("{error}"));
        let ordered = ordered_pairs(&contract);
        assert!(!ordered.is_empty(), "{} promises nothing", lesson.name);
        let mut random = fastrand::Rng::with_seed(1);
        for _ in 0..100 {
            let legal = contract.sample(&mut random).expect("few enough orders to count");
            let report = contract.check(contract.texts(&legal));
            assert!(report.is_legal(), "{}: {report}", lesson.name);
            for &(earlier, later) in &ordered {
                let mut swapped = legal.clone();
                let place = |line| legal.iter().position(|&other| other == line);
                let places = place(earlier).zip(place(later));
                let (earlier, later) = places.expect("every legal order has every line");
                swapped.swap(earlier, later);
                let lines = contract.texts(&swapped);
                assert!(!contract.check(&lines).is_legal(), "{} accepts {lines:#?}", lesson.name);
            }
        }
    }
}

/// The pairs of lines of which the first comes before the second in every legal order.
fn ordered_pairs(contract: &Poset) -> Vec<(usize, usize)> {
    let lines = contract.lines().len();
    let mut always_before = vec![vec![true; lines]; lines];
    for legal in contract.legal_orders() {
        for (place, &later) in legal.iter().enumerate() {
            always_before[later][later] = false;
            for &earlier in &legal[..place] {
                always_before[later][earlier] = false;
            }
        }
    }
    let pairs = (0..lines).flat_map(|earlier| (0..lines).map(move |later| (earlier, later)));
    pairs.filter(|&(earlier, later)| always_before[earlier][later]).collect()
}

const HELP: &str = "\
Usage: cargo run -p QUADRANT -- [LESSON] [OPTIONS]

Without a lesson, lists the lessons of this quadrant.

Options:
      --list          list the lessons
      --format json   list them for a program to read
      --slow FACTOR   make waits and compute FACTOR times as long (1 to 100)
      --wait MS       make a step wait for MS milliseconds (1 to 1000) instead of 20
  -h, --help          print this help";

/// What the command line asks for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Arguments {
    lesson: Option<String>,
    help: bool,
    list: bool,
    json: bool,
    slow: Option<u32>,
    wait: Option<u32>,
}

impl Arguments {
    fn parse(arguments: impl IntoIterator<Item = OsString>) -> Result<Arguments, lexopt::Error> {
        use lexopt::prelude::*;

        let mut parsed = Arguments::default();
        let mut parser = lexopt::Parser::from_args(arguments);
        while let Some(argument) = parser.next()? {
            match argument {
                Short('h') | Long("help") => parsed.help = true,
                Long("list") => parsed.list = true,
                Long("format") => match parser.value()?.string()?.as_str() {
                    "json" => parsed.json = true,
                    "text" => parsed.json = false,
                    other => Err(format!("no format is called `{other}`; there are text, json"))?,
                },
                Long("slow") => match parser.value()?.parse()? {
                    factor @ 1..=100 => parsed.slow = Some(factor),
                    other => Err(format!("--slow takes a factor from 1 to 100, not {other}"))?,
                },
                Long("wait") => match parser.value()?.parse()? {
                    wait @ 1..=1000 => parsed.wait = Some(wait),
                    other => Err(format!("--wait takes 1 to 1000 milliseconds, not {other}"))?,
                },
                Value(name) if parsed.lesson.is_none() => parsed.lesson = Some(name.string()?),
                _ => return Err(argument.unexpected()),
            }
        }
        Ok(parsed)
    }
}

/// The whole `main` of a quadrant crate: lists its lessons or runs one of them.
///
/// The exit code is 0, or 2 where the arguments name nothing that is here. Where nothing can be printed the
/// program ends at once, with 1 or, where its reader has gone, 0.
#[must_use]
pub fn main(chapter: &Chapter) -> ExitCode {
    match answer(*chapter, std::env::args_os().skip(1)) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{}: {message} (--help shows how)", chapter.quadrant);
            ExitCode::from(2)
        }
    }
}

fn answer(chapter: Chapter, arguments: impl IntoIterator<Item = OsString>) -> Result<(), String> {
    let arguments = Arguments::parse(arguments).map_err(|error| error.to_string())?;
    if arguments.help {
        record::print(HELP);
    } else if let (Some(name), false) = (&arguments.lesson, arguments.list) {
        let lesson = chapter.find(name)?;
        arguments.slow.into_iter().for_each(work::slow_down);
        let wait = arguments.wait.map(|wait| Duration::from_millis(wait.into()));
        wait.into_iter().for_each(work::wait_for);
        record::open();
        work::describe();
        (lesson.run)();
    } else if arguments.json {
        record::print(&format!("{:#}", chapter.to_json()));
    } else {
        record::print(&chapter.list());
    }
    Ok(())
}
