//! `--report FILE.html`: lessons that were run, as one page.
//!
//! What a page of runs is stands in [`draw::page`]. Above the runs stands what a command has to say of
//! them: of lessons the four quadrants, which are written here; `census` and `experiment` write their own.
//!
//! 1. `exhibit`: what the page shows of a lesson's runs;
//! 2. `overview`: the four quadrants, with a card for each lesson.

mod exhibit;
mod overview;

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::{Arg, value_parser};
use draw::page::{Exhibit, Page};
use words::Quadrant;

use crate::examine::Conditions;
use crate::series::Series;
use crate::shelf::Catalogue;
use crate::timing::Reference;
use exhibit::of_one_among;
pub(crate) use exhibit::of_record;

/// An argument that names a file to write.
pub(crate) fn file(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).value_name("FILE").value_parser(value_parser!(PathBuf)).help(help)
}

/// The argument that asks for a page.
pub(crate) fn argument() -> Arg {
    file("report", "Write a page with all of it, to play, stop and compare in a browser")
        .value_name("FILE.html")
}

/// Writes a page about the lessons that were run, some of them beside these others.
///
/// # Errors
///
/// If the file cannot be written, or a contract makes no sense.
pub(crate) fn write(
    path: &Path,
    records: &[Series],
    others: &[Series],
    catalogue: &Catalogue,
    reference: Option<&Reference>,
    conditions: &Conditions,
) -> Result<()> {
    let shown = records.iter().filter(|record| !record.runs.is_empty());
    let records = &shown.cloned().collect::<Vec<Series>>();
    let exhibits = records.iter().map(|it| of_one_among(it, others, reference, conditions));
    let exhibits: Vec<Exhibit> = exhibits.collect::<Result<_>>()?;
    let overview = overview::write(records, &exhibits, catalogue, reference, conditions)?;
    let compared = [0, opposite(records).unwrap_or(records.len().saturating_sub(1))];
    let on_paper = faces(records);
    let title = "Concurrency and parallelism, seen";
    Page { title, overview, exhibits, compared, on_paper, largest: 500_000 }.save(path)
}

/// Which runs are on paper: one a quadrant or, where no quadrant has several, all of them.
fn faces(records: &[Series]) -> Vec<usize> {
    let face = |quadrant| {
        let of_quadrant =
            records.iter().enumerate().filter(move |(_, it)| it.program.chapter == quadrant);
        let rank = |(_, it): &(usize, &Series)| (!it.program.is_cell(), it.outcome());
        of_quadrant.min_by_key(rank).map(|(place, _)| place)
    };
    Quadrant::ALL.into_iter().filter_map(face).collect()
}

/// Which run lies beside the first when the page is opened: the opposite corner of the 2×2, where it
/// was run. A pool has few threads, and a picture that is soon understood.
fn opposite(records: &[Series]) -> Option<usize> {
    const POOLS: [&str; 2] = ["rayon", "tokio"];
    let both = records.iter().enumerate().skip(1);
    let both = both.filter(|(_, record)| record.program.chapter == Quadrant::Both);
    let pool = |record: &Series| POOLS.iter().position(|&pool| pool == record.program.name);
    both.min_by_key(|(_, record)| pool(record).unwrap_or(POOLS.len())).map(|(place, _)| place)
}
