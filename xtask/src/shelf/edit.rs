//! Whether a lesson is as it was shipped, and if not, whether it is what its header suggests.

use std::fs;
use std::path::Path;

use words::Quadrant;

use crate::build::root;
use crate::header::{Header, layout};

/// What stands in the workspace for each lesson's file, in reading order: its print and its path.
pub(crate) const FILE: &str = "xtask/src/shelf/shipped.txt";

const SHIPPED: &str = include_str!("shipped.txt");

/// What became of a lesson since it was shipped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Edit {
    /// Nothing, as far as anybody knows.
    #[default]
    None,
    /// The change that its header suggests, which leads to this quadrant, and no other.
    Suggested(Quadrant),
    /// Another change.
    Other,
}

/// What became of a lesson of this workspace since it was shipped.
pub(crate) fn of(path: &str) -> Edit {
    fs::read_to_string(root().join(path)).map_or(Edit::None, |text| of_text(path, &text))
}

/// What a lesson of this workspace had become when it had this text.
pub(crate) fn of_text(path: &str, text: &str) -> Edit {
    shipped(path).map_or(Edit::None, |shipped| compare(shipped, text))
}

fn compare(shipped: u64, text: &str) -> Edit {
    if print(text) == shipped {
        return Edit::None;
    }
    match Header::read(text) {
        Ok(header) if header.unchange(text).is_some_and(|old| print(&old) == shipped) => {
            Edit::Suggested(header.then)
        }
        _ => Edit::Other,
    }
}

/// The list as it should be for these files of the workspace in this folder.
pub(crate) fn list(
    folder: &Path,
    files: impl IntoIterator<Item = String>,
) -> std::io::Result<String> {
    let line = |path: String| {
        let print = print(&fs::read_to_string(folder.join(&path))?);
        Ok(format!("{print:016x} {path}\n"))
    };
    files.into_iter().map(line).collect()
}

/// The files of all lessons as they were shipped, in reading order. Nothing has to be built to know them.
pub(crate) fn course() -> impl Iterator<Item = &'static str> {
    SHIPPED.lines().filter_map(|line| line.split_once(' ')).map(|(_, path)| path)
}

/// The print of a lesson's file as it was shipped.
fn shipped(path: &str) -> Option<u64> {
    let mut entries = SHIPPED.lines().filter_map(|line| line.split_once(' '));
    let (print, _) = entries.find(|(_, listed)| *listed == path)?;
    u64::from_str_radix(print, 16).ok()
}

/// A print of a text, however it is laid out: FNV-1a in 64 bits
/// (<https://www.rfc-editor.org/rfc/rfc9923>). It tells edits, and keeps no secrets.
fn print(text: &str) -> u64 {
    const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const PRIME: u64 = 0x0100_0000_01b3;
    layout::barest(text)
        .bytes()
        .fold(OFFSET, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(PRIME))
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;
    use std::process::{Command, Stdio};

    use super::*;

    const SHIPPED: &str = "\
//! A claim.
//!
//! Predict: what?
//! - this
//! - that
//!
//! Change: `one()` to `two()`

fn main() {
    one();
}

// Answer: that.
//
// Then: *both*. So it is.
";

    #[test]
    fn the_suggested_change_is_told_from_any_other() {
        let shipped = print(SHIPPED);
        let changed = |old: &str, new: &str| compare(shipped, &SHIPPED.replace(old, new));
        assert_eq!(changed("x", "y"), Edit::None);
        assert_eq!(changed("\n", "\r\n"), Edit::None);
        assert_eq!(changed("    one();", "    two();"), Edit::Suggested(Quadrant::Both));
        assert_eq!(changed("    one();", "    three();"), Edit::Other);
        assert_eq!(changed("    one();", "    two(); two();"), Edit::Other);
        assert_eq!(changed("    one();", "    two(\n    );"), Edit::Suggested(Quadrant::Both));
        assert_eq!(changed("    one();", "one( ) ;"), Edit::None);
        // Who changes what the header says has changed more than it suggests.
        let both = SHIPPED.replace("    one();", "    two();").replace("*both*", "*neither*");
        assert_eq!(compare(shipped, &both), Edit::Other);
    }

    fn rustfmt(arguments: &[&str]) -> Command {
        let mut rustfmt = Command::new("rustfmt");
        rustfmt.args(arguments).current_dir(root()).stdin(Stdio::piped()).stdout(Stdio::piped());
        rustfmt
    }

    /// A source text as an editor saves it that formats.
    fn formatted(text: &str) -> String {
        let mut rustfmt =
            rustfmt(&["--edition", "2024"]).spawn().expect("it was there a moment ago");
        let mut input = rustfmt.stdin.take().expect("a pipe");
        input.write_all(text.as_bytes()).expect("it reads");
        drop(input);
        let output = rustfmt.wait_with_output().expect("it ends");
        assert!(output.status.success(), "a change that makes no sense: {text}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    #[test]
    fn a_change_is_still_the_suggested_one_once_an_editor_has_formatted_it() {
        if !rustfmt(&["--version"]).output().is_ok_and(|output| output.status.success()) {
            eprintln!("skipped: there is no `rustfmt`");
            return;
        }
        for path in course() {
            let text = fs::read_to_string(root().join(path)).expect("a lesson");
            let header = Header::read(&text).expect("a header");
            let changed = formatted(&header.change(&text).expect("the code to change"));
            let shipped = shipped(path).expect("a print");
            assert_eq!(
                compare(shipped, &changed),
                Edit::Suggested(header.then),
                "{path}: {changed}"
            );
        }
    }

    #[test]
    fn a_print_is_the_published_one() {
        // Test vectors of the algorithm's authors.
        assert_eq!(print(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(print("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(print("foobar"), 0x8594_4171_f739_67e8);
    }
}
