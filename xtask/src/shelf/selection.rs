//! Which programs a command line asks for.

use anyhow::Result;
use words::quadrant::Quadrant;
use words::{WrongUsage, names};

use super::course::Place;
use super::{Catalogue, Program};

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
        let runtimes = lab::lesson::Runtime::ALL.map(lab::lesson::Runtime::name);
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

    /// Whether single lessons are asked for, by their names.
    pub(crate) fn is_of_lessons(&self) -> bool {
        !self.names.is_empty() && self.names.iter().all(|(_, name)| name.is_some())
    }

    /// Whether the lesson is asked for.
    pub(crate) fn contains(&self, lesson: &Program) -> bool {
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
    pub(crate) fn pick(&self, catalogue: &Catalogue) -> Result<Vec<Program>> {
        for (quadrant, name) in &self.names {
            let Some(name) = name else { continue };
            if catalogue.is_in_the_dark(*quadrant) {
                continue;
            }
            let names = catalogue.programs.iter().filter(|lesson| lesson.chapter == *quadrant);
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
        let picked = catalogue.programs.iter().filter(|lesson| self.contains(lesson)).cloned();
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
        Err(_) => Err(match Place::without_quadrant(&Place::all(), name) {
            Some(wrong) => wrong.into(),
            None => unknown("quadrant", quadrant, &Quadrant::ALL.map(Quadrant::name)),
        }),
    }
}

fn unknown(kind: &str, name: &str, names: &[&str]) -> anyhow::Error {
    WrongUsage(names::unknown(kind, name, names)).into()
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use serde_json::json;

    use super::*;
    use crate::build::Built;

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
        Ok(selection.pick(&catalogue())?.iter().map(Program::id).collect())
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
    fn a_lessons_name_alone_is_answered_with_the_lessons_that_have_it() {
        for (name, expected) in [
            ("tokio", "neither/tokio, concurrent-only/tokio, parallel-only/tokio, both/tokio"),
            ("tokioo", "no quadrant is called `tokioo`; there are"),
        ] {
            let error = Selection::parse([name], None).expect_err(expected);
            assert!(error.is::<WrongUsage>() && error.to_string().contains(expected), "{error}");
        }
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
