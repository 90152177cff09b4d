//! The text: sources that every reader has, and that nobody here writes.
//!
//! Where cargo keeps what it has downloaded there are hundreds of megabytes of them, of which the first by
//! name are taken. Where there is none, it is the sources of this workspace.

use std::env;
use std::ffi::OsStr;
use std::fs;
use std::path::{Path, PathBuf};

/// How many bytes of text are read at most.
pub const MOST: usize = 16_000_000;

/// A file larger than this is passed over: it is data, and no text.
const LARGEST: u64 = 1_000_000;

/// Texts, in an order that does not depend on who found them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Corpus {
    /// The texts.
    pub texts: Vec<String>,
}

impl Corpus {
    /// Reads what there is on this machine.
    ///
    /// # Errors
    ///
    /// A sentence, where nothing can be read.
    pub fn read() -> Result<Corpus, String> {
        let folders = registry().into_iter().chain([workspace()]);
        let mut corpora = folders.map(|folder| Corpus::of(&folder, MOST));
        let found = corpora.find(|corpus| !corpus.texts.is_empty());
        found.ok_or_else(|| "there are neither cargo's sources nor this workspace's to read".into())
    }

    /// Reads so many bytes of the sources in a folder and those below it, in the order of their names.
    /// What cannot be read is passed over.
    #[must_use]
    pub fn of(folder: &Path, most: usize) -> Corpus {
        let mut corpus = Corpus::default();
        let mut room = most;
        corpus.add(folder, &mut room);
        corpus
    }

    fn add(&mut self, folder: &Path, room: &mut usize) {
        let Ok(entries) = fs::read_dir(folder) else { return };
        let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            if *room == 0 {
                return;
            }
            // A link may lead anywhere, and round in circles.
            let Ok(about) = fs::symlink_metadata(&path) else { continue };
            if about.is_dir() && path.file_name() != Some(OsStr::new("target")) {
                self.add(&path, room);
            } else if about.is_file() && is_source(&path) && about.len() <= LARGEST {
                let Ok(text) = fs::read_to_string(&path) else { continue };
                *room = room.saturating_sub(text.len());
                self.texts.push(text);
            }
        }
    }

    /// How many bytes there are.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.texts.iter().map(String::len).sum()
    }
}

fn is_source(path: &Path) -> bool {
    ["rs", "md"].into_iter().any(|end| path.extension() == Some(OsStr::new(end)))
}

/// Where cargo keeps sources, where it does.
fn registry() -> Option<PathBuf> {
    let home = env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".cargo")))?;
    Some(home.join("registry/src"))
}

/// Where this workspace's crates are.
fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sources_are_read_by_name_until_there_are_enough() {
        let folder = tempfile::tempdir().expect("a folder");
        fs::create_dir(folder.path().join("b")).expect("a folder");
        for (name, text) in
            [("c.rs", "three"), ("b/x.md", "two"), ("a.rs", "one"), ("b/x.png", "-")]
        {
            fs::write(folder.path().join(name), text).expect("room");
        }
        assert_eq!(Corpus::of(folder.path(), 100).texts, ["one", "two", "three"]);
        assert_eq!(Corpus::of(folder.path(), 4).texts, ["one", "two"]);
        assert_eq!(Corpus::of(&folder.path().join("missing"), 100), Corpus::default());
    }

    #[test]
    fn every_reader_has_some() {
        assert!(Corpus::of(&workspace(), 100_000).bytes() >= 100_000);
    }
}
