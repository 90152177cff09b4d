//! What somebody has predicted, in a small file: a line a prediction, to be read, merged and deleted.
//!
//! ```text
//! neither/std → run → right → 9 waits + 9 computes
//! neither/std → change → wrong → parallel only
//! ```
//!
//! (with a tab in the place of each arrow). Two of these files one after the other are one: of several
//! lines about the same thing the last one counts. But what was shown once of a prediction is not taken back
//! by a run of it that shows nothing.

use std::collections::BTreeMap;
use std::fs::OpenOptions;
use std::io;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use command::notes;

/// What is predicted of a lesson.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum About {
    /// The lesson's own question.
    Run,
    /// The quadrant of the changed lesson.
    Change,
}

/// What became of a prediction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Fate {
    Right,
    Wrong,
    /// Neither was shown.
    Open,
    /// There was none.
    Skipped,
}

const ABOUT: [(About, &str); 2] = [(About::Run, "run"), (About::Change, "change")];

const FATES: [(Fate, &str); 4] = [
    (Fate::Right, "right"),
    (Fate::Wrong, "wrong"),
    (Fate::Open, "open"),
    (Fate::Skipped, "skipped"),
];

/// Everything that is known of what somebody has predicted.
#[derive(Debug)]
pub(super) struct Notebook {
    path: PathBuf,
    pages: Pages,
}

/// What was predicted of each lesson, and what became of it.
#[derive(Debug, Default)]
struct Pages(BTreeMap<(String, About), Entry>);

/// A prediction, and what became of it.
#[derive(Debug, PartialEq)]
struct Entry {
    fate: Fate,
    said: String,
}

impl Pages {
    /// Enters it below what is known already.
    fn enter(&mut self, subject: (String, About), entry: Entry) {
        let is_shown = |known: &Entry| matches!(known.fate, Fate::Right | Fate::Wrong);
        let is_kept =
            |known: &Entry| entry.fate == Fate::Open && entry.said == known.said && is_shown(known);
        if !self.0.get(&subject).is_some_and(is_kept) {
            self.0.insert(subject, entry);
        }
    }
}

impl Notebook {
    /// Reads the file; where there is none, nothing was predicted yet, and there is an empty one from now on.
    /// What is no such line is let be.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or nothing can be written into it: better now than behind a prediction.
    pub(super) fn open(path: &Path) -> Result<Notebook> {
        let file = OpenOptions::new().read(true).append(true).create(true).open(path);
        let text = file.and_then(io::read_to_string);
        let text = text.with_context(|| {
            let path = path.display();
            format!("cannot keep predictions in {path}: name another file with --notebook")
        })?;
        let mut pages = Pages::default();
        text.lines().filter_map(read).for_each(|(subject, entry)| pages.enter(subject, entry));
        Ok(Notebook { path: path.to_owned(), pages })
    }

    /// Keeps what became of a prediction, at once.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub(super) fn note(
        &mut self,
        lesson: &str,
        about: About,
        fate: Fate,
        said: &str,
    ) -> Result<()> {
        let words = [lesson, name_of(&ABOUT, about), name_of(&FATES, fate), said];
        notes::append(&self.path, &words.join("\t"))
            .with_context(|| self.path.display().to_string())?;
        self.pages.enter((lesson.to_owned(), about), Entry { fate, said: said.to_owned() });
        Ok(())
    }

    /// Whether nothing was ever predicted.
    pub(super) fn is_empty(&self) -> bool {
        self.pages.0.is_empty()
    }

    /// Whether somebody has gone through the lesson to its end.
    pub(super) fn is_done(&self, lesson: &str) -> bool {
        self.fate(lesson, About::Change).is_some()
    }

    pub(super) fn fate(&self, lesson: &str, about: About) -> Option<Fate> {
        self.pages.0.get(&(lesson.to_owned(), about)).map(|entry| entry.fate)
    }

    /// How many predictions were right, and how many were right or wrong.
    pub(super) fn score(&self) -> (usize, usize) {
        let with = |wanted| self.pages.0.values().filter(|entry| entry.fate == wanted).count();
        let right = with(Fate::Right);
        (right, right + with(Fate::Wrong))
    }
}

fn read(line: &str) -> Option<((String, About), Entry)> {
    let mut words = line.split('\t');
    let (lesson, about, fate) = (words.next()?, words.next()?, words.next()?);
    let entry =
        Entry { fate: value_of(&FATES, fate)?, said: words.next().unwrap_or("").to_owned() };
    Some(((lesson.to_owned(), value_of(&ABOUT, about)?), entry))
}

fn name_of<T: PartialEq>(names: &[(T, &'static str)], value: T) -> &'static str {
    names.iter().find(|(named, _)| *named == value).map_or("", |(_, name)| name)
}

fn value_of<T: Copy>(names: &[(T, &str)], name: &str) -> Option<T> {
    names.iter().find(|(_, other)| *other == name).map(|(value, _)| *value)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn what_was_noted_is_there_the_next_time() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("notes");
        let mut notebook = Notebook::open(&path).expect("none yet");
        assert!(notebook.is_empty());
        notebook.note("neither/std", About::Run, Fate::Wrong, "3").expect("a file");
        notebook.note("neither/std", About::Run, Fate::Right, "9").expect("a file");
        notebook.note("neither/std", About::Change, Fate::Open, "both").expect("a file");
        let again = Notebook::open(&path).expect("a file");
        for notebook in [&notebook, &again] {
            assert_eq!(notebook.score(), (1, 1));
            assert!(notebook.is_done("neither/std") && !notebook.is_done("neither/tokio"));
        }
    }

    #[test]
    fn a_run_that_shows_nothing_takes_nothing_back() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("notes");
        let mut notebook = Notebook::open(&path).expect("none yet");
        let mut then = |fate, said| {
            notebook.note("neither/std", About::Run, fate, said).expect("a file");
            let again = Notebook::open(&path).expect("a file");
            [&notebook, &again].map(|it| it.fate("neither/std", About::Run))
        };
        for (fate, said, known) in [
            (Fate::Open, "9", Fate::Open),
            (Fate::Right, "9", Fate::Right),
            (Fate::Open, "9", Fate::Right),
            (Fate::Wrong, "9", Fate::Wrong),
            (Fate::Open, "9", Fate::Wrong),
            // Another prediction is a new one.
            (Fate::Open, "3", Fate::Open),
        ] {
            assert_eq!(then(fate, said), [Some(known); 2], "{fate:?} {said}");
        }
    }

    #[test]
    fn what_cannot_be_kept_is_said_at_once() {
        let folder = tempfile::tempdir().expect("a folder");
        for path in [folder.path().join("nowhere/notes"), folder.path().to_owned()] {
            let error = Notebook::open(&path).expect_err("no notebook");
            assert!(error.to_string().starts_with("cannot keep predictions in "), "{error}");
        }
    }

    #[test]
    fn two_notebooks_one_after_the_other_are_one() {
        let lines =
            "a/b\trun\twrong\t1\n# a note of my own\na/b\trun\tright\t2\nc/d\trun\tright\t1\n";
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("notes");
        fs::write(&path, lines).expect("a file");
        assert_eq!(Notebook::open(&path).expect("a file").score(), (2, 2));
    }
}
