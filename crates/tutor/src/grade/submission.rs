//! What a class handed in: a folder a student, and in it one file an exercise: at the top, or where a clone of the
//! workspace has it. Nothing else is taken.
//!
//! A text is rejected before it is compiled if it would have the compiler read another file: that says most
//! clearly what is wrong with it. It is no wall. That compilers read no other file, whoever asks them to, is seen
//! to where they are [called](crate::compiler).

use std::fs::{self, File};
use std::io::{ErrorKind, Read};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use command::show::count;
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use words::WrongUsage;

/// No exercise needs a longer text.
const LONGEST: u64 = 256 << 10;

/// What reads files while a text is compiled.
const READS: &[&str] = &["include", "include_str", "include_bytes"];

/// A folder with what a class has handed in.
#[derive(Clone, Debug)]
pub(super) struct Class {
    folder: PathBuf,
    /// Where a clone of the workspace has its exercises.
    sources: PathBuf,
    /// By name.
    pub(super) students: Vec<Student>,
}

/// A student, and the folders in which the files may be that were handed in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Student {
    pub(super) name: String,
    folders: Vec<PathBuf>,
}

/// Why a file is not taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// There is none.
    Missing,
    /// There is one, and this is wrong with it.
    Unfit(String),
}

impl Class {
    /// Looks who is in a class. What is no folder is passed over, and so is what is hidden.
    ///
    /// # Errors
    ///
    /// If the folder cannot be read.
    pub(super) fn read(folder: &Path, sources: PathBuf) -> Result<Class> {
        let mut students = Vec::new();
        for entry in fs::read_dir(folder).with_context(|| folder.display().to_string())? {
            let entry = entry?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if entry.file_type()?.is_dir() && !name.starts_with('.') {
                students.push(Student { name, folders: folders(&entry.path(), &sources) });
            }
        }
        students.sort();
        Ok(Class { folder: folder.to_owned(), sources, students })
    }

    /// Whether any student has handed in this exercise.
    pub(super) fn has(&self, exercise: &str) -> bool {
        self.students.iter().any(|student| student.has(exercise))
    }

    /// Whether there is something to judge.
    ///
    /// # Errors
    ///
    /// If no student has handed in any of these exercises: what was looked for, and what is there instead. Where
    /// somebody asks for them by name, they are missing, unless this is no class at all.
    pub(super) fn check(&self, exercises: &[String], by_name: bool) -> Result<(), WrongUsage> {
        if exercises.iter().any(|exercise| self.has(exercise)) {
            return Ok(());
        }
        let own = Student { name: String::new(), folders: folders(&self.folder, &self.sources) };
        let own = exercises.iter().filter(|exercise| own.has(exercise)).count();
        let found = match self.students.len() {
            _ if own > 0 => {
                let own = count(own, "exercise");
                format!(
                    "{own} right in that folder: is it one student's? Then name the one above it"
                )
            }
            0 => "no folder".to_owned(),
            _ if by_name => return Ok(()),
            students => format!("{} without such a file", count(students, "folder")),
        };
        let (class, sources) = (self.folder.display(), self.sources.display());
        Err(WrongUsage(format!(
            "nothing was handed in: {class}/STUDENT/NN_name.rs was looked for, and \
             {class}/STUDENT/{sources}/NN_name.rs; found instead: {found}"
        )))
    }
}

/// In which folders a student's files may be: in that at the top, and in that of a clone's exercises. A folder
/// that is a link leads elsewhere, and is passed over.
fn folders(top: &Path, sources: &Path) -> Vec<PathBuf> {
    let mut inner = top.to_owned();
    let is_clone = sources.iter().all(|part| {
        inner.push(part);
        inner.symlink_metadata().is_ok_and(|there| there.is_dir())
    });
    [Some(top.to_owned()), is_clone.then_some(inner)].into_iter().flatten().collect()
}

impl Student {
    /// Whether there is a file of this exercise, whatever it is.
    fn has(&self, exercise: &str) -> bool {
        !matches!(self.file(exercise), Err(Refused::Missing))
    }

