//! Which lessons there are: what the quadrant crates' programs say of themselves.

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, anyhow, bail};
use lab::lesson;
use lab::order::Order;
use serde_json::{Value, json};
use words::quadrant::Quadrant;

use crate::WrongUsage;
use crate::build::Built;
use crate::process::{self, Request, Stream};

/// A lesson as its program describes it.
#[derive(Clone, Debug)]
pub(crate) struct Lesson {
    /// The chapter that it stands in.
    pub(crate) chapter: Quadrant,
    /// Its name in the chapter.
    pub(crate) name: String,
    /// What it is built on.
    pub(crate) runtime: String,
    /// What it shows, in a line.
    pub(crate) summary: String,
    /// The contract on its output.
    pub(crate) order: Order,
    /// The quadrant that its runs are in.
    pub(crate) quadrant: Quadrant,
    /// The program that runs it, given its name.
    pub(crate) program: PathBuf,
}

impl Lesson {
    /// The lesson's name on the command line: `both/tokio`.
    pub(crate) fn id(&self) -> String {
        format!("{}/{}", self.chapter, self.name)
    }

    /// The lesson, for a program to read.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "quadrant": self.chapter.name(),
            "name": self.name,
            "runtime": self.runtime,
            "summary": self.summary,
            "order": self.order.to_string(),
            "expected": self.quadrant.name(),
        })
    }

    /// Whether it is one of the 24 cells, which all do the same work.
    pub(crate) fn is_cell(&self) -> bool {
        self.name == self.runtime
    }
}

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
    pub(crate) lessons: Vec<Lesson>,
    /// The gaps.
    pub(crate) gaps: Vec<Gap>,
    /// What kept programs from being built or from describing their lessons, a sentence each.
    pub(crate) troubles: Vec<String>,
}

/// How long a program may take to describe its lessons.
const PATIENCE: Duration = Duration::from_secs(10);

