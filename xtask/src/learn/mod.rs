//! `cargo xtask learn`: a guided way through the lessons. Predict, run, see what happened beside what was
//! predicted, then change a line and do it again.
//!
//! 1. [`pages`]: what is said before lessons and between them;
//! 1. [`lesson`]: what happens in a lesson, screen by screen;
//! 2. [`text`]: how what is said is laid out;
//! 3. [`desk`]: the lesson's file, in which a line is changed and put back;
//! 4. [`notebook`]: what was predicted; [`workshop`]: what runs.

mod desk;
mod lesson;
mod notebook;
mod pages;
mod text;
mod workshop;

use std::fs;
use std::path::PathBuf;
use std::time::Duration;

use anyhow::Result;
use clap::{Arg, ArgMatches, Command, value_parser};
use watch::Sources;
use words::Outcome;

use crate::build::root;
use crate::console::Console;
use crate::cursor;
use crate::examine::Conditions;
use crate::explain::Legend;
use crate::header::code_of;
use crate::process;
use crate::session;
use crate::shelf::Place;
use crate::show::{BOLD, count};
use lesson::Guide;
use notebook::{About, Fate, Notebook};
use workshop::Workshop;

/// The file that keeps predictions where no other is named. Git ignores it.
const NOTEBOOK: &str = "learned.txt";

/// How the command is called.
pub(crate) fn describe() -> Command {
    Command::new("learn")
        .about("Guides you through the lessons: predict, run, see, change a line")
        .arg(
            Arg::new("lesson")
                .value_name("QUADRANT[/LESSON]")
                .help("Begin here: `both`, `both/tokio`; else where you left off"),
        )
        .arg(
            Arg::new("notebook")
                .long("notebook")
                .value_name("FILE")
                .value_parser(value_parser!(PathBuf))
                .help("Keep what you predict in this file instead of learned.txt"),
        )
        .arg(session::sources_argument())
        .after_help(
            "What you predict is kept, a line a prediction: put several of these files together, or \
             delete one to begin anew. What is changed in a lesson is put back, unless you keep it.",
        )
}

/// Goes through the lessons that nobody has gone through yet, until somebody wants to leave.
pub(crate) fn run(arguments: &ArgMatches) -> Result<Outcome> {
    let course = Place::all();
    let path = arguments.get_one::<PathBuf>("notebook").cloned();
    let notebook = Notebook::open(&path.unwrap_or_else(|| root().join(NOTEBOOK)))?;
    let named = arguments.get_one::<String>("lesson").map(|name| Place::find(&course, name));
    let named = named.transpose()?;
    process::listen()?;
    let console = Console::open();
    let conditions = conditions(session::sources(arguments));
    let workshop = Workshop::open(conditions, console.has_screen && cursor::is_movable());
    let legend = Legend::default();
    let mut guide = Guide { console, notebook, workshop, lessons: course.len(), legend };
    let left = go(&mut guide, &course, named);
    // What cargo has begun comes to its end with us, and not after us.
    let settled = guide.workshop.settle();
    if left? {
        guide.say_where_one_is(&course)?;
    }
    settled.map(|()| Outcome::Passed)
}

/// How lessons are run while somebody looks on.
const fn conditions(sources: Sources) -> Conditions {
    let time_limit = Duration::from_secs(10);
    Conditions { slow: 1, wait: None, cores: None, time_limit, sources }
}

/// Goes through lessons. Says whether there is anything to sum up.
fn go(guide: &mut Guide, course: &[Place], named: Option<usize>) -> Result<bool> {
    if guide.notebook.is_empty() && guide.welcome()?.is_break() {
        return Ok(false);
    }
    let futures = first_with_futures(course);
    for (number, place) in course.iter().enumerate().skip(named.unwrap_or(0)) {
        let is_asked = named == Some(number) || !guide.notebook.is_done(&place.id());
        if !is_asked {
            continue;
        }
        if Some(number) == futures && guide.explain_futures()?.is_break() {
            break;
        }
        if guide.lesson(number + 1, place)?.is_break() {
            break;
        }
        let is_last = course.get(number + 1).is_none_or(|next| next.chapter != place.chapter);
        if is_last && guide.sum_up(place.chapter)?.is_break() {
            break;
        }
    }
    Ok(true)
}

/// The first lesson for which one has to know what a future is.
fn first_with_futures(course: &[Place]) -> Option<usize> {
    course.iter().position(|place| {
        let source = fs::read_to_string(root().join(place.path));
        source.is_ok_and(|source| code_of(&source).contains(".await"))
    })
}

impl Guide {
    /// How far one is, and what to look at again.
    fn say_where_one_is(&self, course: &[Place]) -> Result<()> {
        let done = course.iter().filter(|place| self.notebook.is_done(&place.id())).count();
        let (right, asked) = self.notebook.score();
        let score = match asked {
            0 => String::new(),
            _ => format!(", {right} of {} right", count(asked, "prediction")),
        };
        let lessons = count(course.len(), "lesson");
        anstream::println!("\n{BOLD}{done} of {lessons} done{BOLD:#}{score}.");
        for (fate, what) in [
            (Fate::Wrong, "Worth another look"),
            (Fate::Open, "Not shown by a run yet, and worth another one"),
        ] {
            let has_it = |place: &&Place| {
                let of = |about| self.notebook.fate(&place.id(), about);
                [About::Run, About::Change].into_iter().any(|about| of(about) == Some(fate))
            };
            let lessons: Vec<_> = course.iter().filter(has_it).map(Place::id).collect();
            if !lessons.is_empty() {
                let text = format!("{what}: {}.", lessons.join(", "));
                let lines = text::lines(&text, self.console.width());
                lines.iter().for_each(|line| anstream::println!("{line}"));
            }
        }
        if done < course.len() {
            anstream::println!("`cargo xtask learn` goes on from here.");
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use words::Quadrant;

    use super::*;

    #[test]
    fn damaged_lessons_are_named_and_keep_nobody_from_the_next() {
        let damaged = |name: &str| {
            // A file that has no header.
            let (name, path) = (name.to_owned(), "Cargo.toml");
            Place { chapter: Quadrant::Neither, name, path }
        };
        let course = [damaged("one"), damaged("two")];
        let folder = tempfile::tempdir().expect("a folder");
        let notebook = Notebook::open(&folder.path().join("notes")).expect("a notebook");
        // Enter for the welcome, for each of them, and for what the chapter has shown.
        let console = Console::answered(&["", "", "", "", "z"]);
        let workshop = Workshop::idle(conditions(Sources::All));
        let legend = Legend::default();
        let lessons = Place::all().len();
        let mut guide = Guide { console, notebook, workshop, lessons, legend };
        assert!(go(&mut guide, &course, None).expect("they are left out"));
        let next = guide.console.ask("What is typed next", &['z'], None);
        assert_eq!(next.expect("nobody pressed Ctrl-C"), Some('z'));
        assert!(!guide.notebook.is_done("neither/one"));
        let said = lesson::damage(&course[0], &anyhow::anyhow!("no header"));
        assert!(said.contains("no header. `git checkout Cargo.toml`"), "{said}");
    }
}
