//! The commands in docs/orders.md, run as they stand there.
//!
//! A block of ```` ```console ```` holds commands, each after `$`, and what
//! they print to standard output and standard error together. `? 1` between
//! a command and its output says that it ends with exit code 1.

#![cfg(unix)]

use std::path::Path;
use std::process::Command;

const DOCUMENT: &str = include_str!("../../docs/orders.md");

/// A command of the document.
#[derive(Debug, Default)]
struct Example {
    command: String,
    exit_code: i32,
    output: String,
}

/// The examples of every block; those of one block share a folder.
fn blocks() -> impl Iterator<Item = Vec<Example>> {
    let blocks = DOCUMENT.split("```console\n").skip(1);
    blocks.map(|rest| examples(rest.split("```").next().unwrap_or_default()))
}

fn examples(block: &str) -> Vec<Example> {
    let mut examples: Vec<Example> = Vec::new();
    for line in block.lines() {
        if let Some(command) = line.strip_prefix("$ ") {
            examples.push(Example { command: command.to_owned(), ..Example::default() });
            continue;
        }
        let example = examples.last_mut().expect("a block begins with a command");
        match line.strip_prefix("? ") {
            Some(code) => example.exit_code = code.parse().expect("an exit code"),
            None => example.output.extend([line, "\n"]),
        }
    }
    examples
}

/// Runs a command in a shell for which `cargo xtask` is the program under test.
fn run(command: &str, folder: &Path) -> (i32, String) {
    let script = format!("cargo() {{ shift; \"$XTASK\" \"$@\"; }}; exec 2>&1; {command}");
    let output = Command::new("sh")
        .args(["-c", &script])
        .env("XTASK", env!("CARGO_BIN_EXE_xtask"))
        .env("LC_ALL", "C.UTF-8")
        .current_dir(folder)
        .output()
        .expect("a shell");
    let code = output.status.code().expect("an exit code");
    (code, String::from_utf8(output.stdout).expect("UTF-8"))
}

#[test]
fn every_command_does_what_the_document_says() {
    let mut commands = 0;
    for block in blocks() {
        let folder = tempfile::tempdir().expect("a folder");
        for Example { command, exit_code, output } in block {
            let expected = (exit_code, output);
            assert_eq!(run(&command, folder.path()), expected, "\n$ {command}");
            commands += 1;
        }
    }
    assert!(commands > 15, "the document's commands were found");
}
