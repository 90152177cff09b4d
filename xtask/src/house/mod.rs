//! The rules of the house, each with its reason, held against every file of the workspace.
//!
//! They are tests, and nothing of them goes into the task runner: `cargo test -p xtask house` runs
//! them, and so does `cargo xtask ci`. Read [`RULES`] first, then:
//!
//! 1. [`workspace`]: what a rule sees of the files: text, tokens of Rust, settings of manifests;
//! 2. [`manifests`], [`lessons`], [`sources`] and [`documents`]: the rules, one function each.
//!
//! A new rule is a function from the workspace to its violations, a row in the table, and a test
//! with a small bad file that it catches.

mod documents;
mod lessons;
mod manifests;
mod sources;
mod workspace;

use std::fmt::Write as _;

use workspace::{File, Workspace};

/// Something that must hold everywhere.
struct Rule {
    /// What must hold.
    name: &'static str,
    /// Why it must.
    reason: &'static str,
    /// Finds the places where it does not.
    check: fn(&Workspace) -> Vec<Violation>,
}

/// All rules, in the order in which the modules hold them.
const RULES: &[Rule] = &[
    Rule {
        name: "crates know only whom they may know",
        reason: "each chapter can be read, built and changed alone, and xtask speaks to lessons as \
                 to any program: arguments in, lines and a trace out",
        check: manifests::crates_know_only_whom_they_may,
    },
    Rule {
        name: "only the quadrants know runtimes",
        reason: "what a lesson waits on is the lesson's own business, and the first lesson of a \
                 fresh clone waits for all that lab and xtask are built on",
        check: manifests::only_quadrants_know_runtimes,
    },
    Rule {
        name: "each lesson can be built alone",
        reason: "a reader of one lesson need not build five runtimes, and a runtime can be removed",
        check: manifests::each_lesson_can_be_built_alone,
    },
    Rule {
        name: "systems are built when somebody asks for one, and all else by default",
        reason: "ten real programs take minutes to build, and who wants a lesson wants none of them",
        check: manifests::systems_are_built_when_asked_for,
    },
    Rule {
        name: "what members share is said once, in the workspace",
        reason: "versions and lints that are copied from crate to crate drift apart",
        check: manifests::shared_settings_are_inherited,
    },
    Rule {
        name: "the Rust version is said once",
        reason: "two places that name it disagree sooner or later",
        check: manifests::the_rust_version_is_said_once,
    },
    Rule {
        name: "lessons and tables agree",
        reason: "a lesson without a row is never run, and each of the 24 cells is a lesson or a \
                 gap with its reason",
        check: lessons::lessons_and_tables_agree,
    },
    Rule {
        name: "one runtime a lesson, or those that its header names",
        reason: "two lesson files are laid side by side, and their difference is the lesson",
        check: lessons::one_runtime_a_lesson,
    },
    Rule {
        name: "each lesson has its header",
        reason: "a reader predicts, changes a line and compares, and `cargo xtask changes` does \
                 the same",
        check: lessons::each_lesson_has_its_header,
    },
    Rule {
        name: "no lesson asks what its chapter's name says",
        reason: "whoever sees where a lesson stands would know the answer, and predict nothing",
        check: lessons::no_chapter_tells_an_answer,
    },
    Rule {
        name: "a lesson fits on a screen",
        reason: "one has to see the whole of it to think about it",
        check: lessons::a_lesson_fits_on_a_screen,
    },
    Rule {
        name: "nothing is slept for the sake of order",
        reason: "a sleep that orders two lines works until the machine is busy; a lesson waits \
                 because its work does, so all of them wait for the same time and obey --slow",
        check: lessons::lessons_wait_for_their_work_only,
    },
    Rule {
        name: "no test sleeps, and none asserts elapsed time",
        reason: "such a test fails on a busy machine, and says nothing on an idle one",
        check: sources::tests_do_not_depend_on_time,
    },
    Rule {
        name: "unsafe code stays where it is",
        reason: "memory that is shared with other processes can be had in no other way, nor can a \
                 namespace, or an inherited descriptor be closed; everything else can",
        check: sources::unsafe_stays_in_few_files,
    },
    Rule {
        name: "no lint is allowed, it is expected",
        reason: "an expectation carries its reason, and is reported once it is no longer needed",
        check: sources::no_lint_is_allowed,
    },
    Rule {
        name: "async-std can be removed",
        reason: "it is discontinued, so its name stands only where a search for it leads to a line \
                 or a file that can be deleted",
        check: sources::async_std_can_be_removed,
    },
    Rule {
        name: "no file names a folder of somebody's machine",
        reason: "it exists nowhere else",
        check: sources::no_folder_of_a_machine,
    },
    Rule {
        name: "links lead somewhere",
        reason: "a reader follows them",
        check: documents::links_lead_somewhere,
    },
    Rule {
        name: "commands in documents exist",
        reason: "a reader types them",
        check: documents::commands_exist,
    },
    Rule {
        name: "every word of the house is defined",
        reason: "the whole workspace is about what two words mean",
        check: documents::every_word_is_defined,
    },
];

/// A place where a rule does not hold.
#[derive(Debug)]
struct Violation {
    /// The file, below the workspace's folder.
    path: String,
    /// The line, from 1.
    line: usize,
    /// What stands there.
    fault: String,
    /// What to do about it.
    remedy: String,
}

impl Violation {
    fn new(
        file: &File,
        line: usize,
        fault: impl Into<String>,
        remedy: impl Into<String>,
    ) -> Violation {
        Violation { path: file.path.clone(), line, fault: fault.into(), remedy: remedy.into() }
    }
}

/// All violations, as a person reads them.
fn report(workspace: &Workspace) -> String {
    let mut report = String::new();
    for rule in RULES {
        let violations = (rule.check)(workspace);
        if violations.is_empty() {
            continue;
        }
        writeln!(report, "\n{},\nbecause {}:", rule.name, rule.reason).expect("memory");
        for Violation { path, line, fault, remedy } in violations {
            writeln!(report, "  {path}:{line}: {fault}\n    {remedy}").expect("memory");
        }
    }
    report
}

/// The places at fault in a workspace of these files, as `path:line: fault`.
fn faults(check: fn(&Workspace) -> Vec<Violation>, files: &[(&str, &str)]) -> Vec<String> {
    let violations = check(&Workspace::of(files)).into_iter();
    violations
        .map(|violation| format!("{}:{}: {}", violation.path, violation.line, violation.fault))
        .collect()
}

#[test]
fn the_house_keeps_its_rules() {
    let report = report(&Workspace::read(&crate::build::root()));
    assert!(report.is_empty(), "the house breaks its rules.\n{report}");
}

#[test]
fn the_rules_see_the_house() {
    let workspace = Workspace::read(&crate::build::root());
    assert_eq!(workspace.manifests().count(), 1 + workspace.members().count());
    assert!(lessons::lessons(&workspace).count() >= 20, "at least 20 of the 24 cells are lessons");
    assert!(workspace.files.iter().any(|file| file.path == ".ci/run"), "hidden files count too");
}

#[test]
fn a_report_names_the_place_the_rule_its_reason_and_the_remedy() {
    let file = "crates/lab/src/lib.rs";
    let report = report(&Workspace::of(&[(file, "\nunsafe fn f() {}\n")]));
    let rule = RULES.iter().find(|rule| rule.name.starts_with("unsafe")).expect("a rule");
    for part in ["crates/lab/src/lib.rs:2: ", rule.name, rule.reason, "rustix"] {
        assert!(report.contains(part), "{part} is missing from {report}");
    }
}
