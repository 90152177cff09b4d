//! A program outside of this workspace that records itself, as `lab::own` says that one can.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use evidence::trace::{self, Trace, Wait};
use evidence::{Evidence, Verdict};

/// Makes a package of the program that the page shows, which depends on `lab` by its path.
fn package(folder: &Path) {
    let crates = Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the folder of all crates");
    let lab = crates.join("lab");
    let manifest = format!(
        "[package]\nname = \"cakes\"\nedition = \"2024\"\n\n\
         [dependencies]\nlab = {{ path = {lab:?} }}\n\n\
         # As in the workspace, so that what is built already need not be built again.\n\
         [profile.dev]\ndebug = false\n\n\
         # No part of the workspace within which it happens to lie.\n\
         [workspace]\n"
    );
    let write = |name: &str, text: &str| fs::write(folder.join(name), text).expect("room");
    fs::create_dir_all(folder.join("src")).expect("room");
    write("Cargo.toml", &manifest);
    let program = fs::read_to_string(lab.join("examples/own_program.rs")).expect("the program");
    write("src/main.rs", &program);
    let lock = crates.parent().expect("the workspace").join("Cargo.lock");
    fs::copy(lock, folder.join("Cargo.lock")).expect("the versions that are there already");
}

fn run(folder: &Path, traces: &Path) -> Output {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // What `lab` is built on is there already.
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().expect("the target folder");
    Command::new(cargo)
        .args(["run", "--quiet", "--offline"])
        .current_dir(folder)
        .env("CARGO_TARGET_DIR", target)
        .env(trace::VARIABLE, traces)
        .output()
        .expect("cargo runs")
}

#[test]
fn a_program_outside_of_the_workspace_records_itself() {
    let scratch: PathBuf = Path::new(env!("CARGO_TARGET_TMPDIR")).join("cakes");
    package(&scratch);
    let traces = tempfile::tempdir().expect("a folder");
    let output = run(&scratch, traces.path());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let mut said: Vec<&str> = std::str::from_utf8(&output.stdout).expect("text").lines().collect();
    said.sort_unstable();
    assert_eq!(said, ["cake 1 is done", "cake 2 is done", "cake 3 is done"]);

    let trace = Trace::read(traces.path()).expect("a trace");
    assert!(trace.faults.is_empty() && trace.cut.is_none(), "{:?}", trace.faults);
    assert_eq!(trace.workload.tasks, Some(3));
    let mut names: Vec<&str> = trace.tasks.iter().map(|task| &*task.name).collect();
    names.sort_unstable();
    assert_eq!(names, ["cake 1", "cake 2", "cake 3"]);
    assert!(trace.tasks.iter().all(|task| task.end.is_some()));
    let mut heat: Vec<&Wait> = trace.waits.iter().filter(|wait| &*wait.what == "heat").collect();
    heat.sort_by_key(|wait| wait.start);
    // There is one oven.
    assert!(heat.windows(2).all(|pair| pair[0].end.expect("it is over") <= pair[1].start));
    assert_eq!((heat.len(), trace.waits.len(), trace.facts.len()), (3, 6, 4));
    let verdict = Verdict::of(Evidence::default().and(&trace));
    assert!(!verdict.to_string().is_empty());
}
