//! Which programs there are, as they tell themselves.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use lab::order::Order;
use serde_json::Value;
use words::{Outcome, Quadrant};

use super::edit::{self, Edit};
use super::program::{Judge, Program, Shelf, Told};
use super::promises;
use crate::build::{Built, root};
use crate::process::{self, Request, Stream};

/// A cell without a lesson.
#[derive(Clone, Debug)]
pub(crate) struct Gap {
    /// The chapter that has no lesson on this runtime.
    pub(crate) chapter: Quadrant,
    /// The runtime.
    pub(crate) runtime: String,
    /// Why there is none.
    pub(crate) reason: String,
}

/// Lessons and gaps, in reading order.
#[derive(Clone, Debug, Default)]
pub(crate) struct Catalogue {
    /// The lessons.
    pub(crate) programs: Vec<Program>,
    /// The gaps.
    pub(crate) gaps: Vec<Gap>,
    /// The lessons whose chapter says something else of them than is promised here.
    pub(crate) differences: Vec<String>,
    /// What kept programs from being built or from describing their lessons, a sentence each.
    pub(crate) troubles: Vec<String>,
}

/// How long a program may take to describe its lessons.
const PATIENCE: Duration = Duration::from_secs(10);

impl Catalogue {
    /// The lessons of the programs that were built.
    pub(crate) fn of(built: &Built) -> Catalogue {
        let mut catalogue = Catalogue::of_programs(built.programs.values());
        for program in &mut catalogue.programs {
            program.file = Some(root().join(program.source()));
            program.edit = edit::of(&program.source());
        }
        let unbuilt = |quadrant| format!("{quadrant} could not be built");
        catalogue.troubles.extend(built.failed.iter().map(unbuilt));
        catalogue
    }

    /// Asks each program which lessons it has. One that does not answer as it should is a trouble,
    /// and keeps nobody else from answering.
    pub(crate) fn of_programs<'a>(programs: impl IntoIterator<Item = &'a PathBuf>) -> Catalogue {
        let mut catalogue = Catalogue::default();
        for program in programs {
            let answer = describe(program);
            if let Err(error) = answer.and_then(|answer| catalogue.add(program, &answer)) {
                let command = format!("`{} --list --format json`", program.display());
                catalogue.troubles.push(format!("{command} does not list its lessons: {error:#}"));
            }
        }
        catalogue
    }

    /// Holds all programs to a contract and a quadrant that somebody else than they has promised.
    pub(crate) fn promise(&mut self, (order, quadrant): &(Option<Order>, Option<Quadrant>)) {
        for program in &mut self.programs {
            let promise = &mut program.promise;
            promise.quadrant = quadrant.unwrap_or(promise.quadrant);
            if let Some(order) = order {
                promise.order = order.clone();
                promise.by = Judge::Us;
                program.labour = promises::labour(&program.name, promise);
            }
        }
    }

    /// The same, unless something is missing from it.
    ///
    /// # Errors
    ///
    /// The troubles, if there are any.
    pub(crate) fn complete(self) -> Result<Catalogue> {
        if self.troubles.is_empty() { Ok(self) } else { Err(self.trouble()) }
    }

    /// Whether all programs could be built and have told of themselves.
    pub(crate) fn outcome(&self) -> Outcome {
        if self.troubles.is_empty() { Outcome::Passed } else { Outcome::Failed }
    }

    /// All troubles, as one error.
    pub(super) fn trouble(&self) -> anyhow::Error {
        anyhow!("{}", self.troubles.join("; "))
    }

    /// Whether it is not known which lessons a quadrant has, since its program told nothing.
    pub(super) fn is_in_the_dark(&self, quadrant: Quadrant) -> bool {
        let mut programs = self.programs.iter();
        !self.troubles.is_empty() && !programs.any(|program| program.chapter == quadrant)
    }

    pub(super) fn add(&mut self, program: &Path, answer: &Value) -> Result<()> {
        let chapter = parse(answer, "quadrant")?;
        for lesson in array(answer, "lessons")? {
            let name = text(lesson, "name")?;
            let told =
                Told { quadrant: parse(lesson, "quadrant")?, order: parse(lesson, "order")? };
            let promise = promises::of(chapter, &name, &told);
            if !told.agrees_with(&promise) {
                self.differences.push(format!("{chapter}/{name}"));
            }
            self.programs.push(Program {
                shelf: Shelf::Lessons,
                labour: promises::labour(&name, &promise),
                promise,
                chapter,
                name,
                runtime: text(lesson, "runtime")?,
                summary: text(lesson, "summary")?,
                file: None,
                edit: Edit::None,
                path: program.to_owned(),
            });
        }
        for gap in array(answer, "gaps")? {
            let (runtime, reason) = (text(gap, "runtime")?, text(gap, "reason")?);
            self.gaps.push(Gap { chapter, runtime, reason });
        }
        Ok(())
    }
}

fn describe(program: &Path) -> Result<Value> {
    let request = Request::new(program).arguments(["--list", "--format", "json"]);
    let report = process::run(&request.time_limit(PATIENCE), |_| {})?;
    if !report.is_clean() {
        let findings = report.findings.iter().map(ToString::to_string);
        let ending = report.findings.is_empty().then(|| report.ending.to_string());
        bail!("{}", findings.chain(ending).collect::<Vec<_>>().join("; "));
    }
    let output = report.lines.iter().filter(|line| line.stream == Stream::Output);
    let output: String = output.map(|line| line.text.as_str()).collect();
    Ok(serde_json::from_str(&output)?)
}

fn array<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>> {
    value[key].as_array().with_context(|| format!("no list `{key}` in {value}"))
}

fn text(value: &Value, key: &str) -> Result<String> {
    Ok(value[key].as_str().with_context(|| format!("no text `{key}` in {value}"))?.to_owned())
}

fn parse<T: std::str::FromStr<Err: std::fmt::Display>>(value: &Value, key: &str) -> Result<T> {
    text(value, key)?.parse().map_err(|error| anyhow!("`{key}` of {value}: {error}"))
}
