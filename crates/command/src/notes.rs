//! Files of lines that commands add to: what somebody predicted, and how far somebody has come.
//!
//! Two such files one after the other are one, whatever the first ends with, and a line is there as a whole or
//! not at all.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// Adds a line in one piece, whatever the last one ends with.
///
/// # Errors
///
/// If the file cannot be written.
pub fn append(path: &Path, line: &str) -> io::Result<()> {
    let is_open = fs::read(path).is_ok_and(|text| text.last().is_some_and(|&last| last != b'\n'));
    let before = if is_open { "\n" } else { "" };
    let mut file = OpenOptions::new().append(true).create(true).open(path)?;
    file.write_all(format!("{before}{line}\n").as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_stands_alone_whatever_the_last_one_ends_with() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("notes");
        append(&path, "one").expect("there is space");
        fs::write(&path, "one\ntwo").expect("there is space");
        append(&path, "three").expect("there is space");
        assert_eq!(fs::read_to_string(&path).expect("it is there"), "one\ntwo\nthree\n");
    }
}
