//! `--report FILE.html`: what was seen, as one page that loads nothing from anywhere.
//!
//! Everything on the page is there without its script: the four quadrants, and
//! of every run its facts, its picture and its output. The script brings this
//! same page to life: it moves a cursor over the pictures, and draws nothing but the axes' ticks.
//!
//! Above the runs stands what a command has to say of them: of lessons the four quadrants, which
//! are written here; `census` and `experiment` write their own.
//!
//! Read in this order:
//!
//! 1. `exhibit`: what the page shows of a run;
//! 2. this page: how the page is put together;
//! 3. `overview`: the four quadrants, with a card for each lesson;
//! 4. `section`: one run, with its facts, picture and output;
//! 5. `picture`, and `rows`: the picture;
//! 6. `html`: text from anywhere, made harmless;
//! 7. `page.html`, `page.css` and `page.js`, which people read in the browser.

mod exhibit;
mod html;
mod overview;
mod picture;
mod rows;
mod section;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::Arg;
use words::Quadrant;

use crate::examine::Conditions;
use crate::series::Series;
use crate::shelf::Catalogue;
use crate::timing::Reference;
use crate::written::{self, GENERATOR};
pub(crate) use exhibit::{Exhibit, Printed};
pub(crate) use html::Text;
pub(crate) use section::anchor;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The argument that asks for a page.
pub(crate) fn argument() -> Arg {
    written::argument(
        "report",
        "Write a page with all of it, to play, stop and compare in a browser",
    )
    .value_name("FILE.html")
}

/// What a command found out, and the runs that it rests on, as one page.
pub(crate) struct Page<'a> {
    /// What the page is called.
    pub(crate) title: &'a str,
    /// What stands above the runs, as HTML: whatever comes from elsewhere stands in it as a [`Text`].
    pub(crate) overview: String,
    /// The runs.
    pub(crate) exhibits: Vec<Exhibit>,
    /// Which two of the runs lie side by side when the page is opened.
    pub(crate) compared: [usize; 2],
    /// How many bytes the page may have: that is what keeps it light to send and to scroll.
    pub(crate) largest: usize,
}

/// Writes a page about the lessons that were run.
///
/// # Errors
///
/// If the file cannot be written, or a contract makes no sense.
pub(crate) fn write(
    path: &Path,
    records: &[Series],
    catalogue: &Catalogue,
    reference: Option<&Reference>,
    conditions: &Conditions,
) -> Result<()> {
    let shown = records.iter().filter(|record| !record.runs.is_empty());
    let records = &shown.cloned().collect::<Vec<Series>>();
    let exhibits = records.iter().map(|record| Exhibit::of_record(record, reference, conditions));
    let exhibits: Vec<Exhibit> = exhibits.collect::<Result<_>>()?;
    let overview = overview::write(records, &exhibits, catalogue, reference, conditions)?;
    let compared = [0, opposite(records).unwrap_or(records.len().saturating_sub(1))];
    let title = "Concurrency and parallelism, seen";
    Page { title, overview, exhibits, compared, largest: 500_000 }.save(path)
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

/// Writes a page about one run.
///
/// # Errors
///
/// If the file cannot be written.
pub(crate) fn write_one(path: &Path, exhibit: Exhibit) -> Result<()> {
    let title = &exhibit.title.clone();
    let exhibits = vec![exhibit];
    let page =
        Page { title, overview: String::new(), exhibits, compared: [0; 2], largest: 2_000_000 };
    page.save(path)
}

impl Page<'_> {
    /// Writes the page, with pictures of the highest resolution at which it is no larger than it
    /// may be.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub(crate) fn save(&self, path: &Path) -> Result<()> {
        const LEAST: usize = 60;
        let mut resolution = picture::RESOLUTION;
        let mut page = self.at_resolution(resolution)?;
        while page.len() > self.largest && resolution > LEAST {
            resolution = resolution * 2 / 3;
            page = self.at_resolution(resolution)?;
        }
        fs::write(path, page)
            .with_context(|| format!("the report cannot be written to {}", path.display()))
    }

    /// Puts the page together, piece by piece: what a program printed is never searched for a mark
    /// that stands for something else.
    fn at_resolution(&self, resolution: usize) -> Result<String> {
        let mut sections = String::new();
        for exhibit in &self.exhibits {
            sections += &section::write(exhibit, resolution)?;
        }
        let title = Text(self.title).to_string();
        let compared = self.compared.map(|place| place.to_string()).join(" ");
        let mut page = String::with_capacity(sections.len() + STYLE.len() + SCRIPT.len() + 10_000);
        let mut rest = PAGE;
        while let Some((before, after)) = rest.split_once("<!--{") {
            let (name, after) =
                after.split_once("}-->").context("page.html: `<!--{` without `}-->`")?;
            page += before;
            page += match name {
                "generator" => GENERATOR,
                "title" => &title,
                "style" => STYLE,
                "overview" => &self.overview,
                "compared" => &compared,
                "lessons" => &sections,
                "script" => SCRIPT,
                name => anyhow::bail!("page.html: nothing is called `{name}`"),
            };
            rest = after;
        }
        Ok(page + rest)
    }
}

#[cfg(test)]
mod tests;