    /// The file of this exercise, in the first folder that has one.
    fn file(&self, exercise: &str) -> Result<PathBuf, Refused> {
        for folder in &self.folders {
            let path = folder.join(format!("{exercise}.rs"));
            match path.symlink_metadata() {
                Ok(there) if there.is_file() => return Ok(path),
                Ok(_) => return Err(unfit("It is no plain file.")),
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                Err(error) => return Err(unfit(&format!("It cannot be read: {error}."))),
            }
        }
        Err(Refused::Missing)
    }

    /// The text of this exercise, if it may be compiled.
    pub(super) fn text(&self, exercise: &str) -> Result<String, Refused> {
        let path = self.file(exercise)?;
        let text =
            read_some(&path).map_err(|error| unfit(&format!("It cannot be read: {error}.")))?;
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
fn read_some(path: &Path) -> std::io::Result<Vec<u8>> {
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
        let class = self::class(class);
        let [ada] = &class.students[..] else { panic!("one student") };
        for (name, why) in [("01_link", "plain"), ("02_bytes", "UTF-8"), ("03_long", "longer")] {
            let refused = ada.text(name).expect_err(name);
            assert!(matches!(&refused, Refused::Unfit(it) if it.contains(why)), "{refused:?}");
        }
        assert!(matches!(ada.text("04_folder"), Err(Refused::Unfit(_))));
        assert_eq!(ada.text("05_good").as_deref(), Ok("fn main() {}"));
        assert_eq!(ada.text("06_none"), Err(Refused::Missing));
    }

    fn class(folder: &Path) -> Class {
        Class::read(folder, Path::new("crates/exercises").join("src")).expect("a class")
    }

    #[cfg(unix)]
    #[test]
    fn a_clone_is_looked_through_as_well_but_no_link_is_followed() {
        let folder = tempfile::tempdir().expect("a folder");
        let write = |path: &str| {
            let path = folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            fs::write(&path, path.parent().expect("a folder").to_str().expect("text")).expect("it");
        };
        write("class/ada/crates/exercises/src/01_both.rs");
        write("class/ada/crates/exercises/src/02_inside.rs");
        write("class/ada/01_both.rs");
        write("elsewhere/exercises/src/02_inside.rs");
        fs::create_dir(folder.path().join("class/bob")).expect("a folder");
        let link = folder.path().join("class/bob/crates");
        std::os::unix::fs::symlink(folder.path().join("elsewhere"), link).expect("a link");
        let class = class(&folder.path().join("class"));
        let [ada, bob] = &class.students[..] else { panic!("two students") };
        let from = |student: &Student, exercise| student.text(exercise).ok();
        assert!(from(ada, "01_both").is_some_and(|text| text.ends_with("class/ada")));
        assert!(from(ada, "02_inside").is_some_and(|text| text.ends_with("exercises/src")));
        assert_eq!(bob.text("02_inside"), Err(Refused::Missing));
        assert!(class.has("02_inside") && !class.has("03_none"));
    }

    #[test]
    fn where_nothing_was_handed_in_it_is_said_what_is_there_instead() {
        let folder = tempfile::tempdir().expect("a folder");
        let said = |by_name| {
            let checked = class(folder.path()).check(&["02_overlap".to_owned()], by_name);
            checked.err().map(|WrongUsage(said)| said)
        };
        let says = |by_name, part| said(by_name).is_some_and(|said| said.ends_with(part));
        assert!(says(false, "instead: no folder") && says(true, "instead: no folder"));
        fs::create_dir(folder.path().join("ada")).expect("a folder");
        assert!(says(false, "instead: 1 folder without such a file"), "{:?}", said(false));
        // Who asks for an exercise by name is told who has not handed it in.
        assert_eq!(said(true), None);
        let inside = folder.path().join("crates/exercises/src");
        fs::create_dir_all(&inside).expect("a folder");
        fs::write(inside.join("02_overlap.rs"), "").expect("a file");
        for by_name in [false, true] {
            let said = said(by_name).unwrap_or_default();
            assert!(
                said.contains("1 exercise right in that folder: is it one student's?"),
                "{said}"
            );
        }
        fs::write(folder.path().join("ada/02_overlap.rs"), "").expect("a file");
        assert_eq!(said(false), None);
    }
}
