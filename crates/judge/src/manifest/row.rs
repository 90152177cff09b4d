//! Reads a table of the manifest, key by key, and names the line where something is wrong.

use std::cell::RefCell;
use std::collections::BTreeSet;

use toml::de::{DeTable, DeValue};

/// A table of the manifest.
pub(super) struct Row<'a> {
    /// The manifest's path, for errors.
    path: &'a str,
    text: &'a str,
    table: &'a DeTable<'a>,
    /// Where it stands in the text.
    start: usize,
    known: RefCell<BTreeSet<&'static str>>,
}

impl<'a> Row<'a> {
    pub(super) fn new(path: &'a str, text: &'a str, table: &'a DeTable<'a>) -> Row<'a> {
        Row { path, text, table, start: 0, known: RefCell::default() }
    }

    /// An error that names the line of a key, or of the table where the key is missing.
    pub(super) fn error(&self, key: &str, fault: &str) -> String {
        let start = self.table.get(key).map_or(self.start, |value| value.span().start);
        let line = 1 + self.text[..start].matches('\n').count();
        format!("{}:{line}: `{key}` {fault}", self.path)
    }

    fn get(&self, key: &'static str) -> Option<&'a DeValue<'a>> {
        self.known.borrow_mut().insert(key);
        self.table.get(key).map(toml::Spanned::get_ref)
    }

    /// Whether there is such a key.
    pub(super) fn has(&self, key: &str) -> bool {
        self.table.contains_key(key)
    }

    /// A text, if it is there.
    pub(super) fn maybe_text(&self, key: &'static str) -> Result<Option<String>, String> {
        let Some(value) = self.get(key) else { return Ok(None) };
        let text = value.as_str().ok_or_else(|| self.error(key, "has to be a text"))?;
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.is_empty() { Err(self.error(key, "is empty")) } else { Ok(Some(text)) }
    }

    /// A text. Where it is long it may go over several lines, which count as spaces.
    pub(super) fn text(&self, key: &'static str) -> Result<String, String> {
        self.maybe_text(key)?.ok_or_else(|| self.error(key, "is missing"))
    }

    /// A number, if it is there.
    pub(super) fn maybe_number(&self, key: &'static str) -> Result<Option<u64>, String> {
        let Some(value) = self.get(key) else { return Ok(None) };
        number(value).map(Some).ok_or_else(|| self.error(key, "has to be a number of at least 0"))
    }

    /// A number.
    pub(super) fn number(&self, key: &'static str) -> Result<u64, String> {
        self.maybe_number(key)?.ok_or_else(|| self.error(key, "is missing"))
    }

    /// A number that is an amount of something, so many if it is not there.
    pub(super) fn amount(&self, key: &'static str, otherwise: usize) -> Result<usize, String> {
        let number = self.maybe_number(key)?.map(usize::try_from);
        number.unwrap_or(Ok(otherwise)).map_err(|_| self.error(key, "is too large"))
    }

    /// Whether something is so; not, if nothing is said.
    pub(super) fn is(&self, key: &'static str) -> Result<bool, String> {
        let Some(value) = self.get(key) else { return Ok(false) };
        value.as_bool().ok_or_else(|| self.error(key, "has to be true or false"))
    }

    /// Some texts.
    pub(super) fn texts(&self, key: &'static str) -> Result<Vec<String>, String> {
        let text = |value: &DeValue<'_>| {
            let text =
                value.as_str().ok_or_else(|| self.error(key, "has to be a list of texts"))?;
            Ok(text.split_whitespace().collect::<Vec<_>>().join(" "))
        };
        self.list(key)?.into_iter().map(text).collect()
    }

    /// Some numbers.
    pub(super) fn numbers(&self, key: &'static str) -> Result<Vec<u64>, String> {
        let fault = || self.error(key, "has to be a list of numbers");
        self.list(key)?.into_iter().map(|value| number(value).ok_or_else(fault)).collect()
    }

    fn list(&self, key: &'static str) -> Result<Vec<&'a DeValue<'a>>, String> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let list = value.as_array().ok_or_else(|| self.error(key, "has to be a list"))?;
        Ok(list.iter().map(toml::Spanned::get_ref).collect())
    }

    /// A table within this one.
    pub(super) fn row(&self, key: &'static str) -> Result<Row<'a>, String> {
        let value = self.get(key).ok_or_else(|| self.error(key, "is missing"))?;
        let start = self.table.get(key).map_or(0, |value| value.span().start);
        let table = value.as_table().ok_or_else(|| self.error(key, "has to be a table"))?;
        Ok(Row { table, start, ..Row::new(self.path, self.text, table) })
    }

    /// The tables of a list.
    pub(super) fn rows(&self, key: &'static str) -> Result<Vec<Row<'a>>, String> {
        let Some(value) = self.get(key) else { return Ok(Vec::new()) };
        let list = value.as_array().ok_or_else(|| self.error(key, "has to be a list of tables"))?;
        let row = |value: &'a toml::Spanned<DeValue<'a>>| {
            let table = value.get_ref().as_table();
            let table = table.ok_or_else(|| self.error(key, "has to be a list of tables"))?;
            Ok(Row { start: value.span().start, ..Row::new(self.path, self.text, table) })
        };
        list.iter().map(row).collect()
    }

    /// Makes something of the text at a key, with an error that tells what it may be.
    pub(super) fn one_of<T: Copy>(
        &self,
        key: &'static str,
        all: &[(&'static str, T)],
    ) -> Result<T, String> {
        let text = self.text(key)?;
        self.choose(key, &text, all)
    }

    pub(super) fn choose<T: Copy>(
        &self,
        key: &str,
        text: &str,
        all: &[(&'static str, T)],
    ) -> Result<T, String> {
        let found = all.iter().find(|(name, _)| *name == text);
        found.map(|(_, value)| *value).ok_or_else(|| {
            let names: Vec<&str> = all.iter().map(|(name, _)| *name).collect();
            self.error(key, &format!("is `{text}`, and may be {}", names.join(", ")))
        })
    }

    /// Complains of keys that mean nothing here.
    pub(super) fn finish(&self) -> Result<(), String> {
        let known = self.known.borrow();
        let unknown = self.table.keys().find(|key| !known.contains(key.get_ref().as_ref()));
        match unknown {
            Some(key) => Err(self.error(key.get_ref(), "means nothing here")),
            None => Ok(()),
        }
    }
}

fn number(value: &DeValue<'_>) -> Option<u64> {
    let number = value.as_integer()?;
    u64::from_str_radix(&number.as_str().replace('_', ""), number.radix()).ok()
}
