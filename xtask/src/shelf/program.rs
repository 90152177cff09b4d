//! A program on a shelf, and what is promised of it.

use std::path::PathBuf;

use evidence::labour::Labour;
use lab::order::Order;
use serde_json::{Value, json};
use words::Quadrant;

use super::cell;
use super::edit::Edit;

/// A program that can be run and judged.
#[derive(Clone, Debug)]
pub(crate) struct Program {
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
    /// What became of it since it was shipped, where it is a lesson of this workspace.
    pub(crate) edit: Edit,
    /// The file that runs it, given its name.
    pub(crate) path: PathBuf,
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
    /// The program's name on the command line: `both/tokio`.
    pub(crate) fn id(&self) -> String {
        format!("{}/{}", self.chapter, self.name)
    }

    /// The program, for a program to read.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "shelf": "lessons",
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
