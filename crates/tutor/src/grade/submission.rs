//! What somebody handed in: a folder a student, and in it one file an exercise. Nothing else is taken.
//!
//! A text is rejected before it is compiled if it would have the compiler read another file. Compilers are not
//! confined; but without that, without macro crates and build scripts of its own, a text has them do nothing
//! but compile. (They read variables, too, for whoever asks: they have hardly any.)

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use proc_macro2::{Delimiter, TokenStream, TokenTree};

/// No exercise needs a longer text.
const LONGEST: u64 = 256 << 10;

/// What reads files while a text is compiled.
const READS: &[&str] = &["include", "include_str", "include_bytes"];

/// A student, and the folder of what was handed in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Student {
    pub(super) name: String,
    pub(super) folder: PathBuf,
}

/// Why a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// There is none.
    Missing,
    /// There is one, and this is wrong with it.
    Unfit(String),
}

/// All students of a class, by name. What is no folder is passed over, and so is what is hidden.
pub(super) fn students(class: &Path) -> Result<Vec<Student>> {
    let entries = fs::read_dir(class).with_context(|| class.display().to_string())?;
    let mut students = Vec::new();
    for entry in entries {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if entry.file_type()?.is_dir() && !name.starts_with('.') {
            students.push(Student { name, folder: entry.path() });
        }
    }
    students.sort();
    Ok(students)
}

impl Student {
    /// The text of this exercise, if it may be compiled.
    pub(super) fn text(&self, exercise: &str) -> Result<String, Refused> {
        let path = self.folder.join(format!("{exercise}.rs"));
        let kind = fs::symlink_metadata(&path).map_err(|error| match error.kind() {
            ErrorKind::NotFound => Refused::Missing,
            _ => unfit(&format!("It cannot be read: {error}.")),
        })?;
        if !kind.is_file() {
            return Err(unfit("It is no plain file."));
        }
        let text = read(&path).map_err(|error| unfit(&format!("It cannot be read: {error}.")))?;
        if text.len() as u64 > LONGEST {
            return Err(unfit(&format!("It is longer than {} KiB.", LONGEST >> 10)));
        }
        let text = String::from_utf8(text).map_err(|_| unfit("It is no text in UTF-8."))?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text).to_owned();
        match reads_files(&text) {
            Some(word) => Err(unfit(&format!("It has `{word}`, by which a compiler reads files."))),
            None => Ok(text),
        }
    }
}

fn unfit(why: &str) -> Refused {
    Refused::Unfit(why.to_owned())
}

/// Reads a file, but not much more than it may have.
fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    let mut text = Vec::new();
    File::open(path)?.take(LONGEST + 1).read_to_end(&mut text)?;
    Ok(text)
}

/// By which of its words a text would have the compiler read files, if by any. What is no sequence of
/// tokens is left to the compiler, which rejects it.
fn reads_files(text: &str) -> Option<String> {
    // It keeps all texts that it has read, to tell where a token stood; we do not ask.
    proc_macro2::extra::invalidate_current_thread_spans();
    let tokens: TokenStream = text.parse().ok()?;
    // Not by recursion: a hostile text may be nested as deep as it is long.
    let mut left = vec![(tokens.into_iter(), Within::default())];
    let mut before = Before::Other;
    while let Some((tokens, within)) = left.last_mut() {
        let within = *within;
        let Some(token) = tokens.next() else {
            left.pop();
            continue;
        };
        let here = before;
        before = here.then(&token);
        match token {
            TokenTree::Group(group) => {
                let is_attribute = here == Before::Hash && group.delimiter() == Delimiter::Bracket;
                let inner = Within {
                    attribute: within.attribute || is_attribute,
                    macros: within.macros || matches!(here, Before::Bang | Before::Named),
                };
                left.push((group.stream().into_iter(), inner));
            }
            TokenTree::Ident(word) => {
                let word = word.to_string();
                let name = word.trim_start_matches("r#");
                if READS.contains(&name) {
                    return Some(name.to_owned());
                }
                if within.attribute && name == "path" {
                    return Some(format!("#[{name}]"));
                }
            }
            // It may put an attribute together from its pieces.
            TokenTree::Punct(sign) if within.macros && sign.as_char() == '#' => {
                return Some("# in a macro".to_owned());
            }
            TokenTree::Punct(_) | TokenTree::Literal(_) => {}
        }
    }
    None
}

