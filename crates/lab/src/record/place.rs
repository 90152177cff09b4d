//! Where to record: one file, or a folder in which each process makes its own.

use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::{self, Path, PathBuf};

use trace::VARIABLE;
use trace::layout::SUFFIX;

/// The length of a trace that nobody prepared a file for: some two million events.
const LENGTH: u64 = 64 << 20;

/// Where somebody wants a trace.
#[derive(Clone, Debug)]
pub(super) enum Place {
    /// In a file, for one process.
    File(PathBuf),
    /// In a folder, for any number of processes.
    Folder(PathBuf),
}

impl Place {
    /// The place that the environment names, if it names one.
    pub(super) fn from_environment() -> Option<Place> {
        let named = std::env::var_os(VARIABLE).filter(|path| !path.is_empty())?;
        // A process that is forked later may be in another folder by then.
        let path = path::absolute(&named).unwrap_or_else(|_| named.into());
        Some(if path.is_dir() { Place::Folder(path) } else { Place::File(path) })
    }

    /// What was named.
    pub(super) fn path(&self) -> &Path {
        match self {
            Place::File(path) | Place::Folder(path) => path,
        }
    }

    /// Opens a file here for the process with this number, and hands it over to be prepared. One that
    /// was made for that, and cannot be prepared, is removed again.
    pub(super) fn open<T>(
        &self,
        process: u32,
        prepare: impl FnOnce(&File) -> io::Result<T>,
    ) -> io::Result<T> {
        match self {
            Place::File(path) => open_named(path, prepare),
            Place::Folder(folder) => open_new(folder, process, prepare),
        }
    }
}

/// Opens the file that somebody named.
fn open_named<T>(path: &Path, prepare: impl FnOnce(&File) -> io::Result<T>) -> io::Result<T> {
    let is_ours = !path.exists();
    let mut options = OpenOptions::new();
    let file = options.read(true).write(true).create(true).truncate(false).open(path)?;
    let prepared = lengthen(&file).and_then(|()| prepare(&file));
    if prepared.is_err() && is_ours {
        // What cannot be removed says of itself that it is empty.
        let _ = fs::remove_file(path);
    }
    prepared
}

/// Opens a file that was not there. It has another name until it is prepared, so that nobody takes it
/// for one that was emptied.
fn open_new<T>(
    folder: &Path,
    process: u32,
    prepare: impl FnOnce(&File) -> io::Result<T>,
) -> io::Result<T> {
    let (path, new, file) = make(folder, process)?;
    let prepared = lengthen(&file).and_then(|()| prepare(&file));
    let prepared = prepared.and_then(|prepared| fs::rename(&new, path).map(|()| prepared));
    if prepared.is_err() {
        let _ = fs::remove_file(new);
    }
    prepared
}

/// Makes a file, and says what it will be called and what it is called until then. Processes come
/// again with the same number: after `exec`, in another namespace, and once all numbers were used up.
fn make(folder: &Path, process: u32) -> io::Result<(PathBuf, PathBuf, File)> {
    /// Who finds that many others of its number has somebody else's folder before it.
    const MOST: u32 = 10_000;
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    for number in 1..MOST {
        let name = match number {
            1 => format!("{process}{SUFFIX}"),
            _ => format!("{process}-{number}{SUFFIX}"),
        };
        let (path, new) = (folder.join(&name), folder.join(name + ".new"));
        match options.open(&new) {
            // As long as we have the other name, nobody else can come to have this one.
            Ok(_) if path.exists() => fs::remove_file(new)?,
            Ok(file) => return Ok((path, new, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other(format!("it holds {MOST} traces of processes {process}; name another")))
}

/// Gives an empty file its length. Only what is written of it will take room.
fn lengthen(file: &File) -> io::Result<()> {
    if file.metadata()?.len() > 0 {
        return Ok(());
    }
    file.set_len(most_allowed().map_or(LENGTH, |most| most.min(LENGTH)))
}

/// How long this process may make a file. Who tries to make it longer is killed.
fn most_allowed() -> Option<u64> {
    #[cfg(unix)]
    return rustix::process::getrlimit(rustix::process::Resource::Fsize).current;
    #[cfg(not(unix))]
    return None;
}
