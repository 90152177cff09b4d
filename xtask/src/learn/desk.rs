//! The file of a lesson while somebody learns from it: what is changed in it is put back or kept as its
//! reader says, and nothing is lost.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::header::{Header, code_of, layout};

/// A lesson's file, as it was when the lesson began.
pub(super) struct Desk {
    path: PathBuf,
    before: String,
    /// What we wrote, as long as nobody has said that it is to stay.
    ours: Option<Made>,
}

/// A change that we made, in full texts.
struct Made {
    from: String,
    to: String,
}

impl Desk {
    /// Remembers the file as it is.
    pub(super) fn of(path: &Path) -> Result<Desk> {
        let before = fs::read_to_string(path).with_context(|| path.display().to_string())?;
        Ok(Desk { path: path.to_owned(), before, ours: None })
    }

    /// The text that it had.
    pub(super) fn before(&self) -> &str {
        &self.before
    }

    /// Makes the change that the header suggests, in the file as it is by now.
    ///
    /// # Errors
    ///
    /// If the code to change does not stand in it exactly once, or it cannot be written.
    pub(super) fn make(&mut self, header: &Header) -> Result<()> {
        let text = fs::read_to_string(&self.path)?;
        let changed = header.change(&text)?;
        replace(&self.path, &changed)?;
        self.ours = Some(Made { from: text, to: changed });
        Ok(())
    }

    /// Takes back a change that was made before, whoever made it.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub(super) fn unmake(&mut self, header: &Header) -> Result<()> {
        let text = header.unchange(&self.before).context("the change was not made")?;
        replace(&self.path, &text)
    }

    /// Whether the code is what the header suggests, and something above or below it is changed as well.
    pub(super) fn has_more_changed(&self, header: &Header) -> bool {
        let code = |text: &str| layout::barest(code_of(text));
        // It may have been changed before the lesson began.
        let shipped = header.unchange(&self.before).unwrap_or_else(|| self.before.clone());
        let wanted = header.change(&shipped).map(|text| code(&text));
        let has = fs::read_to_string(&self.path).map(|text| code(&text));
        wanted.ok().zip(has.ok()).is_some_and(|(wanted, has)| wanted == has)
    }

    /// Whether the file differs from what it was.
    pub(super) fn is_changed(&self) -> bool {
        fs::read_to_string(&self.path).is_ok_and(|text| text != self.before)
    }

    /// What was written is to stay.
    pub(super) fn keep(&mut self) {
        self.ours = None;
    }

    /// Makes the file what it was. What somebody else has written into it meanwhile, but for the change that
    /// the header suggests, is kept beside, in the folder that is given.
    ///
    /// # Errors
    ///
    /// If a file cannot be written; then the lesson is as it was before the call.
    pub(super) fn put_back(&mut self, header: &Header, folder: &Path) -> Result<Option<PathBuf>> {
        let text = fs::read_to_string(&self.path)?;
        let bare = layout::barest(&text);
        let suggested = header.change(&self.before);
        let is_suggested = suggested.is_ok_and(|suggested| layout::barest(&suggested) == bare);
        let kept = if text == self.before || is_suggested {
            None
        } else {
            Some(keep_copy(&self.path, &text, folder)?)
        };
        replace(&self.path, &self.before)?;
        self.ours = None;
        Ok(kept)
    }
}

/// However a lesson ends, by Ctrl-C too: what only we have written is taken back.
impl Drop for Desk {
    fn drop(&mut self) {
        let Some(ours) = &self.ours else { return };
        if fs::read_to_string(&self.path).is_ok_and(|text| text == ours.to) {
            let said = match replace(&self.path, &ours.from) {
                Ok(()) => "is as it was".to_owned(),
                Err(error) => format!("could not be put back: {error:#}"),
            };
            anstream::println!("{} {said}.", self.path.display());
        }
    }
}

/// Writes the file in one go: whoever reads it sees the one text or the other.
fn replace(path: &Path, text: &str) -> Result<()> {
    let beside = path.with_extension("rs.new");
    fs::write(&beside, text).with_context(|| beside.display().to_string())?;
    fs::rename(&beside, path).with_context(|| path.display().to_string())
}

