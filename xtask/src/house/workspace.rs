//! What a rule sees of the workspace: its files, and what stands in them.

use std::fs;
use std::path::Path;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use toml::de::{DeTable, DeValue};

/// What is not ours: `.git` may be a folder or a file, and lessons may have left traces.
const SKIPPED: &[&str] = &[".git", "traces"];

/// What cargo puts into its target folders (<https://bford.info/cachedir/>).
const MARK_OF_A_CACHE: &str = "CACHEDIR.TAG";

/// The text files of the workspace.
#[derive(Debug)]
pub(super) struct Workspace {
    /// In the order of their paths.
    pub(super) files: Vec<File>,
}

/// A text file.
#[derive(Debug)]
pub(super) struct File {
    /// Its path below the workspace's folder, with `/` on every system.
    pub(super) path: String,
    /// What it says.
    pub(super) text: String,
}

/// A piece of Rust: a word, a literal, `::`, or any other single character that is neither a space
/// nor in a comment.
#[derive(Clone, Debug)]
pub(super) struct Token {
    /// The piece, as it stands in the file.
    pub(super) text: String,
    /// Its line, from 1.
    pub(super) line: usize,
    /// In how many brackets, braces and parentheses it stands. They themselves stand outside.
    pub(super) depth: usize,
}

/// A setting of a manifest, such as `true` at `dependencies`, `lab`, `workspace`.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    /// The tables that it stands in, and its name.
    pub(super) keys: Vec<String>,
    /// Its value; a list is as many settings as it has elements.
    pub(super) value: String,
    /// Its line, from 1.
    pub(super) line: usize,
}

impl Workspace {
    /// Reads the files below `root`. Those that are not text are left out.
    pub(super) fn read(root: &Path) -> Workspace {
        let mut files = Vec::new();
        read_folder(root, "", &mut files);
        files.sort_by(|a: &File, b| a.path.cmp(&b.path));
        Workspace { files }
    }

    /// A workspace of these files, each with its path and its text.
    pub(super) fn of(files: &[(&str, &str)]) -> Workspace {
        let file = |&(path, text): &(&str, &str)| File { path: path.into(), text: text.into() };
        Workspace { files: files.iter().map(file).collect() }
    }

    /// The file at this path.
    pub(super) fn file(&self, path: &str) -> Option<&File> {
        self.files.iter().find(|file| file.path == path)
    }

    /// The sources.
    pub(super) fn sources(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.path.ends_with(".rs"))
    }

    /// The manifests, that of the workspace included.
    pub(super) fn manifests(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.path.rsplit('/').next() == Some("Cargo.toml"))
    }

    /// The manifests of the members, each with the name of its crate.
    pub(super) fn members(&self) -> impl Iterator<Item = (String, &File)> {
        self.manifests().filter_map(|file| {
            let settings = file.settings();
            let name = settings.iter().find(|setting| setting.keys == ["package", "name"])?;
            Some((name.value.clone(), file))
        })
    }

    /// The documents.
    pub(super) fn documents(&self) -> impl Iterator<Item = &File> {
        self.files.iter().filter(|file| file.path.ends_with(".md"))
    }
}

fn read_folder(folder: &Path, path: &str, files: &mut Vec<File>) {
    if folder.join(MARK_OF_A_CACHE).exists() {
        return;
    }
    for entry in fs::read_dir(folder).unwrap_or_else(|error| panic!("{path}: {error}")) {
        let entry = entry.expect("an entry of a folder");
        let name = entry.file_name().to_string_lossy().into_owned();
        let inner = format!("{path}{name}");
        if SKIPPED.contains(&name.as_str()) {
            continue;
        }
        if entry.path().is_dir() {
            read_folder(&entry.path(), &format!("{inner}/"), files);
        } else if let Ok(text) = fs::read_to_string(entry.path()) {
            files.push(File { path: inner, text });
        }
    }
}

impl File {
    /// The file's lines, each with its number, from 1.
    pub(super) fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text.lines().enumerate().map(|(index, line)| (index + 1, line))
    }

    /// The file's name without its folder and its ending.
    pub(super) fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().expect("a path has a last part");
        name.split('.').next().expect("a name has a first part")
    }

    /// The tokens of a source. Comments are not among them, but for those that document: as
    /// attributes, with their text as a literal.
    pub(super) fn tokens(&self) -> Vec<Token> {
        let stream: TokenStream =
            self.text.parse().unwrap_or_else(|error| panic!("{}: {error}", self.path));
        let mut tokens = Vec::new();
        flatten(stream, 0, &mut tokens);
        tokens
    }

    /// The settings of a manifest.
    pub(super) fn settings(&self) -> Vec<Setting> {
        let table = DeTable::parse(&self.text);
        let table = table.unwrap_or_else(|error| panic!("{}: {error}", self.path));
        let mut settings = Vec::new();
        for (key, value) in table.get_ref() {
            let keys = vec![key.get_ref().to_string()];
            self.add_settings(keys, value.get_ref(), value.span().start, &mut settings);
        }
        settings
    }

    fn add_settings(
        &self,
        keys: Vec<String>,
        value: &DeValue<'_>,
        start: usize,
        all: &mut Vec<Setting>,
    ) {
        match value {
            DeValue::Table(table) => {
                for (key, value) in table {
                    let keys = keys.iter().cloned().chain([key.get_ref().to_string()]).collect();
                    self.add_settings(keys, value.get_ref(), value.span().start, all);
                }
            }
            DeValue::Array(values) => {
                for value in values {
                    self.add_settings(keys.clone(), value.get_ref(), value.span().start, all);
                }
            }
            value => {
                let line = 1 + self.text[..start].matches('\n').count();
                all.push(Setting { keys, value: plain(value), line });
            }
        }
    }
}

