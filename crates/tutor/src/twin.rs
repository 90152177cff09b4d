//! A copy of the workspace, in which another text than the student's is built.
//!
//! It stands below the target folder and has a target folder of its own, so that nothing of it is ever run by
//! accident. Files that are the same already are left alone, so that cargo builds what is new only. Two
//! commands at once take turns at it. What strangers have handed in stands on [desks](Desk) beside the copy: no
//! text of theirs is ever a part of it, and cargo sees none.

use std::fs::{self, DirEntry, File};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use anyhow::{Context, Result, anyhow};
use judge::Exercise;

use crate::build::{Built, Target};
use crate::compiler::Compiler;
use crate::course::Course;
use crate::desk::Desk;

/// A copy of the workspace that the exercises are a part of.
pub(crate) struct Twin {
    folder: PathBuf,
    /// The package of exercises within it.
    exercises: PathBuf,
    /// Unlocked when this is dropped.
    _turn: File,
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
        Ok(Twin { exercises, folder, _turn: turn })
    }

    /// Builds this text of an exercise, which is ours.
    pub(crate) fn build(&self, exercise: &Exercise, text: &str) -> Result<Built> {
        let name = exercise.file();
        write(&self.text(&name), text.as_bytes())?;
        let built = self.built();
        let features = exercise.runtimes.iter().map(String::as_str).collect();
        Target { features: Some(features), ..self.target(&name, &built) }.build()
    }

    /// How the compiler is called for an exercise: found out with this text, which is ours.
    ///
    /// # Errors
    ///
    /// If it cannot be found out, or the text does not compile.
    pub(crate) fn compiler(&self, exercise: &Exercise, text: &str) -> Result<Compiler> {
        let name = exercise.file();
        let path = self.text(&name);
        fs::write(&path, text).with_context(|| path.display().to_string())?;
        // It is not called for what has not changed.
        File::options().write(true).open(&path)?.set_modified(SystemTime::now())?;
        let (built, note) = (self.built(), self.folder.join("call"));
        let _none_before = fs::remove_file(&note);
        let start = self.target(&name, &built).build_noted(&note)?;
        start
            .program
            .ok_or_else(|| anyhow!("the start of {name} does not compile:\n{}", start.said))?;
        Compiler::noted(&note, &built)
    }

    /// A desk for what was handed in, the one of this number.
    pub(crate) fn desk(&self, number: usize) -> Result<Desk> {
        Desk::new(self.folder.join(format!("handed-in-{number}")))
    }

    /// A program with all runtimes: which of them strangers use is not known before.
    fn target<'a>(&'a self, name: &'a str, built: &'a Path) -> Target<'a> {
        Target { folder: &self.exercises, name, features: None, target: Some(built) }
    }

    /// Where the text of a program stands.
    fn text(&self, name: &str) -> PathBuf {
        self.exercises.join(format!("src/bin/{name}.rs"))
    }

    /// Where cargo keeps what it has built.
    fn built(&self) -> PathBuf {
        self.folder.join("target")
    }
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
