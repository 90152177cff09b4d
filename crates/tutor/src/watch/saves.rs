//! Which texts have changed.
//!
//! What counts is the text, and not what the system tells of it: a text that is not the one that was taken
//! last is a save, however it came about (written, renamed, on another machine) and whatever went on
//! meanwhile. So no save is lost. The system's messages only say when to look; where there are none, as in
//! many folders over a network, we look twice a second.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

use judge::Exercise;
use notify_debouncer_mini::notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_mini::{Debouncer, new_debouncer};

use crate::course::Course;

/// How long a file has to be left alone before it is read: editors write in several steps.
const QUIET: Duration = Duration::from_millis(40);

/// How often we look without having been told anything.
const LOOK: Duration = Duration::from_millis(500);

/// The texts of all exercises, as they were when they were last taken.
pub(super) struct Saves {
    folder: PathBuf,
    texts: BTreeMap<String, Option<Vec<u8>>>,
    told: Receiver<()>,
    looked: Instant,
    /// Tells us as long as it lives; none where the system has nothing of the kind.
    _watcher: Option<Debouncer<RecommendedWatcher>>,
}

impl Saves {
    /// The texts as they are now.
    pub(super) fn of(course: &Course) -> Saves {
        let folder = course.sources();
        let names: Vec<String> = course.manifest.exercises.iter().map(Exercise::file).collect();
        let (tell, told) = mpsc::channel();
        let watcher = watcher(&folder, tell);
        let texts = names.into_iter().map(|name| (name.clone(), read(&folder, &name))).collect();
        Saves { folder, texts, told, looked: Instant::now(), _watcher: watcher }
    }

    /// An exercise whose text has changed since it was last taken, `present` if that has; none that was
    /// removed, for it may be on its way.
    pub(super) fn take(&mut self, present: &str) -> Option<String> {
        let is_told = self.told.try_iter().count() > 0;
        if !is_told && self.looked.elapsed() < LOOK {
            return None;
        }
        self.looked = Instant::now();
        let now = |(name, text): (&String, &Option<Vec<u8>>)| {
            let now = read(&self.folder, name).filter(|now| Some(now) != text.as_ref())?;
            Some((name.clone(), now))
        };
        let mut changed: Vec<(String, Vec<u8>)> = self.texts.iter().filter_map(now).collect();
        // Of several the others are found at the next looks.
        changed.sort_by_key(|(name, _)| name != present);
        let (name, text) = changed.into_iter().next()?;
        self.texts.insert(name.clone(), Some(text));
        Some(name)
    }
}

/// Has the system tell us when something happens in a folder. The folder, for who saves by renaming makes a
/// new file there.
fn watcher(folder: &Path, tell: mpsc::Sender<()>) -> Option<Debouncer<RecommendedWatcher>> {
    let watcher = new_debouncer(QUIET, move |_| {
        // Who does not listen any more has ended.
        let _ = tell.send(());
    });
    let mut watcher = watcher.ok()?;
    watcher.watcher().watch(folder, RecursiveMode::NonRecursive).ok()?;
    Some(watcher)
}

fn read(folder: &Path, name: &str) -> Option<Vec<u8>> {
    fs::read(folder.join(format!("{name}.rs"))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn saves(folder: &Path) -> Saves {
        let texts = ["01_a", "02_b"].map(|name| (name.to_owned(), read(folder, name)));
        let (folder, told) = (folder.to_owned(), mpsc::channel().1);
        // Long enough ago to look again each time.
        let looked = Instant::now() - LOOK;
        Saves { folder, texts: texts.into(), told, looked, _watcher: None }
    }

    fn take(saves: &mut Saves) -> Option<String> {
        saves.looked = Instant::now() - LOOK;
        saves.take("01_a")
    }

    #[test]
    fn a_text_is_taken_once_however_it_came() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = |name: &str| folder.path().join(name);
        fs::write(path("01_a.rs"), "one").expect("a file");
        let mut saves = saves(folder.path());
        assert_eq!(take(&mut saves), None);
        fs::write(path("01_a.rs"), "two").expect("a file");
        assert_eq!(take(&mut saves).as_deref(), Some("01_a"));
        assert_eq!(take(&mut saves), None);
        // By renaming, as many editors do: for a moment there may be no file.
        fs::write(path("new"), "three").expect("a file");
        fs::remove_file(path("01_a.rs")).expect("no file");
        assert_eq!(take(&mut saves), None);
        fs::rename(path("new"), path("01_a.rs")).expect("a file");
        assert_eq!(take(&mut saves).as_deref(), Some("01_a"));
        // Saved without a change: nothing new to judge.
        fs::write(path("01_a.rs"), "three").expect("a file");
        assert_eq!(take(&mut saves), None);
    }

    #[test]
    fn the_present_exercise_comes_first() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut saves = saves(folder.path());
        for name in ["01_a.rs", "02_b.rs", "03_c.rs"] {
            fs::write(folder.path().join(name), "text").expect("a file");
        }
        assert_eq!(take(&mut saves).as_deref(), Some("01_a"));
        fs::write(folder.path().join("02_b.rs"), "more").expect("a file");
        assert_eq!(take(&mut saves).as_deref(), Some("02_b"));
    }
}
