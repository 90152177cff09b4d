//! Rules on all sources: what tests may not do, what code may not do, and what no file may name.

use super::Violation;
use super::workspace::{File, Token, Workspace, begins, group, joined};

/// The files that may have unsafe code.
const UNSAFE: &[&str] = &["crates/lab/src/record/map.rs", "crates/supervise/src/keeper/raw.rs"];

/// Calls that let time pass.
const SLEEPS: &[&str] = &["park_timeout", "sleep", "sleep_until"];

/// How async-std is written: as a crate, as a module, as a variant.
const ASYNC_STD: &[&str] = &["async-std", "async_std", "AsyncStd"];

/// Where async-std may be named. A path that ends in `/` stands for all below it.
const NAMES_ASYNC_STD: &[&str] = &[
    "Cargo.lock",
    "Cargo.toml",
    "README.md",
    "crates/both/",
    "crates/concurrent-only/",
    "crates/lab/src/lesson.rs",
    "crates/neither/",
    "crates/parallel-only/",
    "docs/",
    "xtask/src/house/",
    "xtask/src/changes/wrong.rs",
    "xtask/src/shelf/shipped.txt",
];

/// Folders that only exist on somebody's machine.
const FOLDERS: &[&str] = &["/home/", "/root/", "/Users/", "C:\\Users\\"];

pub(super) fn tests_do_not_depend_on_time(workspace: &Workspace) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in workspace.sources() {
        let tokens = file.tokens();
        // A program that tests run is no test, and may hang for as long as it likes.
        if file.path.contains("/tests/programs/") {
            continue;
        }
        for tests in tests(file, &tokens) {
            for (place, token) in tests.iter().enumerate() {
                let rest = &tests[place..];
                // A program that a test runs may do the work of a lesson, and that waits.
                if SLEEPS.iter().any(|sleep| begins(rest, &[sleep, "("]))
                    && joined(group(rest, 1)) != "work::wait()"
                {
                    let fault = format!("a test calls `{}`", token.text);
                    let remedy = "wait for what it waits for: join, receive, or read to the end";
                    violations.push(Violation::new(file, token.line, fault, remedy));
                } else if token.text.starts_with("assert")
                    && begins(&rest[1..], &["!", "("])
                    && group(rest, 2).iter().any(|token| token.text == "elapsed")
                {
                    let remedy =
                        "assert what happened, not when; where speed matters, write a benchmark";
                    let fault = "a test asserts elapsed time";
                    violations.push(Violation::new(file, token.line, fault, remedy));
                }
            }
        }
    }
    violations
}

/// The tokens that are tests: all of a file for tests, or what stands in modules of tests.
fn tests<'a>(file: &File, tokens: &'a [Token]) -> Vec<&'a [Token]> {
    if file.path.contains("/tests/") || file.stem() == "tests" {
        return vec![tokens];
    }
    let attribute = ["#", "[", "cfg", "(", "test", ")", "]"];
    let starts = (0..tokens.len()).filter(|&place| begins(&tokens[place..], &attribute));
    starts
        .filter_map(|start| {
            let item = &tokens[start + attribute.len()..];
            let body = item.iter().position(|token| ["{", ";"].contains(&token.text.as_str()))?;
            (item[body].text == "{").then(|| group(item, body))
        })
        .collect()
}

pub(super) fn unsafe_stays_in_few_files(workspace: &Workspace) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in workspace.sources().filter(|file| !UNSAFE.contains(&file.path.as_str())) {
        for token in file.tokens().iter().filter(|token| token.text == "unsafe") {
            let remedy = "use a crate with a safe interface, such as rustix";
            violations.push(Violation::new(file, token.line, "unsafe code", remedy));
        }
    }
    violations
}

pub(super) fn no_lint_is_allowed(workspace: &Workspace) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in workspace.sources() {
        let tokens = file.tokens();
        for tokens in tokens.windows(3) {
            // Either the attribute itself, or what `cfg_attr` makes of it.
            if ["[", ","].contains(&tokens[0].text.as_str())
                && begins(&tokens[1..], &["allow", "("])
            {
                let remedy = "write `#[expect(…, reason = \"…\")]`";
                violations.push(Violation::new(file, tokens[1].line, "a lint is allowed", remedy));
            }
        }
    }
    violations
}

pub(super) fn async_std_can_be_removed(workspace: &Workspace) -> Vec<Violation> {
    let is_allowed = |path: &str| {
        NAMES_ASYNC_STD
            .iter()
            .any(|name| path == *name || name.ends_with('/') && path.starts_with(name))
    };
    let mut violations = Vec::new();
    for file in workspace.files.iter().filter(|file| !is_allowed(&file.path)) {
        for (line, text) in file.lines() {
            if let Some(name) = ASYNC_STD.iter().find(|name| text.contains(**name)) {
                let remedy = "go through `Runtime::ALL`, which has it as one of many";
                violations.push(Violation::new(file, line, format!("{name} is named"), remedy));
            }
        }
    }
    violations.extend(lines_that_name_others_too(workspace));
    violations
}

