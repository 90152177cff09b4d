//! A program on a shelf, and what is promised of it.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;

use evidence::labour::Labour;
use lab::order::Order;
use serde_json::{Value, json};
use words::Quadrant;

use super::cell;
use super::edit::Edit;
use crate::examine::Conditions;
use crate::header::Header;

/// A program that can be run and judged.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    /// Where it stands.
    pub(crate) shelf: Shelf,
    /// The quadrant that it is filed under.
    pub(crate) chapter: Quadrant,
    /// Its name there.
    pub(crate) name: String,
    /// What it is built on.
    pub(crate) runtime: String,
    /// What it shows, in a line.
    pub(crate) summary: String,
    /// What is promised of it.
    pub(crate) promise: Promise,
    /// The work that it has to do, where that is known.
    pub(crate) labour: Option<Labour>,
    /// Its file, where it is a lesson of this workspace.
    pub(crate) file: Option<PathBuf>,
    /// What became of it since it was shipped, where it is a lesson of this workspace.
    pub(crate) edit: Edit,
    /// The file that runs it, given its name.
    pub(crate) path: PathBuf,
}

/// Where a program stands, which says what it is called and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Shelf {
    /// Among the lessons.
    Lessons,
    /// Among the systems: a way in which the one of this name does its work.
    Systems {
        /// The system's name.
        system: &'static str,
        /// Where it is to put what it leaves behind.
        out: Option<PathBuf>,
    },
}

impl Shelf {
    /// The shelf's name for programs.
    fn name(&self) -> &'static str {
        match self {
            Shelf::Lessons => "lessons",
            Shelf::Systems { .. } => "systems",
        }
    }

    /// Whether what stands here is a system, which chooses its cores itself.
    pub(crate) fn is_of_systems(&self) -> bool {
        matches!(self, Shelf::Systems { .. })
    }
}

/// What is promised of a program's runs.
#[derive(Clone, Debug)]
pub(crate) struct Promise {
    /// The contract on its output.
    pub(crate) order: Order,
    /// The contract when the change that its header suggests is made.
    pub(crate) changed: Order,
    /// The quadrant that its runs are in.
    pub(crate) quadrant: Quadrant,
    /// Whose promise that is.
    pub(crate) by: Judge,
}

/// Who promises something of a program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Judge {
    /// Whoever judges it.
    Us,
    /// The header of the lesson, which tells what becomes of it when it is changed.
    Header,
    /// Nobody but the program itself: to keep such a promise proves nothing.
    Itself,
}

/// What a program tells of its own promise.
#[derive(Clone, Debug)]
pub(super) struct Told {
    pub(super) quadrant: Quadrant,
    pub(super) order: Order,
}

impl Told {
    /// Whether the program says the same of itself as is promised of it.
    pub(super) fn agrees_with(&self, promise: &Promise) -> bool {
        self.quadrant == promise.quadrant && self.order.to_string() == promise.order.to_string()
    }
}

impl Program {
    /// The program's name on the command line, `both/tokio`, or that of a system's way, `music/both`.
    pub(crate) fn id(&self) -> String {
        match &self.shelf {
            Shelf::Lessons => format!("{}/{}", self.chapter, self.name),
            Shelf::Systems { system, .. } => format!("{system}/{}", self.name),
        }
    }

    /// The arguments with which it is called, to be run at another speed and with other waits where it can be.
    pub(crate) fn arguments(&self, conditions: &Conditions) -> Vec<OsString> {
        let name = OsString::from(&self.name);
        match &self.shelf {
            Shelf::Lessons => {
                let slow = [name, "--slow".into(), conditions.slow.to_string().into()];
                let wait = conditions.wait.map(|wait| wait.as_millis().to_string());
                let wait = wait.into_iter().flat_map(|wait| ["--wait".into(), wait.into()]);
                slow.into_iter().chain(wait).collect()
            }
            Shelf::Systems { out, .. } => {
                let out = out.iter().flat_map(|out| ["--out".into(), out.into()]);
                ["--as".into(), name].into_iter().chain(out).collect()
            }
        }
    }

    /// The program, for a program to read.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "shelf": self.shelf.name(),
            "quadrant": self.chapter.name(),
            "name": self.name,
            "runtime": self.runtime,
            "summary": self.summary,
            "order": self.promise.order.to_string(),
            "expected": self.promise.quadrant.name(),
        })
    }

    /// The program as its header says that it is once it has been changed; nothing unless it was.
    pub(crate) fn as_its_header_says(&self) -> Option<Program> {
        let Edit::Suggested(quadrant) = self.edit else { return None };
        let order = self.promise.changed.clone();
        let promise = Promise { order, quadrant, by: Judge::Header, ..self.promise.clone() };
        Some(Program { promise, labour: None, ..self.clone() })
    }

    /// The lesson beside whose time the header asks for this one's, as long as it is as it was shipped.
    pub(crate) fn compared_with(&self) -> Option<String> {
        let file = self.file.as_ref().filter(|_| self.edit == Edit::None)?;
        let header = Header::read(&fs::read_to_string(file).ok()?).ok()?;
        header.question.other_lesson().map(str::to_owned)
    }

    /// The two contracts that cells may keep, in words and as they are.
    pub(crate) fn contracts_of_cells() -> [(&'static str, Order); 2] {
        [
            ("each task's own lines in order", cell::contract(Quadrant::Both)),
            ("one task after the other", cell::contract(Quadrant::Neither)),
        ]
    }

    /// Whether it is one of the 24 cells, which all do the same work.
    pub(crate) fn is_cell(&self) -> bool {
        self.name == self.runtime
    }

    /// Whether, restricted to so many cores, it may do one thing after the other although it promises more: a
    /// system that takes a thread for each core has one thread on one core.
    pub(crate) fn may_be_in_turn_on(&self, cores: Option<usize>) -> bool {
        let takes_cores = self.promise.quadrant.is_parallel();
        matches!(self.shelf, Shelf::Systems { .. }) && takes_cores && cores == Some(1)
    }

    /// Its file, below the workspace's folder, where it is a lesson of this workspace.
    pub(crate) fn source(&self) -> String {
        cell::source(self.chapter, &self.name)
    }
}

impl Promise {
    /// What is promised where a run has been restricted to so many cores: on one, nothing is parallel.
    pub(crate) fn on(&self, cores: Option<usize>) -> Promise {
        let parallel = self.quadrant.is_parallel() && cores != Some(1);
        let quadrant = Quadrant::from_answers(self.quadrant.is_concurrent(), parallel);
        Promise { quadrant, ..self.clone() }
    }
}
