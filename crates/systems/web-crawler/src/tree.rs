//! The part of the site that is real: what `cargo doc` wrote of this workspace, where it did.
//!
//! Whole crates are shown, in the order of their names, as long as there is room; `robots.txt` forbids the
//! others, and pages of source code.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use crate::site::{Answer, Host, page};

/// The name of the host.
pub const HOST: &str = "docs.test";

/// How long it takes to answer.
pub const LATENCY: Duration = Duration::from_millis(3);

/// How many pages it has at most.
pub const MOST: usize = 2000;

/// Where `cargo doc` writes when it is called in this workspace: beside the folder of this program.
#[must_use]
pub fn folder() -> Option<PathBuf> {
    let program = std::env::current_exe().ok()?;
    Some(program.parent()?.parent()?.join("doc"))
}

/// A host that shows the documentation in this folder, of so many pages at most; none where there is no
/// documentation.
#[must_use]
pub fn host(folder: &Path, most: usize) -> Option<Host> {
    let mut crates = crates(folder).ok()?;
    crates.sort();
    let mut host = Host::after(LATENCY);
    let mut forbidden = vec!["/src/".to_owned()];
    let (mut links, mut room) = (Vec::new(), most.saturating_sub(1));
    for name in crates {
        let mut pages = Vec::new();
        // A folder that cannot be read has no pages for us.
        let _unread = find_pages(&folder.join(&name), &mut pages);
        if pages.len() > room {
            forbidden.push(format!("/{name}/"));
            continue;
        }
        room -= pages.len();
        links.push(format!("/{name}/index.html"));
        for page in pages {
            let Some(path) = address(folder, &page) else { continue };
            host = host.with(&path, Answer::File(page));
        }
    }
    let text = "<p>What cargo doc wrote of this workspace.</p>\n";
    (!links.is_empty()).then(|| host.forbidding(forbidden).with("/", page("Crates", text, &links)))
}

/// The folders that have the documentation of a crate.
fn crates(folder: &Path) -> io::Result<Vec<String>> {
    let mut crates = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str());
        crates.extend(name.filter(|_| path.join("all.html").is_file()).map(str::to_owned));
    }
    Ok(crates)
}

/// All pages in a folder and those below it.
fn find_pages(folder: &Path, pages: &mut Vec<PathBuf>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = entry.path();
        if entry.file_type()?.is_dir() {
            find_pages(&path, pages)?;
        } else if path.extension().is_some_and(|end| end == "html") {
            pages.push(path);
        }
    }
    Ok(())
}

/// The address of a page below the host's folder.
fn address(folder: &Path, page: &Path) -> Option<String> {
    let parts = page.strip_prefix(folder).ok()?.iter().map(|part| part.to_str());
    let parts: Option<Vec<&str>> = parts.collect();
    Some(format!("/{}", parts?.join("/")))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Documentation of crates with so many pages besides `all.html`.
    fn documentation(crates: &[(&str, usize)]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().expect("a folder");
        for &(name, pages) in crates {
            let inner = folder.path().join(name).join("module");
            fs::create_dir_all(&inner).expect("a folder");
            fs::write(folder.path().join(name).join("all.html"), "all").expect("room");
            for page in 0..pages {
                fs::write(inner.join(format!("{page}.html")), "text").expect("room");
            }
        }
        folder
    }

    #[test]
    fn whole_crates_are_shown_as_long_as_there_is_room() {
        let folder = documentation(&[("alpha", 3), ("beta", 9), ("gamma", 1)]);
        let host = host(folder.path(), 8).expect("documentation");
        assert!(matches!(host.answer("/alpha/module/2.html").0, Answer::File(_)));
        assert!(matches!(host.answer("/gamma/all.html").0, Answer::File(_)));
        assert!(matches!(host.answer("/beta/module/1.html").0, Answer::Missing));
        assert!(host.forbids("/beta/all.html") && host.forbids("/src/alpha/lib.rs.html"));
        assert!(!host.forbids("/alpha/all.html"));
    }

    #[test]
    fn where_nothing_was_written_there_is_no_host() {
        let folder = tempfile::tempdir().expect("a folder");
        assert!(host(folder.path(), 100).is_none());
        assert!(host(&folder.path().join("missing"), 100).is_none());
    }
}