/// Keeps a text under a name that no other file has.
fn keep_copy(path: &Path, text: &str, folder: &Path) -> Result<PathBuf> {
    fs::create_dir_all(folder).with_context(|| folder.display().to_string())?;
    let name = path.file_stem().unwrap_or_default().to_string_lossy();
    let copies = (1..).map(|number| folder.join(format!("{name}.{number}.rs")));
    let copy = copies.into_iter().find(|copy| !copy.exists()).expect("there are numbers enough");
    fs::write(&copy, text).with_context(|| copy.display().to_string())?;
    Ok(copy)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOURCE: &str = "//! Claim.\n//!\n//! Predict: what?\n//! - this\n//! - that\n//!\n\
                          //! Change: `one` to `two`\n\nfn f() { one }\n\n// Answer: this.\n//\n// Then: *both*.\n";

    struct Lesson {
        folder: tempfile::TempDir,
        path: PathBuf,
        header: Header,
    }

    fn lesson() -> Lesson {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("lesson.rs");
        fs::write(&path, SOURCE).expect("a file");
        Lesson { folder, path, header: Header::read(SOURCE).expect("a header") }
    }

    impl Lesson {
        fn text(&self) -> String {
            fs::read_to_string(&self.path).expect("a file")
        }
    }

    #[test]
    fn what_was_changed_is_put_back_however_the_lesson_ends() {
        let lesson = lesson();
        let mut desk = Desk::of(&lesson.path).expect("a file");
        desk.make(&lesson.header).expect("a change");
        assert_eq!(lesson.text(), SOURCE.replace("{ one }", "{ two }"));
        drop(desk);
        assert_eq!(lesson.text(), SOURCE);
        assert_eq!(fs::read_dir(lesson.folder.path()).expect("a folder").count(), 1);
    }

    #[test]
    fn who_changes_the_header_too_is_told_from_others() {
        let lesson = lesson();
        let desk = Desk::of(&lesson.path).expect("a file");
        let has_more_changed = |text: &str| {
            fs::write(&lesson.path, text).expect("a file");
            desk.has_more_changed(&lesson.header)
        };
        assert!(has_more_changed(&SOURCE.replace("one", "two")));
        assert!(!has_more_changed(&SOURCE.replace("{ one }", "{ three }")));
        // And who had changed it before the lesson began.
        fs::write(&lesson.path, SOURCE.replace("{ one }", "{ two }")).expect("a file");
        let desk = Desk::of(&lesson.path).expect("a file");
        assert!(desk.has_more_changed(&lesson.header));
    }

    #[test]
    fn what_is_to_stay_stays() {
        let lesson = lesson();
        let mut desk = Desk::of(&lesson.path).expect("a file");
        desk.make(&lesson.header).expect("a change");
        desk.keep();
        drop(desk);
        assert!(lesson.text().contains("{ two }"));
    }

    #[test]
    fn what_somebody_else_wrote_is_never_lost() {
        let lesson = lesson();
        let mut desk = Desk::of(&lesson.path).expect("a file");
        desk.make(&lesson.header).expect("a change");
        fs::write(&lesson.path, "mine").expect("a file");
        let copies = lesson.folder.path().join("copies");
        let kept = desk.put_back(&lesson.header, &copies).expect("a file").expect("a copy");
        assert_eq!(fs::read_to_string(kept).expect("a copy"), "mine");
        assert_eq!(lesson.text(), SOURCE);
        // The change that everybody makes is no loss, whoever has made it.
        let mut desk = Desk::of(&lesson.path).expect("a file");
        fs::write(&lesson.path, lesson.header.change(SOURCE).expect("a change")).expect("a file");
        assert_eq!(desk.put_back(&lesson.header, &copies).expect("a file"), None);
        assert_eq!(lesson.text(), SOURCE);
        // And where nobody says anything, it stays where it is.
        let mut desk = Desk::of(&lesson.path).expect("a file");
        desk.make(&lesson.header).expect("a change");
        fs::write(&lesson.path, "mine again").expect("a file");
        drop(desk);
        assert_eq!(lesson.text(), "mine again");
        let mine = SOURCE.replace("fn f", "fn mine");
        let mut desk = Desk::of(&lesson.path).expect("a file");
        fs::write(&lesson.path, &mine).expect("a file");
        desk.make(&lesson.header).expect("a change");
        drop(desk);
        assert_eq!(lesson.text(), mine);
    }

    #[test]
    fn a_change_that_does_not_fit_changes_nothing() {
        let lesson = lesson();
        fs::write(&lesson.path, "fn f() {}").expect("a file");
        let mut desk = Desk::of(&lesson.path).expect("a file");
        assert!(desk.make(&lesson.header).is_err() && !desk.is_changed());
    }
}
