//! What `cargo xtask ci` says of a workspace with faults of several kinds.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Output};

use tempfile::TempDir;

/// A crate with a test that passes, one that fails, one that is ignored, and a line out of format.
const SOURCE: &str = "\
#[test]
fn good() {}
#[test]
fn bad() {
        panic!()
}
#[test]
#[ignore]
fn late() {}
";

/// The program to run. On Windows that is a copy, since there it gives its own file another name.
/// Elsewhere a copy would do harm: a process that another test starts meanwhile holds the file open
/// for writing until it is its own program, and the system runs no program that somebody may write.
fn program(folder: &TempDir) -> PathBuf {
    let original = PathBuf::from(env!("CARGO_BIN_EXE_xtask"));
    if cfg!(not(windows)) {
        return original;
    }
    let copy = folder.path().join("xtask.exe");
    fs::copy(original, &copy).expect("a copy");
    copy
}

fn ci(folder: &TempDir, arguments: &[&str]) -> Output {
    let mut command = Command::new(program(folder));
    command.arg("ci").args(arguments).current_dir(folder.path()).env_remove("GITHUB_ACTIONS");
    command.env("CARGO_TARGET_DIR", folder.path().join("target")).output().expect("it runs")
}

fn last_line(output: &Output) -> String {
    let text = String::from_utf8_lossy(&output.stdout);
    text.lines().last().unwrap_or_default().to_owned()
}

/// A workspace of one small crate.
fn workspace(source: &str) -> TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let manifest = "[package]\nname = \"small\"\nedition = \"2024\"\n\n[workspace]\n";
    fs::write(folder.path().join("Cargo.toml"), manifest).expect("a manifest");
    fs::create_dir(folder.path().join("src")).expect("a folder");
    fs::write(folder.path().join("src/lib.rs"), source).expect("a source");
    folder
}

#[test]
fn all_sections_run_and_the_last_line_adds_up() {
    let output = ci(&workspace(SOURCE), &["format", "tests"]);
    assert_eq!(last_line(&output), "1 passed, 2 failed, 1 skipped", "{output:#?}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn a_workspace_without_faults_passes() {
    let output = ci(&workspace("#[test]\nfn good() {}\n"), &["format", "tests"]);
    assert_eq!(last_line(&output), "2 passed, 0 failed", "{output:#?}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn tests_that_do_not_compile_are_a_failure() {
    let output = ci(&workspace("fn unfinished("), &["tests"]);
    assert_eq!(last_line(&output), "0 passed, 1 failed", "{output:#?}");
    assert_eq!(output.status.code(), Some(1));
}

#[test]
fn what_fast_leaves_out_is_counted_as_skipped() {
    let output = ci(&workspace(""), &["--fast", "changes"]);
    assert_eq!(last_line(&output), "0 passed, 0 failed, 1 skipped", "{output:#?}");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn an_unknown_section_is_wrong_usage() {
    let output = ci(&workspace(""), &["test"]);
    assert_eq!(output.status.code(), Some(2), "{output:#?}");
    assert!(String::from_utf8_lossy(&output.stderr).contains("'tests'"), "{output:#?}");
}
