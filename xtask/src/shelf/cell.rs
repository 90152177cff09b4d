//! The 24 cells: programs that all do the same work, one for each quadrant and runtime.

use lab::order::{Order, par, seq};
use lab::work;
use words::Quadrant;

/// The contract of the cells in a quadrant: tasks in any interleaving, or one after the other.
pub(super) fn contract(quadrant: Quadrant) -> Order {
    let tasks = work::TASKS.map(work::lines);
    if quadrant.is_concurrent() { par(tasks) } else { seq(tasks) }
}

/// Whether a program of this name is a cell: it is called after its runtime.
pub(super) fn is_cell(name: &str) -> bool {
    lab::lesson::Runtime::ALL.iter().any(|runtime| runtime.name() == name)
}

/// The file of a lesson, below the workspace's folder.
pub(super) fn source(chapter: Quadrant, name: &str) -> String {
    let file = name.replace('-', "_");
    let file = if is_cell(name) { format!("on_{file}") } else { file };
    format!("crates/{chapter}/src/{file}.rs")
}

/// The lesson of this file: its quadrant, and its name there.
pub(super) fn of_source(path: &str) -> Option<(Quadrant, String)> {
    let (chapter, file) = path.strip_prefix("crates/")?.strip_suffix(".rs")?.split_once("/src/")?;
    let name = file.strip_prefix("on_").unwrap_or(file).replace('_', "-");
    Some((chapter.parse().ok()?, name))
}
