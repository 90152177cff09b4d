//! That cargo builds `lab`, and all that it is built on, once.
//!
//! Cargo builds a crate anew for each set of features that somebody asks for. The task runner, one
//! lesson alone and all lessons together are built one after the other on a fresh clone, so that a
//! feature that only one of them asks for would cost everybody some seven seconds (measured with
//! rustix on two cores) before the first lesson or the second.

#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::process::Command;

use words::quadrant::Quadrant;

/// The crates that cargo builds for these arguments, each with its features.
fn tree(arguments: &[&str]) -> BTreeSet<String> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["tree", "--edges", "normal", "--prefix", "none", "--format", "{p} [{f}]"])
        .args(arguments)
        .output()
        .expect("cargo runs");
    let shown = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    // What was shown before is marked so.
    shown.lines().map(|line| line.trim_end_matches(" (*)").to_owned()).collect()
}

#[test]
fn whoever_asks_for_lab_asks_for_the_same_features() {
    let lab = tree(&["--package", "lab"]);
    assert!(lab.iter().any(|line| line.starts_with("rustix ")), "{lab:#?}");
    let quadrants = Quadrant::ALL.map(|quadrant| ["--package", quadrant.name()]);
    let alone = [&quadrants[0][..], &["--no-default-features"]].concat();
    let askers = [&["--package", "xtask"][..], &alone, &quadrants.concat()];
    for asker in askers {
        let missing: Vec<_> = lab.difference(&tree(asker)).cloned().collect();
        assert!(
            missing.is_empty(),
            "for {asker:?} cargo builds these anew, with other features than for `lab` alone; name \
             all features of theirs in the workspace's Cargo.toml: {missing:#?}"
        );
    }
}

#[test]
fn the_tutor_asks_for_what_the_task_runner_has_built() {
    let (xtask, tutor) = (tree(&["--package", "xtask"]), tree(&["--package", "tutor"]));
    let name = |line: &String| line.split_once(" [").map(|(name, _)| name.to_owned());
    let shared: BTreeSet<_> = xtask.iter().filter_map(name).collect();
    assert!(shared.iter().any(|name| name.starts_with("serde_json ")), "{shared:#?}");
    let anew: Vec<_> = tutor
        .difference(&xtask)
        .filter(|line| name(line).is_some_and(|name| shared.contains(&name)))
        .collect();
    assert!(
        anew.is_empty(),
        "for the tutor cargo builds these anew, and what knows them: {anew:#?}"
    );
}