impl Catalogue {
    /// The lessons of the programs that were built.
    pub(crate) fn of(built: &Built) -> Catalogue {
        let mut catalogue = Catalogue::of_programs(built.programs.values());
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

    /// The same, unless something is missing from it.
    ///
    /// # Errors
    ///
    /// The troubles, if there are any.
    pub(crate) fn complete(self) -> Result<Catalogue> {
        if self.troubles.is_empty() { Ok(self) } else { Err(self.trouble()) }
    }

    /// All troubles, as one error.
    fn trouble(&self) -> anyhow::Error {
        anyhow!("{}", self.troubles.join("; "))
    }

    /// Whether it is not known which lessons a quadrant has, since its program told nothing.
    fn is_in_the_dark(&self, quadrant: Quadrant) -> bool {
        let mut lessons = self.lessons.iter();
        !self.troubles.is_empty() && !lessons.any(|lesson| lesson.chapter == quadrant)
    }

    fn add(&mut self, program: &Path, answer: &Value) -> Result<()> {
        let chapter = parse(answer, "quadrant")?;
        for lesson in array(answer, "lessons")? {
            self.lessons.push(Lesson {
                chapter,
                name: text(lesson, "name")?,
                runtime: text(lesson, "runtime")?,
                summary: text(lesson, "summary")?,
                order: parse(lesson, "order")?,
                quadrant: parse(lesson, "quadrant")?,
                program: program.to_owned(),
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
        bail!("{}", report.findings.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "));
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

/// What a command line asks for: some lessons out of all.
#[derive(Clone, Debug, Default)]
pub(crate) struct Selection {
    /// `QUADRANT` or `QUADRANT/LESSON`; none stands for all.
    names: Vec<(Quadrant, Option<String>)>,
    /// Only lessons on this runtime.
    runtime: Option<String>,
}

impl Selection {
    /// Reads names as they stand on the command line. Whether the lessons
    /// exist is not known before their crates are built.
    ///
    /// # Errors
    ///
    /// [`WrongUsage`] for a quadrant or a runtime that is not there.
    pub(crate) fn parse<'a>(
        names: impl IntoIterator<Item = &'a str>,
        runtime: Option<&str>,
    ) -> Result<Selection> {
        let names = names.into_iter().map(parse_name).collect::<Result<_>>()?;
        let runtimes = lesson::Runtime::ALL.map(lesson::Runtime::name);
        if let Some(name) = runtime
            && !runtimes.contains(&name)
        {
            return Err(unknown("runtime", name, &runtimes));
        }
        Ok(Selection { names, runtime: runtime.map(str::to_owned) })
    }

    /// The quadrants whose crates must be built for this.
    pub(crate) fn quadrants(&self) -> Vec<Quadrant> {
        let wanted = |quadrant: &Quadrant| {
            self.names.is_empty() || self.names.iter().any(|(wanted, _)| wanted == quadrant)
        };
        Quadrant::ALL.into_iter().filter(wanted).collect()
    }

    /// Whether the lesson is asked for.
    pub(crate) fn contains(&self, lesson: &Lesson) -> bool {
        let named = |(quadrant, name): &(Quadrant, Option<String>)| {
            *quadrant == lesson.chapter && name.as_ref().is_none_or(|name| *name == lesson.name)
        };
        (self.names.is_empty() || self.names.iter().any(named))
            && self.runtime.as_ref().is_none_or(|runtime| *runtime == lesson.runtime)
    }

    /// The lessons that are asked for, in reading order. Those of a quadrant that told of none are
    /// left out, and are among the catalogue's troubles.
    ///
    /// # Errors
    ///
    /// [`WrongUsage`] for a lesson that is not there, or where nothing fits; the troubles, where
    /// they leave nothing.
    pub(crate) fn pick(&self, catalogue: &Catalogue) -> Result<Vec<Lesson>> {
        for (quadrant, name) in &self.names {
            let Some(name) = name else { continue };
            if catalogue.is_in_the_dark(*quadrant) {
                continue;
            }
            let names = catalogue.lessons.iter().filter(|lesson| lesson.chapter == *quadrant);
            let names: Vec<_> = names.map(|lesson| lesson.name.as_str()).collect();
            if !names.contains(&name.as_str()) {
                let gaps = &mut catalogue.gaps.iter();
                if let Some(gap) = gaps.find(|g| g.chapter == *quadrant && g.runtime == *name) {
                    let text = format!("there is no lesson {quadrant}/{name}: {}", gap.reason);
                    return Err(WrongUsage(text).into());
                }
                return Err(unknown(&format!("lesson in {quadrant}"), name, &names));
            }
        }
        let picked = catalogue.lessons.iter().filter(|lesson| self.contains(lesson)).cloned();
        let picked: Vec<_> = picked.collect();
        if picked.is_empty() {
            if self.quadrants().into_iter().any(|quadrant| catalogue.is_in_the_dark(quadrant)) {
                return Err(catalogue.trouble());
            }
            return Err(
                WrongUsage("no lesson is asked for: the runtime has a gap here".into()).into()
            );
        }
        Ok(picked)
    }
}

fn parse_name(name: &str) -> Result<(Quadrant, Option<String>)> {
    let (quadrant, lesson) = match name.split_once('/') {
        Some((quadrant, lesson)) => (quadrant, Some(lesson.to_owned())),
        None => (name, None),
    };
    match quadrant.parse() {
        Ok(quadrant) => Ok((quadrant, lesson)),
        Err(_) => Err(unknown("quadrant", quadrant, &Quadrant::ALL.map(Quadrant::name))),
    }
}

fn unknown(kind: &str, name: &str, names: &[&str]) -> anyhow::Error {
    WrongUsage(words::names::unknown(kind, name, names)).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What there is where *both* could not be built, and *neither* has one lesson.
    fn catalogue() -> Catalogue {
        let failed = vec![Quadrant::Both];
        let mut catalogue = Catalogue::of(&Built { failed, ..Built::default() });
        let lesson = json!({
            "name": "std", "runtime": "std", "summary": "", "order": "a", "quadrant": "neither",
        });
        let answer = json!({ "quadrant": "neither", "lessons": [lesson], "gaps": [] });
        catalogue.add(Path::new("neither"), &answer).expect("a description of a lesson");
        catalogue
    }

    fn pick(names: &[&str], runtime: Option<&str>) -> Result<Vec<String>> {
        let selection = Selection::parse(names.iter().copied(), runtime)?;
        Ok(selection.pick(&catalogue())?.iter().map(Lesson::id).collect())
    }

    #[test]
    fn a_crate_that_could_not_be_built_is_what_is_wrong() {
        for names in [&["both"][..], &["both/std"], &["both/std", "both/tokio"]] {
            let error = pick(names, None).expect_err("nothing is left");
            assert_eq!(error.to_string(), "both could not be built");
            assert!(!error.is::<WrongUsage>(), "{names:?}");
        }
    }

    #[test]
    fn a_crate_that_could_not_be_built_keeps_no_other_lesson_from_running() {
        for names in [&["both", "neither"][..], &["both/std", "neither/std"], &[]] {
            assert_eq!(pick(names, None).expect("a lesson is left"), ["neither/std"], "{names:?}");
        }
        assert!(catalogue().complete().is_err());
    }

    #[test]
    fn what_is_wrong_with_a_name_is_not_the_fault_of_another_crate() {
        for (names, runtime, expected) in [
            (["neither/st"], None, "no lesson in neither is called `st`; the nearest is `std`"),
            (["neither/qqq"], None, "no lesson in neither is called `qqq`; there is only std"),
            (["neither"], Some("rayon"), "no lesson is asked for: the runtime has a gap here"),
        ] {
            let error = pick(&names, runtime).expect_err(expected);
            assert_eq!(error.to_string(), expected);
            assert!(error.is::<WrongUsage>(), "{names:?}");
        }
    }
}
