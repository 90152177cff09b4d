//! What was found, in the order of addresses: who answered first makes no difference to it.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use url::Url;
use xxhash_rust::xxh3::xxh3_64;

use crate::page::Page;

/// What there is at each address that was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    entries: BTreeMap<String, Entry>,
}

/// What there is at an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// What a host does not want to be asked for.
    Rules,
    /// A page.
    Page(Page),
    /// Something else, of this kind and so many bytes long.
    File(String, usize),
    /// It is at another address.
    Moved(Url),
    /// It was refused, with this number.
    Refused(u16),
    /// There was no answer, or none to the end: why.
    GivenUp(String),
    /// Nobody has asked for it, since its host forbids it.
    Forbidden,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Entry::Rules => write!(f, "rules"),
            Entry::Page(Page { title, links, .. }) => match links.len() {
                1 => write!(f, "{title}, 1 link"),
                links => write!(f, "{title}, {links} links"),
            },
            Entry::File(kind, bytes) => write!(f, "{kind}, {bytes} bytes"),
            Entry::Moved(to) => write!(f, "moved to {}", name(to)),
            Entry::Refused(number) => write!(f, "refused with {number}"),
            Entry::GivenUp(why) => write!(f, "given up: {why}"),
            Entry::Forbidden => write!(f, "forbidden by robots.txt"),
        }
    }
}

/// An address as reports have it: without the `http://` that all of them have.
#[must_use]
pub fn name(url: &Url) -> &str {
    url.as_str().trim_start_matches("http://")
}

impl Report {
    /// Tells what there is at an address.
    pub fn tell(&mut self, url: &Url, entry: Entry) {
        self.entries.insert(name(url).to_owned(), entry);
    }

    /// How many addresses there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was found.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// What was found at addresses of hosts for which this holds.
    #[must_use]
    pub fn of_hosts(&self, holds: impl Fn(&str) -> bool) -> Report {
        let is_of = |name: &str| holds(name.split('/').next().unwrap_or_default());
        let entries = self.entries.iter().filter(|(name, _)| is_of(name));
        Report { entries: entries.map(|(name, entry)| (name.clone(), entry.clone())).collect() }
    }

    /// How many addresses were asked for: all but those that are forbidden.
    #[must_use]
    pub fn asked(&self) -> usize {
        self.entries.values().filter(|entry| **entry != Entry::Forbidden).count()
    }

    /// How many pages there are.
    #[must_use]
    pub fn pages(&self) -> usize {
        self.entries.values().filter(|entry| matches!(entry, Entry::Page(_))).count()
    }

    /// A line an address.
    #[must_use]
    pub fn text(&self) -> String {
        let mut first: HashMap<u64, &str> = HashMap::new();
        let mut text = String::new();
        for (name, entry) in &self.entries {
            let more = match entry {
                Entry::Page(page) => words(page, first.entry(page.hash).or_insert(name), name),
                _ => String::new(),
            };
            text += &format!("{name} - {entry}{more}\n");
        }
        text
    }

    /// What its text comes to: a number that others have who found the same.
    #[must_use]
    pub fn hash(&self) -> u64 {
        xxh3_64(self.text().as_bytes())
    }
}

/// The words of a page, or the page that came first of those that say the same.
fn words(page: &Page, first: &str, name: &str) -> String {
    match first == name {
        true => format!(", {} words, {} different", page.words, page.different),
        false => format!(", the same text as {first}"),
    }
}