/// A value without its quotes.
fn plain(value: &DeValue<'_>) -> String {
    match value {
        DeValue::String(text) => text.to_string(),
        DeValue::Boolean(truth) => truth.to_string(),
        DeValue::Integer(number) => number.as_str().to_owned(),
        other => format!("{other:?}"),
    }
}

fn flatten(stream: TokenStream, depth: usize, tokens: &mut Vec<Token>) {
    let mut trees = stream.into_iter().peekable();
    while let Some(tree) = trees.next() {
        let line = tree.span().start().line;
        let mut push = |text: &str, line| tokens.push(Token { text: text.into(), line, depth });
        match tree {
            TokenTree::Group(group) => {
                let (open, close) = match group.delimiter() {
                    Delimiter::Parenthesis => ("(", ")"),
                    Delimiter::Brace => ("{", "}"),
                    Delimiter::Bracket => ("[", "]"),
                    Delimiter::None => ("", ""),
                };
                push(open, line);
                flatten(group.stream(), depth + 1, tokens);
                let line = group.span_close().end().line;
                tokens.push(Token { text: close.into(), line, depth });
            }
            TokenTree::Punct(first) if first.as_char() == ':' => {
                let is_colon =
                    |tree: &TokenTree| matches!(tree, TokenTree::Punct(p) if p.as_char() == ':');
                push(if trees.next_if(is_colon).is_some() { "::" } else { ":" }, line);
            }
            tree => push(&tree.to_string(), line),
        }
    }
}

/// The tokens after `start` up to the end of the group that the token at `start` opens, which is
/// not among them.
pub(super) fn group(tokens: &[Token], start: usize) -> &[Token] {
    let inner = &tokens[start + 1..];
    let end = inner.iter().position(|token| token.depth == tokens[start].depth);
    &inner[..end.expect("groups are closed")]
}

/// Whether the tokens begin with these texts.
pub(super) fn begins(tokens: &[Token], texts: &[&str]) -> bool {
    tokens.len() >= texts.len() && tokens.iter().zip(texts).all(|(token, text)| token.text == *text)
}

/// The tokens as one text, without spaces between them.
pub(super) fn joined(tokens: &[Token]) -> String {
    tokens.iter().map(|token| token.text.as_str()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(text: &str) -> File {
        File { path: "a/b.rs".into(), text: text.into() }
    }

    #[test]
    fn tokens_know_their_lines_and_how_deep_they_stand() {
        let tokens = file("use a::b;\n\n// sleep()\nfn f() {\n    g(\"sleep\");\n}\n").tokens();
        let seen: Vec<_> =
            tokens.iter().map(|t| format!("{} {} {}", t.line, t.depth, t.text)).collect();
        let import = ["1 0 use", "1 0 a", "1 0 ::", "1 0 b", "1 0 ;"];
        let head = ["4 0 fn", "4 0 f", "4 0 (", "4 0 )", "4 0 {"];
        let body = ["5 1 g", "5 1 (", "5 2 \"sleep\"", "5 1 )", "5 1 ;", "6 0 }"];
        assert_eq!(seen, [&import[..], &head, &body].concat());
    }

    #[test]
    fn settings_know_the_tables_that_they_stand_in() {
        let text = "[dependencies]\nlab.workspace = true\nsmol = { optional = true }\n\n\
                    [features]\ndefault = [\n    \"smol\",\n    \"tokio\",\n]\n";
        let mut seen: Vec<_> = file(text).settings();
        seen.sort_by_key(|setting| setting.line);
        let seen: Vec<_> =
            seen.iter().map(|s| format!("{} {}={}", s.line, s.keys.join("."), s.value)).collect();
        assert_eq!(
            seen,
            [
                "2 dependencies.lab.workspace=true",
                "3 dependencies.smol.optional=true",
                "7 features.default=smol",
                "8 features.default=tokio",
            ]
        );
    }
}
