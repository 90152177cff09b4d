//! `cargo xtask timeline`, as a whole command.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use lab::prelude::*;

/// The environment variable that says which of the [`PROGRAMS`] to run.
const PROGRAM: &str = "RECORDED_PROGRAM";

/// Not a test: the program whose trace the tests look at. They start this very
/// test binary once more, with a file to record into.
#[test]
#[ignore = "started by the tests that need its trace"]
fn recorded_program() {
    match std::env::var(PROGRAM).as_deref() {
        Ok("large") => large(),
        Ok(other) => panic!("there is no program `{other}`"),
        Err(_) => {}
    }
}

/// A million events: four tasks on four threads, each of 125,000 short parts.
fn large() {
    std::thread::scope(|scope| {
        for name in ["A", "B", "C", "D"] {
            scope.spawn(move || {
                let task = Task::start(name);
                for part in 0..125_000 {
                    drop(task.begin_part(1, part % 60_000));
                }
                task.end();
            });
        }
    });
}

fn record(program: &str, file: &Path) {
    let this = std::env::current_exe().expect("the test's own program");
    let arguments = ["--exact", "recorded_program", "--ignored", "--nocapture"];
    let output = Command::new(this)
        .args(arguments)
        .env(PROGRAM, program)
        .env(lab::trace::VARIABLE, file)
        .output()
        .expect("a recorded run");
    assert!(output.status.success(), "{output:?}");
}

#[test]
fn large_trace() {
    record("large", Path::new("/tmp/tl/large.trace"));
}
