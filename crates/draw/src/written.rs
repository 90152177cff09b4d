//! Files that a command writes because somebody asked for them: pictures and pages.
//!
//! Each says in its first lines who made it. What is there already and does not say so is somebody's
//! work, and is left alone.

use std::fs::{File, OpenOptions};
use std::io::{self, BufWriter, Read as _, Write as _};
use std::path::Path;

use anyhow::{Context, Result};
use words::WrongUsage;

/// What stands in the first lines of each file, in the form that its format has for it.
pub const GENERATOR: &str = "generator: cargo xtask";

/// Makes sure that a file can be written, and that nothing is lost by it, before anything is run for it:
/// there will be an empty file until then.
///
/// # Errors
///
/// [`WrongUsage`] if something is there that no such command has written; or if the file cannot be written.
pub fn claim(path: &Path) -> Result<()> {
    if !is_ours(path).with_context(|| cannot_write(path))? {
        let message = format!(
            "`{}` is there, and was not made by this command: name another file, or remove it",
            path.display()
        );
        return Err(WrongUsage(message).into());
    }
    let file = OpenOptions::new().create(true).append(true).open(path);
    file.map(drop).with_context(|| cannot_write(path))
}

/// Writes a file that was [claimed](claim), and says so.
///
/// # Errors
///
/// If the file cannot be written.
pub fn write(path: &Path, fill: impl FnOnce(&mut BufWriter<File>) -> io::Result<()>) -> Result<()> {
    let written = File::create(path).and_then(|file| {
        let mut out = BufWriter::new(file);
        fill(&mut out)?;
        out.flush()
    });
    written.with_context(|| cannot_write(path))?;
    say_so(path);
    Ok(())
}

/// Says that a file was written.
pub fn say_so(path: &Path) {
    anstream::eprintln!("Wrote {}.", path.display());
}

fn cannot_write(path: &Path) -> String {
    format!("cannot write `{}`", path.display())
}

/// Whether a file is not there, or empty, or says that it was made here. A pipe or a device has nothing to
/// lose.
fn is_ours(path: &Path) -> io::Result<bool> {
    const FIRST_LINES: u64 = 4096;
    match path.metadata() {
        Ok(file) if file.is_file() && file.len() > 0 => {}
        Ok(_) => return Ok(true),
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    }
    let mut begin = Vec::new();
    File::open(path)?.take(FIRST_LINES).read_to_end(&mut begin)?;
    Ok(String::from_utf8_lossy(&begin).contains(GENERATOR))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_ours_is_overwritten() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("picture.svg");
        claim(&path).expect("nothing is there");
        claim(&path).expect("it is empty");
        std::fs::write(&path, "my notes").expect("a file");
        let error = claim(&path).expect_err("somebody's notes");
        assert!(error.is::<WrongUsage>(), "{error}");
        assert_eq!(std::fs::read_to_string(&path).expect("a file"), "my notes");
        std::fs::write(&path, format!("<!-- {GENERATOR} -->")).expect("a file");
        claim(&path).expect("it is ours");
        assert!(!claim(folder.path()).is_err_and(|error| error.is::<WrongUsage>()));
        claim(folder.path()).expect_err("a folder is no file");
    }
}
