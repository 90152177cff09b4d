//! A pattern that may tell the tasks apart, from the lines that were seen.

use std::collections::HashSet;

use regex_lite::Regex;

use crate::clean::{clean, is_level};

/// Ways to name tasks that are too often something else to be guessed, the surest first.
const CANDIDATES: &[&str] = &[
    r"^\[(\d+)\]",
    r"^#(\d+)\b",
    r"^\((\d+)/\d+\)",
    r"^(\d+)[:>|]",
    r"^([\w.-]+)\s*\|",
    r"^\[([\w:./-]+)\]",
    r"^(\w+[-_]?\d+)\b",
    r"^([A-Za-z]+ \d+)\b",
    r"^(?:\w+ ){1,2}(\d+)\b",
    r"^(?:\w+ ){1,2}([\w-]*\d[\w-]*)\b",
    r"\b(\w+=\d+)\b",
    r"^([A-Z]\w*):",
    r"^([A-Z]\w*) ",
    r"^([\w.-]+):",
    r"^(\w+) - ",
    r"^(\w+)\t",
];

/// Words in front of a colon that are no tasks.
const NOT_TASKS: &[&str] = &[
    "note", "name", "http", "https", "help", "hint", "usage", "total", "error", "warning", "step",
    "phase", "stage",
];

/// Arguments that may tell the tasks apart, and how many of the lines they match.
pub(crate) fn propose(lines: &[String]) -> Option<(String, usize)> {
    let texts: Vec<&str> = lines.iter().map(|line| clean(line).text).collect();
    let mut best: Option<(&str, usize)> = None;
    for candidate in CANDIDATES {
        let matched = matches(candidate, &texts);
        if matched > best.map_or(0, |(_, matched)| matched) {
            best = Some((candidate, matched));
        }
    }
    best.map(|(pattern, matched)| (format!("--task '{pattern}'"), matched))
}

/// How many lines the pattern matches, if it tells at least two tasks of several lines apart.
fn matches(pattern: &str, texts: &[&str]) -> usize {
    let regex = Regex::new(pattern).expect("it is ours");
    let found = texts.iter().filter_map(|text| regex.captures(text)?.get(1));
    let names: Vec<_> = found.map(|name| name.as_str()).collect();
    let different: HashSet<_> = names.iter().collect();
    let word = |name: &str| name.split([' ', '=']).next().unwrap_or_default().to_lowercase();
    let is_task = |name: &str| !is_level(name) && !NOT_TASKS.contains(&word(name).as_str());
    let are_tasks = different.iter().all(|name| is_task(name));
    let do_last = different.len() >= 2 && different.len() * 2 <= names.len();
    if are_tasks && do_last { names.len() } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn proposed(lines: &[&str]) -> Option<(String, usize)> {
        propose(&lines.iter().map(|line| (*line).to_owned()).collect::<Vec<_>>())
    }

    #[test]
    fn a_pattern_is_proposed_where_lines_return_to_a_name() {
        let lines = ["alice: 1", "bob: 1", "alice: 2", "bob: 2", "that is all"];
        assert_eq!(proposed(&lines), Some((r"--task '^([\w.-]+):'".to_owned(), 4)));
        let lines = ["read 3 begins", "read 4 begins", "read 3 ends", "read 4 ends"];
        assert_eq!(proposed(&lines), Some((r"--task '^([A-Za-z]+ \d+)\b'".to_owned(), 4)));
    }

    #[test]
    fn levels_and_single_names_are_not_proposed() {
        assert_eq!(proposed(&["info: a", "warning: b", "info: c", "warning: d"]), None);
        assert_eq!(proposed(&["one", "two", "three"]), None);
    }
}
