//! What a program recorded of itself, if it links `lab`: it is told where to, and read afterwards.

use std::env;
use std::path::PathBuf;
use std::time::SystemTime;

use anyhow::{Context, Result};
use evidence::trace::{self, Folder, Problem, Trace};
use tempfile::TempDir;

use crate::process::Request;

/// Where a program records.
pub(super) enum Record {
    /// In a folder that we gave it, and that is gone afterwards.
    Ours(TempDir, Folder),
    /// Where `LAB_TRACE` says, which somebody set; and since when what is there is of this run.
    Theirs(PathBuf, SystemTime),
}

impl Record {
    /// Where the program is to record: where somebody wants it, or in a folder of ours.
    ///
    /// # Errors
    ///
    /// If there is no room for a folder.
    pub(super) fn prepare() -> Result<Record> {
        if let Some(path) = env::var_os(trace::VARIABLE).filter(|path| !path.is_empty()) {
            return Ok(Record::Theirs(path.into(), SystemTime::now()));
        }
        let folder = tempfile::tempdir().context("no folder for a trace")?;
        let watched = Folder::watch(folder.path());
        Ok(Record::Ours(folder, watched))
    }

    /// The request of a program that is told where to record.
    pub(super) fn tell(&self, request: Request) -> Request {
        match self {
            Record::Ours(folder, _) => {
                let mut request = request.variable(trace::VARIABLE, folder.path());
                request.scratch.push(folder.path().to_owned());
                request
            }
            Record::Theirs(..) => request,
        }
    }

    /// What was recorded: nothing by most programs; or why it cannot be read.
    pub(super) fn read(self) -> (Option<Trace>, Option<String>) {
        match self {
            Record::Ours(_folder, mut watched) => match watched.read() {
                Ok(trace) => (Some(trace), None),
                Err(error) => {
                    let told = error.faults.iter().map(|fault| &fault.problem);
                    let told =
                        told.filter(|it| !matches!(it, Problem::NeverMade | Problem::NoTrace));
                    (None, told.map(|problem| format!("Its trace {problem}.")).next())
                }
            },
            Record::Theirs(path, since) => {
                let is_new = |path: &PathBuf| {
                    path.metadata().and_then(|file| file.modified()).is_ok_and(|it| it >= since)
                };
                if !is_new(&path) {
                    return (None, None);
                }
                match Trace::read(&path) {
                    Ok(trace) => (Some(trace), None),
                    Err(error) => (None, Some(format!("Its trace cannot be read: {error}."))),
                }
            }
        }
    }
}
