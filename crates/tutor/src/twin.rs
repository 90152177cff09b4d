//! A copy of the workspace, in which another text than the student's is built.
//!
//! It stands below the target folder and has a target folder of its own, so that nothing of it is ever run by
//! accident. Files that are the same already are left alone, so that cargo builds what is new only. Two
//! commands at once take turns at it.

use std::fs::{self, File};
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
        let root = workspace(exercises);
        let folder = root.join("target/tutor");
        let turn = take_turn(&folder)?;
        copy(root, &folder)?;
        let inside = exercises.strip_prefix(root).expect("the root is one of its parents");
        Ok(Twin { exercises: folder.join(inside), folder, _turn: turn })
    }

    /// Builds this text of an exercise.
    pub(crate) fn build(&self, exercise: &Exercise, text: &str, whose: Whose) -> Result<Built> {
        let name = exercise.file();
        let path = self.exercises.join(format!("src/bin/{name}.rs"));
        write(&path, text.as_bytes())?;
        let target = self.folder.join("target");
        let target =
            Target { target: Some(&target), ..Target::of(exercise, &self.exercises, &name) };
        match whose {
            Whose::Ours => target.build(),
            Whose::Theirs => target.build_bounded(),
        }
    }
}

/// The folder of the workspace that a package is a part of: the nearest that is locked.
fn workspace(package: &Path) -> &Path {
    package.ancestors().find(|it| it.join("Cargo.lock").is_file()).unwrap_or(package)
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
        let path = entry.path();
        let removed =
            if kind.is_dir() { fs::remove_dir_all(&path) } else { fs::remove_file(&path) };
        removed.with_context(|| path.display().to_string())?;
    }
    Ok(())
}

/// Writes a file, unless it says the same already.
fn write(path: &Path, text: &[u8]) -> Result<()> {
    if fs::read(path).is_ok_and(|there| there == text) {
        return Ok(());
    }
    fs::write(path, text).with_context(|| path.display().to_string())
}
