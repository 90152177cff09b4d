//! What was seen, as one page that loads nothing from anywhere.
//!
//! Everything on the page is there without its script: what a command has to say, and
//! of every run its facts, its picture and its output. The script brings this
//! same page to life: it moves a cursor over the pictures, and draws nothing but the axes' ticks.
//!
//! Read in this order:
//!
//! 1. `exhibit`: what the page shows of a run;
//! 2. this page: how the page is put together;
//! 3. `section`: one run, with its facts, picture and output;
//! 4. `picture`, and `rows`: the picture;
//! 5. `html`: text from anywhere, made harmless;
//! 6. `page.html`, `page.css` and `page.js`, which people read in the browser.

mod exhibit;
mod html;
mod picture;
mod rows;
mod section;

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

use crate::colours;
use crate::written::GENERATOR;
pub use exhibit::{Exhibit, Printed, Question, answers};
pub use html::{Text, prose, symbol};
pub use picture::{thumbnail, time_text};
pub use section::anchor;

const PAGE: &str = include_str!("page.html");
const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// What a command found out, and the runs that it rests on, as one page.
pub struct Page<'a> {
    /// What the page is called.
    pub title: &'a str,
    /// What stands above the runs, as HTML: whatever comes from elsewhere stands in it as a [`Text`].
    pub overview: String,
    /// The runs.
    pub exhibits: Vec<Exhibit>,
    /// Which two of the runs lie side by side when the page is opened.
    pub compared: [usize; 2],
    /// Which of the runs are on paper, when the page is printed.
    pub on_paper: Vec<usize>,
    /// How many bytes the page may have: that is what keeps it light to send and to scroll.
    pub largest: usize,
}

/// Writes a page about one run.
///
/// # Errors
///
/// If the file cannot be written.
pub fn write_one(path: &Path, exhibit: Exhibit) -> Result<()> {
    let title = &exhibit.title.clone();
    let exhibits = vec![exhibit];
    let page = Page {
        title,
        overview: String::new(),
        exhibits,
        compared: [0; 2],
        on_paper: vec![0],
        largest: 2_000_000,
    };
    page.save(path)
}

impl Page<'_> {
    /// Writes the page, with pictures of the highest resolution at which it is no larger than it
    /// may be.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn save(&self, path: &Path) -> Result<()> {
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
        for (place, exhibit) in self.exhibits.iter().enumerate() {
            sections += &section::write(exhibit, self.on_paper.contains(&place), resolution)?;
        }
        let style = STYLE
            .replace("/*light tasks*/", &colours::variables(|colour| colour.light))
            .replace("/*dark tasks*/", &colours::variables(|colour| colour.dark));
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
                "style" => &style,
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
