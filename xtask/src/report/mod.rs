//! `--report FILE.html`: what was seen, as one page that loads nothing from anywhere.
//!
//! Everything on the page is there without its script: the four quadrants, and
//! of every run its facts, its picture and its output. The script brings this
//! same page to life: it moves a cursor over the pictures, and draws nothing.
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
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use clap::{Arg, value_parser};
use lab::trace::Trace;
use lab::verdict::Verdict;

use crate::catalogue::Catalogue;
use crate::examine::Conditions;
use crate::record::Record;
use crate::timing::Reference;
use exhibit::Exhibit;
use html::Text;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// The argument that asks for a page.
pub(crate) fn argument() -> Arg {
    Arg::new("report")
        .long("report")
        .value_name("FILE.html")
        .value_parser(value_parser!(PathBuf))
        .help("Write a page with all of it, to play, stop and compare in a browser")
}

/// Writes a page about the lessons that were run.
///
/// # Errors
///
/// If the file cannot be written, or a contract makes no sense.
pub(crate) fn write(
    path: &Path,
    records: &[Record],
    catalogue: &Catalogue,
    reference: Option<&Reference>,
    conditions: &Conditions,
) -> Result<()> {
    let exhibits = records.iter().map(|record| Exhibit::of_record(record, reference, conditions));
    let exhibits: Vec<Exhibit> = exhibits.collect::<Result<_>>()?;
    let overview = overview::write(records, &exhibits, catalogue, reference, conditions)?;
    save(path, "Concurrency and parallelism, seen", &overview, &exhibits, 500_000)
}

/// Writes a page about one trace.
///
/// # Errors
///
/// If the file cannot be written.
pub(crate) fn write_trace(
    path: &Path,
    title: &str,
    trace: &Trace,
    verdict: &Verdict,
) -> Result<()> {
    save(path, title, "", &[Exhibit::of_trace(title, trace, verdict)], 2_000_000)
}

/// Writes the page with pictures of the highest resolution at which it is no
/// larger than so many bytes: that is what keeps it light to send and to scroll.
fn save(
    path: &Path,
    title: &str,
    overview: &str,
    exhibits: &[Exhibit],
    largest: usize,
) -> Result<()> {
    const LEAST: usize = 60;
    let mut resolution = picture::RESOLUTION;
    let mut page = page(title, overview, exhibits, resolution)?;
    while page.len() > largest && resolution > LEAST {
        resolution = resolution * 2 / 3;
        page = self::page(title, overview, exhibits, resolution)?;
    }
    fs::write(path, page)
        .with_context(|| format!("the report cannot be written to {}", path.display()))
}

/// Puts the page together, piece by piece: what a program printed is never searched for a mark
/// that stands for something else.
fn page(title: &str, overview: &str, exhibits: &[Exhibit], resolution: usize) -> Result<String> {
    let mut sections = String::new();
    for exhibit in exhibits {
        sections += &section::write(exhibit, resolution)?;
    }
    let title = Text(title).to_string();
    let mut page = String::with_capacity(sections.len() + STYLE.len() + SCRIPT.len() + 10_000);
    let mut rest = PAGE;
    while let Some((before, after)) = rest.split_once("<!--{") {
        let (name, after) =
            after.split_once("}-->").context("page.html: `<!--{` without `}-->`")?;
        page += before;
        page += match name {
            "title" => &title,
            "style" => STYLE,
            "overview" => overview,
            "lessons" => &sections,
            "script" => SCRIPT,
            name => anyhow::bail!("page.html: nothing is called `{name}`"),
        };
        rest = after;
    }
    Ok(page + rest)
}

#[cfg(test)]
mod tests;