/// In what a token stands.
#[derive(Clone, Copy, Default)]
struct Within {
    /// `#[…]`.
    attribute: bool,
    /// What a macro is given, or made of.
    macros: bool,
}

/// What stands before a token.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Before {
    /// `#` or `#!`.
    Hash,
    /// A word.
    Word,
    /// A word and `!`.
    Bang,
    /// A word, `!` and another word: `macro_rules! name`.
    Named,
    Other,
}

impl Before {
    /// What stands before the token after this one.
    fn then(self, token: &TokenTree) -> Before {
        match (self, token) {
            (_, TokenTree::Punct(sign)) if sign.as_char() == '#' => Before::Hash,
            (Before::Hash, TokenTree::Punct(sign)) if sign.as_char() == '!' => Before::Hash,
            (Before::Word, TokenTree::Punct(sign)) if sign.as_char() == '!' => Before::Bang,
            (Before::Bang, TokenTree::Ident(_)) => Before::Named,
            (_, TokenTree::Ident(_)) => Before::Word,
            _ => Before::Other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_by_which_a_compiler_reads_files_are_found_wherever_they_stand() {
        let found = [
            ("const A: &str = include_str!(\"x\");", "include_str"),
            ("fn f() { g!({ [r#include_bytes!(\"x\")] }) }", "include_bytes"),
            ("use core::include as innocent;", "include"),
            ("#[path = \"/x\"] mod a;", "#[path]"),
            ("m!([include_str!(\"x\")]);", "include_str"),
            ("macro_rules! p { ($i:ident) => { #[$i = \"/x\"] mod a; } }", "# in a macro"),
            ("m!(#, [path = \"/x\"]);", "# in a macro"),
            ("fn f() { m! { { #[a] b } } }", "# in a macro"),
            ("# ! [cfg_attr(all(), path = \"/x\")]", "#[path]"),
            ("#[cfg_attr(all(), path = \"/x\")] mod a;", "#[path]"),
        ];
        for (text, word) in found {
            assert_eq!(reads_files(text).as_deref(), Some(word), "{text}");
        }
    }

    #[test]
    fn honest_texts_are_taken() {
        let texts = [
            "//! include_str!(\"x\")\nfn main() { println!(\"include_str!\"); }",
            "fn f(path: &str) -> [&str; 1] { [path] }",
            "#[test] fn f() { let path = [1]; }",
            "fn end() -> ! { #[allow(unused)] let a = !f(); exit(1) }",
            "#![allow(unused)] #[cfg(test)] mod tests { macro_rules! m { ($a:expr) => { [$a] } } }",
            "use std::env; fn main() { env::args(); }",
            "fn broken( {",
        ];
        for text in texts {
            assert_eq!(reads_files(text), None, "{text}");
        }
    }

    #[test]
    fn a_text_that_is_nested_deeply_harms_nobody() {
        let nested = format!("{}include{}", "(".repeat(100_000), ")".repeat(100_000));
        assert_eq!(reads_files(&nested).as_deref(), Some("include"));
    }

    #[cfg(unix)]
    #[test]
    fn what_is_no_plain_text_is_not_taken() {
        let folder = tempfile::tempdir().expect("a folder");
        let class = folder.path();
        fs::create_dir_all(class.join("ada/04_folder.rs")).expect("a folder");
        fs::write(class.join("secret"), "fn main() {}").expect("a file");
        std::os::unix::fs::symlink(class.join("secret"), class.join("ada/01_link.rs")).expect("it");
        fs::write(class.join("ada/02_bytes.rs"), b"\xff\xff").expect("a file");
        fs::write(class.join("ada/03_long.rs"), " ".repeat(1 << 20)).expect("a file");
        fs::write(class.join("ada/05_good.rs"), "\u{feff}fn main() {}").expect("a file");
        let [ada] = &students(class).expect("a class")[..] else { panic!("one student") };
        for (name, why) in [("01_link", "plain"), ("02_bytes", "UTF-8"), ("03_long", "longer")] {
            let refused = ada.text(name).expect_err(name);
            assert!(matches!(&refused, Refused::Unfit(it) if it.contains(why)), "{refused:?}");
        }
        assert!(matches!(ada.text("04_folder"), Err(Refused::Unfit(_))));
        assert_eq!(ada.text("05_good").as_deref(), Ok("fn main() {}"));
        assert_eq!(ada.text("06_none"), Err(Refused::Missing));
    }
}
