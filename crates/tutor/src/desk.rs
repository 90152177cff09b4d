//! A folder for one text that somebody has handed in, and for what is built of it: gone when it is dropped.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// A folder for one text, and for what is built of it.
#[derive(Debug)]
pub(crate) struct Desk {
    folder: PathBuf,
}

impl Desk {
    /// An empty one, here.
    pub(crate) fn new(folder: PathBuf) -> Result<Desk> {
        let desk = Desk { folder };
        for folder in [desk.results(), desk.temporary()] {
            fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
        }
        Ok(desk)
    }

    /// The folder itself, below which the text stands.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where a compiler writes.
    pub(crate) fn results(&self) -> PathBuf {
        self.folder.join("built")
    }

    /// In whose place the compiler, and later the program, find folders for temporary files. Here it stays empty.
    pub(crate) fn temporary(&self) -> PathBuf {
        self.folder.join("temporary")
    }

    /// Puts the text where it belongs.
    pub(crate) fn write(&self, source: &Path, text: &str) -> Result<()> {
        let path = self.folder.join(source);
        let folder = path.parent().unwrap_or(&self.folder);
        fs::create_dir_all(folder)
            .and_then(|()| fs::write(&path, text))
            .with_context(|| path.display().to_string())
    }
}

/// However a command ends: strangers' texts and programs end with it.
impl Drop for Desk {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.folder) {
            let folder = self.folder.display();
            anstream::eprintln!("Something is left of what was handed in, in {folder}: {error}");
        }
    }
}
