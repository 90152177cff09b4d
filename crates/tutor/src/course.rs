//! Which exercises there are, where their files stand, and what a student has done.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result, anyhow, bail};
use clap::{Arg, ArgMatches, value_parser};
use judge::{Exercise, Manifest, check, cut};
use words::WrongUsage;

use crate::means::Means;
use crate::progress::Progress;

/// All exercises, and what the student has done so far.
pub(crate) struct Course {
    pub(crate) manifest: Manifest,
    pub(crate) progress: Progress,
    /// By what the student does the next step.
    pub(crate) means: Means,
}

/// The argument that names another folder of exercises.
pub(crate) fn argument() -> Arg {
    Arg::new("exercises")
        .long("exercises")
        .value_name("FOLDER")
        .value_parser(value_parser!(PathBuf))
        .global(true)
        .help("The package of exercises, where that is not this workspace's")
}

/// The argument that names an exercise.
pub(crate) fn wanted() -> Arg {
    Arg::new("exercise")
        .value_name("EXERCISE")
        .help("Its number, its name, or a beginning that no other has")
}

impl Course {
    /// Opens the course that the command line asks for.
    pub(crate) fn open(arguments: &ArgMatches) -> Result<Course> {
        let folder = match arguments.get_one::<PathBuf>("exercises") {
            Some(folder) => std::path::absolute(folder)?,
            None => Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("exercises"),
        };
        if !folder.join("exercises.toml").is_file() {
            let folder = folder.display();
            return Err(WrongUsage(format!("{folder} has no manifest, `exercises.toml`")).into());
        }
        let manifest = Manifest::read(&folder).map_err(|error| anyhow!(error))?;
        let progress = Progress::read(&folder.join("progress.txt"))?;
        Ok(Course { manifest, progress, means: Means::Command })
    }

    /// The exercise that the command line names, or else the [next](Course::next) one.
    pub(crate) fn wanted(&self, arguments: &ArgMatches) -> Result<&Exercise> {
        match arguments.get_one::<String>("exercise") {
            Some(wanted) => Ok(self.manifest.find(wanted).map_err(WrongUsage)?),
            None => self.next().ok_or_else(|| WrongUsage("all are solved: name one".into()).into()),
        }
    }

    /// The first exercise that is not done.
    pub(crate) fn next(&self) -> Option<&Exercise> {
        let mut all = self.manifest.exercises.iter();
        all.find(|exercise| !self.progress.of(&exercise.file()).is_done())
    }

    /// The file that the student edits.
    pub(crate) fn path(&self, exercise: &Exercise) -> PathBuf {
        self.sources().join(format!("{}.rs", exercise.file()))
    }

    /// The folder of all files that students edit.
    pub(crate) fn sources(&self) -> PathBuf {
        self.manifest.folder.join("src/bin")
    }

    /// The folder of the workspace that the exercises are a part of: the nearest that is locked.
    pub(crate) fn root(&self) -> &Path {
        let package = &self.manifest.folder;
        package.ancestors().find(|it| it.join("Cargo.lock").is_file()).unwrap_or(package)
    }

    /// Where a clone of the workspace has the files that students edit.
    pub(crate) fn sources_in_a_clone(&self) -> PathBuf {
        let sources = self.sources();
        sources.strip_prefix(self.root()).expect("the root is one of its parents").to_owned()
    }

    /// The student's text.
    pub(crate) fn text(&self, exercise: &Exercise) -> Result<String> {
        let path = self.path(exercise);
        let remedy = || {
            let number = exercise.number;
            format!("{}: `cargo xtask exercise reset {number:02}` restores it", short(&path))
        };
        std::fs::read_to_string(&path).with_context(remedy)
    }

    /// The text that the student was given.
    pub(crate) fn start(&self, exercise: &Exercise) -> Result<String> {
        self.is_whole()?;
        check::start_of(&self.manifest, exercise).map_err(|error| anyhow!(error))
    }

    /// The solution, without the marks for authors.
    pub(crate) fn solution(&self, exercise: &Exercise) -> Result<String> {
        self.is_whole()?;
        let path = format!("answers/solutions/{}.rs", exercise.file());
        let text = std::fs::read_to_string(self.manifest.folder.join(&path));
        Ok(cut::solution(&text.with_context(|| path)?))
    }

    /// Fails where the course was handed out without its answers, from which starts are cut.
    fn is_whole(&self) -> Result<()> {
        let folder = self.manifest.folder.join("answers");
        if folder.is_dir() {
            return Ok(());
        }
        bail!(
            "this needs the folder {}, and the course was handed out without it: ask whoever gave it to you",
            short(&folder)
        )
    }
}

/// A path as somebody would type it: from the present folder, where that is possible.
pub(crate) fn short(path: &Path) -> String {
    let here = std::env::current_dir().unwrap_or_default();
    path.strip_prefix(here).unwrap_or(path).display().to_string()
}
