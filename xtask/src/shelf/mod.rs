//! Programs stand on shelves: lessons, and what else can be run and judged.
//!
//! A program tells of itself what it is: its name, what it is built on, its workload. What is promised
//! of it, and the contract on its output, are the judge's own, and never the word of whoever is judged.
//!
//! 1. [`program`]: a program on a shelf, and what is promised of it;
//! 2. [`promises`]: the judge's table of what is promised;
//! 3. [`catalogue`]: which programs there are, as they tell themselves;
//! 4. [`edit`]: whether a lesson is as it was shipped;
//! 5. [`course`]: all lessons of this workspace, in reading order;
//! 6. [`selection`]: which of them a command line asks for.

mod catalogue;
mod cell;
mod course;
pub(crate) mod edit;
mod program;
mod promises;
mod selection;

pub(crate) use catalogue::{Catalogue, Gap};
pub(crate) use course::Place;
pub(crate) use edit::Edit;
pub(crate) use program::{Judge, Program, Promise, Shelf};
pub(crate) use selection::Selection;
