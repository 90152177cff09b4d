//! A copy of the workspace, in which another text than the student's is built.
//!
//! It stands below the target folder and has a target folder of its own, so that nothing of it is ever run by
//! accident. Files that are the same already are left alone, so that cargo builds what is new only. Two
//! commands at once take turns at it. Of what strangers handed in nothing is left there, neither a text nor
//! what was built from it.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::{self, DirEntry, File};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use judge::Exercise;

use crate::build::{Built, Target};
use crate::course::Course;

/// A copy of the workspace that the exercises are a part of.
pub(crate) struct Twin {
    folder: PathBuf,
    /// The package of exercises within it.
    exercises: PathBuf,
    /// Of each program that was built from a stranger's text: the text that stood there before.
    displaced: RefCell<BTreeMap<String, String>>,
    /// Unlocked when this is dropped.
    _turn: File,
}

/// Whose text it is that is built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Whose {
    /// It came with the workspace.
    Ours,
    /// Somebody handed it in.
    Theirs,
}

impl Twin {
    /// Copies the workspace, as far as it has changed since the last time.
    pub(crate) fn make(course: &Course) -> Result<Twin> {
        let exercises = &course.manifest.folder;
        let root = course.root();
        let folder = root.join("target/tutor");
        let turn = take_turn(&folder)?;
        copy(root, &folder)?;
        let inside = exercises.strip_prefix(root).expect("the root is one of its parents");
        let exercises = folder.join(inside);
        Ok(Twin { exercises, folder, displaced: RefCell::default(), _turn: turn })
    }

    /// Builds this text of an exercise.
    pub(crate) fn build(&self, exercise: &Exercise, text: &str, whose: Whose) -> Result<Built> {
        let name = exercise.file();
        let path = self.text(&name);
        if whose == Whose::Theirs && !self.displaced.borrow().contains_key(&name) {
            let before = fs::read_to_string(&path).with_context(|| path.display().to_string())?;
            self.displaced.borrow_mut().insert(name.clone(), before);
        }
        write(&path, text.as_bytes())?;
        let target = self.built();
        let target =
            Target { target: Some(&target), ..Target::of(exercise, &self.exercises, &name) };
        match whose {
            Whose::Ours => target.build(),
            Whose::Theirs => target.build_bounded(),
        }
    }

    /// Where the text of a program stands.
    fn text(&self, name: &str) -> PathBuf {
        self.exercises.join(format!("src/bin/{name}.rs"))
    }

    /// Where cargo keeps what it has built.
    fn built(&self) -> PathBuf {
        self.folder.join("target")
    }

    /// Puts back what stood where strangers' texts stand now, and removes all that was built from these.
    fn restore(&self) -> Result<()> {
        let displaced = self.displaced.take();
        for (name, before) in &displaced {
            write(&self.text(name), before.as_bytes())?;
        }
        let names: Vec<&str> = displaced.keys().map(String::as_str).collect();
        if names.is_empty() { Ok(()) } else { remove_named(&self.built(), &names) }
    }
}

/// However a command ends: strangers' texts and programs end with it.
impl Drop for Twin {
    fn drop(&mut self) {
        if let Err(error) = self.restore() {
            anstream::eprintln!("Something is left of what was handed in: {error:#}");
        }
    }
}

/// Removes whatever has one of these names within its own, below this folder. Cargo gives a program's name to
/// all that it keeps of it: the program, what it was linked from, and what the compiler said and remembers.
fn remove_named(folder: &Path, names: &[&str]) -> Result<()> {
    for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let entry = entry?;
        let file = entry.file_name();
        let file = file.to_string_lossy();
        if names.iter().any(|name| file.contains(name)) {
            remove(&entry)?;
        } else if entry.file_type()?.is_dir() {
            remove_named(&entry.path(), names)?;
        }
    }
    Ok(())
}

fn take_turn(folder: &Path) -> Result<File> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let path = folder.join("turn");
    let turn = File::create(&path).with_context(|| path.display().to_string())?;
    if turn.try_lock().is_err() {
        anstream::eprintln!(
            "Another command is building here: this one goes on when it has ended."
        );
        turn.lock()?;
    }
    Ok(turn)
}

/// Copies what cargo needs; no hidden files, and nothing that was built. What was there and is no longer is
/// removed from the copy as well.
fn copy(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    forget(from, to)?;
    for entry in fs::read_dir(from).with_context(|| from.display().to_string())? {
        let entry = entry?;
        let (name, kind) = (entry.file_name(), entry.file_type()?);
        if name == "target" || name.as_encoded_bytes().starts_with(b".") {
            continue;
        }
        if kind.is_dir() {
            copy(&entry.path(), &to.join(&name))?;
        } else if kind.is_file() {
            write(&to.join(&name), &fs::read(entry.path())?)?;
        }
    }
    Ok(())
}

/// Removes what a copy has and its origin has not, but for what is the copy's own.
fn forget(from: &Path, to: &Path) -> Result<()> {
    for entry in fs::read_dir(to).with_context(|| to.display().to_string())? {
        let entry = entry?;
        let (name, kind) = (entry.file_name(), entry.file_type()?);
        let is_its_own = name == "target" || name == "turn";
        let there = from.join(&name).symlink_metadata().ok().map(|there| there.is_dir());
        if is_its_own || there == Some(kind.is_dir()) {
            continue;
        }
        remove(&entry)?;
    }
    Ok(())
}

/// Removes a file, or a folder with all that is in it.
fn remove(entry: &DirEntry) -> Result<()> {
    let path = entry.path();
    let removed = match entry.file_type()?.is_dir() {
        true => fs::remove_dir_all(&path),
        false => fs::remove_file(&path),
    };
    removed.with_context(|| path.display().to_string())
}

/// Writes a file, unless it says the same already.
fn write(path: &Path, text: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    fs::write(path, text).with_context(|| path.display().to_string())
}
