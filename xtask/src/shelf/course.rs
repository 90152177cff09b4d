//! All lessons of this workspace in reading order, without a question to any program.

use anyhow::Result;
use words::{Quadrant, WrongUsage, names};

use super::{cell, edit};

/// Where a lesson stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The quadrant that it is filed under.
    pub(crate) chapter: Quadrant,
    /// Its name there.
    pub(crate) name: String,
    /// Its file, below the workspace's folder.
    pub(crate) path: &'static str,
}

impl Place {
    /// All lessons that were shipped, in reading order.
    pub(crate) fn all() -> Vec<Place> {
        let place = |path| {
            let (chapter, name) = cell::of_source(path)?;
            Some(Place { chapter, name, path })
        };
        edit::course().filter_map(place).collect()
    }

    /// The place of the lesson, or of the chapter's first, that a command line names.
    ///
    /// # Errors
    ///
    /// [`WrongUsage`] for a name that is not there.
    pub(crate) fn find(all: &[Place], name: &str) -> Result<usize> {
        let is_named = |place: &Place| place.id() == name || place.chapter.name() == name;
        all.iter().position(is_named).ok_or_else(|| {
            let ids: Vec<String> = all.iter().map(Place::id).collect();
            let ids: Vec<_> = ids.iter().map(String::as_str).collect();
            let unknown = || WrongUsage(names::unknown("lesson", name, &ids));
            Place::without_quadrant(all, name).unwrap_or_else(unknown).into()
        })
    }

    /// What is wrong with a name that is a lesson's but for its quadrant, and which lessons have it; nothing
    /// where none has.
    pub(super) fn without_quadrant(all: &[Place], name: &str) -> Option<WrongUsage> {
        let named = all.iter().filter(|place| place.name == name);
        let ids: Vec<String> = named.map(Place::id).collect();
        let verb = match ids.len() {
            0 => return None,
            1 => "there is only",
            _ => "there are",
        };
        let ids = ids.join(", ");
        Some(WrongUsage(format!("`{name}` is a lesson's name without its quadrant; {verb} {ids}")))
    }

    /// Its name on the command line: `both/tokio`.
    pub(crate) fn id(&self) -> String {
        format!("{}/{}", self.chapter, self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::Header;

    #[test]
    fn the_course_goes_from_quadrant_to_quadrant() {
        let course = Place::all();
        assert_eq!(
            (course[0].id(), course[0].path),
            ("neither/std".into(), "crates/neither/src/on_std.rs")
        );
        assert!(course.iter().any(|place| place.id() == "neither/worker-pool"));
        assert!(course.is_sorted_by_key(|place| place.chapter));
        assert!(course.iter().all(|place| crate::build::root().join(place.path).exists()));
    }

    #[test]
    fn what_a_lesson_is_compared_with_is_a_lesson_before_it() {
        let course = Place::all();
        let compared = course.iter().enumerate().filter_map(|(number, place)| {
            let source = std::fs::read_to_string(crate::build::root().join(place.path));
            let header = Header::read(&source.expect("a lesson")).expect("a header");
            Some((number, header.question.other_lesson()?.to_owned()))
        });
        let compared: Vec<_> = compared.collect();
        assert!(!compared.is_empty());
        for (number, other) in compared {
            assert!(Place::find(&course, &other).expect("a lesson") < number, "{other}");
        }
    }

    #[test]
    fn a_lesson_is_found_by_its_name_or_its_quadrants() {
        let course = Place::all();
        let found = |name| Place::find(&course, name).map(|place| course[place].id());
        assert_eq!(found("both").expect("a quadrant"), "both/std");
        assert_eq!(found("both/smol").expect("a lesson"), "both/smol");
        let error = found("both/smoll").expect_err("no lesson");
        assert!(error.is::<WrongUsage>() && error.to_string().contains("both/smol"), "{error}");
    }

    #[test]
    fn a_lessons_name_alone_is_answered_with_the_lessons_that_have_it() {
        let course = Place::all();
        let error = |name| Place::find(&course, name).expect_err("half a name").to_string();
        for (name, found) in [
            (
                "tokio",
                "there are neither/tokio, concurrent-only/tokio, parallel-only/tokio, both/tokio",
            ),
            ("worker-pool", "there is only neither/worker-pool"),
        ] {
            let expected = format!("`{name}` is a lesson's name without its quadrant; {found}");
            assert_eq!(error(name), expected);
        }
    }
}
