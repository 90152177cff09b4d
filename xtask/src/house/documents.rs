//! Rules on documents: what they lead to, what they tell a reader to type, and what words mean.

use super::Violation;
use super::workspace::{File, Workspace};
use crate::command_line;

/// The document that says what words mean.
const DEFINITIONS: &str = "docs/definitions.md";

/// The words of the house, which stand for one thing each.
const WORDS: &[&str] = &[
    "task",
    "part",
    "step",
    "wait",
    "compute",
    "run",
    "trace",
    "order",
    "legal order",
    "concurrent",
    "parallel",
    "quadrant",
    "verdict",
];

pub(super) fn links_lead_somewhere(workspace: &Workspace) -> Vec<Violation> {
    let exists = |path: &str| {
        let below = format!("{path}/");
        workspace.files.iter().any(|file| file.path == path || file.path.starts_with(&below))
    };
    let mut violations = Vec::new();
    for file in workspace.documents() {
        for (line, link) in links(file) {
            let (target, _) = link.split_once('#').unwrap_or((link, ""));
            if !target.is_empty()
                && !target.contains("://")
                && !exists(&resolve(&file.path, target))
            {
                let fault = format!("the link to {target} leads nowhere");
                let remedy = "name a file of the workspace, seen from the document's folder";
                violations.push(Violation::new(file, line, fault, remedy));
            }
        }
    }
    violations
}

/// What stands in the parentheses of `[…](…)`, with its line.
fn links(file: &File) -> Vec<(usize, &str)> {
    let mut links = Vec::new();
    for (line, text) in file.lines() {
        let ends = text.split("](").skip(1);
        links.extend(ends.filter_map(|end| Some((line, end.split_once(')')?.0))));
    }
    links
}

/// The path of a link's target, below the workspace's folder.
fn resolve(document: &str, target: &str) -> String {
    let mut parts: Vec<_> = document.split('/').collect();
    parts.pop();
    for part in target.trim_end_matches('/').split('/') {
        match part {
            ".." => drop(parts.pop()),
            "." => {}
            part => parts.push(part),
        }
    }
    parts.join("/")
}

pub(super) fn commands_exist(workspace: &Workspace) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in workspace.documents() {
        for (line, command) in commands(file) {
            let words = shlex::split(command).unwrap_or_default();
            let ours =
                words.iter().skip(1).take_while(|word| !["|", ">", "&&"].contains(&word.as_str()));
            let Err(error) = read(&ours.collect::<Vec<_>>()) else { continue };
            // Asking for help ends the reading too, and is no error.
            if error.use_stderr() {
                let error = error.to_string();
                let fault = error.lines().next().unwrap_or_default().trim_start_matches("error: ");
                let remedy = format!("`{command}` must be something that one can type");
                violations.push(Violation::new(file, line, fault, remedy));
            }
        }
    }
    violations
}

/// Reads a command line as whoever is called reads it: the tutor, if its arguments are passed on to it.
fn read(words: &[&String]) -> clap::error::Result<clap::ArgMatches> {
    let tutor = tutor::command_line();
    let is_passed_on = words.get(1).is_some_and(|name| tutor.find_subcommand(name).is_some());
    let reader = if is_passed_on { tutor } else { command_line() };
    reader.try_get_matches_from(words)
}

/// The calls of `cargo xtask` with a command, in code between backticks or after a prompt.
fn commands(file: &File) -> Vec<(usize, &str)> {
    let mut commands = Vec::new();
    for (line, text) in file.lines() {
        let pieces: Vec<_> = match text.trim_start().strip_prefix("$ ") {
            Some(typed) => vec![typed],
            None => text.split('`').skip(1).step_by(2).collect(),
        };
        let calls = pieces.into_iter().map(str::trim);
        let calls = calls.filter(|call| call.starts_with("cargo xtask ") && !call.contains('…'));
        commands.extend(calls.map(|call| (line, call)));
    }
    commands
}

pub(super) fn every_word_is_defined(workspace: &Workspace) -> Vec<Violation> {
    let Some(file) = workspace.file(DEFINITIONS) else {
        let missing = File { path: DEFINITIONS.into(), text: String::new() };
        let (fault, remedy) = ("the file is missing", "say there what words mean");
        return vec![Violation::new(&missing, 1, fault, remedy)];
    };
    let is_defined =
        |word: &str| file.lines().any(|(_, text)| text.starts_with(&format!("| **{word}** |")));
    let undefined = WORDS.iter().filter(|word| !is_defined(word));
    let remedy = "give it a row in the table of words: `| **word** | what it means |`";
    undefined
        .map(|word| Violation::new(file, 1, format!("`{word}` is not defined"), remedy))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::house::faults;

    #[test]
    fn a_link_that_leads_nowhere_is_caught() {
        let text = "[one](../README.md#start), [two](gone.md),\n\
                    [three](https://example.org/gone),\n\
                    [four](../crates/lab), [five](#here) and [six](../docs/none/).\n";
        let files = [("README.md", ""), ("docs/a.md", text), ("crates/lab/src/lib.rs", "")];
        assert_eq!(
            faults(links_lead_somewhere, &files),
            [
                "docs/a.md:1: the link to gone.md leads nowhere",
                "docs/a.md:3: the link to ../docs/none/ leads nowhere",
            ]
        );
    }

    #[test]
    fn a_command_that_does_not_exist_is_caught() {
        let text = "The alias `cargo xtask`, `cargo xtask …` and `cargo xtask check 'a b' --repeat 5`.\n\
                    ```console\n$ cargo xtask chekc  # quietly\n\
                    $ cargo xtask check --loud\n$ cargo xtask exercise hint 02\n\
                    $ cargo xtask exercise 02 --sead 1\n```\n";
        assert_eq!(
            faults(commands_exist, &[("README.md", text)]),
            [
                "README.md:3: unrecognized subcommand 'chekc'",
                "README.md:4: unexpected argument '--loud' found",
                "README.md:6: unexpected argument '--sead' found",
            ]
        );
    }

    #[test]
    fn a_word_without_a_definition_is_caught() {
        let rows: String = WORDS.iter().map(|word| format!("| **{word}** | a thing |\n")).collect();
        let text = rows.replace("| **order** |", "| order |");
        let expected = ["docs/definitions.md:1: `order` is not defined"];
        assert_eq!(faults(every_word_is_defined, &[(DEFINITIONS, &text)]), expected);
        assert_eq!(faults(every_word_is_defined, &[("README.md", "")]).len(), 1);
    }
}