/// Lines of a chapter that name async-std and cannot be deleted without losing something else.
fn lines_that_name_others_too(workspace: &Workspace) -> Vec<Violation> {
    let deletable = [
        "#[cfg(feature = \"async-std\")]",
        "pub mod on_async_std;",
        "Lesson::new(Runtime::AsyncStd,",
    ];
    let is_deleted_whole = |file: &File| file.stem() == "on_async_std";
    let is_of_a_chapter =
        |file: &File| file.path.starts_with("crates/") && !file.path.starts_with("crates/lab/");
    let mut violations = Vec::new();
    for file in workspace.sources().filter(|f| is_of_a_chapter(f) && !is_deleted_whole(f)) {
        for (line, text) in file.lines() {
            let names = ASYNC_STD.iter().any(|name| text.contains(name));
            if names && !deletable.iter().any(|start| text.trim_start().starts_with(start)) {
                let remedy = "leave the name to on_async_std.rs, its row, and its feature";
                let fault = "async-std is named in passing";
                violations.push(Violation::new(file, line, fault, remedy));
            }
        }
    }
    violations
}

pub(super) fn no_folder_of_a_machine(workspace: &Workspace) -> Vec<Violation> {
    let mut violations = Vec::new();
    for file in workspace.files.iter().filter(|file| !file.path.starts_with("xtask/src/house/")) {
        for (line, text) in file.lines() {
            let begins_path = |place: usize| {
                let before = text[..place].chars().next_back();
                before.is_none_or(|c| !c.is_alphanumeric() && !"_-./}".contains(c))
            };
            let named =
                |folder: &&&str| text.match_indices(**folder).any(|(place, _)| begins_path(place));
            if let Some(folder) = FOLDERS.iter().find(named) {
                let remedy = "write a path relative to the workspace's folder";
                violations.push(Violation::new(file, line, format!("{folder} is named"), remedy));
            }
        }
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::house::faults;

    #[test]
    fn a_test_that_sleeps_is_caught_and_code_that_sleeps_is_not() {
        let text = "fn f() {\n    sleep(second);\n}\n\n#[cfg(test)]\nmod tests {\n    fn t() {\n\
                    \x20       thread::sleep(second);\n        sleep(work::wait());\n    }\n}\n";
        let found = faults(tests_do_not_depend_on_time, &[("crates/lab/src/a.rs", text)]);
        assert_eq!(found, ["crates/lab/src/a.rs:8: a test calls `sleep`"]);
        for path in ["xtask/tests/a.rs", "crates/lab/src/a/tests.rs"] {
            assert_eq!(faults(tests_do_not_depend_on_time, &[(path, text)]).len(), 2, "{path}");
        }
    }

    #[test]
    fn a_test_that_asserts_elapsed_time_is_caught() {
        let text = "fn t() {\n    let took = start.elapsed();\n\
                    \x20   assert!(start.elapsed() < second);\n}\n";
        let found = faults(tests_do_not_depend_on_time, &[("xtask/tests/a.rs", text)]);
        assert_eq!(found, ["xtask/tests/a.rs:3: a test asserts elapsed time"]);
    }

    #[test]
    fn unsafe_code_is_caught_and_talk_of_it_is_not() {
        let text = "//! About unsafe code.\nconst TEXT: &str = \"unsafe\";\nunsafe fn f() {}\n";
        let files = [("xtask/src/a.rs", text), (UNSAFE[0], text)];
        assert_eq!(faults(unsafe_stays_in_few_files, &files), ["xtask/src/a.rs:3: unsafe code"]);
    }

    #[test]
    fn an_allowed_lint_is_caught_also_under_a_condition() {
        let text = "#![allow(dead_code)]\n#[expect(unused, reason = \"\")]\n\
                    #[cfg_attr(test, allow(unused))]\nfn allow() { allow(); }\n";
        let found = faults(no_lint_is_allowed, &[("xtask/src/a.rs", text)]);
        assert_eq!(
            found,
            ["xtask/src/a.rs:1: a lint is allowed", "xtask/src/a.rs:3: a lint is allowed"]
        );
    }

    #[test]
    fn async_std_is_caught_where_a_removal_would_overlook_it() {
        let row = "    Lesson::new(Runtime::AsyncStd, \"\", on_async_std::run),\n";
        let files = [
            ("xtask/src/a.rs", "const RUNTIME: &str = \"async-std\";\n"),
            ("crates/both/src/lib.rs", &format!("//! As async-std does.\n{row}")),
            ("crates/both/src/on_async_std.rs", "use async_std::task;\n"),
        ];
        assert_eq!(
            faults(async_std_can_be_removed, &files),
            [
                "xtask/src/a.rs:1: async-std is named",
                "crates/both/src/lib.rs:1: async-std is named in passing",
            ]
        );
    }

    #[test]
    fn a_folder_of_a_machine_is_caught_and_a_folder_of_ours_is_not() {
        let text = "See crates/lab/src/root/mod.rs.\nSee /root/notes.md.\n";
        assert_eq!(
            faults(no_folder_of_a_machine, &[("README.md", text)]),
            ["README.md:2: /root/ is named"]
        );
    }
}
